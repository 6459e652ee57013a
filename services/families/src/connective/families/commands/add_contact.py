"""Record a way to reach somebody, with what is safe."""

from datetime import datetime

from connective.families.commands.means import Means
from connective.families.domain.contacts import ContactPoint
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.mapping import Keeper
from connective.families.storage.seeing import see_people
from connective.families.storage.writing import add, move_families_on, move_on
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def add_contact(means: Means, actor: Actor, attempt: Attempt, new: ContactPoint, now: datetime) -> Done:
    """Add a way to reach a person the actor's organisation keeps. Raises NotFound."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset({new.person_id}))
        await add(unit, tables.contact_point, mapping.of_contact, [new], Keeper.of(actor))
        await move_on(unit, tables.person, [new.person_id])
        versions = await move_families_on(unit, new.person_id)
        tell_changed(unit, actor, versions, "contact")
        audit(unit, actor, Act("person.changed", person_ids=(new.person_id,)), now)
        await enter_own(unit, actor, "contact", versions, now, person_id=new.person_id)
        return await remember(unit, attempt, Done(new.person_id, 201))
