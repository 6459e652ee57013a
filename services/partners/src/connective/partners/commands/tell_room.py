"""Tell how much room a service has: often, by a person or by the service's own system."""

from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.partners.commands.authority import refuse_unless_own
from connective.partners.commands.means import Means
from connective.partners.commands.telling import tell_capacity
from connective.partners.domain.capacity import Capacity
from connective.partners.domain.services import with_capacity
from connective.partners.storage.services import Owned, lock_service, save_capacity


async def tell_room(
    means: Means,
    actor: Actor,
    service_id: UUID,
    based_on: int,
    *,
    available: int,
    maximum: int | None,
    unit_name: str,
    waiting_weeks: int | None,
    now: datetime,
) -> Owned:
    """Keep the figure as told now, beside all earlier ones. Raises NotFound, NotYours and Stale."""
    capacity = Capacity(available, unit_name, now, maximum, waiting_weeks)
    async with means.database.unit(actor) as unit:
        before = await lock_service(unit.connection, actor, service_id)
        refuse_unless_own(actor, before.organisation.id)
        refuse_stale(based_on, before.service.version)
        after = with_capacity(before.service, capacity)
        await save_capacity(unit.connection, after, capacity)
        tell_capacity(unit, after)
        return Owned(after, before.organisation)
