"""Who reads what families said, or the ledger, is entered: in the ledger, and in the access log officers search."""

import json
from typing import Any

import asyncpg
from consent_room import CHILD, EARLY_HELP, FATHER, MOTHER, SALT, SCHOOL, Room


async def entries(owner: asyncpg.Connection, act: str) -> list[dict[str, Any]]:
    bodies = await owner.fetch("SELECT body FROM ledger_entry WHERE kind = 'access' ORDER BY id")
    found = [json.loads(row["body"]) for row in bodies]
    return [body for body in found if body["act"] == act]


async def test_reading_what_was_said_is_entered_with_pseudonyms(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.engage()
    worker = room.worker()
    one = f"/consents/{made['id']}"
    await room.get(one, worker)
    await room.get(f"/consents?person_id={CHILD}", worker)
    for path in (f"{one}/export", f"{one}/receipt"):
        assert (await room.client.get(path, headers=worker)).status_code == 200
    (read,) = await entries(owner, "consent.read")
    assert len(read["facts"]["people"]) == 2
    assert str(MOTHER) not in json.dumps(read)
    for act in ("consents.listed", "consent.exported", "consent.receipt_printed"):
        assert len(await entries(owner, act)) == 1, act
    listed = await room.get("/audit/accesses?act=consent.read", room.officer())
    assert [(line["service"], len(line["people"])) for line in listed["items"]] == [("consent", 2)]
    await room.get("/consents/00000000-0000-0000-0000-0000000000ff", worker, 404)
    assert len(await entries(owner, "consent.read")) == 1, "what was not shown was not read"


async def test_reading_objections_is_entered_and_says_no_id(room: Room, owner: asyncpg.Connection) -> None:
    body = {"person_id": str(CHILD), "raised_by": str(FATHER), "reason": "I do not want this."}
    raised = await room.post("/objections", body, room.worker(), 201)
    assert [*await entries(owner, "objection.read"), *await entries(owner, "objections.listed")] == []
    dpo = room.person(EARLY_HELP, "dpo")
    await room.get(f"/objections/{raised['id']}", dpo)
    await room.get("/objections?state=open", dpo)
    await room.get("/objections?state=upheld", dpo)
    (read,) = await entries(owner, "objection.read")
    assert (len(read["facts"]["people"]), read["facts"]["asked"]) == (2, {"objection_id": raised["id"]})
    some, none = await entries(owner, "objections.listed")
    assert (some["facts"]["hits"], some["facts"]["people"]) == (1, read["facts"]["people"])
    assert (none["facts"]["hits"], none["facts"]["people"], none["facts"]["asked"]) == (0, [], {"state": "upheld"})
    assert not [who for who in (CHILD, FATHER) if str(who) in json.dumps([read, some, none])]
    listed = await room.get("/audit/accesses?act=objection.read", dpo)
    assert [(line["service"], len(line["people"])) for line in listed["items"]] == [("consent", 2)]
    await room.get(f"/objections/{raised['id']}", room.person(SALT, "dpo"), 404)
    assert len(await entries(owner, "objection.read")) == 1, "what was not shown was not read"


async def test_reading_who_differs_is_entered(room: Room, owner: asyncpg.Connection) -> None:
    lead = room.person(SCHOOL, "practice_lead")
    await room.engage()
    await room.get("/consents/differences", lead)
    about = [{"person_id": str(CHILD), "authority": "parental_responsibility"}]
    no = {"kind": "agreement_to_engage", "state": "refused", "given_by": str(FATHER), "about": about}
    await room.post("/consents", no | {"how": "in_person"}, room.worker(), 201)
    assert len((await room.get("/consents/differences", lead))["items"]) == 1
    none, one = await entries(owner, "differences.listed")
    assert (none["facts"]["hits"], none["facts"]["people"]) == (0, [])
    assert (one["facts"]["hits"], one["organisation_id"]) == (1, str(SCHOOL))
    assert len(one["facts"]["people"]) == 3, "the child, and the two who differ"
    assert not [who for who in (CHILD, FATHER, MOTHER) if str(who) in json.dumps(one)]


async def test_reading_the_ledger_is_entered_and_reading_hashes_is_not(room: Room, owner: asyncpg.Connection) -> None:
    await room.engage()
    await room.seal()
    officer = room.officer()
    await room.get("/ledger/entries", officer)
    await room.get("/ledger/entries/0", officer)
    await room.get("/ledger/proofs/inclusion?seq=0", officer)
    await room.post("/ledger/verify", {}, officer, 200)
    for act in ("ledger.listed", "ledger.entry_read", "ledger.inclusion_proved", "ledger.verified"):
        (body,) = await entries(owner, act)
        assert (body["organisation_id"], body["facts"]["people"]) == (str(SCHOOL), []), act
    before = await owner.fetchval("SELECT count(*) FROM ledger_entry")
    await room.get("/ledger/checkpoint", room.worker())
    await room.get("/ledger/proofs/consistency?from=1", room.worker())
    assert await owner.fetchval("SELECT count(*) FROM ledger_entry") == before
