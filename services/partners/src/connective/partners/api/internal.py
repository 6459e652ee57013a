"""What other services ask of partners, on behalf of whoever asked them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from connective.contracts.permissions import Permission
from connective.contracts.sharing import OrganisationFacts, ServiceFactsAnswered, ServiceFactsAsked
from connective.kit.actor import service_actor
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import Access, operation
from connective.partners.api.deps import PartsDep
from connective.partners.queries.directory import organisation_facts, service_facts

routes = router(tags=["internal"])


@routes.post(
    "/internal/service-facts",
    operation_id="partners_tell_service_facts",
    **operation(Permission.PARTNERS_SERVICE_FACTS, relation="place", access=Access.INTERNAL),
)
async def facts(body: ServiceFactsAsked, actor: ActorDep, parts: PartsDep) -> ServiceFactsAnswered:
    """The facts of those services that exist in the asker's place; unknown ones are left out."""
    asker = actor if actor.place_id or body.place_id is None else service_actor(actor.caller or "", body.place_id)
    return ServiceFactsAnswered(items=tuple(await service_facts(parts.means.database, asker, body.service_ids)))


@routes.get(
    "/internal/organisations/{organisation_id}",
    operation_id="partners_tell_organisation_facts",
    **operation(Permission.PARTNERS_SERVICE_FACTS, relation="place", access=Access.INTERNAL),
)
async def organisation(
    organisation_id: UUID,
    actor: ActorDep,
    parts: PartsDep,
    place_id: Annotated[UUID | None, Query(description="The place, where a service asks on its own.")] = None,
) -> OrganisationFacts:
    """One organisation of the asker's place, as other systems may know it."""
    asker = actor if actor.place_id or place_id is None else service_actor(actor.caller or "", place_id)
    return await organisation_facts(parts.means.database, asker, organisation_id)
