"""Merges as either keeper sees them, and the ids that a merge turned into pointers."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.families.domain.duplicates import Likeness
from connective.families.domain.merging import Merge, MergeReason, MergeState
from connective.families.storage.mapping import Row
from connective.families.storage.tables import person_merge
from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch
from connective.kit.problems import NotFound

_M = person_merge.c
_ONCE = "person_merge_once"
_SURVIVOR = """
WITH RECURSIVE chain AS (
  SELECT id, merged_into FROM person WHERE id = $1 AND place_id = $2
  UNION SELECT p.id, p.merged_into FROM person p JOIN chain c ON p.id = c.merged_into)
SELECT id FROM chain WHERE merged_into IS NULL
"""
_POINTING = """
WITH RECURSIVE pointing AS (
  SELECT id, merged_into FROM person WHERE merged_into = $1
  UNION SELECT p.id, p.merged_into FROM person p JOIN pointing c ON p.merged_into = c.id)
SELECT id FROM pointing ORDER BY id
"""
_OTHERS = """
SELECT CASE WHEN m.person_id = $1 THEN m.merged_person_id ELSE m.person_id END AS id FROM person_merge m
WHERE $1 IN (m.person_id, m.merged_person_id) AND m.state = 'merged' AND m.organisation_id <> m.merged_organisation_id
ORDER BY 1
"""
_LATER = """
SELECT 1 FROM person_merge m JOIN person_merge this ON this.id = $1
WHERE m.state = 'merged' AND m.id <> this.id AND (m.settled_at, m.id) > (this.settled_at, this.id)
  AND m.organisation_id = m.merged_organisation_id
  AND (m.person_id IN (this.person_id, this.merged_person_id)
    OR m.merged_person_id IN (this.person_id, this.merged_person_id))
"""


def to_merge(row: Row) -> Merge:
    """A merge from its row."""
    return Merge(
        id=row["id"],
        person_id=row["person_id"],
        merged_person_id=row["merged_person_id"],
        keepers=(row["organisation_id"], row["merged_organisation_id"]),
        likeness=Likeness(row["likeness"]),
        shared=tuple(row["shared"]),
        differs=tuple(row["differs"]),
        proposed_by=row["proposed_by"],
        proposed_organisation_id=row["proposed_organisation_id"],
        proposed_at=row["proposed_at"],
        agreed={UUID(keeper): by for keeper, by in row["agreed"].items()},
        state=MergeState(row["state"]),
        settled_by=row["settled_by"],
        settled_at=row["settled_at"],
        undone_by=row["undone_by"],
        undone_at=row["undone_at"],
        reason=row["reason"] and MergeReason(row["reason"]),
        version=row["version"],
    )


def _changing(merge: Merge) -> dict[str, Any]:
    return {
        "state": merge.state.value,
        "agreed": {str(keeper): by for keeper, by in merge.agreed.items()},
        "settled_by": merge.settled_by,
        "settled_at": merge.settled_at,
        "undone_by": merge.undone_by,
        "undone_at": merge.undone_at,
        "reason": merge.reason and merge.reason.value,
        "version": merge.version,
    }


async def add_merge(unit: Unit, merge: Merge) -> bool:
    """Write a proposal; whether nobody had proposed or made the same before."""
    row = {
        "id": merge.id,
        "place_id": unit.actor.place,
        "organisation_id": merge.keepers[0],
        "merged_organisation_id": merge.keepers[1],
        "person_id": merge.person_id,
        "merged_person_id": merge.merged_person_id,
        "likeness": merge.likeness.value,
        "shared": list(merge.shared),
        "differs": list(merge.differs),
        "proposed_by": merge.proposed_by,
        "proposed_organisation_id": merge.proposed_organisation_id,
        "proposed_at": merge.proposed_at,
        **_changing(merge),
    }
    try:
        await unit.connection.execute(insert(person_merge).values(row))
    except IntegrityError as error:
        if _ONCE not in str(error.orig):
            raise
        return False
    return True


async def change_merge(unit: Unit, merge: Merge) -> None:
    """Write where a merge stands now; the caller holds its row."""
    await unit.connection.execute(update(person_merge).where(_M.id == merge.id).values(_changing(merge)))


async def see_merge(connection: AsyncConnection, actor: Actor, merge_id: UUID, *, locked: bool = False) -> Merge:
    """A merge whose records the actor's organisation keeps, or one of them. Raises NotFound."""
    statement = select(person_merge).where(_M.id == merge_id, _kept(actor))
    row = (await connection.execute(statement.with_for_update() if locked else statement)).mappings().first()
    if row is None:
        raise NotFound
    return to_merge(dict(row))


def _kept(actor: Actor) -> Any:  # noqa: ANN401 - a condition
    return (_M.place_id == actor.place) & or_(
        _M.organisation_id == actor.organisation, _M.merged_organisation_id == actor.organisation
    )


async def merges_kept(
    connection: AsyncConnection, actor: Actor, *, state: MergeState | None, before: UUID | None, limit: int
) -> Sequence[Merge]:
    """Merges of the actor's organisation, the newest first, that come before the given id."""
    statement = select(person_merge).where(_kept(actor)).order_by(_M.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(_M.state == state.value)
    if before is not None:
        statement = statement.where(_M.id < before)
    return [to_merge(dict(row)) for row in (await connection.execute(statement)).mappings()]


async def survivor_of(connection: AsyncConnection, actor: Actor, person_id: UUID) -> UUID:
    """The record that a merged one is part of now; the same id for a record that is whole, or not to be seen."""
    rows = await fetch(connection, _SURVIVOR, (person_id, actor.place))
    survivor: UUID = rows[0].id if rows else person_id
    return survivor


async def pointing_to(connection: AsyncConnection, person_id: UUID) -> tuple[UUID, ...]:
    """The ids that were merged into this record, however many merges ago."""
    return tuple(row.id for row in await fetch(connection, _POINTING, (person_id,)))


async def same_person(connection: AsyncConnection, person_id: UUID) -> tuple[UUID, ...]:
    """The records of other keepers that count as the same person."""
    return tuple(row.id for row in await fetch(connection, _OTHERS, (person_id,)))


async def merged_again(unit: Unit, merge_id: UUID) -> bool:
    """Whether one of a merge's two records was made one with yet another since."""
    return bool(await unit.fetch(_LATER, (merge_id,)))


async def point(unit: Unit, person_ids: Iterable[UUID], into: UUID | None) -> None:
    """Let records point to the one they are part of now, or be whole again."""
    await unit.run("UPDATE person SET merged_into = $2 WHERE id = ANY($1::uuid[])", (list(person_ids), into))
