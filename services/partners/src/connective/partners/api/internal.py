"""What other services ask of partners, on behalf of whoever asked them."""

from connective.contracts.permissions import Permission
from connective.contracts.sharing import ServiceFactsAnswered, ServiceFactsAsked
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import Access, operation
from connective.partners.api.deps import PartsDep
from connective.partners.queries.directory import service_facts

routes = router(tags=["internal"])


@routes.post(
    "/internal/service-facts",
    operation_id="partners_tell_service_facts",
    **operation(Permission.PARTNERS_SERVICE_FACTS, relation="place", access=Access.INTERNAL),
)
async def facts(body: ServiceFactsAsked, actor: ActorDep, parts: PartsDep) -> ServiceFactsAnswered:
    """The facts of those services that exist in the asker's place; unknown ones are left out."""
    return ServiceFactsAnswered(items=tuple(await service_facts(parts.means.database, actor, body.service_ids)))
