"""`event.rate`: how fast an outbox is drained into another service's inbox, against the same by hand.

Ours: facts lie in the outbox of referrals, its relay publishes them, and partners consumes them, each with its inbox
row in a transaction that also looks for webhooks. By hand: as many messages of the same size, published in atomic
batches to a stream of the same settings, taken a hundred at a time and inserted with one statement each hundred; the
same durable server, the same disk.
"""

import asyncio
import statistics
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import nats
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from connective.contracts.referral_events import VoucherIssued
from connective.kit.bus import BATCH_LIMIT
from connective.kit.outbox import INSERT_FACTS, cloud_event
from connective.kit.stream import events_stream
from connective.local.bench.hub import Hub
from connective.local.bench.measure import REPEATS, Result

_EVENTS = 5_000
_TAKEN_AT_ONCE = 100
_LATEST_SECONDS = 60.0
_STREAM = "BENCH"
_ARRIVED = "SELECT count(*) FROM inbox WHERE event_id = ANY($1::uuid[])"


class EventsLost(Exception):
    """Some facts never arrived: then their rate is not a figure."""


async def event_rate(hub: Hub) -> Result:
    """Events a second, both sides in turn."""
    ours, by_hand = [], []
    for _ in range(REPEATS):
        ours.append(_EVENTS / await _drained(hub))
        by_hand.append(_EVENTS / await _by_hand(hub))
    return Result("event.rate", statistics.median(ours), statistics.median(by_hand), "events/s", ">= 0.5")


def _facts(hub: Hub) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    fact = VoucherIssued(
        voucher_id=uuid4(),
        service_id=uuid4(),
        issuer_organisation_id=uuid4(),
        recipient_organisation_id=uuid4(),
        reference="VCH-7K3M-92QD",
        expires_at=now,
        at=now,
    )
    common = {
        "subject": fact.subject,
        "type": fact.type_name(),
        "aggregate_version": 1,
        "place_id": hub.world.cast.place.id,
        "data": fact.model_dump_json(),
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "occurred_at": now,
    }
    return [{"event_id": uuid4(), "aggregate_id": uuid4(), **common} for _ in range(_EVENTS)]


async def _drained(hub: Hub) -> float:
    """Seconds from the commit of the facts to the commit of the last inbox row."""
    facts = _facts(hub)
    names = ("event_id", "subject", "type", "aggregate_id", "aggregate_version", "place_id", "data", "traceparent")
    ids = [fact["event_id"] for fact in facts]
    outbox, inbox = await hub.superuser("referrals"), await hub.superuser("partners")
    broker = await nats.connect(hub.stack.nats.url("referrals"))
    try:
        await outbox.execute(INSERT_FACTS, *([fact[name] for fact in facts] for name in names))
        started = time.perf_counter()
        await broker.publish("wake.referrals", b"")
        while await inbox.fetchval(_ARRIVED, ids) < _EVENTS:
            if time.perf_counter() > started + _LATEST_SECONDS:
                raise EventsLost
            await asyncio.sleep(0.02)
        return time.perf_counter() - started
    finally:
        await broker.close()
        await outbox.close()
        await inbox.close()


async def _by_hand(hub: Hub) -> float:
    """Seconds from the first message published to the commit of the last row inserted."""
    messages = [(str(fact["event_id"]), cloud_event(fact, "/services/referrals")) for fact in _facts(hub)]
    table = await hub.superuser("partners")
    async with hub.stack.nats.admin() as broker:
        jetstream = broker.jetstream()
        await jetstream.add_stream(replace(events_stream(), name=_STREAM, subjects=["bench.>"], deny_delete=False))
        try:
            await jetstream.add_consumer(
                _STREAM, ConsumerConfig(name="hand", durable_name="hand", ack_policy=AckPolicy.EXPLICIT)
            )
            await table.execute("CREATE TABLE IF NOT EXISTS bench_inbox (event_id uuid PRIMARY KEY)")
            started = time.perf_counter()
            async with asyncio.TaskGroup() as both:
                both.create_task(_publish(broker, messages))
                both.create_task(_take(broker, table))
            return time.perf_counter() - started
        finally:
            await jetstream.delete_stream(_STREAM)
            await table.execute("DROP TABLE IF EXISTS bench_inbox")
            await table.close()


async def _publish(broker: Client, messages: list[tuple[str, bytes]]) -> None:
    for first in range(0, len(messages), BATCH_LIMIT):
        batch = messages[first : first + BATCH_LIMIT]
        name = uuid4().hex
        for nth, (message_id, body) in enumerate(batch, start=1):
            headers = {"Nats-Msg-Id": message_id, "Nats-Batch-Id": name, "Nats-Batch-Sequence": str(nth)}
            if nth < len(batch):
                await broker.publish("bench.facts", body, headers=headers)
            else:
                await broker.request("bench.facts", body, 10, headers={**headers, "Nats-Batch-Commit": "1"})


async def _take(broker: Client, table: "asyncpg.Connection[Any]") -> None:
    subscription = await broker.jetstream().pull_subscribe_bind(consumer="hand", stream=_STREAM)
    taken, deadline = 0, time.perf_counter() + _LATEST_SECONDS
    while taken < _EVENTS:
        if time.perf_counter() > deadline:
            raise EventsLost
        with suppress(TimeoutError):
            batch = await subscription.fetch(_TAKEN_AT_ONCE, timeout=0.5)
            ids = [UUID((message.headers or {})["Nats-Msg-Id"]) for message in batch]
            await table.execute("INSERT INTO bench_inbox SELECT unnest($1::uuid[])", ids)
            taken += len(batch)
            for message in batch:
                await message.ack()
