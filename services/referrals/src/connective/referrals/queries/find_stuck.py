"""The watchdog of promise P8: no request is silently lost. It reads the tables alone, and needs no broker.

It changes nothing. What it finds is logged and shown as metrics for whoever operates the place, as counts without
anybody's reference; coordinators list the requests themselves (queries/list_stuck.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.conditions import Condition
from connective.kit.database import Database, fetch
from connective.kit.logs import log

PATIENCE = timedelta(minutes=10)
"""The clocks come by every twenty seconds and facts are published within one: ten minutes late is not a busy moment."""
KEPT = timedelta(minutes=1)
"""For how long a finding is shown before the tables are read again: probes ask every few seconds."""
_OURS_TO_MEND = frozenset({"escalation_missed", "nobody_owes", "fact_unpublished"})
"""What only a fault of the Hub leaves behind; a request that a person has not answered is no fault of it."""
_STUCK = """
SELECT CASE WHEN received_at IS NULL THEN 'unseen' ELSE 'unanswered' END AS code, count(*) AS count,
  min(due_at) AS since
FROM request WHERE is_open AND state NOT IN ('draft', 'blocked') AND due_at < $1 GROUP BY 1
UNION ALL
SELECT 'escalation_missed', count(*), min(next_step_at) FROM request WHERE next_step_at < $2
UNION ALL
SELECT 'nobody_owes', count(*), min(submitted_at) FROM request
WHERE is_open AND state NOT IN ('draft', 'blocked') AND (due_owner IS NULL OR due_at IS NULL)
UNION ALL
SELECT 'fact_unpublished', count(*), min(occurred_at) FROM outbox WHERE published_at IS NULL AND occurred_at < $2
"""


@dataclass(frozen=True, slots=True)
class Stuck:
    """How many requests or facts are past their time for one reason, and since when the oldest is."""

    code: str
    count: int
    since: datetime | None


async def count_stuck(database: Database, at: datetime) -> tuple[Stuck, ...]:
    """What is past its time at this instant in all places, by what is wrong."""
    async with database.reading(service_actor("referrals")) as connection:
        rows = await fetch(connection, _STUCK, (at, at - PATIENCE))
    return tuple(Stuck(row.code, row.count, row.since) for row in rows if row.count)


async def find_stuck(database: Database, at: datetime) -> dict[str, int]:
    """The same counts by code; each is also logged."""
    found = {each.code: each.count for each in await count_stuck(database, at)}
    for code, count in found.items():
        log().warning("watchdog_found", code=code, count=count)
    return found


class Watch:
    """What the watchdog finds, as conditions for `/readyz` and `/metrics`; read anew after a minute."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._read_at: datetime | None = None
        self._found: tuple[Condition, ...] = ()

    async def conditions(self) -> tuple[Condition, ...]:
        """One for each code, found or not: a metric that comes and goes cannot be alarmed on."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= KEPT:
            found = {each.code: each for each in await count_stuck(self._database, now)}
            self._found = tuple(_condition(code, found.get(code), now) for code in _CODES)
            self._read_at = now
        return self._found


_CODES = ("unseen", "unanswered", *sorted(_OURS_TO_MEND))


def _condition(code: str, found: Stuck | None, now: datetime) -> Condition:
    name = f"requests_{code}"
    if found is None:
        return Condition(name, 0.0, alarm=False)
    behind = max((now - found.since).total_seconds(), 0.0) if found.since else 0.0
    return Condition(name, behind, alarm=code in _OURS_TO_MEND, waiting=found.count)
