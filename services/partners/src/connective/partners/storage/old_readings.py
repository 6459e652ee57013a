"""Removing what readings of sources left behind, and what of theirs still waits for somebody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.kit.database import Unit

_FORGET_CHANGES = """
DELETE FROM harvest_change WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM harvest_change WHERE place_id = $1 AND state <> 'waiting' AND decided_at < $2 LIMIT $3))
"""
_FORGET_RUNS = """
DELETE FROM harvest_run WHERE id = ANY(ARRAY(
  SELECT r.id FROM harvest_run r WHERE r.place_id = $1 AND r.ended_at < $2
    AND NOT EXISTS (SELECT FROM harvest_change c WHERE c.run_id = r.id)
    AND EXISTS (SELECT FROM harvest_run later WHERE later.source_id = r.source_id AND later.id > r.id)
  LIMIT $3))
"""
"""The last reading of a source stays, and one whose changes wait still."""
_WAITING = """
SELECT count(*)::int AS changes, count(*) FILTER (WHERE c.run_id = $2)::int AS fresh, min(c.made_at) AS since,
  coalesce(array_agg(DISTINCT o.id) FILTER (WHERE o.legal_entity_id IS NOT NULL), '{}') AS organisations
FROM harvest_change c LEFT JOIN organisation o ON o.id = c.organisation_id
WHERE c.source_id = $1 AND c.state = 'waiting'
"""
_COORDINATORS = """
SELECT DISTINCT coordinator_account_id AS account FROM hub
WHERE place_id = $1 AND coordinator_account_id IS NOT NULL ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of a source waits to be decided, how much of it since one reading, since when, and whose listings."""

    changes: int
    fresh: int
    since: datetime | None
    organisations: tuple[UUID, ...]
    """Members of the place alone: for all others the coordinators decide."""


async def forget_changes(unit: Unit, before: datetime, limit: int) -> int:
    """Remove changes that were decided before an instant; answers how many."""
    return await unit.run(_FORGET_CHANGES, (unit.actor.place, before, limit))


async def forget_runs(unit: Unit, before: datetime, limit: int) -> int:
    """Remove readings that ended before an instant and hold nothing that waits; answers how many."""
    return await unit.run(_FORGET_RUNS, (unit.actor.place, before, limit))


async def waiting_of(unit: Unit, source_id: UUID, run_id: UUID) -> Waiting:
    """What of a source waits after one of its readings."""
    row = await unit.fetch_one(_WAITING, (source_id, run_id))
    return Waiting(row.changes, row.fresh, row.since, tuple(row.organisations))


async def coordinators_of(unit: Unit) -> tuple[UUID, ...]:
    """Everybody who coordinates a hub of the place."""
    return tuple(row.account for row in await unit.fetch(_COORDINATORS, (unit.actor.place,)))
