"""What goes well for people: recorded beside needs, told under the same permits, ended and counted as theirs."""

from typing import Any

from families_room import Room, permit, person_called, recipient, shared

from connective.kit.ids import new_id


async def recorded(room: Room, worker: dict[str, str], person: str, code: str, **more: Any) -> dict[str, Any]:
    answer = await room.post(f"/people/{person}/strengths", {"code": code, **more}, worker)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_strength_is_listed_with_who_says_so_and_enters_what_happened(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    child = person_called(family, "Dilys")["id"]
    made = await recorded(room, worker, child, "trusted_adult", source="child", since="2026-01-10")
    assert "call 999" in made["safeguarding_notice"]
    listed = (await room.get(f"/families/{family['id']}/strengths", worker)).json()["items"]
    assert [(each["id"], each["person_id"], each["code"], each["source"], each["since"]) for each in listed] == [
        (made["id"], child, "trusted_adult", "child", "2026-01-10")
    ]
    happened = (await room.get(f"/families/{family['id']}/chronology", worker, kind="needs")).json()["items"]
    assert (happened[0]["code"], happened[0]["person_id"], happened[0]["detail_code"]) == (
        "strength",
        child,
        "trusted_adult",
    )
    assert (await room.get(f"/families/{family['id']}", worker)).json()["version"] == family["version"] + 1
    ended = await room.post(f"/people/{child}/strengths/{made['id']}/end", {"reason": "no_longer_so"}, worker)
    assert ended.status_code == 200, ended.text
    wrong = await room.post(f"/people/{child}/strengths/{made['id']}/end", {"reason": "met"}, worker)
    assert wrong.json()["type"] == "/problems/bad-ending"
    kept = (await room.get(f"/families/{family['id']}/strengths", worker)).json()["items"]
    assert [each["until"] is not None for each in kept] == [True], "it stays in the record"


async def test_a_code_that_is_none_is_refused_with_those_there_are(room: Room) -> None:
    worker = room.worker()
    child = person_called(await room.family(worker), "Dilys")["id"]
    refused = await room.post(f"/people/{child}/strengths", {"code": "parenting_support"}, worker)
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["code"], error["pointer"]) == (422, "bad-strength", "/code")
    assert "trusted_adult" in error["detail"]


async def test_nobody_elses_worker_reads_or_records_one(room: Room) -> None:
    worker, other = room.worker(), room.worker(new_id())
    family = await room.family(worker)
    child = person_called(family, "Dilys")["id"]
    await recorded(room, worker, child, "trusted_adult")
    assert (await room.get(f"/families/{family['id']}/strengths", other)).status_code == 404
    assert (await room.post(f"/people/{child}/strengths", {"code": "trusted_adult"}, other)).status_code == 404


async def test_a_recipient_is_told_only_those_all_of_which_is_permitted(room: Room) -> None:
    worker = room.worker()
    mother = person_called(await room.family(worker), "Asha")["id"]
    for code in ("wants_change", "cutting_down"):
        await recorded(room, worker, mother, code)
    over = await recorded(room, worker, mother, "asks_for_help", since="2026-01-01")
    await room.post(f"/people/{mother}/strengths/{over['id']}/end", {"reason": "recorded_in_error"}, worker)
    told = {}
    for also in ((), ("health",)):
        headers = {**recipient(room), **permit(room, {mother: ["needs", *also]})}
        (person,) = (await shared(room, headers, "strengths.coded")).json()["people"]
        told[also] = person["fields"]["strengths.coded"]
    assert told == {(): ["wants_change"], ("health",): ["cutting_down", "wants_change"]}
    without = {**recipient(room), **permit(room, {mother: ["identity"]})}
    assert (await shared(room, without, "strengths.coded")).json()["people"][0]["fields"] == {}
