"""The page behind a posted link, for partners without accounts: opened, read and answered in a real browser."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe import WIDTHS
from browsing import look_through, page_of
from given import a_mother, asked_for
from keyboard import Keyboard, accessible
from pages_support import Site
from playwright.async_api import Browser

from connective.kit.testing import eventually
from connective.local.story.narrator import expect
from connective.local.text_catcher import Catcher

_EMAIL, _PIN = "desk@larder.example.org", "482915"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(site: Site) -> AsyncIterator[str]:
    """The food bank registers its desk's address; its administrator takes it back afterwards."""
    larder = site.world.cast.organisations["larder"]
    admin = await site.world.person("admin")
    body = {"organisation_id": larder, "email": _EMAIL, "pin": _PIN}
    expect(await admin.post("/links/contacts", body), 201)
    yield _EMAIL


@pytest.mark.parametrize("script", [True, False])
async def test_a_desk_without_account_answers_by_its_link(
    browser: Browser, site: Site, mail: Catcher, desk: str, script: bool
) -> None:
    before = [each.text for each in mail.kept]
    (sent,) = await asked_for(site, await a_mother(site), "parcel")

    def posted() -> str | None:
        texts = [each.text for each in mail.kept if each.to == desk and each.text not in before]
        found = [re.search(rf"{re.escape(site.gateway)}/link#\S+", text) for text in texts]
        return next((each[0] for each in found if each), None)

    link = await eventually("a link is posted", posted)
    (text,) = [each.text for each in mail.kept if link in each.text]
    assert sent.reference not in text, "what is posted says nothing of anybody"
    async with page_of(browser, site, java_script_enabled=script, viewport={"width": 360, "height": 900}) as page:
        keyboard = Keyboard(page)
        await page.goto(link)
        if not script:
            await keyboard.type("The part of your link after the #", link.partition("#")[2])
        await keyboard.type("Your organisation's PIN", "000001")
        await keyboard.type("Your own name", "Ada Desk")
        await keyboard.press("Open")
        await keyboard.says("There is a problem")
        assert await page.get_by_label("Your own name").input_value() == "Ada Desk", "what was typed is kept"
        if script:
            await accessible(page)
        await keyboard.type("Your organisation's PIN", _PIN)
        await keyboard.press("Open")
        await keyboard.says(sent.reference, "You are Ada Desk", "call 999")
        if script:
            await look_through(page, page.url, axe_at=WIDTHS)
        await keyboard.press("Accept")
        await keyboard.says("accepted")
    told = await (await site.visitor("worker")).get(f"/requests/{sent.id}")
    assert "Accepted" in told.text
