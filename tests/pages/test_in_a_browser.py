"""The pages in a real browser: with script and without, at three widths, and looked through by axe."""

from browsing import WIDTHS, family_of, look_through, page_of
from pages_support import Site
from playwright.async_api import Browser


async def test_no_page_keeps_anybody_out(browser: Browser, site: Site) -> None:
    async with page_of(browser, site) as page:
        for path in ("/", "/about", "/signed-out", "/signed-in"):
            await look_through(page, site.base + path, axe_at=WIDTHS)
    async with page_of(browser, site, "worker") as page:
        family = await family_of(site)
        for path in ("/home", "/families", "/families/find", family, f"{family}/chronology", "/nowhere"):
            await look_through(page, site.base + path, axe_at=WIDTHS)


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
