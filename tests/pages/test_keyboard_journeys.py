"""Each role's own way through the pages with the keyboard alone, with script and without, on the screens they have.

On each page that is shown nothing is wider than the screen at 360, 768 and 1280 pixels, and axe finds nothing.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from browsing import page_of
from given import a_mother, a_name, asked_for
from keyboard import Keyboard, accessible
from pages_support import Site, path_of, words_of
from playwright.async_api import Browser
from test_agreements import begun, filled_in
from test_board import ask_for_help
from test_officer_acts import a_known_mother, who_may_match

from connective.local.story.narrator import expect

with_script_and_without = pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])

_AT_A_DESK = frozenset({"manager", "officer", "admin"})


@asynccontextmanager
async def hands(browser: Browser, site: Site, who: str | None, path: str, *, script: bool) -> AsyncIterator[Keyboard]:
    """Somebody at a page: where people are, on a telephone with script or a tablet without; else a tablet or a desk."""
    narrower, wider = (768, 1280) if who in _AT_A_DESK else (360, 768)
    size = {"width": narrower if script else wider, "height": 900}
    async with page_of(browser, site, who, viewport=size, java_script_enabled=script) as page:
        await page.goto(site.base + path)
        yield Keyboard(page)


@with_script_and_without
async def test_a_partner_accepts_starts_and_completes(browser: Browser, site: Site, script: bool) -> None:
    (asked,) = await asked_for(site, await a_mother(site), "parcel")
    async with hands(browser, site, "larder_dpo", "/inbox?show=new", script=script) as at:
        await at.says("What others asked")
        await at.press(asked.reference)
        await at.says("Why you see this, and no more", "Collects today")
        await at.press("Accept this request")
        await at.says("You accepted this request")
        await at.press("First contact is made: start")
        await at.says("First contact is noted")
        await at.press("Finish, and say what came of it")
        await at.says("Was the service received?")
        if script:
            await accessible(at.page)
        await at.press("Finish")
        await at.says("There is a problem")
        await at.choose("They had the help", "Moderate", "They were not asked")
        await at.press("Finish")
        await at.says("This request is finished")


@with_script_and_without
async def test_room_is_told_in_two_clicks(browser: Browser, site: Site, script: bool) -> None:
    left = "5" if script else "6"
    async with hands(browser, site, "larder_admin", "/organisation", script=script) as at:
        await at.press("Update room of Emergency food parcel")
        await at.says("How much room is there")
        await at.to("How many are free now")
        await at.page.keyboard.press("Control+A")
        await at.page.keyboard.type(left)
        async with at.page.expect_navigation():
            await at.page.keyboard.press("Enter")
        await at.says("Everybody who looks for help sees this now", f"Emergency food parcel {left}")


@with_script_and_without
async def test_a_manager_begins_a_draft_and_an_officer_asks_for_evidence(
    browser: Browser, site: Site, script: bool
) -> None:
    reference = f"DSA-KEYS-{int(script)}-{a_name()[:4].upper()}"
    async with hands(browser, site, "manager", "/agreements", script=script) as at:
        await at.press("Draft an agreement")
        await at.choose("From nothing")
        await at.type("Reference", reference)
        await at.pick("Who asks for help", "Harbour")
        await at.pick("Who gives it", "Crossroads")
        for words, typed in (("Day", "1"), ("Month", "March"), ("Year", str(site.world.today.year + 1))):
            await at.type(words, typed)
        await at.press("Begin the draft")
        await at.says(reference, "The agreement does not say a title")
        if script:
            await accessible(at.page)
        await at.press("What it is for")
        await at.type("Title", "Sharing between advisers")
        await at.press("Save and")
        await at.says("Who is bound by it")
    async with hands(browser, site, "officer", "/audit/evidence", script=script) as at:
        await at.says("Evidence pack")
        await at.press("Download the pack")
        await at.says("There is a problem")


@with_script_and_without
async def test_an_agreement_is_sent_reviewed_signed_and_taken_as_a_pdf(
    browser: Browser, site: Site, script: bool
) -> None:
    """One party's officer does all of it with the keyboard; what the other party's does is another's journey."""
    reference, manager = f"DSA-SIGN-{a_name()[:5].upper()}", await site.visitor("manager")
    tasks = await begun(site, manager, reference)
    await filled_in(site, manager, tasks)
    async with hands(browser, site, "manager", path_of(tasks), script=script) as at:
        await at.press("Send to be reviewed")
        await at.says(reference, "Being reviewed")
    path = path_of(tasks).removesuffix("/draft")
    other = await site.afresh("larder_dpo")
    await other.send(await other.get(f"{path}/review"), {"approved": "yes", "note": "Agreed."})
    await site.afresh("harbour_dpo")
    async with hands(browser, site, "harbour_dpo", path, script=script) as at:
        await at.says("Your turn: your organisation has its data protection officer review")
        await at.press("Review the text")
        await at.says("Do you approve this text for your organisation?")
        if script:
            await accessible(at.page)
        await at.press("Send the review")
        await at.says("There is a problem")
        await at.choose("Yes, it can be signed")
        await at.type("What you say about it", "Agreed by both officers.")
        await at.press("Send the review")
        await at.says("Agreed by both officers.")
        await at.press("Read and sign")
        await at.says("You sign exactly this text")
        if script:
            await accessible(at.page)
        await at.type("Your full name", "A Signatory")
        await at.type("Your position", "Chair")
        await at.press("Sign the agreement")
        await at.says("Confirm that you have read the text")
        await at.choose("I have read this text")
        await at.press("Sign the agreement")
        await at.says("A Signatory, Chair")
        signed = {"name": "Another Signatory", "position": "Trustee", "read": "yes"}
        assert "In force" in words_of(await other.send(await other.get(f"{path}/sign"), signed))
        await at.page.reload()
        await at.says("In force", "Another Signatory, Trustee")
        await at.to("Download as PDF")
        async with at.page.expect_download() as download:
            await at.page.keyboard.press("Enter")
        assert (await download.value).suggested_filename == f"{reference}-version-1.pdf"
        await at.press("End it")
        await at.type("Why", "The parties part.")
        await at.press("End the agreement")
        await at.says("Ended early")


@with_script_and_without
async def test_an_officer_verifies_the_ledger_and_takes_the_evidence(
    browser: Browser, site: Site, script: bool
) -> None:
    await site.afresh("officer")
    async with hands(browser, site, "officer", "/audit/ledger", script=script) as at:
        await at.press("Verify now")
        if script:
            await at.page.wait_for_url("**/audit/ledger/found")
        else:
            await at.says("Verify the ledger")
            await at.press("Verify it")
        await at.says("The ledger is whole")
        if script:
            await accessible(at.page)
        await at.page.goto(f"{site.base}/audit/evidence")
        await at.press("Download the pack")
        await at.says("There is a problem", "Choose an agreement")
        agreement = await at.page.locator("select[name=agreement_id] option[value]:not([value=''])").first.inner_text()
        await at.pick("Which agreement?", agreement[:30])
        await at.to("Download the pack")
        async with at.page.expect_download() as download:
            await at.page.keyboard.press("Enter")
        assert (await download.value).suggested_filename.endswith(".zip")


@with_script_and_without
async def test_whoever_asked_by_themselves_is_matched_to_their_record(
    browser: Browser, site: Site, script: bool
) -> None:
    await who_may_match(site)
    (given, surname), guest = await a_known_mother(site), site.nobody()
    reference = await ask_for_help(guest)
    await guest.client.aclose()
    async with hands(browser, site, "early_helper", "/intake", script=script) as at:
        await at.press(reference)
        await at.says("Whose is it?", "Look for them first")
        # By what they sent themselves nobody is found; they go by another name here.
        await at.press("Look for them")
        await at.says("Nobody whom your organisation knows was found")
        await at.type("First name", given)
        await at.type("Family name", surname)
        for words, typed in (("Day", "66"), ("Month", "May"), ("Year", "1991")):
            await at.type(words, typed)
        await at.to("Or a postcode")
        await at.page.keyboard.press("Control+A")
        await at.page.keyboard.press("Delete")
        await at.press("Look for them")
        await at.says("There is a problem", "Date must be a real one")
        await at.type("Day", "6")
        await at.press("Look for them")
        await at.says("1 person found", f"{given} {surname}")
        if script:
            await accessible(at.page)
        await at.press("This is who asked")
        await at.says("Choose who it is")
        await at.choose(f"{given} {surname}")
        await at.press("This is who asked")
        await at.says("Matched to a family", "What was sent is not kept here any more")


@with_script_and_without
async def test_a_coordinator_takes_the_table_of_the_board(browser: Browser, site: Site, script: bool) -> None:
    async with hands(browser, site, "coordinator", "/home", script=script) as at:
        if script:
            await at.to("Menu")
            await at.page.keyboard.press("Enter")
        await at.press("Hub board")
        await at.says("Open requests by agency and age")
        await at.press("Figures")
        await at.says("Where there is room")
        await at.to("Download as CSV")
        async with at.page.expect_download() as download:
            await at.page.keyboard.press("Enter")
        assert (await download.value).suggested_filename.endswith(".csv")


@with_script_and_without
async def test_what_came_from_outside_is_answered(browser: Browser, site: Site, script: bool) -> None:
    guest = site.nobody()
    reference = await ask_for_help(guest)
    await guest.client.aclose()
    async with hands(browser, site, "early_helper", "/intake", script=script) as at:
        await at.press(reference)
        await at.says("Odile Canary", "The family itself")
        if script:
            await accessible(at.page)
        await at.press("Close it")
        await at.says("Choose why you close it")
        await at.choose("They were helped at once")
        await at.press("Close it")
        await at.says("They were helped at once", "What was sent is not kept here any more")


@with_script_and_without
async def test_an_administrator_registers_an_organisation_and_invites_somebody(
    browser: Browser, site: Site, script: bool
) -> None:
    name = f"{a_name()} Family Centre"
    async with hands(browser, site, "admin", "/admin/organisations", script=script) as at:
        await at.press("Register an organisation")
        await at.type("Name", name)
        await at.press("Register")
        await at.says("There is a problem", "Choose what kind it is")
        await at.pick("Kind", "Charity")
        if await at.page.locator("select[name=legal_entity_id]").count():
            await at.pick("Which legal body", "One of its own")
        else:
            await at.choose("One of its own")
        await at.press("Register")
        await at.says(name)
        await at.page.goto(f"{site.base}/admin/accounts/invite")
        await at.type("Full name", "Jo Reed")
        await at.type("Work email address", f"jo.{a_name().lower()}@levelshire.example.org")
        await at.pick("Organisation", "Levelshire info")
        await at.choose("Family support worker")
        await at.press("Invite")
        await at.says("Waits for approval")


@with_script_and_without
async def test_anybody_looks_for_help_asks_for_it_and_reads_how_it_goes(
    browser: Browser, site: Site, script: bool
) -> None:
    async with hands(browser, site, None, "/", script=script) as at:
        await at.page.goto(f"{site.base}/directory")
        await at.type("Words to look for", "food")
        await at.press("Search")
        await at.says("Emergency food parcel")
        await at.press("Emergency food parcel")
        await at.says("Get in touch")
        await at.page.goto(f"{site.base}/ask-for-help")
        await at.press("Start now")
        await at.choose("No")
        await at.press("Continue")
        await at.choose("Food, or paying for heating")
        await at.press("Continue")
        await at.type("Postcode", "ta20 1hr")
        await at.press("Continue")
        await at.choose("Emergency food parcel")
        await at.press("Continue")
        await at.type("In your own words", "The cooker broke, says Canary.")
        await at.press("Continue")
        await at.type("First name", "Odile")
        await at.type("Last name", "Canary")
        await at.press("Continue")
        await at.type("Telephone", "01632 960 777")
        await at.choose("No")
        await at.press("Continue")
        await at.press("Continue")
        await at.says("Canary", "01632 960777")
        if script:
            await accessible(at.page)
        await at.press("Ask for help")
        text = str(await at.page.evaluate("document.body.innerText"))
        reference, code = re.findall(r"[A-Z0-9]{3,4}(?:-[A-Z0-9]{4}){2}", text)[:2]
        await at.page.goto(f"{site.base}/progress")
        await at.type("Reference", reference.lower())
        await at.type("Code", code)
        await at.press("Show how it goes")
        await at.says("They have not answered yet")


@with_script_and_without
async def test_a_worker_looks_for_a_family_and_registers_it_with_its_people(
    browser: Browser, site: Site, script: bool
) -> None:
    """Nobody was found by another day of birth; what was typed is shown beside who is known, and joins their record."""
    mother, child = (a_name(), a_name()), (a_name(), a_name())
    worker = await site.world.person("worker")
    person = {"key": "mother", "given_names": mother[0], "family_name": mother[1], "date_of_birth": "1990-04-03"}
    expect(await worker.post("/families", {"people": [person], "relationships": []}), 201)
    async with hands(browser, site, "worker", "/families", script=script) as at:
        await at.press("Find a family")
        await at.press("Search")
        await at.says("There is a problem", "Enter a first name or a family name")
        await at.type("Family name", child[1])
        await at.date("1", "9", "2021")
        await at.choose("To help a family we work with")
        await at.press("Search")
        await at.says("Nobody was found")
        await at.press("Register somebody new")
        await at.press("Register somebody new")
        await at.press("Continue")
        await at.says("There is a problem", "Enter a first name or a family name")
        await a_person(at, mother, ("3", "April", "1990"))
        await at.says("Where does the family live?")
        await at.type("Building and street", "4 Furnham Road")
        await at.type("Town", "Chard")
        await at.press("Continue")
        await at.says("Who belongs to the family")
        await at.press("Add another person")
        await a_person(at, child, ("1", "9", "2021"))
        await at.says(f"How is {child[0]} related to the others?")
        await at.pick(f"{child[0]} and {mother[0]}", f"{mother[0]} is")
        await at.pick(f"Does {mother[0]} have parental responsibility", "Birth")
        await at.press("Continue")
        await at.press("That is everybody")
        await at.says("Check what you typed", " ".join(mother), " ".join(child), "4 Furnham Road", "1 September 2021")
        await at.press("Register this family")
        await at.says("Somebody may be known already", "You typed", "Known to your organisation")
        await at.press("Continue")
        await at.says("There is a problem", "is the same person")
        if script:
            await accessible(at.page)
        await at.choose("The same person")
        await at.press("Continue")
        await at.page.wait_for_url(re.compile(r"/families/[0-9a-f-]{36}(#|$)"))
        await at.to("How they are related, in words")
        await at.page.keyboard.press("Enter")
        await at.says(" ".join(mother), " ".join(child), f"{mother[0]} is {child[0]}’s parent")


async def a_person(at: Keyboard, name: tuple[str, str], born: tuple[str, str, str]) -> None:
    """Say of somebody their name, when they were born and where they live, a page each, and not how to reach them."""
    await at.type("First names", name[0])
    await at.type("Family name", name[1])
    await at.press("Continue")
    await at.says(f"When was {name[0]} born?")
    await at.date(*born)
    await at.press("Continue")
    await at.choose("Here, with this family")
    await at.press("Continue")
    await at.says(f"How can {name[0]} be reached?")
    await at.press("Continue")


@with_script_and_without
async def test_a_worker_asks_two_services_for_help(browser: Browser, site: Site, script: bool) -> None:
    mother, services = await a_mother(site), site.world.cast.raw["services"]
    parcel, housing = str(services["parcel"]["name"]), str(services["housing"]["name"])
    async with hands(browser, site, "worker", f"/families/{mother.family}", script=script) as at:
        await at.press("Ask for help for this family")
        await at.press("Continue")
        await at.says("There is a problem")
        await at.choose("No")
        await at.press("Continue")
        for button, need in (("Add a need", "Not enough"), ("Add another need", "Risk of")):
            await at.press(button)
            await at.choose((await at.page.locator("label[for=person]").inner_text()).strip())
            await at.pick("What do they need help with?", need)
            await at.choose("High")
            await at.press("Add this need")
            await at.says("Recorded already")
        await at.press("Find services")
        await at.says("Which services will you ask?")
        await at.press("Continue")
        await at.says("There is a problem")
        if script:
            await accessible(at.page)
        await chosen(at, parcel, housing)
        await at.press("Continue")
        await at.press("Continue")
        for number in ("1", "2"):
            await at.says(f"service {number} of 2")
            await at.press("Continue")
            await at.says("There is a problem")
            if script:
                await accessible(at.page)
            heading = (await at.page.locator("h1").inner_text()).strip()
            await (told_for_a_parcel if heading == parcel else told_for_advice)(at)
            await at.press("Continue")
        await at.says("Who will see what", "They will see", "Can be sent")
        if script:
            await accessible(at.page)
        await at.press("Send 2 requests")
        await at.says("2 requests sent", parcel, housing)
        if script:
            await accessible(at.page)
        text = str(await at.page.evaluate("document.body.innerText"))
        await at.press("Follow request")
    references = re.findall(r"Reference ([A-Z0-9-]+)", text)
    for who in ("larder_dpo", "harbour_dpo"):
        inbox = await (await site.visitor(who)).get("/inbox?show=new")
        assert len([each for each in references if each in inbox.text]) == 1, f"{who} has the one that is theirs"


async def told_for_a_parcel(at: Keyboard) -> None:
    """Say what the food bank asks, and more in words of one's own: then, and not before, one says what they tell of."""
    told_of = at.page.get_by_role("group", name="What do your words tell of?")
    await at.choose("Collects today", "Waiting for a benefit", "Can cook")
    assert await told_of.is_hidden()
    await at.type("Anything else they should know", "Rings the bell twice.")
    await told_of.wait_for()
    await at.choose("What they need help with")


async def told_for_advice(at: Keyboard) -> None:
    """Say what the housing adviser asks."""
    await at.choose("Behind with the rent", "No")
    await at.type("Arrears in pounds", "940")


async def chosen(at: Keyboard, *services: str) -> None:
    """Choose these of the services that are offered, each by the number that stands before its name."""
    for words in await at.page.locator(".hub-offer label .hub-offer__name").all_inner_texts():
        if words.partition(". ")[2] in services:
            await at.choose(words)


@with_script_and_without
async def test_a_worker_shares_for_somebodys_safety(browser: Browser, site: Site, script: bool) -> None:
    mother = await a_mother(site, agreed=False)
    async with hands(browser, site, "worker", f"/families/{mother.family}", script=script) as at:
        await at.press("Share for somebody’s safety")
        await at.says("Whom is it about?")
        await at.press((await at.page.locator("main li a").first.inner_text()).strip())
        await at.press("Continue")
        await at.says("There is a problem", "Choose what you decide")
        await at.choose("Share it now")
        await at.press("Continue")
        await at.pick("With which organisation?", "Harbour")
        await at.press("Continue")
        await at.choose("Names, date of birth", "What they need help with")
        await at.press("Continue")
        await at.type("Why?", "The front door asked for it.")
        await at.type("What could happen", "Whoever visits would not know.")
        await at.press("Continue")
        await at.choose("No")
        await at.press("Continue")
        await at.says("There is a problem", "Say why the family was not told")
        await at.type("If not, why not?", "It would put her in danger.")
        await at.press("Continue")
        await at.says("Check your answers", "Share it now", "Names, date of birth, sex", "The front door asked for it.")
        if script:
            await accessible(at.page)
        await at.press("Record it")
        await at.says("To be reviewed by")
        recorded = urlsplit(at.page.url).path
    review = words_of(await (await site.visitor("lead")).get(recorded))
    assert "It would put her in danger." in review
    assert "Review it" in review
