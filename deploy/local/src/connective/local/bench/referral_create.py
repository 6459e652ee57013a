"""`referral.create`: a referral with four requests, decided and stored, against pgbench writing the very same rows.

The limit writes every row that the call's own two transactions wrote: in referrals the attempt, the referral, its
requests with their content and history, and the facts in the outbox; in consent the decisions, the ledger's entries and
what waits to be sealed of them. What is made of those rows afterwards (the relay's marks, the log's leaves, the
inbox and chronology of the services that listen) our side does as well while it is measured, and the limit does not.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from connective.local.bench.calling import bearer, caller, posting
from connective.local.bench.hub import Hub
from connective.local.bench.measure import CONNECTIONS, Result, Side, Work, repeating, side_by_side
from connective.local.bench.rows import TableRows, horizon, pgbench, pgbench_script, rows_since
from connective.local.story.referring import the_referral

_UNPUBLISHED = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
_LOOK_AGAIN_SECONDS = 0.05
_SETTLED_SECONDS = 0.5
_DATABASES = ("referrals", "consent")
_WRITTEN = {"idempotency_key", "outbox", "referral", "request", "request_content", "request_history"} | {
    "decision", "ledger_entry", "ledger_pending"
}  # fmt: skip
_SEALER = 0x7365616C
"""The advisory lock of consent's sealer: while somebody else holds it, what is written waits to be sealed."""
_FORGET = "DELETE FROM ledger_pending WHERE entry_id < '00000000-0000-0001-0000-000000000000'"
"""The limit's own rows: a sealer that found thousands of them would disturb our side in its next turn."""


async def referral_create(hub: Hub) -> Result:
    """Through the gateway, a fresh Idempotency-Key each."""
    body = json.dumps(the_referral(hub.world, hub.family)).encode()
    async with caller() as client:
        make = posting(client, f"{hub.gateway}/referrals", bearer(await hub.worker_token()), lambda: body)
        with tempfile.TemporaryDirectory(prefix="connective-bench-") as folder:
            limit_side = await _same_rows(hub, make, Path(folder))
            ours, limit = await side_by_side(repeating(make), limit_side)
    return Result("referral.create", ours, limit, "referrals/s", ">= 0.2")


async def _same_rows(hub: Hub, make: Work, folder: Path) -> Side:
    """A side that writes what one call wrote, one transaction in each database, one after the other."""
    await make()
    async with _unsealed(hub):
        since_ms = time.time_ns() // 1_000_000
        before = {name: await _horizon(hub, name) for name in _DATABASES}
        await make()
        rows = {name: await _rows(hub, name, before[name]) for name in _DATABASES}
    if {table.table for tables in rows.values() for table in tables} != _WRITTEN:
        raise LookupError("a referral no longer writes the tables that it is compared by")
    scripts = {}
    for name, tables in rows.items():
        scripts[name] = folder / f"{name}.sql"
        await asyncio.to_thread(scripts[name].write_text, pgbench_script(tables, since_ms), encoding="utf-8")

    async def write(seconds: float) -> float:
        each = seconds / len(scripts)
        async with _unsealed(hub) as consent:
            rates = [
                await pgbench(hub.stack.postgres.url(name), script, clients=CONNECTIONS, seconds=each)
                for name, script in scripts.items()
            ]
            await consent.execute(_FORGET)
        return 1 / sum(1 / rate for rate in rates)

    return write


@asynccontextmanager
async def _unsealed(hub: Hub) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Nothing is sealed meanwhile: what a call leaves to be sealed is still there to be seen."""
    connection = await hub.superuser("consent")
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _SEALER)
        yield connection
    finally:
        await connection.close()


async def _horizon(hub: Hub, service: str) -> int:
    """Now, once what came before is published and marked: a row that is marked later would pass for new."""
    connection = await hub.superuser(service)
    try:
        await _quiet(connection)
        return await horizon(connection)
    finally:
        await connection.close()


async def _rows(hub: Hub, service: str, since: int) -> list[TableRows]:
    """The rows of the call, its facts already published: copies of them must not be published again."""
    connection = await hub.superuser(service)
    try:
        await _quiet(connection)
        return await rows_since(connection, since)
    finally:
        await connection.close()


async def _quiet(connection: "asyncpg.Connection[Any]") -> None:
    while await connection.fetchval(_UNPUBLISHED):  # noqa: ASYNC110 - no event tells
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    await asyncio.sleep(_SETTLED_SECONDS)
