"""Who may see which family: one predicate, used to see one and to list all, so that the two cannot diverge."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.families.domain.refusals import MergedRecord, ProcessingRestricted
from connective.families.storage.merges import survivor_of
from connective.kit.actor import Actor
from connective.kit.database import fetch, fetch_one
from connective.kit.problems import NotFound


class Standing(StrEnum):
    """What the asker's organisation is to a family."""

    KEEPER = "keeper"
    TEAM = "team"
    """On the team around the family. Not permission by itself: each read of category data takes a decision."""


_SHUT_OUT = """EXISTS (
  SELECT 1 FROM membership m JOIN restriction r ON r.person_id = m.person_id
  WHERE m.family_id = f.id AND r.lifted_at IS NULL AND r.kind IN ('own_record', 'conflict')
    AND $3 = ANY (r.named_actor_ids))"""
KEPT = f"f.place_id = $1 AND f.organisation_id = $2 AND NOT {_SHUT_OUT}"
"""`$1` the place, `$2` the organisation, `$3` the actor, over `family f`."""

_ON_TEAM = """f.place_id = $1 AND $3 <> '' AND EXISTS (
  SELECT 1 FROM team_member t WHERE t.family_id = f.id AND t.member_organisation_id = $2
    AND t.since <= CURRENT_DATE AND (t.until IS NULL OR t.until >= CURRENT_DATE))"""

_STANDING = f"""
SELECT f.version, CASE WHEN {KEPT} THEN 'keeper' ELSE 'team' END AS standing
FROM family f WHERE f.id = $4 AND (({KEPT}) OR (f.organisation_id <> $2 AND {_ON_TEAM}))
"""  # noqa: S608 - constants only; values go as parameters
_LOCK = " FOR UPDATE OF f"
_PEOPLE = f"""
SELECT p.id, p.processing_restricted FROM person p
WHERE p.id = ANY($4::uuid[]) AND p.place_id = $1 AND p.organisation_id = $2
AND EXISTS (SELECT 1 FROM membership own JOIN family f ON f.id = own.family_id WHERE own.person_id = p.id)
AND NOT EXISTS (
  SELECT 1 FROM membership own JOIN family f ON f.id = own.family_id WHERE own.person_id = p.id AND NOT ({KEPT}))
"""  # noqa: S608 - constants only; values go as parameters


def asker(actor: Actor) -> tuple[UUID, UUID, str]:
    """The predicate's first three parameters."""
    return actor.place, actor.organisation, actor.id


async def see_family(connection: AsyncConnection, actor: Actor, family_id: UUID) -> Standing:
    """What the actor is to this family. Raises NotFound where nothing, as for a family that does not exist."""
    row = await fetch_one(connection, _STANDING, (*asker(actor), family_id))
    if row is None:
        raise NotFound
    return Standing(row.standing)


async def keep_family(connection: AsyncConnection, actor: Actor, family_id: UUID) -> int:
    """The version of a family that the actor's organisation keeps, locked for a change. Raises NotFound otherwise."""
    row = await fetch_one(connection, _STANDING + _LOCK, (*asker(actor), family_id))
    if row is None or row.standing != Standing.KEEPER:
        raise NotFound
    version: int = row.version
    return version


async def see_people(
    connection: AsyncConnection, actor: Actor, person_ids: frozenset[UUID], *, uses: bool = True
) -> None:
    """Let pass whose record the actor's organisation keeps, every one of these, where nothing shuts the actor out.

    `uses` is False for what neither shows nor adds anything about them, and for what protects them: that is let pass
    where processing is restricted too. Raises MergedRecord for one that is part of another such record now,
    ProcessingRestricted, and NotFound otherwise.
    """
    found = await _seen(connection, actor, person_ids)
    missing = person_ids - found.keys()
    for person_id in sorted(missing):
        survivor = await survivor_of(connection, actor, person_id)
        if survivor != person_id and await _seen(connection, actor, frozenset({survivor})):
            raise MergedRecord("Two records were made one: use the one that stays.", person_id=str(survivor))
    if missing:
        raise NotFound
    if uses and any(found.values()):
        raise ProcessingRestricted(
            "Their data are stored and not used, at their request. Ask your data protection officer, who lifts it."
        )


async def _seen(connection: AsyncConnection, actor: Actor, person_ids: frozenset[UUID]) -> dict[UUID, bool]:
    """Of these people whom the actor sees, and whether processing of their data is restricted."""
    rows = await fetch(connection, _PEOPLE, (*asker(actor), list(person_ids)))
    return {row.id: row.processing_restricted for row in rows}
