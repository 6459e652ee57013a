"""The pages in a real browser: with script and without, at three widths, and looked through by axe."""

import re

from axe import WIDTHS
from browsing import family_of, look_through, page_of
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


async def test_rows_of_a_form_come_and_go_without_script_and_enter_keeps_them(browser: Browser, site: Site) -> None:
    listed = await (await site.visitor("larder_admin")).get("/organisation/services")
    found = re.search(r'href="(/organisation/services/[0-9a-f-]{36})"', listed.text)
    assert found
    async with page_of(browser, site, "larder_admin") as page:
        for path in ("places", "hours", "change"):
            await look_through(page, f"{site.base}{found[1]}/{path}")
    async with page_of(browser, site, "larder_admin", java_script_enabled=False) as page:
        await page.goto(f"{site.base}{found[1]}/hours")
        rows = page.get_by_role("group").filter(has=page.get_by_label("Opens at"))
        before = await rows.count()
        async with page.expect_navigation():
            await page.get_by_role("button", name="Add another opening").click()
        last = rows.nth(before)
        await last.get_by_label("Sunday").check()
        await last.get_by_label("Opens at").fill("half nine")
        async with page.expect_navigation():
            await last.get_by_label("Opens at").press("Enter")
        assert "Time must be like 2:30pm or 14:30".lower() in (await last.inner_text()).lower(), "beside its field"
        assert await last.get_by_label("Opens at").input_value() == "half nine"
        await last.get_by_label("Opens at").fill("9.15am")
        async with page.expect_navigation():
            await last.get_by_label("Opens at").press("Enter")
        assert page.url.startswith(f"{site.base}{found[1]}?"), "Enter keeps the form, and adds no row"
        assert "from 9:15am" in await page.inner_text("main")
        await page.goto(f"{site.base}{found[1]}/hours")
        async with page.expect_navigation():
            await page.get_by_role("button", name="Take out opening").last.click()
        assert await rows.count() == before
        async with page.expect_navigation():
            await page.get_by_role("button", name="Save").click()
        assert "from 9:15am" not in await page.inner_text("main")
