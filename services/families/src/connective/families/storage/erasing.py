"""Everything that is kept of a family and of the people who are in no other, taken out in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from connective.kit.database import Unit
from connective.kit.forgetting import digest, forget_ids

_STANDING = """
SELECT f.version, EXISTS (SELECT FROM help_case c WHERE c.family_id = f.id AND c.state <> 'closed') AS open_case
FROM family f WHERE f.id = $1 AND f.place_id = $2 FOR UPDATE OF f
"""
_KEPT_BY = "SELECT 1 FROM family WHERE id = $1 AND organisation_id = ANY($2::uuid[])"
_ONLY_HERE = """
WITH RECURSIVE here AS (
  SELECT m.person_id AS id FROM membership m WHERE m.family_id = $1
  UNION SELECT p.id FROM person p JOIN here h ON p.merged_into = h.id
)
SELECT h.id FROM here h
WHERE NOT EXISTS (SELECT FROM membership o WHERE o.person_id = h.id AND o.family_id <> $1) ORDER BY h.id
"""
"""The people of a family and the records that were merged into theirs, but for those in another family."""
_PARTED = "UPDATE person SET merged_into = NULL WHERE merged_into = ANY($1::uuid[]) AND id <> ALL($1::uuid[])"
"""A record merged into one that goes, and that is itself in another family, stands for itself again."""
_PEOPLE = "{0} = ANY($1::uuid[])"
OF_PEOPLE: dict[str, str] = {
    "search_token": _PEOPLE.format("person_id"),
    "search_card": _PEOPLE.format("person_id"),
    "contact_point": _PEOPLE.format("person_id"),
    "need": _PEOPLE.format("person_id"),
    "pregnancy": _PEOPLE.format("mother_id"),
    "restriction": _PEOPLE.format("person_id"),
    "strength": _PEOPLE.format("person_id"),
    "person_merge": "person_id = ANY($1::uuid[]) OR merged_person_id = ANY($1::uuid[])",
    "relationship": "person_id = ANY($1::uuid[]) OR of_person_id = ANY($1::uuid[])",
}
"""Tables of what is known of people → which rows go, `$1` being the people."""
OF_FAMILY: dict[str, str] = {
    "team_member": "family_id = $1",
    "help_case": "family_id = $1",
    "address": "family_id = $1",
    "membership": "family_id = $1",
}
"""Tables of what is known of the family → which rows go, `$1` being the family."""
AT_LAST: dict[str, str] = {"person": _PEOPLE.format("id"), "family": "id = ANY($1::uuid[])"}
"""What the rest refers to, and goes last."""
BY_FUNCTION = frozenset({"chronology_entry", "merge_trace"})
"""Added to only: the application may not remove a row itself, but by the function that wants an erasure to name it."""
NOT_OF_A_FAMILY = frozenset({"erasure", "newest_fact"})
"""What holds nothing of anybody."""
_BEGIN = """
INSERT INTO erasure (id, place_id, family_digest) VALUES ($1, $2, $3)
"""
_DONE = "SELECT 1 FROM erasure WHERE id = $1"
_CARRIED = """
UPDATE restriction SET carried_from = NULL
WHERE carried_from IN (SELECT id FROM restriction WHERE person_id = ANY($1::uuid[])) AND person_id <> ALL($1::uuid[])
"""
"""Another keeper's record stood under it too: there it stays, as that keeper's own to lift."""
_ADDED_TO_ONLY = "SELECT erase_records($1, $2, $3::uuid[]) AS gone"


async def standing(unit: Unit, place_id: UUID, family_id: UUID) -> tuple[int, bool] | None:
    """The record's version and whether a case is open, kept from changing until the transaction ends."""
    row = await unit.fetch_one(_STANDING, (family_id, place_id))
    return None if row is None else (row.version, row.open_case)


async def is_kept_by(unit: Unit, family_id: UUID, organisation_ids: Sequence[UUID]) -> bool:
    """Whether one of these organisations keeps the record."""
    return await unit.fetch_one(_KEPT_BY, (family_id, list(organisation_ids))) is not None


async def people_only_here(unit: Unit, family_id: UUID) -> list[UUID]:
    """The people of a family who are, and were, in no other, and the records that were merged into theirs."""
    return [row.id for row in await unit.fetch(_ONLY_HERE, (family_id,))]


async def was_erased(unit: Unit, erasure_id: UUID) -> bool:
    """Whether this erasure was done before."""
    return await unit.fetch_one(_DONE, (erasure_id,)) is not None


async def begin_erasure(unit: Unit, erasure_id: UUID, place_id: UUID, family_id: UUID) -> None:
    """Keep that this erasure is done, so that it may be."""
    await unit.run(_BEGIN, (erasure_id, place_id, digest(family_id)))


async def remove_all(unit: Unit, erasure_id: UUID, family_id: UUID, people: Sequence[UUID]) -> int:
    """Remove every row of the family and of these people; answers how many."""
    gone = int((await unit.fetch_one(_ADDED_TO_ONLY, (erasure_id, family_id, list(people)))).gone)
    await unit.run(_PARTED, (list(people),))
    await release_carried(unit, people)
    for table, where in OF_PEOPLE.items():
        gone += await remove(unit, table, where, list(people))
    for table, where in OF_FAMILY.items():
        gone += await remove(unit, table, where, family_id)
    gone += await remove(unit, "person", AT_LAST["person"], list(people))
    gone += await remove(unit, "family", AT_LAST["family"], [family_id])
    return gone + await forget_ids(unit, (family_id, *people))


async def release_carried(unit: Unit, people: Sequence[UUID]) -> None:
    """Let restrictions that were carried from these people's records to another keeper's stand there by themselves."""
    await unit.run(_CARRIED, (list(people),))


async def remove(unit: Unit, table: str, where: str, whose: UUID | Sequence[UUID]) -> int:
    """Remove the rows of a table that are somebody's; answers how many."""
    return await unit.run(f"DELETE FROM {table} WHERE {where}", (whose,))  # noqa: S608 - constants of this module
