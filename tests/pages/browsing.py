"""A real browser for tests: with script and without, at three widths, and axe that looks through a page."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from axe import TOO_WIDE, WIDTHS, violations
from pages_support import Site
from playwright.async_api import Browser, Page


@asynccontextmanager
async def page_of(browser: Browser, site: Site, who: str | None = None, **options: Any) -> AsyncIterator[Page]:
    """A page of a fresh browser, in which somebody has signed in; whatever the console says is a failure."""
    context = await browser.new_context(**options)
    # Continuous integration runs on a slow machine, beside everything else.
    context.set_default_timeout(120_000)
    if who is not None:
        visitor = await site.visitor(who)
        kept = [{"name": name, "value": value, "url": site.base} for name, value in visitor.client.cookies.items()]
        await context.add_cookies(kept)
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    await context.close()
    said = [each for each in said if "Failed to load resource" not in each]
    assert not said, f"the console is quiet: {said}"


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
        await page.set_viewport_size({"width": width, "height": 900})
        if width == WIDTHS[0]:
            await page.goto(address)
        if width in axe_at:
            found = await violations(page)
            assert not found, f"{address} at {width}: {json.dumps(found, indent=1)}"
        assert await page.evaluate(TOO_WIDE) <= 0, f"{address} is wider than {width}"
