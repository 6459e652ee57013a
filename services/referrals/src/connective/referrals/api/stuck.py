"""Requests that are past their time, for whoever coordinates the place: promise P8 as a page to work from."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.referrals.api.answers import DueOut, RequestItem
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.queries.list_stuck import list_stuck

routes = router(tags=["requests"])


class StuckItem(RequestItem):
    """A request past its time. `unseen`: nobody has opened it; `unanswered`: opened, and an answer is overdue.

    `escalation_missed` and `nobody_owes` are faults of the Hub, which its operator mends.
    """

    why: Literal["unseen", "unanswered", "escalation_missed", "nobody_owes"]


@routes.get(
    "/requests/stuck",
    operation_id="referrals_list_stuck_requests",
    **operation(Permission.REFERRALS_REQUEST_COORDINATE, relation="place"),
)
async def stuck(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    mine: Annotated[bool, Query(description="Only what concerns members of the hubs you coordinate.")] = False,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[StuckItem]:
    """Requests of the place past their time, newest first, whether or not any event about them was ever delivered."""
    room, after = parts.room, parts.cursors.after(cursor)
    rows = await list_stuck(room.database, actor, room.clock(), mine=mine, after=after, limit=limit)
    guard(response)
    return page_of(request, response, parts.cursors, rows, limit=limit, show=_item)


def _item(row: Any) -> StuckItem:  # noqa: ANN401 - a row of the list
    owed = row.due_at is not None and row.due_owner is not None
    due = DueOut(clock=row.due_clock, owner=row.due_owner, at=row.due_at) if owed else None
    taken = {name: value for name, value in row.items() if not name.startswith("due_")}
    return StuckItem(**taken, referral_id=None, family_id=None, urgent=row.needed_by is not None, queued=False, due=due)
