"""A child on the way, a birth, and a loss: recorded once, and quiet afterwards."""

import json
from typing import Any

import asyncpg
from families_room import Room, person_called

from connective.kit.ids import new_id


async def expecting(room: Room, worker: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The Harts, whose mother expects a child."""
    family = await room.family(worker)
    path = f"/people/{person_called(family, 'Asha')['id']}/pregnancies"
    answer = await room.post(path, {"due_on": "2026-04-01"}, worker)
    assert answer.status_code == 201, answer.text
    return family, answer.json()


async def told(owner: asyncpg.Connection) -> list[tuple[str, dict[str, Any]]]:
    rows = await owner.fetch("SELECT subject, data FROM outbox WHERE subject LIKE '%.notices%' ORDER BY id")
    return [(row["subject"].rsplit("_", 1)[-1], json.loads(row["data"])) for row in rows]


async def test_a_birth_makes_a_person_of_the_family_with_parents(room: Room) -> None:
    worker = room.worker()
    family, mother = await expecting(room, worker)
    father = person_called(family, "Ben")["id"]
    path = f"/people/{mother['id']}/pregnancies/{mother['pregnancy_id']}/birth"
    body = {
        "family_id": family["id"],
        "born_on": "2026-02-27",
        "children": [{"given_names": "Fflur", "family_name": "Hart", "sex": "female"}, {"family_name": "Hart"}],
        "other_parents": [{"person_id": father, "responsibility": "birth_registration"}],
    }
    for wrong in ({"born_on": "2026-03-02"}, {"born_on": "2025-06-01"}, {"children": []}):
        assert (await room.post(path, body | wrong, worker)).status_code == 422
    assert (await room.post(path, body | {"family_id": str(new_id())}, worker)).status_code == 404
    assert (await room.post(path, body, room.worker(new_id()))).status_code == 404
    born = await room.post(path, body, worker)
    assert born.status_code == 201, born.text
    child = person_called(born.json(), "Fflur")
    assert (child["date_of_birth"], child["age_years"]) == ("2026-02-27", 0)
    parents = {
        (r["person_id"], r["responsibility"]) for r in born.json()["relationships"] if r["of_person_id"] == child["id"]
    }
    assert parents == {(mother["id"], "birth_mother"), (father, "birth_registration")}
    assert len(born.json()["people"]) == 7
    after = (await room.get(f"/people/{mother['id']}", worker)).json()
    assert (after["expects_child_on"], after["pregnancy_id"], after["notices_stopped"]) == (None, None, False)
    assert (await room.post(path, body, worker)).json()["type"] == "/problems/already-ended"
    entries = (await room.get(f"/families/{family['id']}/chronology", worker)).json()["items"]
    assert {"birth", "pregnancy"} <= {entry["code"] for entry in entries}


async def test_a_loss_stops_every_notice_at_once_and_says_nothing_of_why(room: Room, owner: asyncpg.Connection) -> None:
    worker = room.worker()
    family, mother = await expecting(room, worker)
    path = f"/people/{mother['id']}/pregnancies/{mother['pregnancy_id']}/loss"
    assert (await room.post(path, {"on": "2026-03-02"}, worker)).status_code == 422
    lost = await room.post(path, {}, worker)
    assert (lost.status_code, lost.json()["notices_stopped"], lost.json()["expects_child_on"]) == (200, True, None)
    about = {"person_id": mother["id"], "organisation_id": str(room.school)}
    assert await told(owner) == [("stopped", about)]
    ask = {**worker, **room.identities.caller("referrals", "families")}
    facts = await room.client.post("/internal/facts", json={"person_ids": [mother["id"]]}, headers=ask)
    assert [facts.json()["people"][0][name] for name in ("notices_stopped", "living")] == [True, True]
    entries = (await room.get(f"/families/{family['id']}/chronology", worker)).json()["items"]
    assert "with care" in entries[0]["sentence"]
    again = await room.post(f"/people/{mother['id']}/notices/resume", {}, worker)
    assert (again.status_code, again.json()["notices_stopped"]) == (200, False)
    assert [fact for fact, _ in await told(owner)] == ["stopped", "resumed"]
    twice = await room.post(f"/people/{mother['id']}/notices/resume", {}, worker)
    assert twice.json()["type"] == "/problems/already-ended"


async def test_a_death_stops_notices_and_its_correction_lets_them_go_again(
    room: Room, owner: asyncpg.Connection
) -> None:
    worker = room.worker()
    father = person_called(await room.family(worker), "Ben")["id"]
    path = f"/people/{father}"
    for version, died_on in (('"1"', "2026-02-20"), ('"3"', None)):
        changed = await room.client.patch(path, json={"died_on": died_on}, headers={**worker, "If-Match": version})
        assert (changed.status_code, changed.json()["notices_stopped"]) == (200, died_on is not None), changed.text
        if died_on:
            refused = await room.post(f"{path}/notices/resume", {}, worker)
            assert refused.json()["type"] == "/problems/already-ended"
    assert [fact for fact, _ in await told(owner)] == ["stopped", "resumed"]
