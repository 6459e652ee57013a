"""`make screenshots`: the main pages of the demo as pictures for the documentation, from a browser of this machine."""

import io
import os
import shutil
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from connective.local.asking_three import ASKING, OWN_FAMILIES, ask_three_services
from connective.local.main_pages import MAIN_PAGES, MainPage, address_of, sign_in_to_pages
from connective.local.plain import NO_TLS
from connective.local.services import GATEWAY, PAGES
from connective.local.stack import Stack
from connective.local.story.cast import Cast

_WIDTH, _HIGHEST = 1_000, 1_300
"""In pixels: what a README shows without shrinking; what is longer is cut off."""
_COLOURS = 64
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

    Raises NoBrowserError, StoryDiffers.
    """
    try:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - only whoever develops has it
    except ImportError as error:
        raise NoBrowserError("Pictures need what `make install-dev` installs.") from error
    base, gateway = stack.addresses[PAGES], stack.addresses[GATEWAY]
    taken: list[Path] = []
    async with async_playwright() as playwright:
        # Chromium's own sandbox needs rights that many containers do not give; it opens our own pages alone.
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for who, pages in _by_person():
            async with aclosing(await _visitor(base, gateway, cast, who)) as client:
                shown = [(page.name, await address_of(page, client.get)) for page in pages]
                if who == ASKING:
                    shown.append(("who-will-see-what", await ask_three_services(client, cast)))
                kept: Any = [{"name": name, "value": value, "url": base} for name, value in client.cookies.items()]
                context = await browser.new_context(viewport={"width": _WIDTH, "height": 800})
                await context.add_cookies(kept)
                taken += [await _take(context, base + at, folder / f"{name}.png") for name, at in shown if at]
                await context.close()
        await browser.close()
    return taken


def _by_person() -> list[tuple[str | None, list[MainPage]]]:
    pictured = [_of_the_story(page) for page in MAIN_PAGES if page.picture]
    everybody = dict.fromkeys(each.who for each in pictured)
    return [(who, [page for page in pictured if page.who == who]) for who in everybody]


def _of_the_story(page: MainPage) -> MainPage:
    return replace(page, path=OWN_FAMILIES) if page.name == "family" else page


async def _visitor(base: str, gateway: str, cast: Cast, who: str | None) -> httpx.AsyncClient:
    client = (
        httpx.AsyncClient(base_url=base, verify=NO_TLS)
        if who is None
        else await sign_in_to_pages(base, gateway, cast, who)
    )
    client.follow_redirects = True
    return client


async def _take(context: Any, address: str, path: Path) -> Path:  # noqa: ANN401 - Playwright's
    shown = await context.new_page()
    await shown.goto(address)
    height = min(_HIGHEST, int(await shown.evaluate("document.documentElement.scrollHeight")))
    picture = await shown.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": _WIDTH, "height": height})
    await shown.close()
    # A page has few colours: a palette of them takes a third of the room, and looks the same.
    with Image.open(io.BytesIO(picture)) as whole:
        whole.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path
