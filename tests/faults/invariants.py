"""The invariants of a fault test, as functions that look into the databases and answer what is broken.

Each takes a running stack at rest (`settled`) and answers sentences; an empty list means that the invariant holds.
I6 (what a partner received is what was logged as delivered) is for partners that receive: none is delivered to yet.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any
from uuid import UUID

from connective.contracts.describe import matches
from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.local.stack import Stack

_FEW = 5


@asynccontextmanager
async def _database(stack: Stack, service: str) -> AsyncIterator[Any]:
    connection = await stack.postgres.connect(service)
    try:
        yield connection
    finally:
        await connection.close()


async def committed_events(stack: Stack) -> dict[UUID, str]:
    """Every event that any service committed, with its subject."""
    found: dict[UUID, str] = {}
    for service in stack.services:
        async with _database(stack, service) as connection:
            for row in await connection.fetch("SELECT event_id, subject FROM outbox"):
                found[row["event_id"]] = row["subject"]
    return found


async def unfinished(stack: Stack) -> list[str]:
    """What is still on its way: unpublished, not yet consumed, not yet sealed."""
    said = []
    events = await committed_events(stack)
    for service in stack.services:
        async with _database(stack, service) as connection:
            waiting = await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")
            applied = {row["event_id"] for row in await connection.fetch("SELECT event_id FROM inbox")}
            if waiting:
                said.append(f"{service} has {waiting} events to publish")
            if missing := _for_consumer(service, events) - applied:
                said.append(f"{service} has not consumed {len(missing)} events, e.g. {events[min(missing)]}")
            if service == "consent":
                pending = await connection.fetchval("SELECT count(*) FROM ledger_pending")
                said += [f"{pending} ledger entries are not sealed"] if pending else []
    return said


async def settled(stack: Stack, seconds: float = 90.0) -> None:
    """Wait until nothing is on its way any more. Raises AssertionError that says what still is."""
    deadline = asyncio.get_running_loop().time() + seconds
    while waiting := await unfinished(stack):
        assert asyncio.get_running_loop().time() < deadline, f"After {seconds:.0f} s at rest: {'; '.join(waiting)}."
        await asyncio.sleep(0.2)


def _for_consumer(service: str, events: Mapping[UUID, str]) -> set[UUID]:
    return {event for pattern in SUBSCRIPTIONS.get(service, ()) for event in _matching(pattern, events)}


async def stored_once(
    stack: Stack, service: str, table: str, owner: UUID, acknowledged: Mapping[str, UUID]
) -> list[str]:
    """I1: what was acknowledged to the writers of organisation `owner` is stored, and nothing of theirs twice.

    `acknowledged` holds the id that each Idempotency-Key was answered; every key must have been answered in the end.
    """
    async with _database(stack, service) as connection:
        rows = await connection.fetch(f"SELECT id FROM {table} WHERE organisation_id = $1", owner)
    stored, told = {row["id"] for row in rows}, Counter(acknowledged.values())
    lost, extra = set(told) - stored, stored - set(told)
    twice = [str(key) for key, count in told.items() if count > 1]
    said = [f"I1: {len(lost)} acknowledged rows of {table} are not stored: {_some(lost)}"] if lost else []
    said += [f"I1: {len(extra)} rows of {table} are stored beside the acknowledged: {_some(extra)}"] if extra else []
    return said + ([f"I1: two keys were answered with one row of {table}: {twice[:_FEW]}"] if twice else [])


async def applied_once(stack: Stack) -> list[str]:
    """I2: every committed event is in the stream, and in the inbox and in effect exactly once per consumer.

    In the stream it may be twice: after a crash it is sent again, bundled with others than before. The Hub's own clocks
    may commit an event while this looks: what was committed before must be there, and what is there must have been
    committed by the end.
    """
    before = await committed_events(stack)
    seen = [
        (
            "the stream",
            "hub.>",
            Counter({UUID(event) for message in (await stored_ids(stack)).values() for event in message}),
        )
    ]
    said = []
    for service in stack.services:
        async with _database(stack, service) as connection:
            inbox = Counter(row["event_id"] for row in await connection.fetch("SELECT event_id FROM inbox"))
            seen += [(f"the inbox of {service}", pattern, inbox) for pattern in SUBSCRIPTIONS.get(service, ())]
            parked = await connection.fetch("SELECT subject, reason FROM parked_event")
            said += [f"I2: {service} parked {row['subject']}: {row['reason']}" for row in parked]
            for pattern, query in _EFFECTS.get(service, {}).items():
                effects = Counter(row["id"] for row in await connection.fetch(query))
                seen.append((f"the records of {service}", pattern, effects))
    after = await committed_events(stack)
    for where, pattern, found in seen:
        said += _once_each(where, _matching(pattern, before), found, _matching(pattern, after), set(after))
    return said


_CHRONOLOGY = "SELECT id FROM chronology_entry WHERE code LIKE "
_EFFECTS = {
    "consent": {
        "hub.*.audit.*": "SELECT source_event_id AS id FROM ledger_entry WHERE source_event_id IS NOT NULL",
    },
    "families": {
        "hub.referrals.request.*": _CHRONOLOGY + "'request.%'",
        "hub.referrals.referral.made": _CHRONOLOGY + "'referral.%'",
    },
}
"""Where a consumer leaves one row per event, under the event's own id."""


def _matching(pattern: str, events: Mapping[UUID, str]) -> set[UUID]:
    return {event for event, subject in events.items() if pattern == "hub.>" or matches(subject, pattern)}


def _once_each(
    where: str, before: set[UUID], found: Counter[UUID], after: set[UUID], committed: set[UUID]
) -> list[str]:
    twice = {event for event in after if found[event] > 1}
    missing, foreign = before - set(found), set(found) - committed
    said = [f"I2: {len(twice)} events are twice in {where}: {_some(twice)}"] if twice else []
    said += [f"I2: {len(missing)} committed events are not in {where}: {_some(missing)}"] if missing else []
    return said + ([f"I2: {where} holds {len(foreign)} events that nobody committed"] if foreign else [])


async def stored_ids(stack: Stack) -> dict[int, list[str]]:
    """The ids of the events in every message of the stream by its number there, read by the administrator."""
    async with stack.nats.admin() as client:
        jetstream = client.jetstream()
        state = (await jetstream.stream_info("EVENTS")).state
        reader = await jetstream.subscribe("hub.>", ordered_consumer=True)
        messages = [await reader.next_msg(timeout=60) for _ in range(state.messages)]
    return {message.metadata.sequence.stream: _ids(json.loads(message.data)) for message in messages}


def _ids(carried: Any) -> list[str]:
    return [each["id"] for each in (carried if isinstance(carried, list) else [carried])]


async def disclosures_were_decided(stack: Stack) -> list[str]:
    """I3: every disclosure has an earlier decision that permits it, and a ledger entry."""
    query = """
    SELECT d.id, c.outcome, c.decided_at <= d.disclosed_at AS earlier,
           EXISTS (SELECT FROM ledger_entry e WHERE e.kind = 'disclosure' AND e.body LIKE '%' || d.id || '%') AS entered
    FROM disclosure d LEFT JOIN decision c ON c.id = d.decision_id
    """
    async with _database(stack, "consent") as connection:
        rows = await connection.fetch(query)
    said = [f"I3: {row['id']} has no earlier decision" for row in rows if not row["earlier"]]
    said += [f"I3: {row['id']} was denied" for row in rows if row["outcome"] == "deny"]
    return said + [f"I3: {row['id']} has no ledger entry" for row in rows if not row["entered"]]


async def ledger_is_whole(stack: Stack) -> list[str]:
    """I4: entries hash to their leaves, leaves to the head's root (RFC 6962), and checkpoints to what they signed."""
    said = []
    leaves_of = "SELECT l.leaf_hash, e.body, e.id FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id"
    async with _database(stack, "consent") as connection:
        for head in await connection.fetch("SELECT place_id, size, root FROM ledger_head"):
            leaves = await connection.fetch(f"{leaves_of} WHERE l.place_id = $1 ORDER BY l.seq", head["place_id"])
            said += [
                f"I4: entry {each['id']} is altered" for each in leaves if _leaf(each["body"]) != each["leaf_hash"]
            ]
            hashes = [each["leaf_hash"] for each in leaves]
            if len(hashes) != head["size"] or root_of(hashes) != head["root"]:
                said.append(f"I4: {len(hashes)} leaves do not hash to the head of size {head['size']}")
            query = "SELECT size, root FROM checkpoint WHERE place_id = $1"
            for signed in await connection.fetch(query, head["place_id"]):
                if root_of(hashes[: signed["size"]]) != signed["root"]:
                    said.append(f"I4: the checkpoint of size {signed['size']} signed another log")
    return said


def _leaf(body: str) -> bytes:
    return sha256(b"\0" + body.encode()).digest()


def root_of(leaves: list[bytes]) -> bytes:
    """The root of a Merkle tree (RFC 6962 §2.1), written from the RFC, so that it can disagree with the product."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\1" + root_of(leaves[:half]) + root_of(leaves[half:])).digest()


async def nothing_shared_after_withdrawal(stack: Stack) -> list[str]:
    """I5: no disclosure that relied on a consent started after its withdrawal."""
    query = """
    SELECT d.id, r.id AS consent FROM disclosure d JOIN decision c ON c.id = d.decision_id
    JOIN consent_record r ON c.answer -> 'consent_record_ids' ? r.id::text
    WHERE r.withdrawn_at IS NOT NULL AND d.disclosed_at > r.withdrawn_at
    """
    async with _database(stack, "consent") as connection:
        rows = await connection.fetch(query)
    return [f"I5: disclosure {row['id']} started after consent {row['consent']} was withdrawn" for row in rows]


async def open_requests_have_an_owner(stack: Stack) -> list[str]:
    """I7: every open request that was sent has somebody who owes the next step, and a time."""
    query = """
    SELECT reference, state FROM request
    WHERE is_open AND state NOT IN ('draft', 'blocked') AND (due_owner IS NULL OR due_at IS NULL)
    """
    async with _database(stack, "referrals") as connection:
        rows = await connection.fetch(query)
    return [f"I7: {row['reference']} ({row['state']}) has no owner or no time" for row in rows]


async def broken(stack: Stack) -> list[str]:
    """Everything that can be checked of a stack at rest without knowing what was asked of it: I2 to I5 and I7."""
    said = await applied_once(stack)
    if "consent" in stack.services:
        said += await disclosures_were_decided(stack) + await ledger_is_whole(stack)
        said += await nothing_shared_after_withdrawal(stack)
    if "referrals" in stack.services:
        said += await open_requests_have_an_owner(stack)
    return said


def _some(values: Any) -> str:
    return ", ".join(sorted(map(str, values))[:_FEW])
