"""Say that a listing was checked today and is true: what keeps it from being chased."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.partners.commands.answer_report import coordinates_the_place
from connective.partners.commands.authority import may_change
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import NotYours
from connective.partners.commands.telling import tell_service_changed
from connective.partners.domain.services import changed
from connective.partners.storage.imported import keep_following_the_source
from connective.partners.storage.services import lock_service, save_service


async def assure_listing(means: Means, actor: Actor, attempt: Attempt, service_id: UUID, *, now: datetime) -> Done:
    """Keep today as the day it was checked. Raises NotFound and NotYours.

    An imported listing goes on following its source: looking at it has not changed what it says.
    """
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        owned = await lock_service(unit.connection, actor, service_id)
        if not (may_change(actor, owned.organisation.id) or coordinates_the_place(actor)):
            raise NotYours
        service = owned.service
        listing = replace(service.listing, assured_on=now.date())
        after = changed(service, now, listing=listing, terms=service.terms)
        if after is not service:
            await save_service(unit.connection, after)
            await keep_following_the_source(unit.connection, service.id, service.version)
            tell_service_changed(unit, service, after)
        return await remember(unit, attempt, Done(service.id, 200))
