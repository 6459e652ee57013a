"""Tell how much room a service has: often, by a person or by the service's own system."""

from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.partners.commands.authority import refuse_unless_own
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import refuse_broken
from connective.partners.commands.telling import tell_capacity
from connective.partners.domain.capacity import Capacity, broken_capacities
from connective.partners.domain.services import with_capacities
from connective.partners.storage.services import Owned, lock_service, save_capacities


async def tell_room(
    means: Means, actor: Actor, service_id: UUID, *, based_on: int, rows: tuple[Capacity, ...], now: datetime
) -> Owned:
    """Keep the figures as told now, beside all earlier ones. Raises NotFound, NotYours, RulesBroken and Stale."""
    refuse_broken(broken_capacities(rows))
    async with means.database.unit(actor) as unit:
        before = await lock_service(unit.connection, actor, service_id)
        refuse_unless_own(actor, before.organisation.id)
        refuse_stale(based_on, before.service.version)
        after = with_capacities(before.service, rows, now)
        await save_capacities(unit.connection, after)
        tell_capacity(unit, after)
        return Owned(after, before.organisation)
