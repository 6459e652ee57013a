"""`page.*`: the server's time for a page against its slowest call of the API; calls made together cost no more."""

import re
import statistics
from collections.abc import Awaitable, Callable
from contextlib import aclosing

import httpx

from connective.local.bench.hub import Hub
from connective.local.bench.measure import Result
from connective.local.main_pages import MAIN_PAGES, MainPage, address_of, sign_in_to_pages
from connective.local.plain import NO_TLS
from connective.local.services import PAGES

_WARM_UP, _TIMES = 5, 40
_AIM = ">= 0.5"
"""A page takes less than twice its slowest call (performance targets, `page.family`)."""
_DURATION = re.compile(r"(\w+);(?:desc=\"[^\"]*\";)?dur=([0-9.]+)")


def page_time(page: MainPage) -> Callable[[Hub], Awaitable[Result]]:
    """The benchmark of one page."""

    async def measure(hub: Hub) -> Result:
        base = hub.stack.addresses[PAGES]
        client = await _browser(hub, base, page.who)
        async with aclosing(client):
            client.follow_redirects = True
            address = await address_of(page, client.get) or page.path
            for _ in range(_WARM_UP):
                (await client.get(address)).raise_for_status()
            seen = [_read(await client.get(address)) for _ in range(_TIMES)]
        slowest, whole = (statistics.median(each) for each in zip(*seen, strict=True))
        return Result(f"page.{page.name}", slowest, whole, "ms", _AIM)

    return measure


async def _browser(hub: Hub, base: str, who: str | None) -> httpx.AsyncClient:
    if who is None:
        return httpx.AsyncClient(base_url=base, timeout=60, verify=NO_TLS)
    return await sign_in_to_pages(base, hub.stack.addresses["gateway"], hub.world.cast, who)


def _read(answer: httpx.Response) -> tuple[float, float]:
    """The slowest call and the whole, in milliseconds, as the page tells them (Server-Timing)."""
    told = dict(_DURATION.findall(answer.headers["server-timing"]))
    return float(told["api"]), float(told["page"])


_ASKS_NOTHING = frozenset({"start", "ask-for-help", "find-family", "progress"})
PAGE_TIMES = {f"page.{page.name}": page_time(page) for page in MAIN_PAGES if page.name not in _ASKS_NOTHING}
"""By the names of the benchmarks; pages that ask the API nothing have nothing to be measured against."""
