"""Read a family's record: a command, because that somebody looked is written down in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.storage.acts import Act, audit, ids_of
from connective.families.storage.pictures import Loaded, load
from connective.families.storage.seeing import Standing, see_family, see_people
from connective.kit.actor import Actor


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


async def read_person(means: Means, actor: Actor, person_id: UUID, now: datetime, act: str = "person.read") -> Read:
    """One person, with every family of theirs. Raises NotFound for one the actor may not see."""
    async with means.database.unit(actor) as unit:
        await see_people(unit.connection, actor, frozenset({person_id}))
        loaded = await load(unit.connection, person_ids=[person_id])
        audit(unit, actor, Act(act, person_ids=(person_id,)), now)
    return Read(loaded, Standing.KEEPER)
