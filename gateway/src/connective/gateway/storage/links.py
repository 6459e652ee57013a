"""Links in the database: hand-written statements, of secrets the digest alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.links import MAILS_A_DAY, Link, LinkContact, LinkSession
from connective.kit.database import Unit, fetch_one
from connective.kit.ids import new_id

_DAY = timedelta(days=1)
_CONTACT = """
SELECT organisation_id, place_id, email, version, changed_at, pin_hash, telephone FROM link_contact
WHERE organisation_id = $1
"""
_KEEP_CONTACT = """
INSERT INTO link_contact (organisation_id, place_id, email, pin_hash, changed_at, telephone, version)
VALUES ($1, $2, $3, $4, $5, $6, 1)
ON CONFLICT (organisation_id) DO UPDATE SET
    email = excluded.email, pin_hash = excluded.pin_hash, changed_at = excluded.changed_at,
    telephone = excluded.telephone, version = link_contact.version + 1
RETURNING version
"""
_DROP_CONTACT = "DELETE FROM link_contact WHERE organisation_id = $1"
_KNOWN = "SELECT 1 AS known FROM organisation_state WHERE organisation_id = $1 AND place_id = $2"
_TAKERS = "SELECT organisation_id FROM link_contact WHERE organisation_id = ANY($1::uuid[])"
_ASK = """
INSERT INTO link (id, place_id, organisation_id, request_id, made_at, next_try_at)
SELECT $1, c.place_id, c.organisation_id, $3, $4, $4 FROM link_contact AS c
WHERE c.organisation_id = $2
  AND (SELECT count(*) FROM link AS l WHERE l.request_id = $3 AND l.organisation_id = $2 AND l.made_at > $5) < $6
RETURNING id
"""
_LINK = """
SELECT id, place_id, organisation_id, request_id, expires_at, used_at, wrong, code_hash, code_expires_at FROM link"""
_BY_TOKEN = f"{_LINK} WHERE token_hash = $1 FOR UPDATE"
_COUNT_WRONG = "UPDATE link SET wrong = wrong + 1 WHERE id = $1"
_USE = "UPDATE link SET used_at = $2, wrong = wrong - 1 WHERE id = $1 AND used_at IS NULL RETURNING 1"
_BEGIN = """
INSERT INTO link_session (id, place_id, link_id, organisation_id, request_id, token_hash, named, begun_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_SESSION = """
SELECT s.id, s.place_id, s.organisation_id, s.request_id, s.named, s.expires_at
FROM link_session AS s JOIN link_contact AS c ON c.organisation_id = s.organisation_id
LEFT JOIN organisation_state AS o ON o.organisation_id = s.organisation_id
WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.ended_at IS NULL AND o.state IS DISTINCT FROM 'suspended'
"""
_END = "UPDATE link_session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL"
_TO_POST = """
SELECT l.id, l.organisation_id, c.email FROM link AS l JOIN link_contact AS c USING (organisation_id)
WHERE l.next_try_at <= $1 ORDER BY l.next_try_at LIMIT $2 FOR UPDATE OF l SKIP LOCKED
"""
_POSTED = "UPDATE link SET token_hash = $2, expires_at = $3, next_try_at = $4 WHERE id = $1"
_FORGET = "DELETE FROM link WHERE made_at < $1"
_DONE = "UPDATE link SET next_try_at = NULL WHERE id = $1"


async def find_contact(connection: AsyncConnection, organisation_id: UUID) -> LinkContact | None:
    """Where an organisation's links go; None where none do."""
    row = await fetch_one(connection, _CONTACT, (organisation_id,))
    return None if row is None else LinkContact(**dict(row))


async def keep_contact(unit: Unit, contact: LinkContact) -> None:
    """Set where its links go, and their PIN, instead of what was set before."""
    whose = (contact.organisation_id, contact.place_id)
    values = (*whose, contact.email, contact.pin_hash, contact.changed_at, contact.telephone)
    await unit.fetch_one(_KEEP_CONTACT, values)


async def drop_contact(unit: Unit, organisation_id: UUID) -> None:
    """Post it no more links; open sessions end with it."""
    await unit.run(_DROP_CONTACT, (organisation_id,))


async def is_of_place(unit: Unit, organisation_id: UUID, place_id: UUID) -> bool:
    """Whether the organisation has joined this place."""
    return await unit.fetch_one(_KNOWN, (organisation_id, place_id)) is not None


async def takers_of_links(unit: Unit, organisation_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these organisations that are posted links."""
    return {row.organisation_id for row in await unit.fetch(_TAKERS, (list(organisation_ids),))}


async def ask_for_link(unit: Unit, organisation_id: UUID, request_id: UUID, at: datetime) -> UUID | None:
    """Have a link posted; None where the organisation takes none, or had too many for this request today."""
    values = (new_id(), organisation_id, request_id, at, at - _DAY, MAILS_A_DAY)
    row = await unit.fetch_one(_ASK, values)
    return None if row is None else row.id


async def find_link(unit: Unit, token_hash: bytes) -> Link | None:
    """The link with this token, kept from changing until the unit ends."""
    row = await unit.fetch_one(_BY_TOKEN, (token_hash,))
    return None if row is None else Link(**dict(row))


async def count_wrong(unit: Unit, link: Link) -> None:
    """Count a try as wrong before it is made, so that tries made at once cannot all pass as the first."""
    await unit.run(_COUNT_WRONG, (link.id,))


async def begin_session(unit: Unit, link: Link, session: LinkSession, token_hash: bytes, at: datetime) -> bool:
    """Use the link, and begin its one session; False when somebody else has just used it."""
    if await unit.fetch_one(_USE, (link.id, at)) is None:
        return False
    values: tuple[Any, ...] = (
        *(session.id, session.place_id, link.id, session.organisation_id, session.request_id),
        *(token_hash, session.named, at, session.expires_at),
    )
    await unit.run(_BEGIN, values)
    return True


async def find_session(connection: AsyncConnection, token_hash: bytes, at: datetime) -> LinkSession | None:
    """The session a browser holds, while it lasts and its organisation is neither suspended nor without links."""
    row = await fetch_one(connection, _SESSION, (token_hash, at))
    return None if row is None else LinkSession(**dict(row))


async def end_session(unit: Unit, token_hash: bytes, at: datetime) -> None:
    """End it before its time."""
    await unit.run(_END, (token_hash, at))


async def links_to_post(unit: Unit, at: datetime, most: int) -> Sequence[Any]:
    """Links that wait to be posted, with the address of each; no other worker takes them meanwhile."""
    return await unit.fetch(_TO_POST, (at, most))


async def keep_posting(unit: Unit, link_id: UUID, token_hash: bytes, expires_at: datetime, again_at: datetime) -> None:
    """Keep the digest of the token about to be posted; posting is tried again then, under another token."""
    await unit.run(_POSTED, (link_id, token_hash, expires_at, again_at))


async def posted(unit: Unit, link_id: UUID) -> None:
    """It went out: post it no more."""
    await unit.run(_DONE, (link_id,))


async def forget_links(unit: Unit, before: datetime) -> None:
    """Forget links made before this instant, and who opened them."""
    await unit.run(_FORGET, (before,))
