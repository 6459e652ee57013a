"""What is kept for a while only, and removed afterwards: events that were sent or taken, and answered attempts.

Published events and the inbox are kept 35 days, longer than the broker keeps them, so that a consumer can be fed again
and a late duplicate is still known; idempotency keys are kept for 24 hours, as the API says.
"""

import asyncio

from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.logs import log

_EVERY_SECONDS = 3600.0
_AT_ONCE = 5000
_OLD = {
    "outbox": "published_at < now() - interval '35 days' AND feed_position IS NOT NULL",
    "inbox": "received_at < now() - interval '35 days'",
    "idempotency_key": "created_at < now() - interval '24 hours'",
}


async def keep_house(database: Database, service: str) -> None:
    """Remove what is old, every hour, until cancelled."""
    while True:
        for table in _OLD:
            removed = _AT_ONCE
            while removed == _AT_ONCE:
                removed = await remove_old(database, service, table)
        await asyncio.sleep(_EVERY_SECONDS)


async def remove_old(database: Database, service: str, table: str) -> int:
    """Remove one batch of old rows of a table, in a short transaction; answers how many."""
    where = _OLD[table]
    statement = (
        f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("  # noqa: S608 - constants of this module
        f"SELECT ctid FROM {table} WHERE {where} LIMIT {_AT_ONCE}))"
    )
    async with database.unit(service_actor(service)) as unit:
        count = await unit.run(statement)
    if count:
        log().info("removed_old", code=table, count=count)
    return count
