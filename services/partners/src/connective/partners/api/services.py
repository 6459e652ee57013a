"""`/services`: the directory of what organisations offer."""

from functools import partial
from operator import attrgetter
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale
from connective.partners.api.deps import PartsDep, show_version
from connective.partners.api.parts import Code
from connective.partners.api.reading import capacities_of, changes_of, listing_of, terms_of
from connective.partners.api.schemas import CapacityBody, ChangeService, PublishService, RoomOut, ServiceOut
from connective.partners.api.showing import show_room, show_service
from connective.partners.commands.change_service import change_service
from connective.partners.commands.publish_service import publish_service
from connective.partners.commands.refusals import NotYours, RulesBroken, UnknownPostcode
from connective.partners.commands.tell_room import tell_room
from connective.partners.domain.codes import ServiceStatus
from connective.partners.queries import directory
from connective.partners.storage.services import Owned, ServiceFilter

routes = router(tags=["services"])


@routes.post(
    "/services",
    status_code=201,
    operation_id="partners_publish_service",
    **operation(
        Permission.PARTNERS_SERVICE_WRITE,
        relation="own_organisation",
        refuses=(NotYours, RulesBroken, UnknownPostcode),
    ),
)
async def publish(
    body: PublishService, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> ServiceOut:
    """Publish a service in the directory."""
    listing = listing_of(body, parts.means.needs)
    done = await publish_service(
        parts.means,
        actor,
        attempt,
        organisation_id=body.organisation_id,
        listing=listing,
        terms=terms_of(body),
        now=parts.clock(),
    )
    show_done(response, done)
    response.headers["Location"] = f"/services/{done.resource_id}"
    found = await directory.service(parts.means.database, actor, done.resource_id)
    return _answer(found, actor, parts, response)


@routes.get(
    "/services",
    operation_id="partners_list_services",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    organisation_id: Annotated[UUID | None, Query()] = None,
    kind: Annotated[Code | None, Query()] = None,
    need: Annotated[Code | None, Query()] = None,
    status: Annotated[ServiceStatus | None, Query(description="Ended services only when asked for.")] = None,
    service: Annotated[
        list[UUID] | None,
        Query(max_length=100, description="Only these, ended ones too; one that your place does not have is left out."),
    ] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ServiceOut]:
    """The place's services, by name."""
    narrowed = ServiceFilter(organisation_id, kind, need, status, only=service)
    after = parts.cursors.read(cursor, str, UUID)
    found = await directory.services(parts.means.database, actor, narrowed, after=after, limit=limit + 1)
    show = partial(show_service, actor=actor, now=parts.clock())
    name_and_id = attrgetter("service.listing.name", "service.id")
    return page_of(request, response, parts.cursors, found, limit=limit, show=show, at=name_and_id)


@routes.get(
    "/services/{service_id}",
    operation_id="partners_read_service",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def read(service_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ServiceOut:
    """One service."""
    found = await directory.service(parts.means.database, actor, service_id)
    return _answer(found, actor, parts, response)


@routes.patch(
    "/services/{service_id}",
    operation_id="partners_change_service",
    **operation(
        Permission.PARTNERS_SERVICE_WRITE,
        relation="own_organisation",
        refuses=(NotYours, RulesBroken, UnknownPostcode, Stale, MatchRequired),
    ),
)
async def change(
    *, service_id: UUID, body: ChangeService, actor: ActorDep, version: VersionDep, parts: PartsDep, response: Response
) -> ServiceOut:
    """Change it; the status `defunct` withdraws it."""
    changed = await change_service(
        parts.means, actor, service_id, based_on=version, changes=changes_of(body), now=parts.clock()
    )
    return _answer(changed, actor, parts, response)


@routes.get(
    "/services/{service_id}/capacity",
    operation_id="partners_read_room",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def read_capacity(service_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> RoomOut:
    """How much room it has. Nothing is said of the family that it is asked for, and nothing is kept of the asking."""
    found = await directory.service(parts.means.database, actor, service_id)
    show_version(response, found.service.version)
    return show_room(found, actor, parts.clock())


@routes.put(
    "/services/{service_id}/capacity",
    operation_id="partners_tell_room",
    **operation(
        Permission.PARTNERS_SERVICE_WRITE,
        relation="own_organisation",
        refuses=(NotYours, RulesBroken, Stale, MatchRequired),
    ),
)
async def tell_capacity(
    *, service_id: UUID, body: CapacityBody, actor: ActorDep, version: VersionDep, parts: PartsDep, response: Response
) -> ServiceOut:
    """Tell how much room it has now. Earlier figures are kept."""
    now = parts.clock()
    told = await tell_room(parts.means, actor, service_id, based_on=version, rows=capacities_of(body, now), now=now)
    return _answer(told, actor, parts, response)


def _answer(owned: Owned, actor: ActorDep, parts: PartsDep, response: Response) -> ServiceOut:
    show_version(response, owned.service.version)
    return show_service(owned, actor, parts.clock())
