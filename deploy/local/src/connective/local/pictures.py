"""`make screenshots`: the main pages of the demo as pictures for the documentation, from a browser of this machine."""

import os
import shutil
from pathlib import Path
from typing import Any

from connective.local.main_pages import MAIN_PAGES, MainPage, address_of, sign_in_to_pages
from connective.local.services import GATEWAY, PAGES
from connective.local.stack import Stack
from connective.local.story.cast import Cast

_WIDTH, _HIGHEST = 1_000, 1_300
"""In pixels: what a README shows without shrinking; what is longer is cut off."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class NoBrowserError(RuntimeError):
    """Nothing here can take a picture of a page."""


def browser_path() -> str:
    """A Chromium of this machine. Raises NoBrowserError."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise NoBrowserError("Pictures are taken by Chromium: install it, or name one in CHROMIUM.")
    return found


async def take_pictures(stack: Stack, cast: Cast, folder: Path) -> list[Path]:
    """Open each main page as the person whose it is, and write what it looks like; answers the files.

    Raises NoBrowserError.
    """
    try:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - only whoever develops has it
    except ImportError as error:
        raise NoBrowserError("Pictures need what `make install-dev` installs.") from error
    async with async_playwright() as playwright:
        # Chromium's own sandbox needs rights that many containers do not give; it opens our own pages alone.
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        taken = [await _take(browser, stack, cast, page, folder) for page in MAIN_PAGES if page.picture]
        await browser.close()
    return [each for each in taken if each is not None]


async def _take(browser: Any, stack: Stack, cast: Cast, page: MainPage, folder: Path) -> Path | None:  # noqa: ANN401 - Playwright's
    base = stack.addresses[PAGES]
    context = await browser.new_context(viewport={"width": _WIDTH, "height": 800})
    if page.who is not None:
        async with await sign_in_to_pages(base, stack.addresses[GATEWAY], cast, page.who) as client:
            client.follow_redirects = True
            address = await address_of(page, client.get)
            kept = [{"name": name, "value": value, "url": base} for name, value in client.cookies.items()]
        await context.add_cookies(kept)
    else:
        address = page.path
    if address is None:
        await context.close()
        return None
    shown = await context.new_page()
    await shown.goto(base + address)
    height = min(_HIGHEST, int(await shown.evaluate("document.documentElement.scrollHeight")))
    path = folder / f"{page.name}.png"
    await shown.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": _WIDTH, "height": height})
    await context.close()
    return path
