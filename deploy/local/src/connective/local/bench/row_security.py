"""`row_security.cost`: a key read and a list under row-level security, and the same two with it passed by.

Both sides are the service's own reader, in a transaction each: ours tells PostgreSQL who asks together with BEGIN and
is held to the policies; the limit is a role of the same grants that passes by them and tells nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import context_sql
from connective.kit.ids import new_id
from connective.local.bench.hub import READER, Hub
from connective.local.bench.measure import CONNECTIONS, Result, Work, repeating, side_by_side
from connective.local.databases import database_url

_ONE_PLAN = "BEGIN READ ONLY; SET LOCAL plan_cache_mode=force_generic_plan;"
_KEY = "SELECT id, reference, state, version FROM request WHERE id = $1"
_LIST = """
SELECT id, reference, state, version FROM request
WHERE recipient_organisation_id = $1 AND submitted_at IS NOT NULL ORDER BY id DESC LIMIT 50
"""
_FREE = """
DROP ROLE IF EXISTS bench_unguarded;
CREATE ROLE bench_unguarded LOGIN BYPASSRLS PASSWORD '{password}' IN ROLE referrals_reader
"""


async def row_security_cost(hub: Hub) -> Result:
    """The key read is the figure, being the dearest by share; the list's ratio stands beside it."""
    cast = hub.world.cast
    organisation = cast.organisations[cast.systems[READER].organisation]
    asker = Actor(ActorKind.CLIENT, str(new_id()), organisation_id=UUID(str(organisation)), place_id=cast.place.id)
    guarded_by = _ONE_PLAN + context_sql(asker)
    reads = {"key": (_KEY, hub.requests["parcel"]), "list": (_LIST, organisation)}
    async with _pool(hub.stack.databases("referrals").reader) as guarded, _pool(await _unguarded(hub)) as free:
        seen = {}
        for name, (sql, key) in reads.items():
            await _same_rows(guarded, guarded_by, free, sql, key)
            ours, limit = _reading(guarded, guarded_by, sql, key), _reading(free, _ONE_PLAN, sql, key)
            seen[name] = await side_by_side(repeating(ours), repeating(limit))
    ours_key, limit_key = seen["key"]
    sizes = {f"{name}, ratio": round(ours / limit, 2) for name, (ours, limit) in seen.items()}
    return Result("row_security.cost", ours_key, limit_key, "transactions/s", ">= 0.6", sizes)


async def _unguarded(hub: Hub) -> str:
    """The address of a role that may read what the reader may, of everybody."""
    password = token_urlsafe(16)
    admin = await hub.superuser("referrals")
    try:
        await admin.execute(_FREE.format(password=password))
    finally:
        await admin.close()
    port = urlsplit(hub.stack.databases("referrals").reader).port or 0
    return database_url(port, "referrals", "bench_unguarded", password)


async def _same_rows(guarded: Any, guarded_by: str, free: Any, sql: str, key: object) -> None:  # noqa: ANN401 - asyncpg publishes no types
    """Refuse to compare readings of different rows: a policy that hides them would look fast."""
    found = []
    for pool, opening in ((guarded, guarded_by), (free, _ONE_PLAN)):
        async with pool.acquire() as connection:
            await connection.execute(opening)
            found.append(await connection.fetch(sql, key))
            await connection.execute("COMMIT")
    if not found[0] or found[0] != found[1]:
        raise AssertionError("the two sides do not read the same rows")


def _reading(pool: Any, opening: str, sql: str, key: object) -> Work:  # noqa: ANN401 - asyncpg publishes no types
    async def read() -> None:
        async with pool.acquire() as connection:
            await connection.execute(opening)
            await connection.fetch(sql, key)
            await connection.execute("COMMIT")

    return read


@asynccontextmanager
async def _pool(url: str) -> AsyncIterator[Any]:
    pool = await asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS, reset=_leave_as_it_is)
    try:
        yield pool
    finally:
        await pool.close()


async def _leave_as_it_is(_: "asyncpg.Connection[Any]") -> None:
    """A pool's own tidying would be another round trip, on both sides."""
