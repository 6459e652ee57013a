"""What no longer holds is ended with a day and a reason, at once for everybody, and stays in the record."""

from typing import Any

import pytest
from families_room import Room, person_called

from connective.kit.ids import new_id

FACTS = {"reason": "recorded_in_error"}


def parts(family: dict[str, Any], needs: list[dict[str, Any]]) -> dict[str, str]:
    """Where each part of the Harts' record is ended."""
    mother, father = person_called(family, "Asha"), person_called(family, "Ben")
    need = next(n for n in needs if n["person_id"] == mother["id"] and "severity" in n)
    strength = next(n for n in needs if n["person_id"] == mother["id"] and "severity" not in n)
    home = f"/families/{family['id']}"
    return {
        "need": f"/people/{mother['id']}/needs/{need['id']}/end",
        "strength": f"/people/{mother['id']}/strengths/{strength['id']}/end",
        "contact": f"/people/{mother['id']}/contacts/{mother['contacts'][0]['id']}/end",
        "address": f"{home}/addresses/{family['addresses'][0]['id']}/end",
        "relationship": f"{home}/relationships/{family['relationships'][0]['id']}/end",
        "membership": f"{home}/people/{father['id']}/end",
    }


async def paths(room: Room, worker: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    family = await room.family(worker)
    mother = person_called(family, "Asha")["id"]
    strength = (await room.post(f"/people/{mother}/strengths", {"code": "wants_change"}, worker)).json()
    needs = (await room.get(f"/families/{family['id']}/needs", worker)).json()["items"]
    now = (await room.get(f"/families/{family['id']}", worker)).json()
    return now, parts(now, [*needs, strength])


async def test_every_part_ends_once_and_the_chronology_says_so(room: Room) -> None:
    worker = room.worker()
    family, where = await paths(room, worker)
    for part, path in where.items():
        answer = await room.post(path, FACTS, worker)
        assert answer.status_code == 200, (part, answer.text)
        assert (answer.json()["part"], answer.json()["reason"]) == (part, "recorded_in_error")
        again = await room.post(path, FACTS, worker)
        assert (again.status_code, again.json()["type"].rsplit("/", 1)[-1]) == (409, "already-ended")
    after = (await room.get(f"/families/{family['id']}", worker)).json()
    assert after["version"] == family["version"] + len(where)
    assert after["addresses"][0]["until"] == after["relationships"][0]["until"] == "2026-02-28"
    assert person_called(after, "Asha")["contacts"][0]["until"] == "2026-02-28"
    entries = (await room.get(f"/families/{family['id']}/chronology", worker)).json()["items"]
    told = {entry["code"]: entry["reason_code"] for entry in entries if entry["code"].endswith(".ended")}
    assert told == dict.fromkeys((f"{part}.ended" for part in where), "recorded_in_error")
    narrowed = await room.get(f"/families/{family['id']}/chronology", worker, kind="needs", limit=1)
    assert [entry["code"] for entry in narrowed.json()["items"]] == ["strength.ended"], "over the whole, not the page"
    more = await room.get(f"/families/{family['id']}/chronology", worker, kind="family", limit=200)
    assert {entry["code"] for entry in more.json()["items"]} >= {"family.registered", "address.ended"}
    assert not [entry for entry in more.json()["items"] if entry["code"].startswith(("need", "contact"))]
    assert (await room.get(f"/families/{family['id']}/chronology", worker, kind="weather")).status_code == 422


async def test_a_need_ends_on_the_day_it_is_met(room: Room) -> None:
    worker = room.worker()
    mother = person_called(await room.family(worker), "Asha")["id"]
    need = {"code": "child_0_5_speech_language", "severity": 2, "since": "2026-01-10"}
    recorded = await room.post(f"/people/{mother}/needs", need, worker)
    assert recorded.status_code == 201, recorded.text
    path = f"/people/{mother}/needs/{recorded.json()['id']}/end"
    for body in (
        {"reason": "met", "on": "2026-01-09"},
        {"reason": "met", "on": "2026-03-02"},
        {"reason": "moved_out"},
        {"reason": "bored"},
        {},
    ):
        assert (await room.post(path, body, worker)).status_code == 422, body
    assert (await room.post(path, {"reason": "met", "on": "2026-02-10"}, worker)).status_code == 200


async def test_a_number_that_is_not_safe_is_given_to_nobody_from_the_answer_on(room: Room) -> None:
    worker = room.worker()
    _, where = await paths(room, worker)
    assert (await room.post(where["contact"], {"reason": "not_safe"}, worker)).status_code == 200
    search = {"family_name": "Hart", "given_names": "Asha", "postcode": "TA20 1QX", "purpose": "referral"}
    assert len((await room.client.post("/people/searches", json=search, headers=worker)).json()["items"]) > 0
    assert (await room.post(where["address"], {"reason": "moved_out"}, worker)).status_code == 200
    found = await room.client.post("/people/searches", json=search, headers=worker)
    assert found.json() == {"items": []}, "nobody is found at a home that has ended"


async def test_whoever_left_a_family_is_in_no_new_referral_of_it(room: Room) -> None:
    worker = room.worker()
    family, where = await paths(room, worker)
    father = person_called(family, "Ben")["id"]
    ask = {**worker, **room.identities.caller("referrals", "families")}
    body = {"person_ids": [father], "family_id": family["id"]}
    assert (await room.client.post("/internal/facts", json=body, headers=ask)).status_code == 200
    assert (await room.post(where["membership"], {"reason": "separated"}, worker)).status_code == 200
    assert (await room.client.post("/internal/facts", json=body, headers=ask)).status_code == 404


@pytest.mark.parametrize("part", ["need", "strength", "contact", "address", "relationship", "membership"])
async def test_nobody_else_ends_anything_and_nothing_ends_elsewhere(room: Room, part: str) -> None:
    worker = room.worker()
    family, where = await paths(room, worker)
    assert (await room.post(where[part], FACTS, room.worker(new_id()))).status_code == 404
    other = await room.family(
        worker, people=[{"key": "a", "given_names": "Zed", "family_name": "Moss"}], relationships=[]
    )
    elsewhere = where[part].replace(family["id"], other["id"])
    elsewhere = elsewhere.replace(person_called(family, "Asha")["id"], person_called(other, "Zed")["id"])
    assert (await room.post(elsewhere, FACTS, worker)).status_code == 404
    key = str(new_id())
    answers = [await room.post(where[part], FACTS, worker, **{"Idempotency-Key": key}) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[1].headers["idempotent-replay"] == "true"
