"""Files that nobody can have yet because none has looked at them: an alarm, for a scanner that is away is silent."""

from datetime import timedelta

from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.conditions import Condition
from connective.kit.database import Database, fetch_one

PATIENCE = timedelta(minutes=10)
"""Files are looked at every few seconds; what waits for so long waits for a person to mend something."""
_WAITING = """
SELECT count(*)::int AS count, min(attached_at) AS since FROM attachment WHERE stage = 'quarantined'
"""


async def waiting_files(database: Database, clock: Clock) -> Condition:
    """How many wait, since when the oldest does, and whether that is too long."""
    async with database.reading(service_actor("referrals")) as connection:
        row = await fetch_one(connection, _WAITING)
    behind = 0.0 if row.since is None else max((clock() - row.since).total_seconds(), 0.0)
    return Condition("files_unscanned", behind, alarm=behind > PATIENCE.total_seconds(), waiting=row.count)
