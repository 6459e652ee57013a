"""What somebody has open: programs that act for them, and browsers in which they signed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.database import Unit, fetch

_SESSIONS = """
SELECT s.id, c.name AS program, s.organisation_id, m.organisation_name, d.name AS device_name, i.device_id,
       s.created_at AS begun_at, s.factor_at AS authenticated_at, s.expires_at
FROM session AS s JOIN client AS c ON c.id = s.client_id JOIN sign_in AS i ON i.id = s.sign_in_id
LEFT JOIN device AS d ON d.id = i.device_id
LEFT JOIN membership AS m ON m.account_id = s.account_id AND m.organisation_id = s.organisation_id
WHERE s.account_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.factor_at IS NOT NULL
  AND ($3::uuid IS NULL OR s.id > $3)
ORDER BY s.id LIMIT $4
"""
_DEVICES = """
SELECT id, name, first_seen_at, last_seen_at FROM device WHERE account_id = $1 AND ended_at IS NULL
ORDER BY last_seen_at DESC, id LIMIT 100
"""
_OWN = "SELECT place_id, sign_in_id FROM session WHERE id = $1 AND account_id = $2"
_END_DEVICE = """
UPDATE device SET ended_at = $3 WHERE id = $1 AND account_id = $2 AND ended_at IS NULL RETURNING 1
"""
_END_SIGN_INS = """
UPDATE sign_in SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL AND ($3::uuid IS NULL OR device_id = $3)
  AND ($4::uuid IS NULL OR id <> $4)
RETURNING id
"""
_BEGUN_FROM = """
SELECT id, place_id FROM session WHERE sign_in_id = ANY($1::uuid[]) AND revoked_at IS NULL ORDER BY id
"""


async def list_sessions(
    connection: AsyncConnection, account_id: UUID, now: datetime, *, after: UUID | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Programs that act for somebody now, in order of beginning; one more than asked when there are more."""
    return [dict(row) for row in await fetch(connection, _SESSIONS, (account_id, now, after, limit + 1))]


async def own_session(unit: Unit, session_id: UUID, account_id: UUID) -> Any | None:  # noqa: ANN401 - a driver's row
    """The place and the browser's sign-in of a session, open or ended, if it is this account's."""
    return await unit.fetch_one(_OWN, (session_id, account_id))


async def list_devices(connection: AsyncConnection, account_id: UUID) -> list[dict[str, Any]]:
    """Browsers in which somebody signed in, the last used first."""
    return [dict(row) for row in await fetch(connection, _DEVICES, (account_id,))]


async def end_device(unit: Unit, device_id: UUID, account_id: UUID, now: datetime) -> bool:
    """Know a browser no more; False when it is not theirs, or ended."""
    return await unit.fetch_one(_END_DEVICE, (device_id, account_id, now)) is not None


async def end_sign_ins(
    unit: Unit, account_id: UUID, now: datetime, *, device_id: UUID | None = None, but: UUID | None = None
) -> list[tuple[UUID, UUID]]:
    """End what was begun in one browser, or everywhere but here; answers the sessions that must end with it."""
    ended = await unit.fetch(_END_SIGN_INS, (account_id, now, device_id, but))
    rows = await unit.fetch(_BEGUN_FROM, ([row["id"] for row in ended],))
    return [(row["id"], row["place_id"]) for row in rows]
