"""`/hubs/{id}/members` and `/board`: who belongs to a hub, and what they have room for."""

from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.partners.api.deps import PartsDep
from connective.partners.api.hub_schemas import BoardOut, MemberOut, SupplyOut
from connective.partners.commands.read_board import read_board
from connective.partners.commands.refusals import NotYours
from connective.partners.queries import directory

routes = router(tags=["hubs"])


@routes.get(
    "/hubs/{hub_id}/members",
    operation_id="partners_list_hub_members",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def list_members(
    *,
    request: Request,
    response: Response,
    hub_id: UUID,
    actor: ActorDep,
    parts: PartsDep,
    former: Annotated[bool, Query(description="Those who left too, each stay by itself.")] = False,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[MemberOut]:
    """The hub's members by name, with the day each joined."""
    after = parts.cursors.read(cursor, str, UUID, datetime.fromisoformat)
    find = partial(directory.hub_members, parts.means.database, actor, hub_id)
    found = await find(former=former, after=after, limit=limit + 1)
    at = itemgetter("name", "organisation_id", "joined_at")
    return page_of(request, response, parts.cursors, found, limit=limit, show=_member, at=at)


@routes.get(
    "/hubs/{hub_id}/board",
    operation_id="partners_read_hub_board",
    **operation(Permission.PARTNERS_HUB_WRITE, relation="own_hub", refuses=(NotYours,)),
)
async def board(hub_id: UUID, actor: ActorDep, parts: PartsDep) -> BoardOut:
    """What the hub's members offer and where there is no room: for its coordinator and the place's administrator."""
    found = await read_board(parts.means.database, actor, hub_id, parts.clock())
    return BoardOut(
        hub_id=found.hub.id,
        members=len(found.hub.member_organisation_ids),
        lapsed_organisation_ids=list(found.lapsed_organisation_ids),
        supplies=[
            SupplyOut(
                kind=each.kind,
                services=each.services,
                taking_requests=each.taking_requests,
                with_room=each.with_room,
                full=each.full,
                not_known=each.not_known,
                gap=each.is_gap,
            )
            for each in found.supplies
        ],
    )


def _member(row: Any) -> MemberOut:  # noqa: ANN401 - a driver's row
    return MemberOut(**{name: row[name] for name in MemberOut.model_fields})
