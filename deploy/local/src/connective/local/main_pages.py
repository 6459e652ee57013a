"""The main pages: what is weighed, timed and pictured, each as the person of the cast whose page it is."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from connective.local.plain import NO_TLS
from connective.local.story.cast import Cast
from connective.local.story.signing_in import pass_through

_SECONDS = 60
_QUIET = httpx.Limits(keepalive_expiry=1)


@dataclass(frozen=True, slots=True)
class MainPage:
    """One page: the key of who opens it (nobody for the public ones), and where it is."""

    name: str
    who: str | None
    path: str
    link: str | None = None
    """Where it is one of many: the first link on `path` whose address this matches."""
    picture: bool = False
    """Whether `make screenshots` takes it for the documentation."""


_ID = "[0-9a-f-]{36}"
MAIN_PAGES: tuple[MainPage, ...] = (
    MainPage("start", None, "/", picture=True),
    MainPage("directory", None, "/directory", picture=True),
    MainPage("service", None, "/directory", f"/directory/{_ID}"),
    MainPage("ask-for-help", None, "/ask-for-help", picture=True),
    MainPage("home", "worker", "/home", picture=True),
    MainPage("families", "worker", "/families"),
    MainPage("find-family", "worker", "/families/find"),
    MainPage("family", "worker", "/families", f"/families/{_ID}", picture=True),
    MainPage("requests", "worker", "/requests", picture=True),
    MainPage("request", "worker", "/requests", f"/requests/{_ID}"),
    MainPage("inbox", "harbour_dpo", "/inbox", picture=True),
    MainPage("intake", "early_helper", "/intake"),
    MainPage("board", "coordinator", "/board", picture=True),
    MainPage("figures", "coordinator", "/board", f"/board/{_ID}/figures", picture=True),
    MainPage("account", "worker", "/account"),
    MainPage("services", "worker", "/services"),
    MainPage("audit", "officer", "/audit"),
    MainPage("flows", "officer", "/flows", picture=True),
    MainPage("organisation", "larder_admin", "/organisation"),
    MainPage("place", "admin", "/admin"),
    MainPage("progress", None, "/progress"),
)
"""A new journey adds its main pages here."""


async def sign_in_to_pages(base: str, gateway: str, cast: Cast, who: str) -> httpx.AsyncClient:
    """Somebody of the cast in a browser without script, signed in through the pages. Raises StoryDiffers."""
    client = httpx.AsyncClient(base_url=base, timeout=_SECONDS, limits=_QUIET, verify=NO_TLS)
    asked = await client.get("/sign-in?to=/home")
    memberships = cast.raw["accounts"][who]["memberships"]
    organisation = cast.organisations.get(next(iter(memberships)))
    async with httpx.AsyncClient(base_url=gateway, timeout=_SECONDS, limits=_QUIET, verify=NO_TLS) as browser:
        waiting = f"{base}/signed-in"
        back = await pass_through(browser, asked.headers["location"], cast.credentials(who), organisation, waiting)
    await client.get(back)
    return client


async def address_of(page: MainPage, get: Callable[[str], Awaitable[httpx.Response]]) -> str | None:
    """Where a page is now; None where nothing is there yet that it could show. `get` follows redirects."""
    if page.link is None:
        return page.path
    listed = await get(page.path)
    found = re.search(f'href="({page.link})"', listed.text)
    return urljoin(page.path, found[1]) if found else None
