"""A real browser for tests: with script and without, at three widths, and axe that looks through a page."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from axe import SEEN, WIDTHS, as_wide_as, is_too_wide, sized, violations
from kinds import kind_of
from pages_support import Site
from playwright.async_api import Browser, ConsoleMessage, Error, Page

_STILL = "window.EventSource = class { addEventListener() {} close() {} }"
"""A page of work that goes on loads itself anew when that is done: where it is only looked at, it stands still."""
_WAITING: WeakKeyDictionary[Browser, dict[tuple[bool, bool], list[Page]]] = WeakKeyDictionary()
"""Pages of each browser that nobody uses now, by whether they run script and whether they stand still."""


@asynccontextmanager
async def page_of(
    browser: Browser, site: Site, who: str | None = None, *, still: bool = False, **options: Any
) -> AsyncIterator[Page]:
    """A page of a browser that knows nobody, in which somebody has signed in; what the console says is a failure.

    A new page is a new process, which takes a second of the processor. So a page that a test has done with is handed on
    without its cookies, and a test that changes more about one than its width (routes, media) asks for `alone=True`.
    """
    alone, size = options.pop("alone", False), options.pop("viewport", {"width": 1280, "height": 720})
    script = options.pop("java_script_enabled", True)
    assert not options, "another test would be handed a page with these options"
    waiting = _WAITING.setdefault(browser, {}).setdefault((script, still), [])
    page = waiting.pop() if waiting and not alone else await _new_page(browser, script=script, still=still)
    await sized(page, size["width"], size["height"])
    if who is not None:
        visitor = await site.visitor(who)
        kept = [{"name": name, "value": value, "url": site.base} for name, value in visitor.client.cookies.items()]
        await page.context.add_cookies(kept)
    said: list[str] = []

    def hear(message: ConsoleMessage | Error) -> None:
        said.append(message.text if isinstance(message, ConsoleMessage) else str(message))

    page.on("console", hear)
    page.on("pageerror", hear)
    yield page
    if alone or page.context.pages != [page]:
        await page.context.close()
    else:
        await page.goto("about:blank")
        await page.context.clear_cookies()
        page.remove_listener("console", hear)
        page.remove_listener("pageerror", hear)
        waiting.append(page)
    said = [each for each in said if "Failed to load resource" not in each]
    assert not said, f"the console is quiet: {said}"


async def _new_page(browser: Browser, *, script: bool, still: bool) -> Page:
    context = await browser.new_context(java_script_enabled=script, no_viewport=True)
    # Continuous integration runs on a slow machine, beside everything else.
    context.set_default_timeout(120_000)
    page = await context.new_page()
    if still:
        await page.add_init_script(_STILL)
    return page


async def family_of(site: Site) -> str:
    """The address of the first family in the worker's list."""
    listed = await (await site.visitor("worker")).get("/families")
    found = re.search(r'href="(/families/[0-9a-f-]{36})"', listed.text)
    assert found
    return found[1]


async def look_through(page: Page, address: str, *, axe_at: tuple[int, ...] = (WIDTHS[0],)) -> None:
    """Open a page at each width: nothing is wider than the screen, and axe finds nothing.

    It looks where a page is narrowest; what all pages share is looked at where it is widest too.
    """
    for width in WIDTHS:
        await as_wide_as(page, width)
        if width == WIDTHS[0]:
            await page.goto(address)
        if width in axe_at:
            found = await violations(page)
            assert not found, f"{address} at {width}: {json.dumps(found, indent=1)}"
        assert not await is_too_wide(page), f"{address} is wider than {width}"
    SEEN.add(kind_of(urlsplit(page.url).path))
