"""Publish a service of an organisation in the directory."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.partners.commands.authority import refuse_unless_own
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import refuse_broken
from connective.partners.commands.telling import tell_published
from connective.partners.commands.whereabouts import placed
from connective.partners.domain.locations import identified
from connective.partners.domain.services import Listing, Service, Terms, broken_service
from connective.partners.storage.organisations import find_organisation
from connective.partners.storage.services import add_service


async def publish_service(
    means: Means,
    actor: Actor,
    attempt: Attempt,
    *,
    organisation_id: UUID,
    listing: Listing,
    terms: Terms,
    now: datetime,
) -> Done:
    """Publish it. Raises NotYours, NotFound, RulesBroken and UnknownPostcode."""
    refuse_unless_own(actor, organisation_id)
    on_the_map = await placed(listing, means.postcodes)
    on_the_map = replace(on_the_map, locations=identified(on_the_map.locations, (), new_id))
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        organisation = await find_organisation(unit.connection, actor, organisation_id)
        refuse_broken(broken_service(on_the_map, terms, organisation, means.needs))
        service = Service(new_id(), organisation.place_id, organisation.id, on_the_map, terms, 1, now)
        await add_service(unit.connection, service)
        tell_published(unit, service)
        return await remember(unit, attempt, Done(service.id, 201))
