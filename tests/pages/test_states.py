"""What pages say when a list is empty, slow, refused or away; what is kept of a form; paper; and leaving quickly."""

from typing import Any
from unittest.mock import patch

from browsing import family_of, page_of
from given import a_mother, act, asked_for
from pages_support import Site, words_of
from playwright.async_api import Browser
from test_signing_in import age

from connective.frontend.clients.hub import Hub
from connective.frontend.domain.answers import Part, Refused

LISTS = (
    ("worker", "/families"), ("worker", "/requests?show=open"), ("larder_dpo", "/inbox"),
    ("larder_dpo", "/inbox/today"), ("larder_dpo", "/vouchers"), ("early_helper", "/intake"),
    ("larder_admin", "/organisation/services"), ("larder_admin", "/organisation/members"),
    ("larder_admin", "/organisation/systems"), ("larder_admin", "/organisation/webhooks"),
    ("officer", "/audit/disclosures"), ("officer", "/audit/breaches"), ("manager", "/agreements"),
    ("manager", "/memoranda"), ("admin", "/admin/organisations"), ("admin", "/admin/accounts"),
    ("admin", "/admin/proposals"), ("admin", "/admin/sources"), ("coordinator", "/board"),
    ("worker", "/home"), ("worker", "/families/rulings"), ("worker", "/account"), ("worker", "/services"),
    ("practice_lead", "/families/merges"), ("practice_lead", "/families/differences"), ("lead", "/one-offs"),
    ("larder_admin", "/organisation"), ("larder_admin", "/organisation/proposals"),
    ("larder_admin", "/organisation/reports"), ("larder_admin", "/organisation/assurance"), ("officer", "/audit"),
    ("officer", "/audit/accesses"), ("officer", "/audit/requests"), ("officer", "/audit/samples"),
    ("officer", "/access-review"), ("officer", "/flows"), ("council_dpo", "/audit/retention"),
    ("manager", "/agreements/joint"), ("manager", "/legal-entities"), ("admin", "/admin"), ("admin", "/admin/stale"),
    ("admin", "/admin/providers"), ("admin", "/admin/forms"), ("admin", "/admin/sources/changes"),
    ("admin", "/admin/hubs"), ("admin", "/admin/services-of-the-hub"),
)  # fmt: skip
SAID = {
    403: ("Your role does not", "does not show you"),
    429: ("Too much was asked for at once",),
    503: ("right now", "is not answering", "Try again"),
    504: ("longer than usual", "This is taking too long"),
}
"""What a person reads, by what the API answered."""
_LOOKED_AT = {"/families", "/inbox", "/agreements", "/admin/accounts", "/audit/disclosures", "/board"}
_AWAY = (429, 503, 504)
"""Whatever keeps an answer away is told by the same lines of a page: each list is shown one of these, in turn."""


async def test_every_list_says_in_words_why_it_shows_nothing(site: Site) -> None:
    """Empty, slow, refused, too busy, away: each list has words for it, and none falls over."""
    wrong: list[str] = []
    for number, (who, path) in enumerate(LISTS):
        visitor = await site.visitor(who)
        for status in (403, _AWAY[number % len(_AWAY)]):
            words = SAID[status]

            async def fails(*_: Any, status: int = status, **__: Any) -> Part:
                return Part(problem=Refused(status, "told-by-a-test", ""))

            with patch.object(Hub, "part", fails):
                page = await visitor.get(path)
            # One list of each sort of template is looked at in the browser too, as it stands in each state.
            site.gallery.waiting += [page] if path in _LOOKED_AT else []
            if page.status_code not in {200, status} or not any(each in words_of(page) for each in words):
                wrong.append(f"{path}, {status}: {page.status_code} {words_of(page)[150:500]}")
        asked = Hub.part

        async def empties(self: Hub, *given: Any, asked: Any = asked, **more: Any) -> Part:
            part: Part = await asked(self, *given, **more)
            return Part({**part.value, "items": []}) if part.value and "items" in part.value else part

        with patch.object(Hub, "part", empties):
            page = await visitor.get(path)
        site.gallery.waiting += [page] if path in _LOOKED_AT else []
        main = words_of(page).partition("Sign out")[2].partition("About these pages")[0]
        if page.status_code != 200 or '<tbody class="govuk-table__body"></tbody>' in page.text or len(main) < 30:
            wrong.append(f"{path}, empty: {page.status_code} {main[:300]}")
    assert not wrong, "\n".join(wrong)


async def test_no_main_form_loses_what_was_typed_when_the_session_ends(site: Site) -> None:
    mother = await a_mother(site)
    (asked,) = await asked_for(site, mother, "parcel")
    await act(await site.visitor("larder_dpo"), asked.id, "ask", {"text": "When?", "categories": "progress"})
    forms: dict[str, dict[str, dict[str, str]]] = {
        "worker": {
            f"/requests/{asked.id}/answer": {"text": "Kept: on Friday."},
            f"/families/{mother.family}/address": {"line_1": "Kept Lane 4"},
            f"/families/{mother.family}/people/{mother.id}/change": {"gp_practice": "Kept Practice"},
            f"/families/{mother.family}/people/{mother.id}/contact": {"value": "07700 900 417"},
        },
        "larder_dpo": {
            f"/requests/{asked.id}/decline": {"family_sentence": "Kept: we are full."},
            f"/requests/{asked.id}/contact-attempts": {"method": "letter"},
        },
        "officer": {"/audit/breaches/new": {"description": "Kept: read out."}},
        "admin": {
            "/admin/organisations/register": {"name": "Kept Centre"},
            "/admin/accounts/invite": {"name": "Kept Person"},
        },
        "larder_admin": {
            "/organisation/details/change": {"description": "Kept description."},
            "/organisation/services/new": {"name": "Kept service"},
        },
        "manager": {"/agreements/new": {"reference": "KEPT-1"}, "/memoranda/new": {"title": "Kept title"}},
    }
    lost = []
    for who, typed in forms.items():
        visitor = site.nobody()
        await site.sign_in(visitor, who)
        pages = {path: await visitor.get(path) for path in typed}
        await age(site, visitor)
        for path, fields in typed.items():
            away = await visitor.send(pages[path], fields, action=None)
            assert away.is_redirect, (path, away.status_code)
            assert not any(each in away.headers["location"] for each in fields.values())
        await site.sign_in(visitor, who)
        for path, fields in typed.items():
            back = await visitor.get(f"{path}?kept=1")
            lost += [f"{path}: {name}" for name, value in fields.items() if value not in back.text]
        await visitor.client.aclose()
    assert not lost


async def test_paper_shows_what_is_read_and_nothing_to_press(browser: Browser, site: Site) -> None:
    (asked,) = await asked_for(site, await a_mother(site), "parcel")
    async with page_of(browser, site, "larder_dpo", alone=True) as page:
        for path, read in ((f"/requests/{asked.id}", "For whom"), ("/inbox?show=todo", "Inbox")):
            await page.goto(site.base + path)
            await page.emulate_media(media="print")
            assert await page.get_by_role("heading", name=read, exact=True).is_visible()
            for hidden in (".govuk-service-navigation", ".govuk-exit-this-page", ".govuk-footer", ".govuk-button"):
                for each in await page.locator(hidden).all():
                    assert not await each.is_visible(), (path, hidden)
        row = page.locator("table a.govuk-link").first
        assert await row.is_visible(), "a list is printed, though it stands in a form"
        assert not await page.locator("input[name=pick]").first.is_visible()


async def test_a_page_is_left_quickly_with_a_button_three_presses_of_shift_or_a_link(
    browser: Browser, site: Site
) -> None:
    family = await family_of(site)
    for script in (True, False):
        async with page_of(browser, site, "worker", java_script_enabled=script, alone=True) as page:
            await page.route(lambda url: not url.startswith(site.base), lambda route: route.fulfill(body="Weather"))
            await page.goto(site.base + family)
            link = page.locator(".govuk-exit-this-page__button")
            target = str(await link.get_attribute("href"))
            assert target.startswith("https://"), "it leads away, also without script"
            if script:
                for _ in range(3):
                    await page.keyboard.press("Shift")
            else:
                await link.press("Enter")
            await page.wait_for_url(f"{target.rstrip('/')}**")


async def test_going_back_and_pressing_twice_are_safe_in_a_browser(browser: Browser, site: Site) -> None:
    (asked,) = await asked_for(site, await a_mother(site), "parcel")
    async with page_of(browser, site, "larder_dpo") as page:
        await page.goto(f"{site.base}/requests/{asked.id}/message?version=1")
        await page.get_by_label("Your message").fill("Sent once.")
        await page.get_by_label("Nothing about anybody").check()
        await page.get_by_role("button", name="Send the message").dblclick()
        await page.get_by_text("Your message was sent.").wait_for()
        assert await page.get_by_text("Sent once.").count() == 1, "two presses are one message"
        await page.go_back()
        await page.get_by_label("Your message").wait_for()
        await page.go_forward()
        await page.get_by_text("Your message was sent.").wait_for()
        await page.reload()
        assert await page.get_by_text("Sent once.").count() == 1, "going back and on again sends nothing"
