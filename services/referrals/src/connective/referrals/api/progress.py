"""`/requests/progress`: how the requests of a coordinator's hubs go, in counts."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.domain.progress import LONGEST_WEEKS, SHORTEST_WEEKS, SMALLEST_TOLD
from connective.referrals.queries.show_progress import show_progress

routes = router(tags=["requests"])


class ProgressCell(BaseModel):
    """How many requests for one kind of service are in one state."""

    service_kind: str
    state: str
    requests: int | None
    """Rounded to the nearest five; null where there are fewer than ten."""


class NeedCell(BaseModel):
    """For how many families a need was named."""

    need: str
    families: int | None
    """Rounded to the nearest five; null where there are fewer than ten."""


class ProgressOut(BaseModel):
    """How requests to and from a hub's members go. No sums are told, so that nothing hidden can be worked out."""

    smallest_told: int
    requests: list[ProgressCell]
    needs: list[NeedCell]


@routes.get(
    "/requests/progress",
    operation_id="referrals_read_progress",
    **operation(Permission.REFERRALS_REQUEST_COORDINATE, relation="place"),
)
async def progress(
    *,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    hub_id: Annotated[UUID | None, Query(description="One of your hubs; left out, all that you coordinate.")] = None,
    weeks: Annotated[int, Query(ge=SHORTEST_WEEKS, le=LONGEST_WEEKS, description="How many weeks back.")] = 12,
) -> ProgressOut:
    """Requests sent in these weeks to and from members of the hubs you coordinate, and the needs they name."""
    room = parts.room
    found = await show_progress(room.database, actor, hub_id=hub_id, weeks=weeks, now=room.clock())
    guard(response)
    return ProgressOut(
        smallest_told=SMALLEST_TOLD,
        requests=[ProgressCell(service_kind=k, state=state, requests=count) for k, state, count in found.requests],
        needs=[NeedCell(need=need, families=families) for need, families in found.needs],
    )
