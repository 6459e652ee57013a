"""Lift a restriction: the first person asks, a second one does it."""

from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.commands.restriction_told import told
from connective.families.domain.restrictions import Restriction, lift
from connective.families.storage import mapping, tables
from connective.families.storage.pictures import load
from connective.families.storage.seeing import see_people
from connective.families.storage.writing import change, lock
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotFound


async def lift_restriction(
    means: Means, actor: Actor, attempt: Attempt, person_id: UUID, restriction_id: UUID, *, now: datetime
) -> Done:
    """Ask for, or as a second person do, the lifting. Raises NotFound, NotTheSecondPerson or AlreadyEnded."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset({person_id}), uses=False)
        lifted = lift(await _locked(unit, person_id, restriction_id), actor.id, now)
        await change(unit, tables.restriction, restriction_id, mapping.of_restriction(lifted))
        await told(unit, means, actor, lifted, now)
        return await remember(unit, attempt, Done(restriction_id, 200))


async def _locked(unit: Unit, person_id: UUID, restriction_id: UUID) -> Restriction:
    if not await lock(unit, tables.restriction, restriction_id):
        raise NotFound
    loaded = await load(unit.connection, person_ids=[person_id])
    found = [r for r in loaded.restrictions_on(person_id) if r.id == restriction_id]
    if not found:
        raise NotFound
    return found[0]
