"""`/organisations/{id}/assurance`: what a provider has shown, who verified it, and what lapsed."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.partners.api.assurance_schemas import AssuranceItemOut, AssuranceOut, DecideAssurance, RecordAssurance
from connective.partners.api.deps import PartsDep, show_version
from connective.partners.api.showing_assurance import show_assurance, show_item
from connective.partners.commands.decide_assurance import decide_assurance
from connective.partners.commands.read_dossier import item_of_dossier, items_of_dossier
from connective.partners.commands.record_assurance import Evidence, record_assurance
from connective.partners.commands.refusals import AlreadySo, NotAMember, NotYours, NotYoursToVerify, RulesBroken
from connective.partners.domain.dossier import ItemState
from connective.partners.queries import directory

routes = router(tags=["organisations"])


@routes.get(
    "/organisations/{organisation_id}/assurance",
    operation_id="partners_read_assurance",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def read(organisation_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> AssuranceOut:
    """How it stands today: its assurance level, and what it has shown, what nears its end, lapsed, or is missing."""
    found = await directory.organisation(parts.means.database, actor, organisation_id)
    show_version(response, found.version)
    return show_assurance(found, actor, parts.clock())


@routes.get(
    "/organisations/{organisation_id}/assurance/items",
    operation_id="partners_list_assurance_items",
    **operation(Permission.PARTNERS_ASSURANCE_READ, relation="own_organisation", refuses=(NotYours,)),
)
async def list_items(
    *,
    request: Request,
    response: Response,
    organisation_id: UUID,
    actor: ActorDep,
    parts: PartsDep,
    state: Annotated[ItemState | None, Query(description="Only items in this state.")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AssuranceItemOut]:
    """The items of its dossier, newest first: for its own administrator, its hub's coordinator, place and auditor."""
    find = partial(items_of_dossier, parts.means.database, actor, organisation_id)
    found = await find(state=state, after=parts.cursors.after(cursor), limit=limit + 1)
    return page_of(request, response, parts.cursors, found, limit=limit, show=show_item)


@routes.post(
    "/organisations/{organisation_id}/assurance/items",
    status_code=201,
    operation_id="partners_record_assurance_item",
    **operation(
        Permission.PARTNERS_ASSURANCE_WRITE,
        relation="own_organisation",
        refuses=(NotYours, NotAMember, RulesBroken),
    ),
)
async def record(
    *,
    organisation_id: UUID,
    body: RecordAssurance,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> AssuranceItemOut:
    """Record an item. An organisation's own waits to be verified; the place's or its hub's holds at once."""
    evidence = Evidence(body.kind, body.evidence, body.account_id, body.issued_on, body.expires_on)
    done = await record_assurance(parts.means, actor, attempt, organisation_id, evidence, now=parts.clock())
    show_done(response, done)
    found = await item_of_dossier(parts.means.database, actor, organisation_id, done.resource_id)
    show_version(response, found.version)
    return show_item(found)


@routes.post(
    "/organisations/{organisation_id}/assurance/items/{item_id}/decide",
    operation_id="partners_decide_assurance_item",
    **operation(
        Permission.PARTNERS_ASSURANCE_VERIFY,
        relation="own_hub",
        refuses=(NotYoursToVerify, AlreadySo),
    ),
)
async def decide(
    *,
    organisation_id: UUID,
    item_id: UUID,
    body: DecideAssurance,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> AssuranceItemOut:
    """Verify or refuse a proposal, or withdraw what does not hold: its hub's coordinator or the place may."""
    done = await decide_assurance(
        parts.means,
        actor,
        attempt,
        organisation_id,
        item_id,
        state=ItemState(body.decision),
        reason=body.reason,
        now=parts.clock(),
    )
    show_done(response, done)
    found = await item_of_dossier(parts.means.database, actor, organisation_id, done.resource_id)
    show_version(response, found.version)
    return show_item(found)
