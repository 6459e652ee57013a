"""Decide an item of a dossier: verify or refuse a proposal, or withdraw what turned out not to hold."""

from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.partners.commands.assuring import follow_dossier, vouches
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import AlreadySo, NotYoursToVerify
from connective.partners.domain.dossier import ItemState, decided, may_become
from connective.partners.storage.assurance import find_item, save_decision
from connective.partners.storage.organisations import lock_organisation


async def decide_assurance(
    means: Means,
    actor: Actor,
    attempt: Attempt,
    organisation_id: UUID,
    item_id: UUID,
    *,
    state: ItemState,
    reason: str | None,
    now: datetime,
) -> Done:
    """Decide it; the level follows in the same transaction. Raises NotFound, NotYoursToVerify and AlreadySo."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        organisation = await lock_organisation(unit.connection, actor, organisation_id)
        if not await vouches(unit, actor, organisation_id):
            raise NotYoursToVerify
        item = await find_item(unit.connection, actor, organisation_id, item_id)
        if not may_become(item, state):
            raise AlreadySo(f"It is {item.state}: nothing is to be decided so.")
        await save_decision(unit.connection, decided(item, state, actor.id, now, reason))
        await follow_dossier(unit, organisation, now)
        return await remember(unit, attempt, Done(item.id, 200))
