"""Record what goes well for one person."""

from datetime import datetime

from connective.families.commands.means import Means
from connective.families.domain.strengths import PersonStrength
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.mapping import Keeper
from connective.families.storage.seeing import see_people
from connective.families.storage.writing import add, move_families_on
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def record_strength(means: Means, actor: Actor, attempt: Attempt, new: PersonStrength, now: datetime) -> Done:
    """Add a strength of a person the actor's organisation keeps. Raises NotFound."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset({new.person_id}))
        await add(unit, tables.strength, mapping.of_strength, [new], Keeper.of(actor))
        versions = await move_families_on(unit, new.person_id)
        tell_changed(unit, actor, versions, "strengths")
        audit(unit, actor, Act("strength.recorded", person_ids=(new.person_id,)), now)
        await enter_own(unit, actor, "strength", versions, now, person_id=new.person_id, detail_code=new.code)
        return await remember(unit, attempt, Done(new.id, 201))
