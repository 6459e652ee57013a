"""The sealed log: entries, proofs, checkpoints, and what verification names when somebody altered it."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from consent_room import CHILD, FAMILY, MOTHER, SALT, SCHOOL, Room, terms

from connective.consent.domain import merkle
from connective.consent.queries import ledger
from connective.kit.ids import new_id


async def filled(room: Room) -> int:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    for _ in range(5):
        await room.disclose()
    await room.seal()
    return int((await room.get("/ledger/checkpoint", room.officer()))["size"])


async def test_entries_hold_no_person(room: Room) -> None:
    size = await filled(room)
    page = await room.get("/ledger/entries?limit=200", room.officer())
    assert [e["seq"] for e in page["items"]] == list(range(size))
    text = json.dumps(page)
    for person in (CHILD, MOTHER, FAMILY):
        assert str(person) not in text
    kinds = [e["kind"] for e in page["items"]]
    assert kinds.count("disclosure") == 5
    assert {"agreement", "consent", "entity", "notice"} <= set(kinds)
    assert (await room.get("/ledger/entries/3", room.officer()))["id"] == page["items"][3]["id"]
    first = await room.get("/ledger/entries?limit=4", room.officer())
    second = await room.get(f"/ledger/entries?limit=4&cursor={first['next_cursor']}", room.officer())
    assert [e["seq"] for e in first["items"] + second["items"]] == list(range(8))


async def test_proofs_over_http(room: Room) -> None:
    size = await filled(room)
    officer = room.officer()
    for seq in (0, 1, size // 2, size - 1):
        proof = await room.get(f"/ledger/proofs/inclusion?seq={seq}", officer)
        steps = [bytes.fromhex(step) for step in proof["proof"]]
        leaf, root = bytes.fromhex(proof["leaf_hash"]), bytes.fromhex(proof["root"])
        assert merkle.verify_inclusion(leaf, seq, size, steps, root)
        entry = await room.get(f"/ledger/entries/{seq}", officer)
        assert merkle.leaf_hash(entry["body"].encode()) == leaf
    whole = await room.get("/ledger/checkpoint", officer)
    for earlier in (1, 3, 8, size):
        before = await room.get(f"/ledger/proofs/inclusion?seq=0&size={earlier}", officer)
        proof = await room.get(f"/ledger/proofs/consistency?from={earlier}", officer)
        steps = [bytes.fromhex(step) for step in proof["proof"]]
        roots = bytes.fromhex(before["root"]), bytes.fromhex(whole["root"])
        assert merkle.verify_consistency(earlier, roots[0], size, roots[1], steps)
    for bad in ("inclusion?seq=999", f"inclusion?seq=0&size={size + 1}", f"consistency?from={size + 1}", "inclusion"):
        await room.get(f"/ledger/proofs/{bad}", officer, 422)
    await room.get("/ledger/entries/999", officer, 404)


async def test_a_whole_log_verifies(room: Room) -> None:
    size = await filled(room)
    found = await room.post("/ledger/verify", None, room.officer(), 200)
    assert (found["whole"], found["fault"], found["size"]) == (True, None, size)
    assert found["checkpoint"]["size"] == size
    assert (await room.post("/ledger/verify", None, room.worker())).status_code == 403


async def test_a_log_that_grows_while_it_is_checked_is_whole(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between any two of its readings the sealer may seal and sign more: that is no contradiction."""
    await filled(room)

    async def more() -> None:
        await room.disclose()
        await room.seal()

    for name in ("head_of", "latest_checkpoint"):
        reading = getattr(ledger, name)

        async def between_more(*asked: Any, reading: Any = reading) -> Any:
            await more()
            found = await reading(*asked)
            await more()
            return found

        monkeypatch.setattr(ledger, name, between_more)
    found = await room.post("/ledger/verify", None, room.officer(), 200)
    assert (found["whole"], found["fault"]) == (True, None)


FORGED = merkle.leaf_hash(b"forged")


@pytest.mark.parametrize(
    ("statement", "code", "named"),
    [
        ("UPDATE ledger_entry SET body = replace(body, 'permit', 'deny') WHERE id = $1", "entry_altered", True),
        ("DELETE FROM ledger_entry WHERE id = $1", "entry_missing", True),
        ("DELETE FROM ledger_leaf WHERE entry_id = $1", "leaf_missing", True),
        ("UPDATE ledger_leaf SET seq = seq + 1000 WHERE entry_id = $1", "leaf_missing", True),
    ],
)
async def test_verification_names_the_entry_that_was_altered(
    room: Room, owner: asyncpg.Connection, statement: str, code: str, named: bool
) -> None:
    size = await filled(room)
    seq = size - 3
    entry = await room.get(f"/ledger/entries/{seq}", room.officer())
    await owner.execute(statement, entry["id"])
    found = await room.post("/ledger/verify", None, room.officer(), 200)
    assert found["whole"] is False
    assert (found["fault"]["code"], found["fault"]["seq"]) == (code, seq)
    assert named
    await room.get("/ledger/entries?limit=200", room.officer())


async def test_a_log_rewritten_with_care_contradicts_its_checkpoint(room: Room, owner: asyncpg.Connection) -> None:
    """The owner alters an entry, its leaf, every node and the head: only the signed checkpoint tells."""
    size = await filled(room)
    await owner.execute("UPDATE ledger_entry SET body = replace(body, '\"permit\"', '\"deny\"')")
    frontier, nodes = merkle.EMPTY_FRONTIER, []
    for row in await owner.fetch(
        "SELECT l.seq, e.body FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id ORDER BY l.seq"
    ):
        leaf = merkle.leaf_hash(row["body"].encode())
        frontier, completed = merkle.append(frontier, leaf)
        nodes += completed
        await owner.execute("UPDATE ledger_leaf SET leaf_hash = $1 WHERE seq = $2", leaf, row["seq"])
    found = await room.post("/ledger/verify", None, room.officer(), 200)
    assert found["fault"]["code"] == "tree_altered"
    for node in nodes:
        await owner.execute(
            "UPDATE ledger_node SET hash = $1 WHERE level = $2 AND index = $3", node.hash, node.level, node.index
        )
    await owner.execute("UPDATE ledger_head SET root = $1", merkle.root_of(frontier))
    found = await room.post("/ledger/verify", None, room.officer(), 200)
    assert (found["fault"]["code"], found["size"]) == ("checkpoint_contradicted", size)
    await owner.execute("UPDATE checkpoint SET root = $1", merkle.root_of(frontier))
    found = await room.post("/ledger/verify", None, room.officer(), 200)
    assert found["fault"]["code"] == "checkpoint_forged"


async def test_an_entry_taken_out_of_the_order_is_noticed(room: Room, owner: asyncpg.Connection) -> None:
    size = await filled(room)
    frontier = merkle.EMPTY_FRONTIER
    leaves = await owner.fetch("SELECT leaf_hash FROM ledger_leaf ORDER BY seq LIMIT $1", size - 1)
    for row in leaves:
        frontier, _ = merkle.append(frontier, row["leaf_hash"])
    await owner.execute("DELETE FROM ledger_leaf WHERE seq = $1", size - 1)
    await owner.execute("UPDATE ledger_head SET size = $1, root = $2", size - 1, merkle.root_of(frontier))
    found = await room.post("/ledger/verify", None, room.officer(), 200)
    assert found["fault"]["code"] == "entry_unsealed"


async def test_checkpoints_follow_entries_and_time(room: Room, owner: asyncpg.Connection) -> None:
    await filled(room)
    signed = await owner.fetchval("SELECT count(*) FROM checkpoint")
    assert await room.sealer.sign(room.clock()) == 0
    await room.disclose()
    await room.sealer.seal()
    assert await room.sealer.sign(room.clock()) == 0, "the gap has not passed"
    room.clock.move(timedelta(seconds=3))
    assert await room.sealer.sign(room.clock()) == 1
    room.clock.move(timedelta(minutes=5, seconds=1))
    assert await room.sealer.sign(room.clock()) == 1, "at least every five minutes"
    assert await owner.fetchval("SELECT count(*) FROM checkpoint") == signed + 2
    told = await owner.fetch("SELECT data FROM outbox WHERE subject = 'hub.consent.checkpoint.signed' ORDER BY id")
    assert json.loads(told[-1]["data"])["root"] == (await room.get("/ledger/checkpoint", room.officer()))["root"]


async def test_acts_of_other_services_enter_once(room: Room, owner: asyncpg.Connection) -> None:
    data: dict[str, Any] = {
        "act_id": str(new_id()),
        "act": "family.searched",
        "actor_id": str(new_id()),
        "organisation_id": str(SCHOOL),
        "family_id": str(FAMILY),
        "person_ids": [str(CHILD)],
        "purpose": "referral",
        "hits": 2,
        "at": room.clock().isoformat(),
    }
    event = new_id()
    for event_id in (event, event):
        await room.event("hub.families.audit.recorded", new_id(), data, event_id=event_id)
    rows = await owner.fetch("SELECT body FROM ledger_entry WHERE kind = 'access'")
    (body,) = (json.loads(row["body"]) for row in rows)
    assert (body["act"], body["facts"]["hits"], body["facts"]["service"]) == ("family.searched", 2, "families")
    assert str(CHILD) not in json.dumps(body)
    assert str(FAMILY) not in json.dumps(body)


@pytest.mark.parametrize(
    ("service", "act", "kind"),
    [
        ("families", "person.read", "access"),
        ("referrals", "attachment.exported", "export"),
        ("partners", "assurance.verified", "role"),
        ("gateway", "account.reviewed", "access"),
        ("gateway", "proposal.approved", "role"),
    ],
)
async def test_acts_of_every_service_enter(
    room: Room, owner: asyncpg.Connection, service: str, act: str, kind: str
) -> None:
    whom = {"act_id": str(new_id()), "actor_id": str(new_id()), "organisation_id": str(SCHOOL)}
    await room.event(f"hub.{service}.audit.recorded", new_id(), whom | {"act": act, "at": room.clock().isoformat()})
    (row,) = await owner.fetch("SELECT kind, body FROM ledger_entry WHERE body LIKE $1", f'%"{act}"%')
    assert (row["kind"], json.loads(row["body"])["facts"]["service"]) == (kind, service)


async def test_concurrent_sealers_make_one_order(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    await asyncio.gather(*(room.disclose() for _ in range(8)), *(room.sealer.seal() for _ in range(4)))
    await room.seal()
    found = await room.post("/ledger/verify", None, room.officer(), 200)
    assert found["whole"] is True, found


async def test_a_disclosure_that_was_not_delivered_says_so(room: Room, owner: asyncpg.Connection) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    lost, shown = [(await room.disclose()).json()["disclosure_id"] for _ in range(2)]
    told = {
        "disclosure_id": lost,
        "request_id": str(UUID(int=9)),
        "recipient_organisation_id": str(SALT),
        "reason_code": "unavailable",
        "at": room.clock().isoformat(),
    }
    event = new_id()
    for _ in range(2):
        await room.event("hub.referrals.disclosure.undelivered", UUID(lost), told, event_id=event)
    listed = {d["id"]: d for d in (await room.get("/disclosures", room.officer()))["items"]}
    assert (listed[lost]["undelivered_reason"], listed[shown]["undelivered_reason"]) == ("unavailable", None)
    assert (listed[lost]["undelivered_at"] is not None, listed[shown]["undelivered_at"]) == (True, None)
    one = await room.get(f"/disclosures/{lost}", room.officer())
    assert one["undelivered_reason"] == "unavailable"
    audited = {d["id"]: d for d in (await room.get("/audit/disclosures", room.officer()))["items"]}
    assert (audited[lost]["undelivered_reason"], audited[shown]["undelivered_reason"]) == ("unavailable", None)
    for wanted, found in ((True, lost), (False, shown)):
        narrowed = await room.get(f"/disclosures?undelivered={str(wanted).lower()}", room.officer())
        assert [d["id"] for d in narrowed["items"]] == [found]
    entries = await owner.fetch(
        "SELECT body FROM ledger_entry WHERE kind = 'disclosure' AND body LIKE '%not_delivered%'"
    )
    (body,) = (json.loads(row["body"]) for row in entries)
    assert body["facts"] == {"disclosure_id": lost, "request_id": str(UUID(int=9)), "reason_code": "unavailable"}
    await room.seal()
    assert (await room.post("/ledger/verify", None, room.officer(), 200))["whole"] is True


async def test_a_disclosure_is_recorded_under_the_id_its_asker_chose_and_under_no_other_twice(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    chosen = str(new_id())
    asked = {"question": room.question(), "request_id": str(UUID(int=9)), "request_version": 1, "disclosure_id": chosen}
    reader = room.on_behalf(room.person(SALT, "partner_worker"))
    answers = [await room.client.post("/internal/disclosures", json=asked, headers=reader) for _ in range(2)]
    assert answers[0].json()["disclosure_id"] == chosen
    assert (answers[1].status_code, answers[1].json()["type"]) == (409, "/problems/conflict")
