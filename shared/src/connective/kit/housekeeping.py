"""What is kept for a while only, and removed afterwards: events that were sent or taken, and answered attempts.

Published events and the inbox are kept 35 days, longer than the broker keeps them, so that a consumer can be fed again
and a late duplicate is still known; idempotency keys are kept for 24 hours, as the API says. Why they are removed, and
not dropped with a day's partition: docs/adr/0019.
"""

import asyncio
from datetime import timedelta

from connective.kit.actor import service_actor
from connective.kit.clock import system_clock
from connective.kit.database import Database
from connective.kit.ids import first_id_at
from connective.kit.logs import log

_EVERY_SECONDS = 3600.0
_AT_ONCE = 5000
_KEPT = timedelta(days=35)
_OLD = {
    "outbox": "event_id < $1 AND published_at < now() - interval '35 days' AND feed_position IS NOT NULL",
    "inbox": "event_id < $1 AND received_at < now() - interval '35 days'",
    "idempotency_key": "created_at < now() - interval '24 hours' AND $1::uuid IS NOT NULL",
}
_ORDER = {"outbox": "ORDER BY event_id", "inbox": "ORDER BY event_id"}
"""An event's id begins with the time of its making, so its own index leads to the oldest: nothing young is looked at.
Nothing is published or received before it was made, so no old row is missed."""


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
    where, order = _OLD[table], _ORDER.get(table, "")
    statement = (
        f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("  # noqa: S608 - constants of this module
        f"SELECT ctid FROM {table} WHERE {where} {order} LIMIT {_AT_ONCE}))"
    )
    async with database.unit(service_actor(service)) as unit:
        count = await unit.run(statement, (first_id_at(system_clock() - _KEPT),))
    if count:
        log().info("removed_old", code=table, count=count)
    return count
