"""The checkers notice: a lost row, a row too many, an event without effect, an altered entry."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import invariants
from fault_load import Load


async def test_a_lost_and_an_unasked_row_are_noticed(ground: Any) -> None:
    load: Load = ground.load()
    load.start(writers=2)
    await load.more(4)
    await load.finish()
    await invariants.settled(ground.stack)
    families = load.acknowledged["/families"]
    check = ("families", "family", load.organisation)
    lost = await invariants.stored_once(ground.stack, *check, {**families, "lost": uuid4()})
    assert any("not stored" in words for words in lost)
    unasked = await invariants.stored_once(ground.stack, *check, dict(list(families.items())[1:]))
    assert any("beside the acknowledged" in words for words in unasked)
    first = next(iter(families.values()))
    twice = await invariants.stored_once(ground.stack, *check, {**families, "again": first})
    assert any("two keys" in words for words in twice)


async def test_an_event_without_effect_is_noticed(ground: Any) -> None:
    await invariants.settled(ground.stack)
    assert await invariants.applied_once(ground.stack) == []
    connection = await ground.stack.postgres.connect("families")
    try:
        taken = "DELETE FROM inbox WHERE event_id = (SELECT min(event_id::text)::uuid FROM inbox) RETURNING event_id"
        event = await connection.fetchrow(taken)
        said = await invariants.applied_once(ground.stack)
        await connection.execute("INSERT INTO inbox (event_id) VALUES ($1)", event["event_id"])
    finally:
        await connection.close()
    assert any("not in the inbox of families" in words for words in said)
    assert await invariants.applied_once(ground.stack) == []


async def test_an_altered_entry_of_the_ledger_is_noticed(ground: Any) -> None:
    await invariants.settled(ground.stack)
    assert await invariants.ledger_is_whole(ground.stack) == []
    connection = await ground.stack.postgres.connect("consent")
    try:
        entry = await connection.fetchrow("SELECT entry_id, body FROM ledger_leaf JOIN ledger_entry ON id = entry_id")
        change = "UPDATE ledger_entry SET body = $2 WHERE id = $1"
        await connection.execute(change, entry["entry_id"], entry["body"] + " ")
        said = await invariants.ledger_is_whole(ground.stack)
        await connection.execute(change, entry["entry_id"], entry["body"])
    finally:
        await connection.close()
    assert said == [f"I4: entry {entry['entry_id']} is altered"]
    assert await invariants.ledger_is_whole(ground.stack) == []


def test_the_root_is_that_of_the_rfc() -> None:
    """RFC 6962 §2.1: an empty tree, one leaf, and an uneven tree split at the largest power of two below its size."""
    a, b, c = (sha256(bytes([number])).digest() for number in range(3))
    assert invariants.root_of([]) == sha256(b"").digest()
    assert invariants.root_of([a]) == a
    left = sha256(b"\1" + a + b).digest()
    assert invariants.root_of([a, b, c]) == sha256(b"\1" + left + c).digest()
