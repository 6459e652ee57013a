"""Article 18: a person whose processing an officer restricted is stored; no worker reads them, or adds to them."""

import json
from typing import Any

from families_room import NOW, PLACE, Room, person_called

from connective.kit.ids import new_id

SUBJECT = "hub.consent.processing_restriction.changed"


async def say(room: Room, person_id: str, version: int, *, active: bool) -> None:
    document = {
        "id": str(new_id()),
        "source": "/services/consent",
        "type": f"{SUBJECT}.v1",
        "subject": person_id,
        "time": NOW.isoformat(),
        "aggregateversion": version,
        "placeid": str(PLACE),
        "data": {"person_id": person_id, "active": active, "at": NOW.isoformat()},
    }
    await room.running.consumer.apply([(SUBJECT, json.dumps(document).encode())])


async def test_nobody_reads_or_adds_to_somebody_whose_data_are_only_stored(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    child, mother = (person_called(family, name)["id"] for name in ("Efan", "Asha"))
    need = {"code": "parenting_support", "severity": 1}
    assert (await room.post(f"/people/{child}/needs", need, worker)).status_code == 201
    await say(room, child, 1, active=True)
    await say(room, child, 1, active=True)

    refused = [
        await room.get(f"/people/{child}", worker),
        await room.post(f"/people/{child}/needs", need, worker),
        await room.post(
            f"/people/{child}/contacts", {"kind": "phone", "value": "07700900123", "safe_contact": "any_way"}, worker
        ),
    ]
    for answer in refused:
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/processing-restricted"), answer.text
        assert "Efan" not in answer.text
    paths = (f"/families/{family['id']}", f"/families/{family['id']}/needs", f"/families/{family['id']}/chronology")
    read = [(await room.get(path, worker)) for path in paths]
    assert all(answer.status_code == 200 for answer in read)
    shown: dict[str, Any] = read[0].json()
    assert shown["processing_restricted"] == [child]
    assert [each for each in shown["people"] if each["person"]["id"] == child] == []
    assert not [each for each in shown["relationships"] if child in (each["person_id"], each["of_person_id"])]
    assert [answer.text for answer in read[1:] if child in answer.text] == []
    assert (await room.get(f"/people/{mother}", worker)).status_code == 200, "the others go on being helped"
    lead = room.worker(role="safeguarding_lead")
    assert (await room.post(f"/people/{child}/restrictions", {"kind": "whereabouts"}, lead)).status_code == 201
    assert (await room.get(f"/people/{child}", room.worker(new_id()))).status_code == 404, "a stranger learns nothing"

    await say(room, child, 2, active=False)
    assert (await room.get(f"/people/{child}", worker)).status_code == 200
    assert (await room.get(paths[0], worker)).json()["processing_restricted"] == []


async def test_registering_anew_warns_of_them_and_shows_nothing(room: Room) -> None:
    child = person_called(await room.family(room.worker()), "Efan")
    elsewhere = room.worker(new_id())
    facts = ("given_names", "family_name", "date_of_birth")
    anew: dict[str, Any] = {"people": [{"key": "child"} | {fact: child[fact] for fact in facts}], "relationships": []}
    known = await room.post("/families", anew, elsewhere)
    assert known.json()["candidates"][0]["name"] == f"{child['given_names']} {child['family_name']}"
    await say(room, child["id"], 1, active=True)

    warned = await room.post("/families", anew, elsewhere)
    assert (warned.status_code, warned.json()["type"]) == (409, "/problems/likely-duplicate"), warned.text
    (one,) = warned.json()["candidates"]
    assert (one["person_id"], one["processing_restricted"], one["name"], one["year_of_birth"]) == (
        child["id"],
        True,
        None,
        None,
    )
    assert not [each for each in (child["given_names"], child["date_of_birth"]) if each in warned.text]
    propose = {"merged_person_id": child["id"]}
    made = await room.post("/families", anew | {"duplicates_seen": [child["id"]]}, elsewhere)
    assert made.status_code == 201, "whom one has asked about may be somebody else: help is not stopped"
    second = made.json()["people"][0]["person"]["id"]
    assert (await room.post(f"/people/{second}/merges", propose, elsewhere)).status_code == 404, "nothing tells of them"

    await say(room, child["id"], 2, active=False)
    assert child["id"] in await found(room, child)


async def found(room: Room, child: dict[str, Any]) -> list[str]:
    facts = ("given_names", "family_name", "date_of_birth")
    body = {fact: child[fact] for fact in facts} | {"purpose": "referral"}
    answer = await room.client.post("/people/searches", json=body, headers=room.worker(new_id()))
    assert answer.status_code == 200, answer.text
    return [each["person_id"] for each in answer.json()["items"]]


async def test_no_search_finds_them_and_a_case_rests_where_nobody_else_is_in_it(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    people = {each["person"]["id"]: each["person"] for each in family["people"]}
    child = person_called(family, "Efan")
    case = (await room.post("/cases", {"family_id": family["id"]}, worker)).json()
    path = f"/cases/{case['id']}"
    assert child["id"] in await found(room, child)

    await say(room, child["id"], 1, active=True)
    assert child["id"] not in await found(room, child)
    shown = (await room.get(path, worker)).json()
    assert shown["processing_restricted"] == [child["id"]], "the case goes on for the others, who are not touched"
    assert (await room.get("/cases", worker)).json()["items"][0]["family_name"] == family["name"]

    for person_id in people.keys() - {child["id"]}:
        await say(room, person_id, 1, active=True)
    refused = [
        await room.get(path, worker),
        await room.post(f"{path}/assess", {}, worker | {"If-Match": f'"{shown["version"]}"'}),
        await room.post(f"{path}/team", {"organisation_id": str(new_id())}, worker),
        await room.post("/cases", {"family_id": family["id"]}, worker),
    ]
    for answer in refused:
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/processing-restricted"), answer.text
    assert (await room.get("/cases", worker)).json()["items"][0]["family_name"] is None
    assert (await room.get("/families", worker)).json()["items"][0]["name"] is None
    assert (await room.get(f"/families/{family['id']}", worker)).json()["name"] is None

    for person_id in people:
        await say(room, person_id, 2, active=False)
    assert child["id"] in await found(room, child)
    assert (await room.get(path, worker)).json()["processing_restricted"] == []
