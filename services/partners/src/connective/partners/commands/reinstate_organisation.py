"""Reinstate an organisation that was suspended."""

from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.partners.commands.authority import refuse_unless_running_the_place
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import AlreadySo
from connective.partners.commands.telling import tell_act, tell_reinstated
from connective.partners.domain.organisations import reinstated
from connective.partners.storage.organisations import keep_state_change, lock_organisation, save_organisation


async def reinstate_organisation(
    means: Means, actor: Actor, attempt: Attempt, organisation_id: UUID, *, reason: str, now: datetime
) -> Done:
    """Let it take part again, keeping who did and why. Raises NotYours, NotFound and AlreadySo."""
    refuse_unless_running_the_place(actor)
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        after = reinstated(await lock_organisation(unit.connection, actor, organisation_id), now)
        if after is None:
            raise AlreadySo("It is active already.")
        await save_organisation(unit.connection, after)
        await keep_state_change(unit.connection, actor, after, reason)
        tell_reinstated(unit, after)
        tell_act(unit, "reinstated", after)
        return await remember(unit, attempt, Done(after.id, 200))
