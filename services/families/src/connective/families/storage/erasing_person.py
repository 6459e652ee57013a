"""Everything that is kept of one person, taken out of the families they are in, which stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.families.storage.erasing import AT_LAST, OF_PEOPLE, release_carried, remove
from connective.kit.database import Unit, fetch
from connective.kit.forgetting import digest, forget_ids

_SAME = """
WITH RECURSIVE up AS (
  SELECT id, merged_into FROM person WHERE id = $1 AND place_id = $2
  UNION SELECT p.id, p.merged_into FROM person p JOIN up ON p.id = up.merged_into
), same AS (
  SELECT id FROM up WHERE merged_into IS NULL
  UNION SELECT p.id FROM person p JOIN same s ON p.merged_into = s.id
)
SELECT id FROM same ORDER BY id
"""
"""Every record that is one with this one: the one that stayed when they were merged, and all that went into it."""
_FAMILIES = """
SELECT f.id, f.organisation_id, f.version FROM family f
WHERE f.id IN (SELECT family_id FROM membership WHERE person_id = ANY($1::uuid[])) ORDER BY f.id FOR UPDATE OF f
"""
_STANDING = """
SELECT
  EXISTS (SELECT FROM help_case c JOIN membership m ON m.family_id = c.family_id
    WHERE m.person_id = ANY($1::uuid[]) AND c.state <> 'closed'
      AND (m.until IS NULL OR m.until > CURRENT_DATE)) AS open_case,
  EXISTS (SELECT FROM restriction r
    WHERE r.person_id = ANY($1::uuid[]) AND r.kind = 'whereabouts' AND r.lifted_at IS NULL) AS whereabouts_restricted,
  EXISTS (SELECT FROM membership m WHERE m.person_id = ANY($1::uuid[]) AND NOT EXISTS (
    SELECT FROM membership o WHERE o.family_id = m.family_id AND o.person_id <> ALL($1::uuid[]))) AS last_of_family
"""
_BEGIN = "INSERT INTO erasure (id, place_id, people_digests) VALUES ($1, $2, $3::bytea[])"
_ADDED_TO_ONLY = "SELECT erase_person_records($1, $2::uuid[]) AS gone"
_MOVED_ON = "UPDATE family SET version = version + 1 WHERE id = ANY($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Stands:
    """One person's record as it stands: all ids of it, the families by id with keeper and version, and codes."""

    person_ids: tuple[UUID, ...]
    families: dict[UUID, tuple[UUID, int]]
    against: tuple[str, ...]
    """What stands against erasing this person alone."""


async def same_records(connection: AsyncConnection, place_id: UUID, person_id: UUID) -> list[UUID]:
    """Every record of this keeper's that is one with this one, by merging; none where it is of another place."""
    return [row.id for row in await fetch(connection, _SAME, (person_id, place_id))]


async def person_stands(unit: Unit, place_id: UUID, person_id: UUID) -> Stands:
    """How the record stands, its families kept from changing until the transaction ends; no families: none is kept.

    The case of a family that they have left is not about them any more. Whoever must not be found hides all who live
    with them, so they are not erased alone; nor is the last of a family, whose record is then erased whole.
    """
    people = await same_records(unit.connection, place_id, person_id)
    rows = await unit.fetch(_FAMILIES, (people,))
    found = await unit.fetch_one(_STANDING, (people,))
    codes = ("last_of_family", "open_case", "whereabouts_restricted")
    families = {row.id: (row.organisation_id, row.version) for row in rows}
    return Stands(tuple(people), families, tuple(code for code in codes if getattr(found, code)))


async def remove_person(unit: Unit, erasure_id: UUID, place_id: UUID, stands: Stands) -> int:
    """Remove every row of this person, and keep that the erasure is done; answers how many."""
    people: Sequence[UUID] = list(stands.person_ids)
    await unit.run(_BEGIN, (erasure_id, place_id, [digest(each) for each in people]))
    gone = int((await unit.fetch_one(_ADDED_TO_ONLY, (erasure_id, people))).gone)
    await release_carried(unit, people)
    for table, where in (*OF_PEOPLE.items(), ("membership", "person_id = ANY($1::uuid[])")):
        gone += await remove(unit, table, where, people)
    gone += await remove(unit, "person", AT_LAST["person"], people)
    await unit.run(_MOVED_ON, (list(stands.families),))
    return gone + await forget_ids(unit, people)
