"""The pages in a real browser: with script and without, at three widths, and looked through by axe."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest_asyncio
from pages_support import Site
from playwright.async_api import Browser, Page, async_playwright

AXE = Path(__file__).resolve().parents[2] / "build" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 768, 1280)
_VIOLATIONS = """
axe.run({resultTypes: ["violations"]}).then(found => found.violations.map(
  each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 160)).join(" … ")}`))
"""
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all tests."""
    async with async_playwright() as playwright:
        # Chromium's own sandbox needs rights that containers of continuous integration do not give.
        started = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        await started.close()


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
    assert not [each for each in said if "Failed to load resource" not in each], "the console is quiet"


async def family_of(site: Site) -> str:
    """The address of the first family in the worker's list."""
    listed = await (await site.visitor("worker")).get("/families")
    found = re.search(r'href="(/families/[0-9a-f-]{36})"', listed.text)
    assert found
    return found[1]


async def look_through(page: Page, address: str) -> None:
    """Open a page at each width; axe finds nothing, and nothing is wider than the screen."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        if width == WIDTHS[0]:
            await page.goto(address)
            await page.evaluate(AXE.read_text(encoding="utf-8"))
        found = await page.evaluate(_VIOLATIONS)
        assert not found, f"{address} at {width}: {json.dumps(found, indent=1)}"
        assert await page.evaluate(_TOO_WIDE) <= 0, f"{address} is wider than {width}"


async def test_no_page_keeps_anybody_out(browser: Browser, site: Site) -> None:
    async with page_of(browser, site) as page:
        for path in ("/", "/about", "/signed-out", "/signed-in"):
            await look_through(page, site.base + path)
    async with page_of(browser, site, "worker") as page:
        family = await family_of(site)
        for path in ("/home", "/families", "/families/find", family, f"{family}/chronology", "/nowhere"):
            await look_through(page, site.base + path)


async def test_a_page_works_with_script_and_without(browser: Browser, site: Site) -> None:
    async with page_of(browser, site, "worker", viewport={"width": 360, "height": 800}) as page:
        await page.goto(f"{site.base}/home")
        assert await page.evaluate("document.body.classList.contains('govuk-frontend-supported')"), "the script ran"
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
        font = await page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
        assert font == "arial, sans-serif"
    async with page_of(browser, site, "worker", java_script_enabled=False) as page:
        await page.goto(f"{site.base}/home")
        assert await page.get_by_role("heading", name="My families").is_visible()
        await page.get_by_role("button", name="Find a family").click()
        await page.get_by_role("button", name="Search").click()
        problem = page.get_by_role("link", name="Enter a first name or a family name")
        assert await problem.get_attribute("href") == "#family_name", "the summary leads to the field"
        await page.get_by_label("Family name").fill("Nobody-of-this-name")
        for label, typed in (("Day", "1"), ("Month", "March"), ("Year", "2015")):
            await page.get_by_label(label, exact=True).fill(typed)
        await page.get_by_label("To help a family we work with").check()
        await page.get_by_role("button", name="Search").click()
        assert await page.get_by_role("heading", name="Nobody was found").is_visible()
        assert page.url == f"{site.base}/families/find", "no name stands in an address"
