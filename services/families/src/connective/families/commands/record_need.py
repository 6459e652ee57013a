"""Record what makes life hard for one person."""

from datetime import datetime

from connective.families.commands.means import Means
from connective.families.domain.needs import PersonNeed
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.mapping import Keeper
from connective.families.storage.seeing import see_people
from connective.families.storage.writing import add, move_families_on
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def record_need(means: Means, actor: Actor, attempt: Attempt, need: PersonNeed, now: datetime) -> Done:
    """Add a need of a person the actor's organisation keeps. Raises NotFound."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset({need.person_id}))
        await add(unit, tables.need, mapping.of_need, [need], Keeper.of(actor))
        versions = await move_families_on(unit, need.person_id)
        tell_changed(unit, actor, versions, "needs")
        audit(unit, actor, Act("need.recorded", person_ids=(need.person_id,)), now)
        await enter_own(unit, actor, "need", versions, now, person_id=need.person_id, detail_code=need.code)
        return await remember(unit, attempt, Done(need.id, 201))
