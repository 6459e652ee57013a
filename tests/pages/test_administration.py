"""Running an organisation and a place on the pages, with a browser that runs no script."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from browsing import look_through, page_of
from pages_support import Site, Visitor, form_of, path_of, through, words_of
from playwright.async_api import Browser, FilePayload
from whole_hub import LoadedHub

from connective.kit.ids import new_id
from connective.kit.testing import eventually
from connective.local.story.narrator import expect
from connective.local.story.seeds import write_seed

ORGANISATION = "/organisation"


def link_to(page: httpx.Response, words: str) -> str:
    """Where the first link with these words leads."""
    found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>\s*{re.escape(words)}', page.text)
    assert found, f"no link says {words}"
    return found[1].replace("&amp;", "&")


async def press(visitor: Visitor, page: httpx.Response, act: str) -> httpx.Response:
    """Press the button of a sheet that does this."""
    form = re.search(rf'<form[^>]*>(?:(?!</form>).)*name="act" value="{act}".*?</form>', page.text, re.DOTALL)
    assert form, f"no button does {act}"
    sent = form_of(form[0])
    answer = await visitor.client.post(sent.action, data=sent.fields, headers={"Origin": visitor.base})
    return await visitor.follow(answer)


async def test_room_is_told_in_two_clicks_from_the_organisations_own_page(site: Site) -> None:
    admin = await site.visitor("larder_admin")
    home = await admin.get(ORGANISATION)
    first = await admin.get(link_to(home, "Update room"))
    assert 'name="available-0"' in first.text
    wrong = await admin.send(first, {"available-0": "lots", "unit-0": "families"})
    assert wrong.status_code == 422
    assert 'value="lots"' in wrong.text, "what was typed is kept"
    second = await admin.send(wrong, {"available-0": "7", "maximum-0": "20", "audience-0": "", "waiting_weeks-0": ""})
    assert path_of(second) == "/organisation/services"
    assert "7 of 20 families" in words_of(second)
    stale = await admin.send(wrong, {"available-0": "8"})
    assert "Changed meanwhile to: 7" in words_of(await admin.get(link_to(stale, "Go on with what I typed")))
    worker = await site.visitor("larder_dpo")
    listed = await worker.get("/organisation/services")
    assert "7 of 20 families" in words_of(listed)
    assert "Update room" not in listed.text, "who may only read is offered nothing else"


async def a_food_club(admin: Visitor) -> httpx.Response:
    """A service that a partner adds, page by page, pressing its last button twice."""
    fields = {"name": "Canary Food Club", "kind": "food_bank", "status": "active", "takes_requests": "no",
              "areas": "Levelton", "languages": ["en", "pl"], "reach": ["delivery"]}  # fmt: skip
    wrong = await through(admin, await admin.get("/organisation/services/new"), fields)
    assert (wrong.status_code, 'href="#areas"' in wrong.text, "Levelton" in wrong.text) == (422, True, True)
    answers = await through(admin, wrong, fields | {"areas": "ta20, TA19"})
    assert "Which areas does it serve? TA20 TA19" in words_of(answers).replace("ta20", "TA20")
    assert "Answering requests" not in words_of(answers), "it takes none here"
    made, again = [await admin.send(answers) for _ in range(2)]
    assert path_of(again) == path_of(made), "pressing twice adds one"
    here = path_of(made)
    assert "How it helps Delivers" in words_of(made)
    assert re.fullmatch(r"/organisation/services/[0-9a-f-]{36}", here), words_of(made)
    return made


async def test_a_partner_tells_places_hours_areas_and_languages_and_the_public_directory_shows_them(site: Site) -> None:
    admin = await site.visitor("larder_admin")
    made = await a_food_club(admin)
    here = path_of(made)
    every = await admin.get(link_to(made, "Change details"))
    about = await admin.get(f"{path_of(every)}/about")
    kept = await admin.send(about, {"description": "Soup and company."})
    assert "Soup and company." in words_of(kept)
    assert "Canary Food Club" in words_of(kept), "what another page asks stays"
    made = await admin.get(here)
    one = await admin.get(link_to(made, "Change opening hours"))
    first = {"weekdays-0": ["2", "4"], "opens_at-0": "9.30am", "closes_at-0": "1pm"}
    two = await admin.send(one, first | {"act": "add"})
    assert 'name="closes_at-1"' in two.text, "a button adds a row where no script runs"
    assert 'value="9.30am"' in two.text, "and loses nothing typed"
    second = {"weekdays-1": ["6"], "opens_at-1": "10", "closes_at-1": "9"}
    refused = await admin.send(two, second)
    assert refused.status_code == 422
    assert "Opening 2: closing time must be after opening time" in words_of(refused)
    kept = await admin.send(refused, {"closes_at-1": "12:30pm"})
    assert (path_of(kept), "Tuesday, Thursday: 9:30am to 1pm" in words_of(kept)) == (here, True), words_of(kept)
    places = await admin.get(link_to(kept, "Change places"))
    unknown = await admin.send(places, {"name-0": "Canary Hall", "postcode-0": "ZZ99 9ZZ"})
    assert (unknown.status_code, 'href="#postcode-0"' in unknown.text) == (422, True), words_of(unknown)
    told = await admin.send(unknown, {"postcode-0": "", "town-0": "Levelton"})
    assert "Canary Hall, Levelton" in words_of(told)
    prices = await admin.get(link_to(told, "Change prices"))
    unread = await admin.send(prices, {"option-0": "A box", "amount-0": "two pounds"})
    assert (unread.status_code, 'value="two pounds"' in unread.text) == (422, True)
    told = await admin.send(unread, {"amount-0": "£2.50"})
    assert "A box: £2.50" in words_of(told)
    contacts = await admin.get(link_to(told, "Change contacts"))
    desk = {"department-0": "Front desk", "telephone-0": "01632 960402", "published-0": "yes"}
    two = await admin.send(contacts, desk | {"act": "add"})
    told = await admin.send(two, {"title-1": "Canary keeper", "email-1": "keeper@example.org"})
    assert "Canary keeper: keeper@example.org (not shown to the public)" in words_of(told)
    stale = await admin.send(one, first)
    assert stale.status_code == 412, "what somebody else changed is not written over unseen"
    guest = site.nobody()
    found = await guest.send(await guest.get("/directory"), {"words": "Canary Food Club"})
    shown = words_of(await guest.get(link_to(found, "Canary Food Club")))
    for words in (
        "Tuesday and Thursday 9:30am to 1pm",
        "Saturday 10am to 12:30pm",
        "Canary Hall",
        "TA19",
        "Polish",
        "A box: £2.50",
        "Front desk Telephone: 01632 960402",
    ):
        assert words in shown, words
    assert "Canary keeper" not in shown, "whom a service does not publish stands in no public page"
    worker = await site.visitor("worker")
    seen = words_of(await worker.get(here.removeprefix("/organisation")))
    assert "Canary keeper, keeper@example.org" in seen
    await guest.client.aclose()


async def test_a_systems_secret_is_shown_once_and_counts_once_a_second_administrator_agrees(site: Site) -> None:
    admin = await site.visitor("larder_admin")
    form = await admin.get("/organisation/systems/new")
    empty = await admin.send(form)
    assert empty.status_code == 422
    assert "Choose what it may do" in words_of(empty)
    fields = {"name": "Pantry shelves", "scopes": ["directory:read"], "authentication": "client_secret_basic"}
    made = await admin.send(empty, fields)
    assert made.status_code == 200, words_of(made)
    secret = re.search(r"<code id=\"secret-\d+\">([^<]{30,})</code>", made.text)
    assert secret, words_of(made)
    assert made.headers["cache-control"] == "no-store"
    page = await admin.get(link_to(made, "Go on to the system"))
    listed = await admin.get("/organisation/systems")
    assert "Pantry shelves" in listed.text
    assert secret[1] not in page.text + listed.text, "it is shown once"
    place = await site.visitor("admin")
    waiting = await place.get("/admin/proposals")
    proposal = await place.get(link_to(waiting, "Change a system’s access"))
    agreed = await press(place, proposal, "approve")
    assert "Approved." in words_of(agreed)
    gone = await admin.send(await admin.get(f"{path_of(page)}/revoke"))
    assert "Revoked" in words_of(gone)


async def test_a_webhook_is_tried_and_its_message_sent_again(site: Site) -> None:
    admin = await site.visitor("larder_admin")
    form = await admin.get("/organisation/webhooks/new")
    fields = {"url": "https://hook.example.org/", "events": ["hub.referrals.request.*"], "description": "Shelves"}
    made = await admin.send(form, fields)
    assert "whsec_" in made.text, words_of(made)
    hook = await admin.get(link_to(made, "Go on to the webhook"))
    assert "whsec_" not in hook.text
    tried = await press(admin, hook, "test")
    assert "A test message is on its way" in words_of(tried)

    async def listed() -> str | None:
        page = await admin.get(path_of(hook))
        found = re.search(r'href="(/organisation/webhooks/[^"]+/deliveries/[^"]+)"', page.text)
        return found[1] if found else None

    message = await admin.get(str(await eventually("the test message is listed", listed)))
    assert "Webhook tested" in words_of(message)
    again = await press(admin, message, "replay")
    assert again.status_code in {200, 409}, words_of(again)
    gone = await admin.send(await admin.get(f"{path_of(hook)}/remove"))
    assert path_of(gone) == "/organisation/webhooks"


async def test_somebody_is_invited_approved_and_the_invitation_withdrawn(site: Site) -> None:
    admin = await site.visitor("larder_admin")
    form = await admin.get("/organisation/members/invite")
    wrong = await admin.send(form, {"name": "Jo Otter", "email": "nowhere"})
    assert wrong.status_code == 422
    assert 'value="Jo Otter"' in wrong.text
    fields = {"email": "jo.otter@larder.example.org", "roles": ["partner_worker"]}
    invited = await admin.send(wrong, fields)
    assert "Waits for approval" in words_of(invited), words_of(invited)
    mine = await admin.get(link_to(await admin.get("/organisation/proposals"), "Show all: your own"))
    own = await admin.get(re.findall(r'href="(/organisation/proposals/[0-9a-f-]{36})"', mine.text)[-1])
    said = words_of(own)
    assert all(each in said for each in ("You proposed it, so another administrator decides", "Jo Otter")), said
    assert 'value="approve"' not in own.text, "nobody gives a way in alone"
    place = await site.visitor("admin")
    proposal = await place.get(link_to(await place.get("/admin/proposals"), "Invite somebody"))
    assert "jo.otter@larder.example.org" in words_of(proposal)
    await press(place, proposal, "approve")
    sent = await admin.get(path_of(invited))
    assert "Send it again" in words_of(sent)
    assert "Withdrawn" in words_of(await press(admin, sent, "withdraw"))


async def test_an_organisation_is_registered_with_checked_numbers_suspended_and_reinstated(site: Site) -> None:
    place = await site.visitor("admin")
    form = await place.get("/admin/organisations/register")
    fields = {"name": "Ilminster Uniform Exchange", "kind": "charity", "legal_entity_id": "new", "GB-CHC": "12"}
    wrong = await place.send(form, fields)
    assert wrong.status_code == 422
    assert 'href="#GB-CHC"' in wrong.text, "the summary leads to the number that cannot be"
    made = await place.send(wrong, {"kind": "charity", "GB-CHC": "1 123 456"})
    assert path_of(made).startswith("/admin/organisations/"), words_of(made)
    assert "Charity number (England and Wales) 1123456" in words_of(made)
    again = await place.send(wrong, {"kind": "charity", "GB-CHC": "1 123 456"})
    assert path_of(again) == path_of(made), "sent twice, registered once"
    stopped = await place.send(await place.get(f"{path_of(made)}/suspend"), {"reason": "Its insurance has lapsed."})
    assert "Nothing is sent to it" in words_of(stopped)
    narrowed = await place.get("/admin/organisations?state=suspended")
    assert "Ilminster Uniform Exchange" in words_of(narrowed)
    marked = re.findall(r'<a[^>]*aria-current="true">([^<]+)</a>', narrowed.text)
    assert marked == ["Suspended"], "one sees by what the list is narrowed"
    back = await place.send(await place.get(f"{path_of(made)}/reinstate"), {"reason": "It was renewed."})
    assert "Nothing is sent to it" not in words_of(back)


async def test_reading_a_source_shows_how_far_it_is(site: Site) -> None:
    place = await site.visitor("admin")
    form = await place.get("/admin/sources/new")
    fields = {"name": "The county’s directory", "code": "countypages", "url": "https://directory.example.org/v3"}
    made = await place.send(form, fields)
    assert path_of(made).startswith("/admin/sources/"), words_of(made)
    form = await place.get(link_to(made, "Change it"))
    wrong = await place.send(form, {"name": "", "every_hours": "often"})
    assert (wrong.status_code, 'value="often"' in wrong.text) == (422, True)
    assert all(f'href="#{each}"' in wrong.text for each in ("name", "every_hours")), "each error leads to its field"
    made = await place.send(wrong, {"name": "The county’s pages", "every_hours": "48"})
    assert "Saved. The county’s pages" in words_of(made), words_of(made)
    assert "Every 48 hours" in words_of(made)
    run = await press(place, made, "run")
    assert "A reading of the source" in words_of(run)
    assert 'http-equiv="refresh"' in run.text or "Failed" in words_of(run), "it loads itself again where no script runs"
    async with place.client.stream("GET", f"{path_of(run)}/progress") as told:
        assert told.headers["content-type"].startswith("text/event-stream")
        first = [line async for line in first_event(told)]
    assert first[0].startswith("event: ")
    assert "words" in first[1]


LISTINGS = """name,postcode,telephone,service_kind
Hatch Pantry (invented),TA20 1AA,call us,food_bank
,TA19 0AA,01632 960212,food_bank
"""


async def test_a_file_is_imported_with_each_row_that_is_wrong(site: Site) -> None:
    place = await site.visitor("admin")
    page = await place.get(link_to(await place.get("/admin/sources"), "Import a file"))

    async def send(content: str, licence: str = "") -> httpx.Response:
        files = {"file": ("listings.csv", content.encode(), "application/vnd.ms-excel")}
        fields = form_of(page.text).fields | {"licence": licence}
        sent = await place.client.post(str(page.url), data=fields, files=files, headers={"Origin": site.base})
        return await place.follow(sent)

    for content, licence, words in (
        ("", "", "The file is empty"),
        ("colour\nred\n", "", "needs these columns too: name, postcode, service_kind"),
        (LISTINGS, "no such thing", "Enter the licence as its code"),
        (LISTINGS + "x" * (4 << 20), "", "larger than 4 MB"),
    ):
        wrong = await send(content, licence)
        assert wrong.status_code == 422, words_of(wrong)
        assert words in words_of(wrong)
        assert f'value="{licence}"' in wrong.text or not licence, "what was typed is kept"
    run = await send(LISTINGS, "OGL-UK-3.0")
    assert re.fullmatch(r"/admin/sources/[0-9a-f-]{36}/runs/[0-9a-f-]{36}", path_of(run)), words_of(run)

    async def ended() -> str:
        shown = await place.get(path_of(run))
        watched = 'http-equiv="refresh"' in shown.text
        return "" if watched else words_of(shown)

    told = str(await eventually("the file is read, while the page loads itself again", ended))
    for words in (
        "Rows with something wrong (2)",
        "Rows read 2",
        "Rows kept 1",
        "Rows refused 1",
        "Row 3",
        "2 new",
        "1 refused",
        "Telephone",
        "Value dropped",
        "Refused",
    ):
        assert words in told, told
    assert path_of(await send(LISTINGS, "OGL-UK-3.0")) == path_of(run), "sent twice, read once"
    reused = await send(LISTINGS + "Other (invented),TA20 1AA,,food_bank\n")
    assert "sent before, with another file" in words_of(reused), words_of(reused)
    source = await place.get(path_of(run).partition("/runs/")[0])
    assert "Import another file" in words_of(source)
    listed = words_of(await place.get("/admin/organisations"))
    assert "Hatch Pantry (invented)" in listed
    assert "Other (invented)" not in listed, "nothing was used of what was refused"


@pytest.mark.parametrize("script", [True, False])
async def test_a_file_is_sent_in_a_browser_and_the_page_moves_until_it_is_read(
    browser: Browser, site: Site, *, script: bool
) -> None:
    async with page_of(browser, site, "admin", java_script_enabled=script) as page:
        await page.goto(f"{site.base}/admin/sources/file")
        async with page.expect_navigation():
            await page.get_by_role("button", name="Import the file").click()
        await page.get_by_role("link", name="Choose a file").wait_for()
        another = f"Larkhill Larder {script} (invented),TA20 1AA,,food_bank\n"
        listings = (LISTINGS.replace("Hatch", "Larkhill") + another).encode()
        file: FilePayload = {"name": "listings.csv", "mimeType": "text/csv", "buffer": listings}
        await page.get_by_label("The file").set_input_files(file)
        async with page.expect_navigation():
            await page.get_by_role("button", name="Import the file").click()
        # By what the stream tells, or by loading itself again; what it tells on the way is tested above.
        await page.get_by_text("Rows with something wrong (2)").wait_for()
        assert await page.get_by_role("progressbar").count() == 0
        if script:
            await look_through(page, page.url)


async def first_event(told: httpx.Response) -> AsyncIterator[str]:
    """The two lines of a stream's first event; the stream goes on for as long as the work does."""
    left = 2
    async for line in told.aiter_lines():
        if line.startswith(("event: ", "data: ")):
            yield line
            left -= 1
        if not left:
            return


async def test_ones_account_shows_where_one_is_signed_in_and_ends_it(site: Site) -> None:
    other = site.nobody()
    await site.sign_in(other, "larder_admin")
    here = await other.get("/account")
    assert "Partner administrator" in words_of(here)
    ends = re.findall(r'name="session" value="([^"]+)"', here.text)
    assert ends, "another browser is signed in too"
    assert UUID(ends[0])
    await other.client.aclose()


async def test_a_form_is_written_as_text_and_what_is_wrong_with_it_is_told_where_it_stands(site: Site) -> None:
    admin = await site.visitor("admin")
    draft = await press(admin, await admin.get("/admin/forms/housing_advice"), "draft")
    page = await admin.get(link_to(draft, "Write it as text"))
    text = form_of(page.text).fields["text"]
    assert "label: What the problem is" in text
    wrong = await admin.send(page, {"text": text + "\n  - [open"})
    assert wrong.status_code == 422
    assert "cannot be read" in words_of(wrong)
    assert form_of(wrong.text).fields["text"].endswith("- [open"), "what was typed is kept"
    unknown = await admin.send(page, {"text": text.replace("type: choice", "type: song", 1)})
    assert unknown.status_code == 422
    assert "What the problem is" in words_of(unknown), "it says which question"
    kept = await admin.send(page, {"text": text.replace("label: What the problem is", "label: What is wrong at home")})
    assert path_of(kept) == path_of(draft)
    assert "What is wrong at home" in words_of(kept)


async def test_a_form_is_written_question_by_question_and_a_question_removed(site: Site) -> None:
    admin = await site.visitor("admin")
    draft = await press(admin, await admin.get("/admin/forms/debt_and_benefits_advice"), "draft")
    here = path_of(draft)
    empty = await admin.send(await admin.get(link_to(draft, "Title and what must be known")), {"title": ""})
    assert (empty.status_code, "Enter the title of the form" in words_of(empty)) == (422, True)
    assert "Advice on debt, Levelton" in words_of(await admin.send(empty, {"title": "Advice on debt, Levelton"}))
    typed = {"label": "Who may telephone?", "help": "A name.", "type": "choice", "choices": "The adviser",
             "categories": ["communication"]}  # fmt: skip
    one = await admin.send(await admin.get(link_to(draft, "Add a question")), typed)
    assert (one.status_code, 'href="#choices"' in one.text) == (422, True)
    assert 'value="Who may telephone?"' in one.text, "nothing that was typed is lost"
    added = await admin.send(one, {"choices": "The adviser\nNobody"})
    assert (path_of(added), "Who may telephone? One of several answers" in words_of(added)) == (here, True)
    question = await admin.get(link_to(added, "Who may telephone?"))
    changed = await admin.send(question, {"label": "Who may ring?"})
    assert "Who may ring? One of several answers" in words_of(changed)
    asked = await admin.get(link_to(await admin.get(path_of(question)), "Remove this question"))
    assert "Remove “Who may ring?”?" in words_of(asked), "which one is said before it goes"
    gone = await admin.send(asked)
    assert (path_of(gone), "Who may ring?" in words_of(gone)) == (here, False)
    assert (await admin.get(path_of(question))).status_code == 404


async def test_prohibited_uses_are_read_by_everybody_and_accepted_use_by_use_for_an_organisation(
    site: Site, browser: Browser
) -> None:
    worker = await site.visitor("worker")
    read = await worker.get(link_to(await worker.get("/account"), "Read what nobody may use information for"))
    assert "To enforce rent, or to end a tenancy" in words_of(read)
    assert "Read and accept" not in words_of(read), "a worker reads, and promises for nobody"
    admin, signs = await site.world.person("admin"), await site.visitor("larder_dpo")
    own = site.world.cast.organisations["larder"]
    larder = expect(await admin.get(f"/organisations/{own}"), 200)
    name = f"Canary Kitchen {str(new_id())[-4:]}"
    body = {"name": name, "kind": "charity", "legal_entity_id": larder["legal_entity_id"]}
    kitchen = expect(await admin.post("/organisations", body | {"assurance_level": "named_accounts"}), 201)["id"]
    here = f"/prohibited-uses/{kitchen}"

    async def asked_for() -> httpx.Response | None:
        listed = await signs.get("/prohibited-uses")
        return listed if f'href="{here}"' in listed.text else None

    listed = await eventually("a new team of the larder among those that are asked", asked_for)
    assert f"{name} Not yet Not accepted" in words_of(listed)
    form = await signs.get(here)
    async with page_of(browser, site, "larder_dpo") as page:
        await look_through(page, f"{site.base}/prohibited-uses")
        await look_through(page, f"{site.base}{here}")
    some = ["debt_recovery", "marketing"]
    wrong = await signs.send(form, {"accepts": some})
    assert (wrong.status_code, "Tick each of them" in words_of(wrong)) == (422, True)
    assert form_of(wrong.text).fields["accepts"] == some, "what was ticked is kept"
    every = re.findall(r'name="accepts" type="checkbox" value="([a-z_]+)"', wrong.text)
    stale = await signs.send(wrong, {"accepts": every, "version": "0"})
    assert (stale.status_code, "There is a newer text" in words_of(stale)) == (422, True)
    done = await signs.send(stale, {"accepts": every})
    assert "Accepted for your organisation." in words_of(done), words_of(done)
    assert f'href="{here}"' not in done.text, "it is not asked for again"
    assert path_of(await signs.get(here)) == "/prohibited-uses"
    manager = await site.visitor("manager")
    assert (await manager.get(here)).status_code == 403


async def test_training_is_recorded_by_the_administrator_and_seen_by_the_officer(site: Site, browser: Browser) -> None:
    admin, today = await site.visitor("admin"), site.world.today
    account = f"/admin/accounts/{site.world.cast.accounts['therapist']}"
    form = await admin.get(link_to(await admin.get(account), "Record training"))
    async with page_of(browser, site, "admin") as page:
        await look_through(page, f"{site.base}{account}/training")
        await look_through(page, f"{site.base}/admin/services-of-the-hub")
    later = {"completed_on-day": "1", "completed_on-month": "1", "completed_on-year": str(today.year + 1)}
    wrong = await admin.send(form, {"course": "Data protection, level 1"} | later)
    assert (wrong.status_code, "Date must be today or in the past" in words_of(wrong)) == (422, True)
    assert 'value="Data protection, level 1"' in wrong.text, "nothing that was typed is lost"
    passed = {"completed_on-day": str(today.day), "completed_on-month": str(today.month)}
    kept = await admin.send(wrong, passed | {"completed_on-year": str(today.year)})
    assert (path_of(kept), "The training is recorded." in words_of(kept)) == (account, True), words_of(kept)
    until = f"Until {today.day} {today:%B} {today.year + 1}"
    told_then = ("Data protection, level 1, completed", until)
    for page_told in (kept, await (await site.visitor("therapist")).get("/account")):
        assert all(each in words_of(page_told) for each in told_then), words_of(page_told)
    officer = await site.world.person("nhs_dpo")
    review = expect(await officer.get("/accounts/access-review?limit=200"), 200)["items"]
    told = {each["account_id"]: (each["training"], each["training_in_date"]) for each in review}
    training, in_date = told[str(site.world.cast.accounts["therapist"])]
    assert (training["course"], in_date) == ("Data protection, level 1", True)
    own = await site.visitor("larder_admin")
    assert "Record training" not in words_of(await own.get("/organisation/members")), "the place records it"
    keys = words_of(await admin.get(link_to(await admin.get("/admin"), "The Hub’s own services and keys")))
    assert {"Consent", "Families", "Referrals"} <= set(keys.split())
    assert (await own.get("/admin/services-of-the-hub")).status_code in {200, 403}


async def test_an_account_is_disabled_opened_by_two_and_its_work_at_one_organisation_ended(
    site: Site, loaded_hub: LoadedHub, tmp_path: Path
) -> None:
    place, cast, leaver = await site.visitor("admin"), site.world.cast, new_id()
    both = [{"organisation_id": cast.organisations[key], "organisation_name": name, "roles": ["partner_worker"]}
            for key, name in (("harbour", "Harbour"), ("crossroads", "Crossroads"))]  # fmt: skip
    known = {"id": str(leaver), "place_id": str(cast.place.id), "email": "robin.leaver@harbour.example.org"}
    seed = {"accounts": [known | {"name": "Robin Leaver", "password": cast.password, "memberships": both}]}
    await loaded_hub.stack.run("gateway", "seed", str(write_seed(tmp_path / "leaver.json", seed)))
    account = await place.get(f"/admin/accounts/{leaver}")
    form = await place.get(link_to(account, "Disable the account"))
    assert "Opening it again takes two administrators." in words_of(form)
    wrong = await place.send(form, {"left_on-day": "31", "left_on-month": "2", "left_on-year": "2026"})
    assert (wrong.status_code, 'value="31"' in wrong.text) == (422, True)
    gone = await place.send(form)
    assert "The account is disabled, and signed out everywhere." in words_of(gone), words_of(gone)
    asked = await press(place, gone, "open")
    assert "Another administrator decides" in words_of(asked)
    second = await site.visitor("second_admin")
    waiting = await second.get(link_to(await second.get("/admin/proposals"), "Open a disabled account again"))
    assert "Robin Leaver" in words_of(waiting)
    await press(second, waiting, "approve")
    account = await place.get(f"/admin/accounts/{leaver}")
    assert "In use" in words_of(account), words_of(account)
    form = await place.get(f"/admin/accounts/{leaver}/end/{cast.organisations['harbour']}")
    assert "End Robin Leaver’s work at Harbour?" in words_of(form)
    assert "Their work there has ended" in words_of(await place.send(form))
    left = words_of(await place.get(f"/admin/accounts/{leaver}"))
    assert ("Crossroads" in left, "Harbour" in left) == (True, False), "only what was ended"


async def test_a_provider_is_proposed_agreed_and_ended_and_says_what_is_set_up_there(site: Site) -> None:
    place, second = await site.visitor("admin"), await site.visitor("second_admin")
    typed = {"name": "Levelshire sign-in", "organisation_id": site.world.cast.organisations["early_help"],
             "client_id": "connective", "authentication": "private_key_jwt", "claim-0": "groups",
             "value-0": "Early help", "roles-0": ["support_worker"], "new_accounts": "yes"}  # fmt: skip
    form = await place.get("/admin/providers/new")
    wrong = await place.send(form, typed | {"issuer": "login"})
    assert (wrong.status_code, 'href="#issuer"' in wrong.text, 'value="Early help"' in wrong.text) == (422, True, True)
    sent = await place.send(wrong, {"issuer": "https://login.levelshire.example.org"})
    assert "Another administrator decides" in words_of(sent), words_of(sent)
    waiting = await second.get("/admin/proposals")
    proposal = await second.get(link_to(waiting, "Sign-in by an organisation’s own accounts"))
    assert "https://login.levelshire.example.org" in words_of(proposal)
    await press(second, proposal, "approve")
    provider = await place.get(link_to(await place.get("/admin/providers"), "Levelshire sign-in"))
    said = words_of(provider)
    for words in (
        "Where it sends people back to",
        "/oauth/providers/",
        "groups is Early help",
        "Family support worker",
    ):
        assert words in said, said
    form = await place.get(link_to(provider, "Propose a change"))
    wrong = await place.send(form, {"claim-1": "groups", "second_steps": "mfa"})
    assert (wrong.status_code, 'href="#value-1"' in wrong.text, 'href="#second_steps"' in wrong.text) == (
        422, True, True)  # fmt: skip
    more = {"value-1": "Leads", "roles-1": ["practice_lead"], "second_steps": "amr mfa", "name": "Levelshire accounts"}
    sent = await place.send(wrong, more)
    assert "Another administrator decides" in words_of(sent), words_of(sent)
    assert "Levelshire sign-in" in sent.text, "until then all stays as it is"
    waiting = await second.get("/admin/proposals")
    proposal = await second.get(link_to(waiting, "Sign-in by an organisation’s own accounts"))
    said = words_of(proposal)
    assert "About Levelshire sign-in" in said
    assert "Name Levelshire sign-in Levelshire accounts" in said, "what is, and what would be"
    await press(second, proposal, "approve")
    late = await place.send(form, {"name": "Mine"})
    assert (late.status_code, "Changed meanwhile to: Levelshire accounts" in words_of(late)) == (422, True)
    provider = await place.get(path_of(provider))
    said = words_of(provider)
    assert all(each in said for each in ("Levelshire accounts", "groups is Leads", "Early help", "amr is mfa")), said
    ended = await press(place, provider, "end")
    assert "Ended." in words_of(ended)
    assert 'value="end"' not in ended.text, "what has ended is not ended again"
    assert "Propose a change" not in ended.text


async def test_what_an_organisation_shows_counts_once_the_place_has_seen_it(site: Site) -> None:
    own, place, today = await site.visitor("larder_admin"), await site.visitor("admin"), site.world.today
    typed = {"kind": "dbs_policy", "evidence": "P-77", "issued_on-day": "1", "issued_on-month": "1"}
    shown = await own.send(
        await own.get("/organisation/assurance/new"), typed | {"issued_on-year": str(today.year - 1)}
    )
    assert "P-77" in words_of(shown), words_of(shown)
    here = f"/admin/organisations/{site.world.cast.organisations['larder']}/assurance"
    listed = await place.get(here)
    link = re.search(r'href="([^"]+)">Policy on DBS checks</a></th>\s*<td[^>]*>P-77', listed.text)
    assert link, words_of(listed)
    form = await place.get(link[1])
    assert f"Policy on DBS checks, P-77: from 1 January {today.year - 1}" in words_of(form), "what it is about is said"
    none = await place.send(form, {"reason": "Its last page is missing."})
    assert (none.status_code, "Say whether it holds" in words_of(none)) == (422, True)
    assert "Its last page is missing." in none.text
    unsaid = await place.send(none, {"decision": "refused", "reason": ""})
    assert (unsaid.status_code, 'href="#reason"' in unsaid.text) == (422, True)
    refused = await place.send(none, {"decision": "refused"})
    assert "Its last page is missing." in words_of(refused), words_of(refused)
    assert "Its last page is missing." in words_of(await own.get("/organisation/assurance")), "they read why"
    assert (await place.get(f"{here}/{new_id()}")).status_code == 404


async def test_what_a_file_says_of_a_listing_that_somebody_changed_waits_for_a_person(site: Site) -> None:
    place, name = await site.visitor("admin"), f"Wren Pantry {str(new_id())[-4:]} (invented)"
    await imported(place, f"{name},TA20 1AA,01632 960212,food_bank")
    listed = await place.get("/admin/organisations")
    organisation = link_to(listed, name)
    form = await place.get(f"{organisation}/change")
    assert "01632 960 998" in words_of(await place.send(form, {"telephone": "01632 960998"})).replace(
        "960998", "960 998"
    )
    await imported(place, f"{name},TA20 1AA,01632 960213,food_bank")
    waits = await place.get(link_to(await place.get("/admin/sources/changes"), name))
    said = words_of(waits)
    assert "01632 960998" in said, said
    assert "01632 960213" in said, "ours beside theirs"
    assert "We changed it here" in said
    assert 'value="approve"' not in waits.text, "nothing of it could be taken over without writing over ours"
    kept = await press(place, waits, "reject")
    assert "Decided." in words_of(kept)
    assert "01632 960998" in words_of(await place.get(organisation)), "nothing that somebody changed is written over"


async def imported(place: Visitor, row: str) -> None:
    """A file of one listing is read in."""
    page = await place.get("/admin/sources/file")
    files = {"file": ("listings.csv", f"name,postcode,telephone,service_kind\n{row}\n".encode(), "text/csv")}
    sent = await place.client.post(str(page.url), data=form_of(page.text).fields, files=files,
                                   headers={"Origin": place.base})  # fmt: skip
    run = path_of(await place.follow(sent))

    async def ended() -> bool:
        return 'http-equiv="refresh"' not in (await place.get(run)).text

    await eventually("the file is read", ended)
