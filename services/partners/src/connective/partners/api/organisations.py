"""`/organisations`: who works in the Hub, or is only listed."""

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
from connective.partners.api.reading import changes_of, profile_of
from connective.partners.api.schemas import ChangeOrganisation, OrganisationOut, ReasonBody, RegisterOrganisation
from connective.partners.api.showing import show_organisation
from connective.partners.commands.change_organisation import change_organisation
from connective.partners.commands.refusals import AlreadySo, NotYours, RulesBroken
from connective.partners.commands.register_organisation import register_organisation
from connective.partners.commands.reinstate_organisation import reinstate_organisation
from connective.partners.commands.suspend_organisation import suspend_organisation
from connective.partners.domain.codes import OrganisationKind, OrganisationState
from connective.partners.queries import directory

routes = router(tags=["organisations"])


@routes.post(
    "/organisations",
    status_code=201,
    operation_id="partners_register_organisation",
    **operation(Permission.PARTNERS_ORGANISATION_REGISTER, relation="place_admin", refuses=(NotYours, RulesBroken)),
)
async def register(
    body: RegisterOrganisation, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> OrganisationOut:
    """Register an organisation that joins the place. Only the place's administrator may."""
    done = await register_organisation(
        parts.means,
        actor,
        attempt,
        profile_of(body),
        legal_entity_id=body.legal_entity_id,
        assurance_level=body.assurance_level,
        now=parts.clock(),
    )
    show_done(response, done)
    response.headers["Location"] = f"/organisations/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get(
    "/organisations",
    operation_id="partners_list_organisations",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    kind: Annotated[OrganisationKind | None, Query()] = None,
    state: Annotated[OrganisationState | None, Query()] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[OrganisationOut]:
    """The place's organisations, by name."""
    after = parts.cursors.read(cursor, str, UUID)
    database = parts.means.database
    found = await directory.organisations(database, actor, kind=kind, state=state, after=after, limit=limit + 1)
    show = partial(show_organisation, actor=actor)
    return page_of(request, response, parts.cursors, found, limit=limit, show=show, at=attrgetter("profile.name", "id"))


@routes.get(
    "/organisations/{organisation_id}",
    operation_id="partners_read_organisation",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def read(organisation_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> OrganisationOut:
    """One organisation."""
    return await _answer(organisation_id, actor, parts, response)


@routes.patch(
    "/organisations/{organisation_id}",
    operation_id="partners_change_organisation",
    **operation(
        Permission.PARTNERS_ORGANISATION_WRITE,
        relation="own_organisation",
        refuses=(NotYours, RulesBroken, Stale, MatchRequired),
    ),
)
async def change(
    *,
    organisation_id: UUID,
    body: ChangeOrganisation,
    actor: ActorDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> OrganisationOut:
    """Change it. What it is (kind, legal entity) is for the place's administrator to say."""
    changed = await change_organisation(
        parts.means, actor, organisation_id, based_on=version, changes=changes_of(body), now=parts.clock()
    )
    show_version(response, changed.version)
    return show_organisation(changed, actor)


@routes.post(
    "/organisations/{organisation_id}/suspend",
    operation_id="partners_suspend_organisation",
    **operation(Permission.PARTNERS_ORGANISATION_SUSPEND, relation="place_admin", refuses=(NotYours, AlreadySo)),
)
async def suspend(
    *,
    organisation_id: UUID,
    body: ReasonBody,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> OrganisationOut:
    """Suspend it: no new requests to or from it, and no reading, until it is reinstated."""
    done = await suspend_organisation(
        parts.means, actor, attempt, organisation_id, reason=body.reason, now=parts.clock()
    )
    show_done(response, done)
    return await _answer(done.resource_id, actor, parts, response)


@routes.post(
    "/organisations/{organisation_id}/reinstate",
    operation_id="partners_reinstate_organisation",
    **operation(Permission.PARTNERS_ORGANISATION_SUSPEND, relation="place_admin", refuses=(NotYours, AlreadySo)),
)
async def reinstate(
    *,
    organisation_id: UUID,
    body: ReasonBody,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> OrganisationOut:
    """End its suspension."""
    done = await reinstate_organisation(
        parts.means, actor, attempt, organisation_id, reason=body.reason, now=parts.clock()
    )
    show_done(response, done)
    return await _answer(done.resource_id, actor, parts, response)


async def _answer(organisation_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> OrganisationOut:
    found = await directory.organisation(parts.means.database, actor, organisation_id)
    show_version(response, found.version)
    return show_organisation(found, actor)
