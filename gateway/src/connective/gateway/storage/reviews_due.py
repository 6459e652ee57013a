"""Access that waits for somebody: to be confirmed by an officer, or to be taken away by an administrator."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.notices import ASKED_AGAIN_AFTER, Notice
from connective.kit.database import Unit, fetch_one

DUE = """(c.reviewed_at IS NULL OR c.outcome = 'remove' OR c.reviewed_at <= {half_a_year_ago}
  OR NOT (c.roles @> m.roles AND m.roles @> c.roles))"""
"""What `Reviewed.is_due` says of an open account, as a condition on `membership AS m` with its newest confirmation."""
NEWEST = """
LEFT JOIN LATERAL (SELECT c.outcome, c.roles, c.reviewed_by, c.reviewed_at FROM access_confirmation AS c
  WHERE c.account_id = m.account_id AND c.organisation_id = m.organisation_id ORDER BY c.id DESC LIMIT 1) AS c ON true
"""
_OPEN = f"""
SELECT m.organisation_id, m.place_id, c.outcome, c.reviewed_at
FROM membership AS m JOIN account AS a ON a.id = m.account_id AND a.disabled_at IS NULL {NEWEST}
WHERE {DUE}"""  # noqa: S608 - constants only
_NOT_TOLD = """a.disabled_at IS NULL AND NOT EXISTS (
  SELECT FROM notice AS n WHERE n.account_id = a.id AND n.kind = {kind} AND n.made_at > {since})"""
_WHO_REVIEW = f"""
WITH due AS ({_OPEN.format(half_a_year_ago="$3")}),
officer AS (
  SELECT m.account_id, m.place_id, s.legal_entity_id FROM membership AS m
  JOIN account AS a ON a.id = m.account_id JOIN organisation_state AS s ON s.organisation_id = m.organisation_id
  WHERE m.roles && $1::text[] AND {_NOT_TOLD.format(kind="$2", since="$4")}),
host AS (
  SELECT DISTINCT m.place_id, s.legal_entity_id FROM membership AS m
  JOIN organisation_state AS s ON s.organisation_id = m.organisation_id WHERE 'place_admin' = ANY (m.roles)),
entity AS (
  SELECT DISTINCT d.place_id, s.legal_entity_id, EXISTS (
    SELECT FROM membership AS m JOIN account AS a ON a.id = m.account_id AND a.disabled_at IS NULL
    JOIN organisation_state AS t ON t.organisation_id = m.organisation_id
    WHERE t.legal_entity_id = s.legal_entity_id AND m.roles && $1::text[]) AS has_officer
  FROM due AS d JOIN organisation_state AS s ON s.organisation_id = d.organisation_id)
SELECT DISTINCT o.account_id FROM officer AS o JOIN entity AS e ON e.place_id = o.place_id AND (
  e.legal_entity_id = o.legal_entity_id OR (NOT e.has_officer AND EXISTS (
    SELECT FROM host AS h WHERE h.place_id = o.place_id AND h.legal_entity_id = o.legal_entity_id)))
"""  # noqa: S608 - constants only
_WHO_REMOVE = f"""
SELECT DISTINCT m.account_id FROM membership AS m JOIN account AS a ON a.id = m.account_id
JOIN ({_OPEN.format(half_a_year_ago="NULL")} AND c.outcome = 'remove') AS d ON d.place_id = m.place_id
  AND (d.organisation_id = m.organisation_id OR 'place_admin' = ANY (m.roles))
WHERE m.roles && $1::text[] AND {_NOT_TOLD.format(kind="$2", since="$3")}
"""  # noqa: S608 - constants only
_LATE = f"""
SELECT count(*) AS waiting, min(CASE
    WHEN d.outcome = 'remove' THEN d.reviewed_at + $4::interval
    ELSE d.reviewed_at + $2::interval + $3::interval END) AS late_since
FROM ({_OPEN.format(half_a_year_ago="$1::timestamptz - $2::interval")}) AS d
"""  # noqa: S608 - constants only


async def who_review(unit: Unit, roles: Sequence[str], now: datetime, counts_for: timedelta) -> list[UUID]:
    """Officers of legal entities in which something waits, and the host's for those without an officer of their own.

    Only those who were not written to this week.
    """
    values = (list(roles), str(Notice.ACCESS_REVIEW), now - counts_for, now - ASKED_AGAIN_AFTER)
    return [row.account_id for row in await unit.fetch(_WHO_REVIEW, values)]


async def who_remove(unit: Unit, roles: Sequence[str], now: datetime) -> list[UUID]:
    """Administrators of the organisation, and of the place, where access is to be taken away and is still open."""
    values = (list(roles), str(Notice.ACCESS_REMOVAL), now - ASKED_AGAIN_AFTER)
    return [row.account_id for row in await unit.fetch(_WHO_REMOVE, values)]


async def oldest_late(
    connection: AsyncConnection, now: datetime, counts_for: timedelta, late_after: timedelta, within: timedelta
) -> tuple[int, datetime | None]:
    """How many wait, and since when the first of them is late; None while nothing is.

    Access that nobody has ever confirmed waits without being late: its officers are written to each week.
    """
    row = await fetch_one(connection, _LATE, (now, counts_for, late_after, within))
    late = row.late_since if row.late_since is not None and row.late_since <= now else None
    return row.waiting, late
