"""What holds when callers act at once: withdrawal beats reading, keys act once, revisions are not lost."""

import asyncio
import json
from datetime import timedelta

import asyncpg
from consent_room import CHILD, MOTHER, PLACE, SALT, SCHOOL, Room, terms

from connective.consent.domain import merkle
from connective.kit.ids import new_id
from connective.kit.testing import key_header


async def test_no_disclosure_starts_after_a_withdrawal_commits(room: Room) -> None:
    """Promise P6: readers and the withdrawal race; whoever decides after its commit is refused."""
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    engaged = await room.engage()
    withdrawn = asyncio.Event()

    async def read_on(late: list[str]) -> None:
        for _ in range(6):
            after = withdrawn.is_set()
            outcome = (await room.disclose()).json()["decision"]["outcome"]
            if after:
                late.append(outcome)

    async def withdraw() -> None:
        await asyncio.sleep(0.05)
        await room.post(f"/consents/{engaged['id']}/withdraw", {}, room.worker(), 200)
        withdrawn.set()

    late: list[str] = []
    await asyncio.gather(*(read_on(late) for _ in range(3)), withdraw())
    late.append((await room.disclose()).json()["decision"]["outcome"])
    assert set(late) == {"deny"}


async def test_a_decision_waits_for_a_withdrawal_that_holds_the_lock(room: Room, owner: asyncpg.Connection) -> None:
    """The state is read after the lock: a decision that began before the withdrawal committed still sees it."""
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    engaged = await room.engage()
    async with owner.transaction():
        await owner.execute("SELECT pg_advisory_xact_lock(hashtextextended($1::text, 11))", str(CHILD))
        await owner.execute("UPDATE consent_record SET state = 'withdrawn' WHERE id = $1", engaged["id"])
        reading = asyncio.create_task(room.disclose())
        await asyncio.sleep(0.3)
        assert not reading.done()
    assert (await reading).json()["decision"]["outcome"] == "deny"


async def test_two_decisions_do_not_wait_for_each_other(room: Room, owner: asyncpg.Connection) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    async with owner.transaction():
        await owner.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended($1::text, 11))", str(CHILD))
        assert (await asyncio.wait_for(room.disclose(), 5)).json()["decision"]["outcome"] == "permit"


async def test_an_entry_that_is_not_committed_yet_holds_up_neither_others_nor_the_sealer(
    room: Room, owner: asyncpg.Connection
) -> None:
    """Appending takes no lock that another waits for; what commits late is sealed late, and the log is whole."""
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    await room.seal()
    before = (await room.get("/ledger/checkpoint", room.officer()))["size"]
    entry, body = new_id(), '{"act":"late"}'
    async with owner.transaction():
        adding = "INSERT INTO ledger_entry (id, place_id, kind, body) VALUES ($1, $2, 'audit', $3)"
        await owner.execute(adding, entry, PLACE, body)
        pending = "INSERT INTO ledger_pending (entry_id, place_id, leaf_hash) VALUES ($1, $2, $3)"
        await owner.execute(pending, entry, PLACE, merkle.leaf_hash(body.encode()))
        for _ in range(3):
            assert (await asyncio.wait_for(room.disclose(), 5)).json()["decision"]["outcome"] == "permit"
        await asyncio.wait_for(room.sealer.seal(), 5)
        assert await owner.fetchval("SELECT size FROM ledger_head WHERE place_id = $1", PLACE) >= before + 3
    room.clock.move(timedelta(seconds=3))
    await room.seal()
    last = (await room.get("/ledger/checkpoint", room.officer()))["size"] - 1
    assert await owner.fetchval("SELECT seq FROM ledger_leaf WHERE entry_id = $1", entry) == last
    assert (await room.post("/ledger/verify", None, room.officer(), 200))["whole"] is True


async def test_one_key_records_one_consent(room: Room, owner: asyncpg.Connection) -> None:
    body = {
        "kind": "agreement_to_engage",
        "state": "given",
        "given_by": str(MOTHER),
        "about": [{"person_id": str(MOTHER), "authority": "own"}],
        "how": "in_person",
    }
    headers = room.worker() | key_header()
    answers = await asyncio.gather(*(room.client.post("/consents", json=body, headers=headers) for _ in range(6)))
    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.json()["id"] for a in answers if a.status_code == 201}) == 1
    assert await owner.fetchval("SELECT count(*) FROM consent_record") == 1
    other = await room.client.post("/consents", json=body | {"how": "written"}, headers=headers)
    assert other.status_code == 422
    assert (await room.client.post("/consents", json=body, headers=room.worker())).status_code == 400


async def test_first_decisions_about_a_person_agree_on_the_pseudonym(room: Room, owner: asyncpg.Connection) -> None:
    """Nobody had a key for this person: concurrent decisions must not each use one of their own."""
    person = str(new_id())
    asked = {"questions": [room.question(subjects=[person])]}
    headers = room.on_behalf(room.worker())
    await asyncio.gather(*(room.client.post("/internal/decisions", json=asked, headers=headers) for _ in range(6)))
    rows = await owner.fetch("SELECT body FROM ledger_entry WHERE kind = 'decision'")
    names = {name for row in rows for name in json.loads(row["body"])["facts"]["permitted"]}
    assert len(rows) == 6
    assert len(names) == 1


async def test_two_signatures_at_once_are_both_kept(room: Room) -> None:
    manager = room.person(SCHOOL, "agreement_manager")
    made = await room.post("/agreements", {"reference": "DSA-9", "terms": terms(room.today)}, manager, 201)
    one = f"/agreements/{made['id']}/versions/1"
    version = await room.post(f"{one}/submit", {}, manager, 200)
    both = (SCHOOL, SALT)
    await asyncio.gather(*(room.post(f"{one}/review", {"approved": True}, room.person(o, "dpo"), 200) for o in both))
    body = {"text_hash": version["text_hash"]}
    await asyncio.gather(*(room.post(f"{one}/sign", body, room.person(o, "signatory"), 200) for o in both))
    assert (await room.get(one, manager))["state"] == "active"
