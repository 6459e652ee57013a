"""`referral.create`: a referral with four requests, decided and stored, against pgbench writing the very same rows."""

import asyncio
import json
import tempfile
import time
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
    since_ms = time.time_ns() // 1_000_000
    before = {name: await _horizon(hub, name) for name in _DATABASES}
    await make()
    scripts = {}
    for name in _DATABASES:
        tables = await _rows(hub, name, before[name])
        scripts[name] = folder / f"{name}.sql"
        await asyncio.to_thread(scripts[name].write_text, pgbench_script(tables, since_ms), encoding="utf-8")

    async def write(seconds: float) -> float:
        each = seconds / len(scripts)
        rates = [
            await pgbench(hub.stack.postgres.url(name), script, clients=CONNECTIONS, seconds=each)
            for name, script in scripts.items()
        ]
        return 1 / sum(1 / rate for rate in rates)

    return write


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
