"""The watchdog of promise P8: no request is silently lost. It reads the tables alone, and needs no broker.

It changes nothing: what it finds is logged for whoever operates the place, as counts without anybody's reference.
"""

from datetime import datetime, timedelta

from connective.kit.actor import service_actor
from connective.kit.database import Database, fetch
from connective.kit.logs import log

PATIENCE = timedelta(minutes=10)
"""The clocks come by every twenty seconds and facts are published within one: ten minutes late is not a busy moment."""
_STUCK = """
SELECT 'unanswered' AS code, count(*) AS count FROM request
WHERE is_open AND state NOT IN ('draft', 'blocked') AND due_at < $1
UNION ALL
SELECT 'escalation_missed', count(*) FROM request WHERE next_step_at < $2
UNION ALL
SELECT 'nobody_owes', count(*) FROM request
WHERE is_open AND state NOT IN ('draft', 'blocked') AND (due_owner IS NULL OR due_at IS NULL)
UNION ALL
SELECT 'fact_unpublished', count(*) FROM outbox WHERE published_at IS NULL AND occurred_at < $2
"""


async def find_stuck(database: Database, at: datetime) -> dict[str, int]:
    """How many requests or facts are past their time at this instant, by what is wrong; each is also logged."""
    async with database.reading(service_actor("referrals")) as connection:
        rows = await fetch(connection, _STUCK, (at, at - PATIENCE))
    found = {row.code: row.count for row in rows if row.count}
    for code, count in found.items():
        log().warning("watchdog_found", code=code, count=count)
    return found
