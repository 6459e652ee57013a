"""The thread of a request: what both sides wrote in its history, and how far each organisation has read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch
from connective.referrals.domain.states import Party
from connective.referrals.domain.told import Message
from connective.referrals.storage.mapping import words_from

_PART = """
SELECT version, at, party, fact, words_text, words_categories FROM request_history
WHERE request_id = $1 AND words_text IS NOT NULL AND version > $2 AND ($3::text IS NULL OR party = $3)
ORDER BY version LIMIT $4
"""
_MARK = """
INSERT INTO message_reading (request_id, organisation_id, version, at) VALUES ($1, $2, $3, now())
ON CONFLICT (request_id, organisation_id) DO UPDATE SET version = excluded.version, at = excluded.at
WHERE message_reading.version < excluded.version
"""
_UNREAD = """
SELECT r.id, r.reference, count(*) AS unread, max(h.at) AS last_at
FROM request AS r
JOIN request_history AS h ON h.request_id = r.id AND h.words_text IS NOT NULL
LEFT JOIN message_reading AS m ON m.request_id = r.id AND m.organisation_id = $2
WHERE r.place_id = $1 AND r.is_open AND r.submitted_at IS NOT NULL
  AND r.referrer_organisation_id <> r.recipient_organisation_id AND h.version > coalesce(m.version, 0)
  AND ((r.referrer_organisation_id = $2 AND h.party = 'recipient')
    OR (r.recipient_organisation_id = $2 AND h.party = 'referrer'))
  AND ($3::uuid IS NULL OR r.id = $3) AND ($4::uuid IS NULL OR r.id < $4)
GROUP BY r.id ORDER BY r.id DESC LIMIT $5
"""
_ANY_UNREAD = "SELECT coalesce(max(unread), 0)::int AS unread FROM ({}) AS found"


@dataclass(frozen=True, slots=True)
class Said:
    """One message with the version of the request it made, which is its place in the thread."""

    version: int
    message: Message


async def load_said(
    connection: AsyncConnection, request_id: UUID, after: int, limit: int, party: Party | None = None
) -> tuple[Said, ...]:
    """What was said after a version, oldest first, by one party or both; the caller was found to see the request."""
    rows = await fetch(connection, _PART, (request_id, after, party and str(party), limit))
    return tuple(Said(row.version, Message(row.at, Party(row.party), row.fact, words_from(row))) for row in rows)


async def mark_read(unit: Unit, request_id: UUID, version: int) -> None:
    """Keep how far the actor's organisation has read; what was read before stays read."""
    await unit.run(_MARK, (request_id, unit.actor.organisation, version))


async def load_unread(connection: AsyncConnection, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[Any]:
    """Open requests in which the other side wrote something unread: how many messages, and when the last."""
    return await fetch(connection, _UNREAD, (actor.place, actor.organisation, None, after, limit))


async def count_unread(connection: AsyncConnection, actor: Actor, request_id: UUID) -> int:
    """How many messages of the other side the actor's organisation has not read in one request."""
    statement = _ANY_UNREAD.format(_UNREAD)
    rows = await fetch(connection, statement, (actor.place, actor.organisation, request_id, None, 1))
    return int(rows[0].unread)
