"""The thread of a request: what referrer and recipient write to each other on the way."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from connective.contracts.categories import Category
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, Unavailable
from connective.referrals.api.actions import show_status
from connective.referrals.api.answers import StatusOut
from connective.referrals.api.bodies import QuestionIn
from connective.referrals.api.deps import SAFEGUARDING_NOTICE, PartsDep, guard
from connective.referrals.api.requests import EITHER
from connective.referrals.commands.post_message import post_message
from connective.referrals.commands.read_messages import read_messages
from connective.referrals.commands.refusals import IllegalAction, InvalidDetails, SharingNotPermitted
from connective.referrals.queries.list_unread import list_unread
from connective.referrals.storage.messages import Said

routes = router(tags=["messages"])


class SaidOut(BaseModel):
    """One message. `text` is null when it may not be shown: `withheld` then names the categories it reveals."""

    version: int
    at: datetime
    party: str
    fact: str
    text: str | None
    categories: list[Category]
    withheld: list[Category]


class ThreadOut(Page[SaidOut]):
    """A part of the thread, oldest first; `unread` is what the other side wrote beyond what you have read."""

    unread: int
    safeguarding: str


class UnreadItem(BaseModel):
    """A request in which the other side wrote something that nobody of your organisation has read."""

    request_id: UUID
    reference: str
    unread: int
    last_at: datetime


@routes.post(
    "/requests/{request_id}/messages",
    operation_id="referrals_post_message",
    response_model=StatusOut,
    status_code=201,
    description=f"Write to the other side about a request under way. {SAFEGUARDING_NOTICE}",
    **operation(
        Permission.REFERRALS_MESSAGE_WRITE,
        relation=EITHER,
        refuses=(KeyMissing, IllegalAction, StillRunning, InvalidDetails),
    ),
)
async def post(
    *, request_id: UUID, body: QuestionIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> StatusOut:
    """Tick every category the text reveals: the other side sees it only if all of them are permitted."""
    done = await post_message(parts.room, actor, attempt, request_id, body.value())
    return await show_status(parts, actor, done, response)


@routes.get(
    "/requests/{request_id}/messages",
    operation_id="referrals_read_messages",
    description=(
        "What both sides wrote, oldest first. The other side's words are a disclosure, recorded for the categories "
        f"they reveal; what is shown counts as read by your organisation. {SAFEGUARDING_NOTICE}"
    ),
    **operation(Permission.REFERRALS_REQUEST_READ, relation=EITHER, refuses=(SharingNotPermitted, Unavailable)),
)
async def read(
    *,
    request_id: UUID,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> ThreadOut:
    """A part of the thread."""
    (after,) = parts.cursors.read(cursor, int) or (0,)
    thread = await read_messages(parts.room, actor, request_id, after, limit)
    guard(response)
    page = page_of(request, response, parts.cursors, thread.said, limit=limit, show=_said, at=_place)
    return ThreadOut(
        items=page.items,
        next_cursor=page.next_cursor,
        unread=thread.unread,
        safeguarding=parts.room.safeguarding(actor).sentence,
    )


@routes.get(
    "/requests/unread-messages",
    operation_id="referrals_list_unread_messages",
    **operation(Permission.REFERRALS_REQUEST_LIST, relation=EITHER),
)
async def unread(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[UnreadItem]:
    """Open requests with something new from the other side, newest request first; nobody's words."""
    rows = await list_unread(parts.room.database, actor, parts.cursors.after(cursor), limit)
    guard(response)
    return page_of(request, response, parts.cursors, rows, limit=limit, show=_unread)


def _place(said: Said) -> int:
    return said.version


def _said(said: Said) -> SaidOut:
    message = said.message
    return SaidOut(
        version=said.version,
        at=message.at,
        party=str(message.party),
        fact=message.fact,
        text=message.words and message.words.text,
        categories=[] if message.words is None else sorted(message.words.categories),
        withheld=sorted(message.withheld),
    )


def _unread(row: Any) -> UnreadItem:  # noqa: ANN401 - a row of the list
    return UnreadItem(request_id=row.id, reference=row.reference, unread=row.unread, last_at=row.last_at)
