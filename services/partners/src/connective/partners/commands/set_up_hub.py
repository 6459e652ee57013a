"""Set up a hub: an area-based group of organisations with a coordinator."""

from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.partners.commands.authority import refuse_unless_running_the_place
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import refuse_broken
from connective.partners.commands.telling import tell_hub_changed
from connective.partners.domain.hubs import Hub, broken_hub, canonical_hub
from connective.partners.storage.hub_members import keep_members
from connective.partners.storage.hubs import add_hub
from connective.partners.storage.organisations import organisations_by_id


async def set_up_hub(
    means: Means,
    actor: Actor,
    attempt: Attempt,
    *,
    name: str,
    outward_postcodes: tuple[str, ...],
    coordinator_account_id: UUID | None,
    member_organisation_ids: tuple[UUID, ...],
    now: datetime,
) -> Done:
    """Set it up. Raises NotYours and RulesBroken."""
    refuse_unless_running_the_place(actor)
    members = member_organisation_ids
    hub = Hub(new_id(), actor.place, name, outward_postcodes, coordinator_account_id, members, 1, now)
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await refuse_broken_hub(unit, actor, hub)
        hub = canonical_hub(hub)
        await add_hub(unit.connection, hub)
        await keep_members(unit.connection, frozenset(), hub, by=actor.id, at=now)
        tell_hub_changed(unit, hub)
        return await remember(unit, attempt, Done(hub.id, 201))


async def refuse_broken_hub(unit: Unit, actor: Actor, hub: Hub) -> None:
    """Raise RulesBroken for a hub whose area or members cannot be."""
    known = await organisations_by_id(unit.connection, actor, hub.member_organisation_ids)
    refuse_broken(broken_hub(hub, frozenset(known)))
