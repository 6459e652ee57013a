"""A family's record is erased whole when it stands as the officer saw it; what is due is told without a birth date."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from families_room import NOW, PLACE, Room, person_called
from sqlalchemy import MetaData

from connective.families.storage import erasing
from connective.kit.ids import new_id
from connective.kit.migrations import kit_tables
from connective.kit.testing import key_header

CANARIES = ("Asha", "Hart", "1 Drake Way", "TA20 1QX", "07700900123", "9993395633")


async def order(room: Room, family: dict[str, Any], *, version: int | None = None, erasure: UUID | None = None) -> UUID:
    erasure = erasure or new_id()
    subject = "hub.consent.erasure.ordered"
    data = {
        "erasure_id": str(erasure),
        "family_id": family["id"],
        "record_version": version or family["version"],
        "at": NOW.isoformat(),
    }
    document = {
        "id": str(new_id()),
        "source": "/services/consent",
        "type": f"{subject}.v1",
        "subject": str(erasure),
        "time": NOW.isoformat(),
        "aggregateversion": 1,
        "placeid": str(PLACE),
        "data": data,
    }
    await room.running.consumer.apply([(subject, json.dumps(document).encode())])
    return erasure


async def told(owner: asyncpg.Connection) -> list[tuple[str, dict[str, Any]]]:
    rows = await owner.fetch("SELECT subject, data FROM outbox WHERE subject LIKE '%eras%' ORDER BY id")
    return [(row["subject"].removeprefix("hub.families."), json.loads(row["data"])) for row in rows]


async def as_service(owner: asyncpg.Connection) -> None:
    await owner.execute("SELECT set_config('app.kind', 'service', false)")


async def everything(owner: asyncpg.Connection) -> str:
    await as_service(owner)
    tables = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'outbox'")
    rows = [await owner.fetch(f'SELECT t::text AS row FROM "{t["tablename"]}" AS t') for t in tables]
    return "\n".join(each["row"] for found in rows for each in found)


async def test_a_record_goes_whole_and_another_stays(room: Room, owner: asyncpg.Connection) -> None:
    worker, lead = room.worker(), room.worker(role="safeguarding_lead")
    family = await room.family(worker)
    other = await room.family(
        worker, people=[{"key": "a", "given_names": "Zoe", "family_name": "Quill"}], relationships=[], address=None
    )
    asha = person_called(family, "Asha")["id"]
    assert (await room.post(f"/people/{asha}/strengths", {"code": "wants_change"}, worker)).status_code == 201
    await room.post(f"/people/{asha}/restrictions", {"kind": "whereabouts"}, lead)
    family = (await room.get(f"/families/{family['id']}", lead)).json()
    kept = [line for line in (await everything(owner)).splitlines() if other["id"] in line]
    before = sorted((await everything(owner)).splitlines())
    foreseen = await preview(room, family["id"], None)
    assert sorted((await everything(owner)).splitlines()) == before, "a preview changes nothing"
    assert (foreseen["version"], foreseen["against"]) == (family["version"], [])
    assert (await preview(room, family["id"], None, new_id()))["version"] is None, "another keeps it"
    erasure = await order(room, family)
    left = await everything(owner)
    for gone in (*CANARIES, family["id"], *(m["person"]["id"] for m in family["people"])):
        assert gone not in left, gone
    assert [line for line in left.splitlines() if other["id"] in line] == kept
    (first, said), (second, done) = await told(owner)
    assert (first, second) == ("family.erased", "erasure.done")
    assert sorted(said["person_ids"]) == sorted(m["person"]["id"] for m in family["people"])
    assert done["removed"] == foreseen["removed"] > 20
    assert said["person_ids"] == foreseen["person_ids"]
    await order(room, family, erasure=erasure)
    assert len(await told(owner)) == 2, "a repeated order does nothing"
    assert (await room.get(f"/families/{family['id']}", worker)).status_code == 404


@pytest.mark.parametrize("why", ["changed_since", "open_case", "no_such_record"])
async def test_what_is_not_as_it_was_stays(room: Room, owner: asyncpg.Connection, why: str) -> None:
    worker = room.worker()
    family = await room.family(worker)
    if why == "open_case":
        await room.post("/cases", {"family_id": family["id"]}, worker)
        family = (await room.get(f"/families/{family['id']}", worker)).json()
    asked = {"id": str(new_id()), "version": 1} if why == "no_such_record" else family
    await order(room, asked, version=9 if why == "changed_since" else None)
    ((subject, said),) = await told(owner)
    assert (subject, said["reason_code"]) == ("erasure.refused", why)
    assert (await room.get(f"/families/{family['id']}", worker)).status_code == 200


async def test_every_table_is_erased_or_says_why_not(room: Room, owner: asyncpg.Connection) -> None:
    rows = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    kit = MetaData()
    kit_tables(kit)
    declared = {*erasing.OF_PEOPLE, *erasing.OF_FAMILY, *erasing.AT_LAST, *erasing.BY_FUNCTION}
    declared |= erasing.NOT_OF_A_FAMILY | set(kit.tables) | {"alembic_version"}
    assert {row["tablename"] for row in rows} == declared, "say in storage/erasing.py what becomes of it"


async def test_the_application_cannot_reach_a_chronology_without_an_erasure(room: Room) -> None:
    family = await room.family(room.worker())
    connection = await asyncpg.connect(room.database.app_url)
    await as_service(connection)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetchval("SELECT erase_records($1, $2, '{}')", new_id(), UUID(family["id"]))
    await connection.close()


def one_child(name: str) -> dict[str, Any]:
    child = {"key": "a", "given_names": name, "family_name": f"{name}son", "date_of_birth": "2012-02-02"}
    return {"people": [child], "relationships": [], "address": None}


def asked(room: Room, **changes: Any) -> dict[str, Any]:
    def days(day: str, *triggers: str) -> list[dict[str, str]]:
        return [{"trigger": trigger, "day": day} for trigger in triggers]

    cutoffs = days("2001-03-01", "youngest_born") + days("2020-03-01", "case_closed", "last_activity")
    rules = [
        {"key": "case_record", "with_case": True, "cutoffs": cutoffs},
        {"key": "referral_without_case", "with_case": False, "cutoffs": days("2020-03-01", "last_activity")},
    ]
    return {"place_id": str(PLACE), "organisation_ids": [str(room.school)], "rules": rules} | changes


async def due(room: Room, **changes: Any) -> list[dict[str, Any]]:
    caller = room.identities.caller("consent", "families")
    answer = await room.client.post(
        "/internal/retention/due", json=asked(room, **changes), headers=caller | key_header()
    )
    assert answer.status_code == 200, answer.text
    assert "2001-03" not in answer.text, "no birth date leaves families"
    return list(answer.json()["items"])


async def test_what_is_due_is_told_by_rule(room: Room, owner: asyncpg.Connection) -> None:
    worker = room.worker()
    with_case, without, young = [await room.family(worker, **one_child(name)) for name in ("Ada", "Bea", "Cleo")]
    for family in (with_case, young):
        await room.post("/cases", {"family_id": family["id"]}, worker)
    assert await due(room) == []
    await as_service(owner)
    old = NOW.replace(year=2010)
    await owner.execute("UPDATE chronology_entry SET at = $1", old)
    await owner.execute("UPDATE family SET registered_on = $1", old.date())
    closed = [UUID(family["id"]) for family in (with_case, young)]
    await owner.execute(
        "UPDATE help_case SET state = 'closed', opened_on = $1, closed_on = $1 WHERE family_id = ANY($2)",
        old.date(),
        closed,
    )
    grown = [UUID(m["person"]["id"]) for m in with_case["people"]]
    await owner.execute("UPDATE person SET date_of_birth = $1 WHERE id = ANY($2)", date(2001, 3, 1), grown)
    found = await due(room)
    assert {f["family_id"]: f["rule"] for f in found} == {
        with_case["id"]: "case_record",
        without["id"]: "referral_without_case",
    }
    await owner.execute("UPDATE help_case SET state = 'open' WHERE family_id = $1", UUID(with_case["id"]))
    await owner.execute("UPDATE person SET date_of_birth = NULL WHERE id = $1", grown[0])
    by_id = {f["family_id"]: f for f in await due(room)}
    assert by_id[with_case["id"]]["open_case"] is True
    assert by_id[with_case["id"]]["birth_unknown"] is True
    (named,) = await due(room, family_ids=[young["id"]])
    assert (named["rule"], named["version"]) == (None, young["version"] + 1), "opening the case was a change"
    assert await due(room, organisation_ids=[str(new_id())]) == []


async def order_one(room: Room, family: dict[str, Any], person_id: str, **changes: Any) -> None:
    subject, erasure = "hub.consent.erasure.ordered", new_id()
    data = {"erasure_id": str(erasure), "family_id": family["id"], "person_id": person_id}
    document = {
        "id": str(new_id()),
        "source": "/services/consent",
        "type": f"{subject}.v1",
        "subject": str(erasure),
        "time": NOW.isoformat(),
        "aggregateversion": 1,
        "placeid": str(PLACE),
        "data": data | {"record_version": family["version"], "at": NOW.isoformat()} | changes,
    }
    await room.running.consumer.apply([(subject, json.dumps(document).encode())])


async def preview(room: Room, family_id: str, person_id: str | None, keeper: UUID | None = None) -> dict[str, Any]:
    body = {"place_id": str(PLACE), "organisation_ids": [str(keeper or room.school)]}
    body |= {"family_id": family_id} | ({"person_id": person_id} if person_id else {})
    caller = room.identities.caller("consent", "families")
    what = "person" if person_id else "family"
    answer = await room.client.post(f"/internal/retention/{what}", json=body, headers=caller | key_header())
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_one_person_goes_and_the_others_stay(room: Room, owner: asyncpg.Connection) -> None:
    worker = room.worker()
    family = await room.family(worker)
    efan, asha = (person_called(family, name)["id"] for name in ("Efan", "Asha"))
    before = (await everything(owner)).splitlines()
    foreseen = await preview(room, family["id"], efan)
    assert (foreseen["version"], foreseen["person_ids"], foreseen["against"]) == (family["version"], [efan], [])
    assert sorted((await everything(owner)).splitlines()) == sorted(before), "a preview changes nothing"
    await order_one(room, family, efan)
    left = await everything(owner)
    for gone in ("Efan", "9993395633", efan):
        assert gone not in left, [line for line in left.splitlines() if gone in line]
    shown = (await room.get(f"/families/{family['id']}", worker)).json()
    assert sorted(m["person"]["given_names"] for m in shown["people"]) == ["Asha", "Ben", "Cai", "Dilys"]
    assert shown["version"] == family["version"] + 1
    assert "1 Drake Way" in left
    said = dict(await told(owner))
    assert (said["person.erased"]["person_ids"], said["person.erased"]["family_ids"]) == ([efan], [family["id"]])
    assert said["erasure.done"]["removed"] == foreseen["removed"]
    assert "family.erased" not in said
    assert (await room.get(f"/people/{efan}", worker)).status_code == 404
    assert (await preview(room, family["id"], efan))["version"] is None
    assert (await preview(room, str(new_id()), asha))["version"] is None, "in no such family"


@pytest.mark.parametrize("why", ["open_case", "whereabouts_restricted", "changed_since", "last_of_family"])
async def test_one_person_stays_while_something_stands_against_it(
    room: Room, owner: asyncpg.Connection, why: str
) -> None:
    worker, lead = room.worker(), room.worker(role="safeguarding_lead")
    family = await room.family(worker, **(one_child("Ada") if why == "last_of_family" else {}))
    person = family["people"][-1]["person"]["id"]
    if why == "open_case":
        await room.post("/cases", {"family_id": family["id"]}, worker)
    if why == "whereabouts_restricted":
        await room.post(f"/people/{person}/restrictions", {"kind": "whereabouts"}, lead)
    family = (await room.get(f"/families/{family['id']}", lead)).json()
    await order_one(room, family, person, **({"record_version": 99} if why == "changed_since" else {}))
    ((subject, said),) = await told(owner)
    assert (subject, said["reason_code"]) == ("erasure.refused", why)
    if why != "changed_since":
        assert (await preview(room, family["id"], person))["against"] == [why]


async def test_somebody_of_two_families_who_was_merged_goes_from_both(room: Room, owner: asyncpg.Connection) -> None:
    worker = room.worker()
    first = await room.family(worker)
    other = await room.family(worker, **one_child("Zed"))
    stays, merged = person_called(first, "Dilys")["id"], other["people"][0]["person"]["id"]
    await as_service(owner)
    other_home = UUID(other["id"])
    await owner.execute(
        "INSERT INTO membership (family_id, person_id, place_id, organisation_id, residence)"
        " SELECT $1, p.id, p.place_id, p.organisation_id, 'here' FROM person p WHERE p.id = $2",
        other_home,
        UUID(person_called(first, "Asha")["id"]),
    )
    await owner.execute("UPDATE person SET merged_into = $1 WHERE id = $2", UUID(stays), UUID(merged))
    await owner.execute("UPDATE membership SET person_id = $1 WHERE person_id = $2", UUID(stays), UUID(merged))
    family = (await room.get(f"/families/{first['id']}", worker)).json()
    await order_one(room, family, merged)
    said = dict(await told(owner))["person.erased"]
    assert sorted(said["person_ids"]) == sorted([stays, merged])
    assert sorted(said["family_ids"]) == sorted([first["id"], other["id"]])
    left = await everything(owner)
    assert stays not in left
    assert merged not in left
