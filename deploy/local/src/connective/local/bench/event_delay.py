"""`event.delay`: from the moment a fact is committed to the moment its effect at the consumer is committed.

The fact is an audited act: a row of the referrals outbox, copied from a real one and followed by the wake that every
commit is followed by, so that the load is the facts and not the calls that lead to them. Its effect is an entry of the
ledger in consent. Counted from the start of the statement that stores it to the commit time that PostgreSQL keeps of
the consumer's transaction; one server, so one clock.
"""

import asyncio
import statistics
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import nats

from connective.kit.outbox import OUTBOX_COLUMNS
from connective.local.bench.calling import bearer, caller, getting
from connective.local.bench.hub import Hub
from connective.local.bench.measure import Result, Work

BUDGET_MS = 60.0
_RATES = (50, 200)
_SECONDS = 8
_WARM_UP_SECONDS = 1.0
_LATEST_SECONDS = 20.0
_PATTERN = """
SELECT subject, type, aggregate_id, aggregate_version, place_id, data, traceparent FROM outbox
WHERE subject LIKE 'hub.referrals.audit.%' ORDER BY id DESC LIMIT 1
"""
_TELL = f"INSERT INTO outbox ({OUTBOX_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"  # noqa: S608 - constants
_SENT = "SELECT event_id, occurred_at FROM outbox WHERE occurred_at >= $1 AND subject LIKE 'hub.referrals.audit.%'"
_TAKEN = "SELECT event_id, pg_xact_commit_timestamp(xmin) AS at FROM inbox WHERE event_id = ANY($1::uuid[])"


class EventsLost(Exception):
    """Some facts never took effect: then their delay is not a figure."""


async def event_delay(hub: Hub) -> Result:
    """The 99th percentile at a steady rate."""
    pattern = await _real_fact(hub)
    found: dict[str, float] = {}
    broker = await nats.connect(hub.stack.nats.url("referrals"))
    async with asyncpg.create_pool(hub.stack.databases("referrals").app, min_size=4, max_size=8) as pool:

        async def tell() -> None:
            await pool.execute(_TELL, uuid4(), *pattern)
            await broker.publish("wake.referrals", b"")

        for rate in _RATES:
            delays = await _delays(hub, tell, rate)
            found[f"{rate}/s"] = round(statistics.quantiles(delays, n=100)[98], 1)
            print(f"event.delay at {rate}/s: median {statistics.median(delays):.1f} ms, p99 {found[f'{rate}/s']} ms")
    await broker.close()
    return Result("event.delay", found[f"{_RATES[-1]}/s"], BUDGET_MS, "ms at p99", "<= 1", found)


async def _real_fact(hub: Hub) -> tuple[Any, ...]:
    """What a referrer's audited reading tells, as columns of the outbox behind the event's id."""
    async with caller() as client:
        await getting(client, f"{hub.gateway}/requests/{hub.requests['housing']}", bearer(await hub.worker_token()))()
    admin = await hub.superuser("referrals")
    try:
        return tuple(await admin.fetchrow(_PATTERN))
    finally:
        await admin.close()


async def _delays(hub: Hub, work: Work, rate: int) -> list[float]:
    await _steadily(work, rate, _WARM_UP_SECONDS)
    referrals, consent = await hub.superuser("referrals"), await hub.superuser("consent")
    try:
        started = await referrals.fetchval("SELECT clock_timestamp()")
        await _steadily(work, rate, _SECONDS)
        sent = {row["event_id"]: row["occurred_at"] for row in await referrals.fetch(_SENT, started)}
        deadline = asyncio.get_running_loop().time() + _LATEST_SECONDS
        while True:
            taken = {row["event_id"]: row["at"] for row in await consent.fetch(_TAKEN, list(sent))}
            if len(taken) == len(sent):
                return _milliseconds(sent, taken)
            if asyncio.get_running_loop().time() > deadline:
                raise EventsLost(f"{len(sent) - len(taken)} of {len(sent)} facts had no effect in time")
            await asyncio.sleep(0.2)
    finally:
        await referrals.close()
        await consent.close()


def _milliseconds(sent: dict[UUID, datetime], taken: dict[UUID, datetime]) -> list[float]:
    return [(taken[event] - at).total_seconds() * 1000 for event, at in sent.items()]


async def _steadily(work: Work, rate: int, seconds: float) -> None:
    """Begin a unit of work every so often, whether or not the ones before are done."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, started + number / rate - loop.time()))
            group.create_task(work())
