"""`event.delay`: from the moment a fact is decided to the moment its effect at the consumer is committed.

A referrer's reading is audited: the fact is a row of the referrals outbox, its effect an entry of the ledger in
consent. Counted from the start of the deciding transaction (`occurred_at`), a little before its commit, to the commit
time that PostgreSQL keeps of the consumer's transaction; one server, so one clock.
"""

import asyncio
import statistics
from datetime import datetime
from uuid import UUID

from connective.kit.tokens import IDENTITY_HEADER
from connective.local.bench.calling import caller, getting
from connective.local.bench.gateway_cost import identity_of
from connective.local.bench.hub import Hub
from connective.local.bench.measure import Result, Work

BUDGET_MS = 60.0
_RATES = (50, 200)
_SECONDS = 8
_WARM_UP_SECONDS = 1.0
_LATEST_SECONDS = 20.0
_SENT = "SELECT event_id, occurred_at FROM outbox WHERE occurred_at >= $1 AND subject LIKE 'hub.referrals.audit.%'"
_TAKEN = "SELECT event_id, pg_xact_commit_timestamp(xmin) AS at FROM inbox WHERE event_id = ANY($1::uuid[])"


class EventsLost(Exception):
    """Some facts never took effect: then their delay is not a figure."""


async def event_delay(hub: Hub) -> Result:
    """The 99th percentile at a steady rate."""
    identity = identity_of(hub, await hub.worker_token())
    url = f"{hub.stack.addresses['referrals']}/requests/{hub.requests['housing']}"
    found: dict[str, float] = {}
    async with caller() as client:
        read = getting(client, url, {IDENTITY_HEADER: identity})
        for rate in _RATES:
            delays = await _delays(hub, read, rate)
            found[f"{rate}/s"] = round(statistics.quantiles(delays, n=100)[98], 1)
            print(f"event.delay at {rate}/s: median {statistics.median(delays):.1f} ms, p99 {found[f'{rate}/s']} ms")
    return Result("event.delay", found[f"{_RATES[-1]}/s"], BUDGET_MS, "ms at p99", "<= 1", found)


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
