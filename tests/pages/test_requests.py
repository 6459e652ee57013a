"""A request from both sides, with a browser that runs no script: from the sending to the outcome."""

from dataclasses import dataclass

import pytest_asyncio
from browsing import look_through, page_of
from given import a_mother, act, asked_for, version_in
from pages_support import Site, form_of, path_of, words_of
from playwright.async_api import Browser, Page


@dataclass(frozen=True)
class Asked:
    """A family of these tests, and a request of each kind for it."""

    parcel: str
    second: str
    housing: str
    references: tuple[str, str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def asked(site: Site) -> Asked:
    """A mother registered, told, agreed, and three requests sent for her."""
    mother = await a_mother(site)
    first, house = await asked_for(site, mother, "parcel", "housing")
    (second,) = await asked_for(site, mother, "parcel")
    assert {each.state for each in (first, house, second)} == {"submitted"}
    return Asked(first.id, second.id, house.id, (first.reference, second.reference, house.reference))


async def test_a_request_is_asked_about_answered_accepted_started_and_finished(site: Site, asked: Asked) -> None:
    worker, larder = await site.visitor("worker"), await site.visitor("larder_dpo")
    reference = asked.references[0]
    assert reference in words_of(await larder.get("/inbox?show=new"))
    opened = await larder.get(f"/requests/{asked.parcel}")
    said = words_of(opened)
    for words in ("Why you see this, and no more", "under agreement DSA-", "Nobody here is watching", "Collects today"):
        assert words in said
    assert "<title>A request – " in opened.text.replace("\n", ""), "a title names nobody"
    form = await larder.get(f"/requests/{asked.parcel}/ask")
    wrong = await larder.send(form, {"text": ""})
    assert wrong.status_code == 422
    assert "Write your question" in words_of(wrong)
    sent = await larder.send(wrong, {"text": "Which evening suits?", "categories": "progress"})
    assert "Your question was sent" in words_of(sent), words_of(sent)
    listed = words_of(await worker.get("/requests?show=open"))
    assert "They asked a question" in listed
    answered = await act(worker, asked.parcel, "answer", {"text": "Thursday.", "categories": "progress"})
    assert "Your answer was sent" in words_of(answered)
    assert "Thursday." in words_of(await larder.get(f"/requests/{asked.parcel}"))
    await act(larder, asked.parcel, "contact-attempts", {"method": "telephone", "reached": "yes"})
    for verb, words in (("accept", "You accepted"), ("start", "First contact is noted")):
        assert words in words_of(await act(larder, asked.parcel, verb))
    unfinished = await act(larder, asked.parcel, "complete", {"code": "received", "need-0": "1"})
    assert "Say why somebody’s words are missing" in words_of(unfinished)
    outcome = {
        "view-family": "It carried us through.",
        "no_view_reason": "not_asked",
        "code": "received",
        "need-0": "1",
    }
    finished = await larder.send(unfinished, outcome)
    assert "This request is finished" in words_of(finished), words_of(finished)
    seen = words_of(await worker.get(f"/requests/{asked.parcel}"))
    assert "They had the help" in seen
    assert "The family has been told" not in seen
    assert reference in words_of(await worker.get("/requests?show=ended"))
    neighbour = await site.visitor("neighbour")
    assert (await neighbour.get(f"/requests/{asked.parcel}")).status_code == 404, "another school learns nothing"


async def test_a_no_is_told_to_the_family_and_another_service_is_asked(site: Site, asked: Asked) -> None:
    worker, harbour = await site.visitor("worker"), await site.visitor("harbour_dpo")
    no = {
        "code": "at_capacity",
        "family_sentence": "We have no adviser free this month.",
        "next_step": "Ask Crossroads Homes.",
        "second_look": "Phone us.",
        "tells": "lead_practitioner",
    }
    declined = await act(harbour, asked.housing, "decline", no)
    assert "You declined this request" in words_of(declined), words_of(declined)
    assert "closed to you" in words_of(declined), "nothing of the family is shown any more"
    home = await worker.get("/home")
    assert "Tell the family: declined, we have no room now" in words_of(home)
    assert f'href="/requests/{asked.housing}"' in home.text
    told = await act(worker, asked.housing, "family-told", {"code": "told"})
    assert "Nobody has to tell the family any more" in words_of(told)
    elsewhere = await act(
        worker, asked.housing, "elsewhere", {"service_id": site.world.cast.services["homes"], "answer": "no_concern"}
    )
    assert "The other service was asked" in words_of(elsewhere), words_of(elsewhere)
    assert path_of(elsewhere) != f"/requests/{asked.housing}", "it is a request of its own"
    crossroads = await site.visitor("crossroads_dpo")
    assert "Rents from a private landlord" in words_of(await crossroads.get(path_of(elsewhere)))


async def test_whoever_was_slower_overrules_nobody_and_keeps_what_was_typed(site: Site, asked: Asked) -> None:
    larder = await site.visitor("larder_dpo")
    first = await larder.get(f"/requests/{asked.second}")
    form = await larder.get(f"/requests/{asked.second}/ask?version={version_in(first.text)}")
    await act(larder, asked.second, "contact-attempts", {"method": "letter", "reached": "no"})
    late = await larder.send(form, {"text": "Do they need nappies?", "categories": "progress"})
    assert late.status_code == 422
    assert "Somebody changed this request while you had it open" in words_of(late)
    assert "Do they need nappies?" in late.text
    button = await larder.send(first, action=f"/requests/{asked.second}/accept")
    assert "Nothing was done: this request has changed" in words_of(button)
    again = await larder.send(late, {"text": "Do they need nappies?"})
    assert "Your question was sent" in words_of(again), "it goes once they have looked"


async def test_several_are_decided_at_once_each_by_itself(site: Site, asked: Asked) -> None:
    larder = await site.visitor("larder_dpo")
    assert "Choose at least one request" in words_of(await larder.get("/inbox/triage?do=accept"))
    wrong = f"{asked.second}:1:{asked.references[1]}:received"
    form = await larder.get(f"/inbox/triage?do=accept&pick={wrong}&pick=nonsense")
    assert "Accept 1 request" in words_of(form)
    result = await larder.send(form)
    assert path_of(result) == "/inbox/triage/results"
    assert f"{asked.references[1]} : somebody changed it meanwhile" in words_of(result), words_of(result)


async def test_a_file_goes_with_a_request_and_nothing_else_does(site: Site, asked: Asked) -> None:
    worker = await site.visitor("worker")
    page = await worker.get(f"/requests/{asked.second}/attach")
    target, headers = str(page.url), {"Origin": site.base}
    for content, told, words in (
        (b"", "progress", "Choose a file"),
        (b"A letter.", "", "Choose what the file tells"),
        (b"MZ\0\1", "progress", "Attach a PDF"),
        (b"A letter.", "progress", "Your file was sent"),
    ):
        fields = form_of(page.text).fields | {"categories": told}
        files = {"file": ("Letter.txt", content, "text/plain")}
        answer = await worker.follow(await worker.client.post(target, data=fields, files=files, headers=headers))
        assert words in words_of(answer), words_of(answer)
        page = answer if answer.status_code == 422 else page
    assert "Letter.txt" in words_of(await worker.get(f"/requests/{asked.second}"))
    shown = await worker.get(f"/requests/{asked.second}")
    removal = shown.text.partition('/remove"')[0].rpartition('"')[2] + "/remove"
    assert "/remove" not in (await (await site.visitor("larder_dpo")).get(f"/requests/{asked.second}")).text
    confirm = await worker.get(removal)
    assert "Whoever saved it before still has it" in words_of(confirm)
    gone = await worker.send(confirm)
    assert "Your file was taken back." in words_of(gone), words_of(gone)
    assert removal in shown.text
    assert removal not in gone.text
    assert (await worker.get(removal)).status_code == 404, "it is taken back once"
    foreign = await worker.client.post(target, files={"file": ("x", b"y")}, headers=headers)
    assert foreign.status_code == 400, "a form of ours alone"


async def press_to(page: Page, text: str) -> None:
    """Go with the keyboard to what bears these words."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        found = await page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()")
        if found == text:
            return
    raise AssertionError(f"the keyboard does not come to {text!r}")


async def test_a_message_is_written_with_the_keyboard_alone(browser: Browser, site: Site, asked: Asked) -> None:
    async with page_of(browser, site, "larder_dpo") as page:
        await page.goto(f"{site.base}/requests/{asked.second}")
        for words, keys in (
            ("Write a message", "Enter"),
            ("Your message", "Bags are packed."),
            ("Nothing about anybody: only how the request is going", " "),
            ("Send the message", "Enter"),
        ):
            await press_to(page, words)
            if keys == "Enter":
                async with page.expect_navigation():
                    await page.keyboard.press(keys)
            else:
                await page.keyboard.type(keys)
        await page.get_by_text("Your message was sent.").wait_for()
        assert await page.get_by_text("Bags are packed.").is_visible()


async def test_the_pages_keep_nobody_out(browser: Browser, site: Site, asked: Asked) -> None:
    async with page_of(browser, site, "worker") as page:
        for path in (
            "/requests",
            f"/requests/{asked.second}",
            f"/requests/{asked.second}/withdraw",
            f"/requests/{asked.second}/attach",
        ):
            await look_through(page, site.base + path)
    async with page_of(browser, site, "larder_dpo") as page:
        for path in (
            "/inbox",
            "/inbox/today",
            "/vouchers",
            f"/requests/{asked.second}",
            f"/requests/{asked.second}/decline",
        ):
            await look_through(page, site.base + path)
