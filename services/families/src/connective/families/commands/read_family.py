"""Read a family's record: a command, because that somebody looked is written down in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.storage.acts import Act, audit, ids_of
from connective.families.storage.merges import pointing_to, same_person, survivor_of
from connective.families.storage.pictures import Loaded, load
from connective.families.storage.seeing import Standing, see_family, see_people
from connective.kit.actor import Actor

RESTRICTIONS = "restrictions.read"
"""The reading of what restricts somebody: whoever protects them goes on doing so while processing is restricted."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, and as what the reader's organisation stands to the family."""

    loaded: Loaded
    standing: Standing


async def read_family(means: Means, actor: Actor, family_id: UUID, now: datetime, act: str = "family.read") -> Read:
    """A family and its people. Raises NotFound for one the actor may not see. No log row, no data."""
    async with means.database.unit(actor) as unit:
        standing = await see_family(unit.connection, actor, family_id)
        loaded = await load(unit.connection, family_ids=[family_id])
        audit(unit, actor, Act(act, family_id, ids_of(loaded.picture.people), relation=standing), now)
    return Read(loaded, standing)


@dataclass(frozen=True, slots=True)
class ReadPerson:
    """One person's record: the asked one, or the one it is part of now."""

    loaded: Loaded
    person_id: UUID
    merged: tuple[UUID, ...]
    """The ids that lead to this record, since two were made one."""
    others: tuple[UUID, ...]
    """Records that other organisations keep of the same person."""


async def read_person(
    means: Means, actor: Actor, person_id: UUID, now: datetime, act: str = "person.read"
) -> ReadPerson:
    """One person, with every family of theirs; a merged record answers as the one it is part of.

    Raises NotFound for one the actor may not see.
    """
    async with means.database.unit(actor) as unit:
        whole = await survivor_of(unit.connection, actor, person_id)
        await see_people(unit.connection, actor, frozenset({whole}), uses=act != RESTRICTIONS)
        loaded = await load(unit.connection, person_ids=[whole])
        merged = await pointing_to(unit.connection, whole)
        others = await same_person(unit.connection, whole)
        audit(unit, actor, Act(act, person_ids=(whole,)), now)
    return ReadPerson(loaded, whole, merged, others)
