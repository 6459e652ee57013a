"""`/hubs`: area-based groups of organisations."""

from functools import partial
from operator import attrgetter
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale
from connective.partners.api.deps import PartsDep, show_version
from connective.partners.api.reading import changes_of
from connective.partners.api.schemas import ChangeHub, HubOut, SetUpHub
from connective.partners.api.search_schemas import UnmetNeedOut, UnmetNeedsOut
from connective.partners.api.showing import show_hub
from connective.partners.commands.change_hub import change_hub
from connective.partners.commands.read_unmet_needs import unmet_needs
from connective.partners.commands.refusals import NotYours, RulesBroken
from connective.partners.commands.set_up_hub import set_up_hub
from connective.partners.domain.unmet import LONGEST_WEEKS, SHORTEST_WEEKS, SMALLEST_TOLD
from connective.partners.queries import directory

routes = router(tags=["hubs"])


@routes.post(
    "/hubs",
    status_code=201,
    operation_id="partners_set_up_hub",
    **operation(Permission.PARTNERS_HUB_SET_UP, relation="place_admin", refuses=(NotYours, RulesBroken)),
)
async def set_up(body: SetUpHub, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> HubOut:
    """Set up a hub. Only the place's administrator may."""
    done = await set_up_hub(
        parts.means,
        actor,
        attempt,
        name=body.name,
        outward_postcodes=tuple(body.outward_postcodes),
        coordinator_account_id=body.coordinator_account_id,
        member_organisation_ids=tuple(body.member_organisation_ids),
        now=parts.clock(),
    )
    show_done(response, done)
    response.headers["Location"] = f"/hubs/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get(
    "/hubs",
    operation_id="partners_list_hubs",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[HubOut]:
    """The place's hubs, by name."""
    after = parts.cursors.read(cursor, str, UUID)
    found = await directory.hubs(parts.means.database, actor, after=after, limit=limit + 1)
    show = partial(show_hub, actor=actor)
    return page_of(request, response, parts.cursors, found, limit=limit, show=show, at=attrgetter("name", "id"))


@routes.get(
    "/hubs/{hub_id}",
    operation_id="partners_read_hub",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def read(hub_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> HubOut:
    """One hub."""
    return await _answer(hub_id, actor, parts, response)


@routes.get(
    "/hubs/{hub_id}/unmet-needs",
    operation_id="partners_list_unmet_needs",
    **operation(Permission.PARTNERS_HUB_WRITE, relation="own_hub", refuses=(NotYours,)),
)
async def list_unmet_needs(
    *,
    hub_id: UUID,
    actor: ActorDep,
    parts: PartsDep,
    weeks: Annotated[int, Query(ge=SHORTEST_WEEKS, le=LONGEST_WEEKS, description="How many whole weeks.")] = 12,
    by: Annotated[Literal["outward", "district"], Query(description="By half-postcode, or by district.")] = "outward",
) -> UnmetNeedsOut:
    """What was looked for in the hub's area and not found: fewer than ten are untold, the rest rounded to five.

    An area is the first half of a postcode, or a local authority district by its GSS code. This week is left out.
    """
    today = parts.clock().date()
    found = await unmet_needs(
        parts.means.database, actor, hub_id, weeks=weeks, by_district=by == "district", today=today
    )
    items = [
        UnmetNeedOut(area=each.area, need=each.need, age_band=each.age_band, searches=each.searches)
        for each in found.counts
    ]
    return UnmetNeedsOut(since=found.since, until=found.until, smallest_told=SMALLEST_TOLD, items=items)


@routes.patch(
    "/hubs/{hub_id}",
    operation_id="partners_change_hub",
    **operation(
        Permission.PARTNERS_HUB_WRITE,
        relation="own_hub",
        refuses=(NotYours, RulesBroken, Stale, MatchRequired),
    ),
)
async def change(
    *, hub_id: UUID, body: ChangeHub, actor: ActorDep, version: VersionDep, parts: PartsDep, response: Response
) -> HubOut:
    """Change its area, coordinator or members: its coordinator or the place's administrator may."""
    changed = await change_hub(
        parts.means, actor, hub_id, based_on=version, changes=changes_of(body), now=parts.clock()
    )
    show_version(response, changed.version)
    return show_hub(changed, actor)


async def _answer(hub_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> HubOut:
    found = await directory.hub(parts.means.database, actor, hub_id)
    show_version(response, found.version)
    return show_hub(found, actor)
