"""Objects that no row stands for, and links: begun, replaced or erased content goes; links are kept as digests."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from connective.kit.database import Unit
from connective.kit.ids import new_id
from connective.referrals.domain.attachments import LINK_LIVES, Kept

_BEGUN_FOR = timedelta(hours=2)
"""Longer than any upload: what is not finished by then was given up."""
_BEGIN = "INSERT INTO object_to_remove (object_id, pieces, remove_at) VALUES ($1, $2, $3)"
_FINISH = "DELETE FROM object_to_remove WHERE object_id = $1"
_REPLACE = "INSERT INTO object_to_remove (object_id, pieces, remove_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_DUE = "SELECT object_id, pieces FROM object_to_remove WHERE remove_at <= $1 ORDER BY remove_at LIMIT 100"
_ADD_LINK = """
INSERT INTO attachment_link (digest, attachment_id, organisation_id, holder, expires_at) VALUES ($1, $2, $3, $4, $5)
"""
_USE_LINK = """
UPDATE attachment_link SET used_at = $4
WHERE digest = $1 AND attachment_id = $2 AND holder = $3 AND used_at IS NULL AND expires_at > $4
"""
_FIND_LINK = """
SELECT FROM attachment_link
WHERE digest = $1 AND attachment_id = $2 AND holder = $3 AND used_at IS NULL AND expires_at > $4
"""
_OLD_LINKS = "DELETE FROM attachment_link WHERE expires_at < $1"


async def begin_object(unit: Unit, most_pieces: int, at: datetime) -> UUID:
    """The id of an object about to be stored; unless it is finished, what came of it is removed."""
    object_id = new_id()
    await unit.run(_BEGIN, (object_id, most_pieces, at + _BEGUN_FOR))
    return object_id


async def finish_object(unit: Unit, object_id: UUID) -> None:
    """A row stands for it now."""
    await unit.run(_FINISH, (object_id,))


async def replace_object(unit: Unit, kept: Kept | None, at: datetime) -> None:
    """No row stands for it any more. A reading under way may finish first."""
    if kept is not None:
        await unit.run(_REPLACE, (kept.object_id, kept.pieces, at + LINK_LIVES))


async def due_objects(unit: Unit, at: datetime) -> Sequence[tuple[UUID, int]]:
    """Those to remove now, with how many pieces each may have."""
    return [(row.object_id, row.pieces) for row in await unit.fetch(_DUE, (at,))]


async def add_link(unit: Unit, digest: bytes, attachment_id: UUID, holder: str, expires_at: datetime) -> None:
    """Store a link of the unit's actor, by its digest alone."""
    await unit.run(_ADD_LINK, (digest, attachment_id, unit.actor.organisation, holder, expires_at))


async def find_link(unit: Unit, digest: bytes, attachment_id: UUID, holder: str, at: datetime) -> bool:
    """Whether the link would open the file for this holder."""
    return await unit.fetch_one(_FIND_LINK, (digest, attachment_id, holder, at)) is not None


async def use_link(unit: Unit, digest: bytes, attachment_id: UUID, holder: str, at: datetime) -> bool:
    """Use it up; False when it was used before, has expired, or is somebody else's."""
    return await unit.run(_USE_LINK, (digest, attachment_id, holder, at)) == 1


async def forget_links(unit: Unit, before: datetime) -> int:
    """Remove links that open nothing any more."""
    return await unit.run(_OLD_LINKS, (before,))
