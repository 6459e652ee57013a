"""Requests: lists and feed without category data; reading one, which is a disclosure to its recipient."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Header, Query, Request, Response
from pydantic import StringConstraints
from sqlalchemy import Row

from connective.contracts.permissions import Permission
from connective.contracts.referral_events import REQUEST_FACTS
from connective.kit.actor import Actor
from connective.kit.answers import JSON, json_answer
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.etags import matches
from connective.kit.pages import CursorQuery, LimitQuery, Page, link_next
from connective.kit.policy import operation
from connective.kit.problems import FieldError, Invalid, Unavailable
from connective.referrals.api import inbox
from connective.referrals.api.answers import (
    ChangeOut,
    ChangesOut,
    HistoryOut,
    OpenedOut,
    OwnRequestOut,
    RequestItem,
    TombstoneOut,
)
from connective.referrals.api.deps import SAFEGUARDING_NOTICE, Parts, PartsDep, guard
from connective.referrals.api.referrals import shaper
from connective.referrals.commands.read_request import read_request
from connective.referrals.commands.refusals import FeedRemoved, SharingNotPermitted
from connective.referrals.domain.states import State
from connective.referrals.queries.list_changes import Narrowed, feed_head, list_changes
from connective.referrals.queries.list_requests import Wanted
from connective.referrals.queries.request_status import request_status
from connective.referrals.queries.show_history import show_history
from connective.referrals.storage.events import MESSAGE_POSTED

routes = router(tags=["requests"])
EITHER = "own_organisation_or_recipient"
_LISTING = operation(Permission.REFERRALS_REQUEST_LIST, relation=EITHER)

DirectionQuery = Annotated[
    Literal["received", "sent", "place"],
    Query(description="`received` by your organisation, `sent` by it, or the whole `place` for hub coordinators."),
]
AssignedQuery = Annotated[
    Literal["me", "nobody", "needs_reassigning"] | UUID | None,
    Query(description="Only work still to do: yours, nobody's, of somebody who has left, or of this account."),
]
TurnQuery = Annotated[
    Literal["recipient", "referrer", "coordinator"] | None, Query(description="Only those whose next step is theirs.")
]
StatesQuery = Annotated[list[State], Query(alias="state", max_length=14, description="Only these states; repeatable.")]


FactsQuery = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[a-z_]{3,40}$")]],
    Query(alias="fact", max_length=30, description="Only these facts, such as `submitted`; repeatable."),
]


@routes.get(
    "/requests",
    operation_id="referrals_list_requests",
    response_model=Page[RequestItem],
    **operation(Permission.REFERRALS_REQUEST_LIST, relation=EITHER),
)
async def list_them(
    *,
    request: Request,
    actor: ActorDep,
    parts: PartsDep,
    direction: DirectionQuery = "received",
    states: StatesQuery = [],  # noqa: B006 - FastAPI reads the default, and nothing changes it
    assigned_to: AssignedQuery = None,
    turn: TurnQuery = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Response:
    """Requests without category data, newest first: reading one is what discloses."""
    whose = actor.id if assigned_to == "me" else str(assigned_to or "")
    wanted = Wanted(direction, states, parts.cursors.after(cursor), limit, whose, turn or "")
    body, onward = await inbox.written(parts, actor, wanted)
    answer = Response(body, media_type=JSON)
    guard(answer)
    link_next(request, answer, onward)
    return answer


@routes.get(
    "/requests/changes",
    operation_id="referrals_list_changes",
    response_model=ChangesOut,
    **operation(Permission.REFERRALS_REQUEST_LIST, relation=EITHER, refuses=(FeedRemoved,)),
)
async def changes(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    direction: Annotated[
        Literal["received", "sent"] | None, Query(description="Only requests you `received`, or `sent`.")
    ] = None,
    facts: FactsQuery = [],  # noqa: B006 - FastAPI reads the default, and nothing changes it
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> ChangesOut:
    """The complete feed of what happened to your organisation's requests: keep the cursor and come back with it.

    Events are kept 35 days. Whoever stayed away for longer is refused (410), never shown a gap: read the lists of
    requests then, and go on with the `next_cursor` of that answer. Without a cursor it begins with the oldest kept.
    """
    _refuse_unknown_facts(facts)
    (after,) = parts.cursors.read(cursor, int) or (0,)
    part = await list_changes(parts.room.database, actor, after, limit, Narrowed(direction or "", facts))
    if cursor is not None and part.removed:
        raise await _removed(parts, actor)
    onward = parts.cursors.write(part.position)
    guard(response)
    if part.more:
        link_next(request, response, onward)
    return ChangesOut(items=[_change(row) for row in part.rows], next_cursor=onward, more=part.more)


async def _removed(parts: Parts, actor: Actor) -> FeedRemoved:
    """The refusal, with a cursor at the feed's head: whatever happens while the lists are read comes after it."""
    head = await feed_head(parts.room.database, actor)
    return FeedRemoved(
        "Some of what happened after this cursor is kept no longer (35 days). Read your requests with GET /requests, "
        "direction=received and direction=sent, and then go on from the next_cursor of this answer.",
        next_cursor=parts.cursors.write(head),
    )


def _refuse_unknown_facts(facts: list[str]) -> None:
    """Raise Invalid for a fact that never happens: a misspelt one must not look like silence."""
    known = sorted((*REQUEST_FACTS, MESSAGE_POSTED))
    if set(facts) - set(known):
        sentence = f"Facts are {', '.join(known)}."
        raise Invalid("A fact is not one of ours.", errors=(FieldError("/query/fact", "unknown", sentence),))


def _change(row: Row[Any]) -> ChangeOut:
    told = json.loads(row.data)
    return ChangeOut(
        request_id=row.request_id,
        reference=told["reference"],
        fact=row.fact,
        state=told["state"],
        version=row.version,
        reason_code=told["reason_code"],
        at=row.occurred_at,
    )


@routes.head(
    "/requests/{request_id}",
    operation_id="referrals_check_request",
    response_class=Response,
    **operation(Permission.REFERRALS_REQUEST_READ, relation=EITHER),
)
async def check_one(request_id: UUID, actor: ActorDep, parts: PartsDep) -> Response:
    """Whether it exists for you, and its version: discloses nothing, receives nothing."""
    status = await request_status(parts.room.database, actor, request_id)
    response = Response()
    guard(response, status.request.version)
    return response


@routes.get(
    "/requests/{request_id}",
    operation_id="referrals_read_request",
    response_model=OwnRequestOut | OpenedOut | TombstoneOut,
    description=(
        "Read one request. For its recipient the reading is decided and recorded first, and receives it; what may not "
        f"be shown is named in `withheld`. {SAFEGUARDING_NOTICE}"
    ),
    **operation(Permission.REFERRALS_REQUEST_READ, relation=EITHER, refuses=(SharingNotPermitted, Unavailable)),
)
async def read_one(
    request_id: UUID,
    actor: ActorDep,
    parts: PartsDep,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """One request, as whichever party you are."""
    if if_none_match is not None:
        known = (await request_status(parts.room.database, actor, request_id)).request.version
        if matches(if_none_match, known):
            unchanged = Response(status_code=304)
            guard(unchanged, known)
            return unchanged
    read = await read_request(parts.room, actor, request_id)
    answer = json_answer(shaper(parts, actor).any_view(read))
    guard(answer, read.request.version)
    return answer


@routes.get(
    "/requests/{request_id}/history",
    operation_id="referrals_show_history",
    response_model=list[HistoryOut],
    **operation(Permission.REFERRALS_REQUEST_READ, relation=EITHER),
)
async def history(request_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> list[HistoryOut]:
    """What happened to it, without anybody's words."""
    entries = await show_history(parts.room.database, actor, request_id)
    guard(response)
    return [
        HistoryOut(
            version=entry.version,
            fact=entry.fact,
            before=entry.before,
            after=entry.after,
            reason_code=entry.reason_code,
            party=str(entry.party),
            organisation_id=entry.organisation_id,
            at=entry.at,
        )
        for entry in entries
    ]
