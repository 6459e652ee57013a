"""Who may see what: the keeper's workers; nobody else, and nobody can tell a hidden record from a missing one."""

import json
from uuid import uuid4

import asyncpg
from families_room import Room, harts, person_called

from connective.kit.ids import new_id

SEARCH = {"family_name": "Hart", "given_names": "Asha", "date_of_birth": "1995-05-05", "purpose": "referral"}


async def test_another_organisation_sees_nothing_and_cannot_tell(room: Room) -> None:
    family = await room.family(room.worker())
    stranger = room.worker(new_id())
    child = person_called(family, "Efan")["id"]
    missing = await room.get(f"/families/{uuid4()}", stranger)
    for path in (
        f"/families/{family['id']}",
        f"/families/{family['id']}/needs",
        f"/families/{family['id']}/chronology",
        f"/people/{child}",
    ):
        hidden = await room.get(path, stranger)
        assert hidden.status_code == 404
        assert {**hidden.json(), "instance": ""} == {**missing.json(), "instance": ""}
    for path, body in (
        (f"/families/{family['id']}/people", {"people": []}),
        (
            f"/families/{family['id']}/relationships",
            {"person": child, "of": person_called(family, "Asha")["id"], "kind": "sibling"},
        ),
        (f"/people/{child}/needs", {"code": "parenting_support", "severity": 1}),
    ):
        assert (await room.post(path, body, stranger)).status_code == 404


async def test_a_role_without_the_permission_is_refused_and_nobody_is_asked_to_sign_in(room: Room) -> None:
    assert (await room.get("/families", room.worker(role="partner_worker"))).status_code == 403
    assert (await room.get("/families", {})).status_code == 401
    assert (await room.post("/people/searches", SEARCH, room.worker(role="auditor"))).status_code == 403
    family = await room.family(room.worker())
    body = {"kind": "whereabouts"}
    path = f"/people/{person_called(family, 'Asha')['id']}/restrictions"
    assert (await room.post(path, body, room.worker())).status_code == 403


async def test_a_search_shows_a_name_and_a_year_and_never_where(room: Room) -> None:
    await room.family(room.worker())
    found = await room.client.post("/people/searches", json=SEARCH, headers=room.worker(new_id()))
    assert found.status_code == 200
    (hit,) = found.json()["items"]
    assert (hit["name"], hit["year_of_birth"], hit["likeness"]) == ("Asha Hart", 1995, "likely_same")
    assert hit["kept_by_your_organisation"] is False
    assert "TA20" not in found.text


async def test_a_search_takes_a_name_one_more_fact_and_a_purpose(room: Room) -> None:
    worker = room.worker()
    for body in (
        {"family_name": "Hart", "purpose": "referral"},
        {"date_of_birth": "1995-05-05", "purpose": "referral"},
        {**SEARCH, "purpose": "research"},
        {k: v for k, v in SEARCH.items() if k != "purpose"},
    ):
        assert (await room.client.post("/people/searches", json=body, headers=worker)).status_code == 422


async def test_a_search_finds_by_postcode_and_by_number_and_shows_at_most_five(room: Room) -> None:
    worker = room.worker()
    await room.family(worker)
    by_home = {"family_name": "hart", "postcode": "TA20 1QX", "purpose": "early_help_coordination"}
    found = (await room.client.post("/people/searches", json=by_home, headers=worker)).json()["items"]
    assert len(found) == 4
    by_number = {"given_names": "efan", "nhs_number": "999 339 5633", "purpose": "direct_care"}
    found = (await room.client.post("/people/searches", json=by_number, headers=worker)).json()["items"]
    assert [hit["name"] for hit in found] == ["Efan Hart"]
    many = [{"key": f"k{i}", "given_names": name, "family_name": "Hart"} for i, name in enumerate("ABCDEFG")]
    await room.family(worker, people=many, relationships=[])
    found = (await room.client.post("/people/searches", json=by_home, headers=worker)).json()["items"]
    assert len(found) == 5


async def test_every_look_is_written_down_before_it_is_answered(room: Room, owner: asyncpg.Connection) -> None:
    worker = room.worker()
    family = await room.family(worker)
    await room.get(f"/families/{family['id']}", worker)
    await room.client.post("/people/searches", json=SEARCH, headers=worker)
    await room.get("/families", worker)
    await room.post("/families", harts(), worker)
    rows = await owner.fetch("SELECT data FROM outbox WHERE subject = 'hub.families.audit.recorded' ORDER BY id")
    acts = [str(row["data"]).split('"act":"')[1].split('"')[0] for row in rows]
    assert acts == [
        "family.registered",
        "family.read",
        "family.read",
        "people.searched",
        "families.listed",
        "people.compared",
    ]
    listed = next(json.loads(row["data"]) for row in rows if "families.listed" in row["data"])
    assert listed["family_ids"] == [family["id"]], "whom a list showed counts for the day's budget"
    assert not any("Hart" in row["data"] or "TA20" in row["data"] for row in rows)


async def test_a_worker_shut_out_by_a_conflict_finds_no_family(room: Room) -> None:
    lead, account = room.worker(role="safeguarding_lead"), new_id()
    family = await room.family(room.worker())
    path = f"/people/{person_called(family, 'Asha')['id']}/restrictions"
    placed = await room.post(path, {"kind": "conflict", "named_account_ids": [str(account)]}, lead)
    assert placed.status_code == 201
    shut_out = room.worker(account=account)
    assert (await room.get(f"/families/{family['id']}", shut_out)).status_code == 404
    assert (await room.get(f"/people/{person_called(family, 'Efan')['id']}", shut_out)).status_code == 404
    assert (await room.get("/families", shut_out)).json()["items"] == []
    assert (await room.get(f"/families/{family['id']}", room.worker())).status_code == 200
