"""Whom each account and system was shown today, as digests, and how many that makes."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.budgets import Budget, Look
from connective.kit.database import Unit, fetch

_NOTE = """
WITH known AS (
  SELECT id, place_id FROM account UNION ALL SELECT id, place_id FROM client WHERE place_id IS NOT NULL
), shown AS (
  SELECT DISTINCT a.id AS account_id, a.place_id, s.day, s.person_hash
  FROM unnest($1::uuid[], $2::date[], $3::bytea[]) AS s (account_id, day, person_hash)
  JOIN known AS a ON a.id = s.account_id
), new AS (
  INSERT INTO person_seen (account_id, day, person_hash, place_id)
  SELECT account_id, day, person_hash, place_id FROM shown ORDER BY 1, 2, 3
  ON CONFLICT DO NOTHING RETURNING account_id, day, place_id
)
INSERT INTO people_seen (account_id, day, place_id, people)
SELECT account_id, day, place_id, count(*) FROM new GROUP BY 1, 2, 3 ORDER BY 1, 2
ON CONFLICT (account_id, day) DO UPDATE SET people = people_seen.people + excluded.people
"""
_OVER = """
day = $1 AND people >= CASE WHEN EXISTS (SELECT FROM client AS c WHERE c.id = account_id) THEN $3::int ELSE $2::int END
AND people >= least($2::int, $3::int)
"""
_SPENT = f"SELECT account_id FROM people_seen WHERE {_OVER}"  # noqa: S608 - constants only
_UNTOLD = f"""
UPDATE people_seen SET told_at = $4 WHERE {_OVER} AND told_at IS NULL
RETURNING account_id, place_id, EXISTS (SELECT FROM client AS c WHERE c.id = account_id) AS system
"""  # noqa: S608 - constants only


async def note_looks(unit: Unit, looks: Iterable[Look]) -> None:
    """Count whom each account and system was shown; who was shown before that day counts no more."""
    rows = [(look.actor_id, look.day, _digest(each)) for look in looks for each in look.subjects]
    if rows:
        await unit.run(_NOTE, tuple(map(list, zip(*rows, strict=True))))


def _digest(subject: UUID) -> bytes:
    return hashlib.sha256(subject.bytes).digest()


async def spent_on(connection: AsyncConnection, day: date, most: Budget) -> frozenset[str]:
    """The accounts and systems that were shown as many as they may be, or more."""
    rows = await fetch(connection, _SPENT, (day, most.of_people, most.of_systems))
    return frozenset(str(row["account_id"]) for row in rows)


async def take_untold(unit: Unit, day: date, most: Budget, now: datetime) -> list[Any]:
    """Those of whom nobody was told yet, each with its place, and whether it is a system; told from now on."""
    return list(await unit.fetch(_UNTOLD, (day, most.of_people, most.of_systems, now)))


async def forget_seen(unit: Unit, before: date) -> None:
    """Forget whom anybody was shown on days of before; how many stays."""
    await unit.run("DELETE FROM person_seen WHERE day < $1", (before,))
