"""What happens to a request beside the straight way, with a browser that runs no script: both sides, to the end."""

import re
from datetime import timedelta
from typing import Any

from given import a_mother, act, asked_for
from pages_support import Site, path_of, words_of

from connective.kit.testing import eventually
from connective.local.story.narrator import expect

NO: dict[str, Any] = {
    "family_sentence": "We have no room this week.",
    "next_step": "Ask Crossroads Homes.",
    "second_look": "Phone us and ask for Femi.",
    "tells": "lead_practitioner",
}


async def test_a_request_goes_to_the_service_that_was_proposed_once_the_worker_says_so(site: Site) -> None:
    worker, harbour = await site.visitor("worker"), await site.visitor("harbour_dpo")
    homes = site.world.cast.services["homes"]
    (asked,) = await asked_for(site, await a_mother(site), "housing")
    proposal = {"service_id": homes, "reason": "better_suited"}
    empty = await act(harbour, asked.id, "propose-redirect")
    assert empty.status_code == 422
    assert "Your proposal was sent" in words_of(await harbour.send(empty, proposal))
    page = await worker.get(f"/requests/{asked.id}")
    assert "Homes advice line and visits, Crossroads Homes: it suits the family better" in words_of(page)
    kept = await act(worker, asked.id, "refuse-redirect")
    assert "It stays where it is" in words_of(kept)
    assert "It stays where it is" not in words_of(await harbour.get(f"/requests/{asked.id}"))
    assert "Your proposal was sent" in words_of(await act(harbour, asked.id, "propose-redirect", proposal))
    draft = await act(worker, asked.id, "redirect", {"service_id": homes})
    assert path_of(draft) != f"/requests/{asked.id}"
    assert "It is not sent yet" in words_of(draft)
    crossroads = await site.visitor("crossroads_dpo")
    assert (await crossroads.get(path_of(draft))).status_code == 404, "a draft is its referrer's alone"
    made = path_of(draft).rsplit("/", 1)[-1]
    early = await act(worker, made, "submit", {"answer": "no_concern"})
    assert (early.status_code, "Answer “What the problem is”" in words_of(early)) == (422, True)
    answers = {"a-problem": "arrears", "a-arrears_pounds": "£940", "a-recipient_is_landlord": "no"}
    saved = await act(worker, made, "amend", answers)
    assert "Your changes were saved" in words_of(saved), words_of(saved)
    sent = await act(worker, made, "submit", {"answer": "no_concern"})
    assert "It was sent" in words_of(sent), words_of(sent)
    assert "Arrears in pounds" in words_of(await crossroads.get(path_of(draft)))
    closed = words_of(await harbour.get(f"/requests/{asked.id}"))
    assert "Sent to another service instead" in closed
    assert "closed to you" in closed


async def test_a_voucher_feeds_a_family_once_and_is_taken_back_before_it_was_used(site: Site) -> None:
    worker, larder = await site.visitor("worker"), await site.visitor("larder_dpo")
    mother = await a_mother(site, agreed=False)
    (blocked,) = await asked_for(site, mother, "parcel")
    assert blocked.state == "blocked"
    page = await worker.get(f"/requests/{blocked.id}")
    for words in ("Why it was not sent", "What clears it", "What you can do today", "Give the family a voucher"):
        assert words in words_of(page), words
    wrong = await act(worker, blocked.id, "vouchers", {"adults": "two", "band-1-4": "1"})
    assert wrong.status_code == 422
    assert 'value="two"' in wrong.text, "what was typed is kept"
    fields = {"adults": "1", "band-1-4": "2", "packing_notes": ["nappies", "kettle_only"]}
    given = await worker.send(wrong, fields)
    assert "The voucher was made" in words_of(given), words_of(given)
    again = await worker.send(wrong, fields)
    assert path_of(again) == path_of(given), "a double click makes one voucher"
    reference = re.search(r"<h1[^>]*>([A-Z0-9-]+)</h1>", given.text)
    assert reference
    assert reference[1] in words_of(await worker.get("/vouchers?sent=true"))
    found = await larder.get(f"/vouchers?reference={reference[1].lower().replace('-', '%20')}")
    link = re.search(r'href="(/vouchers/[0-9a-f-]{36})"', found.text)
    assert link, "found as it was read aloud, in small letters"
    shown, other = await larder.get(link[1]), await larder.get(link[1])
    said = words_of(shown)
    for words in ("Adults", "Children aged 1 to 4", "Nappies", "Oaklands Primary School"):
        assert words in said, words
    assert blocked.reference not in said, "nor which request it was given for"
    used = await larder.send(shown)
    assert "The voucher cannot be used again" in words_of(used)
    assert "cannot be used again" in words_of(await larder.send(shown)), "a double click uses it once"
    assert "this voucher has changed" in words_of(await larder.send(other)), "shown again, it is refused"
    assert "Used" in words_of(await worker.get(path_of(given)))
    second = await act(worker, blocked.id, "vouchers", {"adults": "1"})
    back = await worker.send(second)
    assert "The voucher was taken back" in words_of(back)
    assert "mark it used" not in words_of(await larder.get(path_of(back)))
    nothing = words_of(await larder.get("/vouchers?reference=V-0000-0000"))
    assert "Read it again, letter by letter" in nothing


async def test_an_assessment_ends_a_request_and_a_second_look_is_answered(site: Site) -> None:
    worker, larder = await site.visitor("worker"), await site.visitor("larder_dpo")
    (asked,) = await asked_for(site, await a_mother(site), "parcel")
    await larder.get(f"/requests/{asked.id}")
    await act(larder, asked.id, "accept")
    empty = await act(larder, asked.id, "reassess", {"family_sentence": "Others can help you better."})
    assert empty.status_code == 422
    assert "Others can help you better." in empty.text
    assert "Say what they can do next" in words_of(empty)
    ended = await larder.send(empty, NO | {"family_sentence": "Others can help you better."})
    assert "This request has ended" in words_of(ended), words_of(ended)
    page = words_of(await worker.get(f"/requests/{asked.id}"))
    for words in ("Our assessment found that it is not for them", "Others can help you better.", "Phone us"):
        assert words in page, words
    looked = await act(worker, asked.id, "second-look", {"reason": "circumstances_changed"})
    assert "You asked for a second look" in words_of(looked)
    assert "Ask for a second look" not in words_of(looked), "once"
    mine = words_of(await larder.get(f"/requests/{asked.id}"))
    assert "Answer the second look" in mine
    answered = await act(larder, asked.id, "second-look-answer", {"answer": "ask_again"})
    assert "Your answer to the second look was sent" in words_of(answered)
    told = words_of(await worker.get(f"/requests/{asked.id}"))
    assert "The second look was answered : a new request is welcome" in told, told
    assert "Ask another service instead" in told


async def test_after_a_loss_a_request_waits_in_silence_until_the_worker_says_that_it_goes_on(site: Site) -> None:
    worker = await site.visitor("worker")
    mother = await a_mother(site)
    (asked,) = await asked_for(site, mother, "parcel")
    speaker, today = await site.world.person("worker"), site.world.today
    expected = {"due_on": str(today + timedelta(days=90))}
    made = expect(await speaker.post(f"/people/{mother.id}/pregnancies", expected), 201)
    lost = f"/people/{mother.id}/pregnancies/{made['pregnancy_id']}/loss"
    assert (await speaker.post(lost, {"on": str(today)})).status_code in {200, 201, 204}

    async def held() -> str | None:
        said = words_of(await worker.get(f"/requests/{asked.id}"))
        return said if "The worker who asked decides whether it goes on" in said else None

    assert "It goes on" in str(await eventually("the request waits for its referrer", held))
    larder = await site.visitor("larder_dpo")
    theirs = words_of(await larder.get(f"/requests/{asked.id}"))
    assert "It goes on" not in theirs
    assert "pregnan" not in theirs, "it says nothing of what happened"
    home = words_of(await worker.get("/home"))
    assert "loss" not in home
    gone_on = await act(worker, asked.id, "carry-on")
    assert "It goes on." in words_of(gone_on), words_of(gone_on)
    assert "On hold because" not in words_of(gone_on)


async def test_several_requests_are_accepted_put_off_and_declined_at_once(site: Site) -> None:
    larder, worker = await site.visitor("larder_dpo"), await site.visitor("worker")
    asked = [(await asked_for(site, await a_mother(site), "parcel"))[0] for _ in range(3)]
    listed = await larder.get("/inbox?show=new")
    assert all(f'value="{each.pick}"' in listed.text for each in asked), "each can be chosen in the list"
    picks = "&".join(f"pick={each.pick}" for each in asked)
    none = await larder.get("/inbox/triage?do=decline")
    assert (none.status_code, "Choose at least one request" in words_of(none)) == (422, True)

    waiting = await larder.get(f"/inbox/triage?do=waitlist&{picks}")
    assert "Put 3 requests on the waiting list" in words_of(waiting)
    wrong = await larder.send(waiting, {"expected_on-day": "31", "expected_on-month": "2", "expected_on-year": "2031"})
    assert wrong.status_code == 422
    later = site.world.today + timedelta(days=30)
    day = {"expected_on-day": later.day, "expected_on-month": f"{later:%B}", "expected_on-year": later.year}
    done = await larder.send(wrong, day)
    assert path_of(done) == "/inbox/triage/results"
    said = words_of(done)
    assert "Done (3)" in said, said
    assert "Not done" not in said
    listed = await larder.get("/inbox?show=waiting")
    found = {each.id: re.search(rf'value="({each.id}:[^"]+)"', listed.text) for each in asked}
    picks = "&".join(f"pick={each[1]}" for each in found.values() if each)
    accepted = await larder.send(await larder.get(f"/inbox/triage?do=accept&{picks.partition('&')[0]}"))
    assert "Done (1)" in words_of(accepted), words_of(accepted)
    assert "You accepted" not in words_of(await larder.get(f"/requests/{asked[1].id}"))
    form = await larder.get(f"/inbox/triage?do=decline&{picks.partition('&')[2]}")
    incomplete = await larder.send(form, NO | {"family_sentence": ""})
    assert incomplete.status_code == 422
    assert NO["next_step"] in incomplete.text
    declined = await larder.send(incomplete, NO | {"code": "at_capacity"})
    assert "Done (2)" in words_of(declined), words_of(declined)
    states = [words_of(await worker.get(f"/requests/{each.id}")) for each in asked]
    assert sorted("We have no room this week." in each for each in states) == [False, True, True]
    assert "Done (2)" in words_of(await larder.get("/inbox/triage/results")), "loading again repeats nothing"


async def test_an_old_page_and_a_second_press_change_nothing(site: Site) -> None:
    """Going back to a page that was sent, and sending it again, is safe on the straight way of a request."""
    larder = await site.visitor("larder_dpo")
    (asked,) = await asked_for(site, await a_mother(site), "parcel")
    page = await larder.get(f"/requests/{asked.id}")
    for _ in range(2):
        accepted = await larder.send(page, action=f"/requests/{asked.id}/accept")
        assert "You accepted this request" in words_of(accepted), "the same press twice is the same answer"
    started = await act(larder, asked.id, "start")
    assert "First contact is noted" in words_of(started)
    again = words_of(await larder.get(f"/requests/{asked.id}"))
    assert again.count("Accepted") >= 1
    other = await larder.get(f"/requests/{asked.id}/message?version=1")
    texts = {"text": "Ready at noon.", "categories": "progress"}
    for _ in range(2):
        assert "Your message was sent" in words_of(await larder.send(other, texts))
    thread = words_of(await larder.get(f"/requests/{asked.id}"))
    assert thread.count("Ready at noon.") == 1, "one message, however often it was sent"


async def test_a_request_is_put_right_within_the_hour_and_sent_again(site: Site) -> None:
    worker = await site.visitor("worker")
    (asked,) = await asked_for(site, await a_mother(site), "parcel")
    back = await act(worker, asked.id, "correct")
    assert "Change it, then send it again" in words_of(back)
    wrong = await act(worker, asked.id, "amend", {"a-how": "by balloon"})
    assert (wrong.status_code, "There is a problem" in words_of(wrong)) == (422, True)
    saved = await worker.send(wrong, {"a-how": "next_session"})
    assert "Your changes were saved" in words_of(saved), words_of(saved)
    sent = await act(worker, asked.id, "submit", {"answer": "no_concern"})
    assert "It was sent" in words_of(sent), words_of(sent)
    gone = await act(worker, asked.id, "withdraw", {"reason": "family_changed_mind"})
    assert "You took this request back" in words_of(gone)
    larder = await site.visitor("larder_dpo")
    closed = await larder.get(f"/requests/{asked.id}")
    assert "closed to you" in words_of(closed) or closed.status_code == 404
