"""Place a restriction on a person: hide where they are, or keep a named worker out of the record."""

from datetime import datetime

from connective.families.commands.means import Means
from connective.families.commands.restriction_told import told
from connective.families.domain.restrictions import Restriction
from connective.families.storage import mapping, tables
from connective.families.storage.mapping import Keeper
from connective.families.storage.seeing import see_people
from connective.families.storage.writing import add
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def restrict_person(means: Means, actor: Actor, attempt: Attempt, new: Restriction, now: datetime) -> Done:
    """Restrict a person the actor's organisation keeps; from the commit on they are in no search. Raises NotFound."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset({new.person_id}), uses=False)
        await add(unit, tables.restriction, mapping.of_restriction, [new], Keeper.of(actor))
        await told(unit, means, actor, new, now)
        return await remember(unit, attempt, Done(new.id, 201))
