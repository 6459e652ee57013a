"""Objects that no row stands for, and links: begun, replaced or erased content goes; links are kept as digests."""

from collections.abc import Sequence
from dataclasses import dataclass
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
_END_LINK = "UPDATE attachment_link SET ended = $2 WHERE digest = $1"
_END_UNTOLD = """
WITH untold AS (
    SELECT digest FROM attachment_link WHERE used_at < $1 AND ended IS NULL
    ORDER BY used_at LIMIT 100 FOR UPDATE SKIP LOCKED
)
UPDATE attachment_link AS link SET ended = $2 FROM untold, attachment AS file
WHERE link.digest = untold.digest AND file.id = link.attachment_id
RETURNING link.organisation_id, link.holder, file.place_id, file.family_id, file.request_id
"""
_OLD_LINKS = "DELETE FROM attachment_link WHERE expires_at < $1 AND (used_at IS NULL OR ended IS NOT NULL)"


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


async def end_link(unit: Unit, digest: bytes, ended: str) -> None:
    """Keep how the opening by this link ended."""
    await unit.run(_END_LINK, (digest, ended))


@dataclass(frozen=True, slots=True)
class Untold:
    """An opening of a file of which nobody told how it ended."""

    actor_id: str
    organisation_id: UUID
    place_id: UUID
    family_id: UUID
    request_id: UUID


async def end_untold(unit: Unit, before: datetime, ended: str) -> list[Untold]:
    """Openings begun before then that nobody ended: end them, each once, a hundred at a time."""
    rows = await unit.fetch(_END_UNTOLD, (before, ended))
    return [
        Untold(row.holder.split(" ")[0], row.organisation_id, row.place_id, row.family_id, row.request_id)
        for row in rows
    ]


async def forget_links(unit: Unit, before: datetime) -> int:
    """Remove links that open nothing any more and are settled."""
    return await unit.run(_OLD_LINKS, (before,))
