"""What follows a no: the family is told, and may ask that it be looked at again."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning
from connective.referrals.api.actions import show_status
from connective.referrals.api.answers import StatusOut
from connective.referrals.api.bodies import Body, Code, WordsIn, words_of
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.api.requests import EITHER
from connective.referrals.commands.look_again import look_again
from connective.referrals.commands.refusals import IllegalAction, InvalidDetails
from connective.referrals.domain.clocks import local_day
from connective.referrals.domain.second_look import answer_second_look, ask_second_look
from connective.referrals.domain.states import Party
from connective.referrals.queries.list_to_tell import list_to_tell

routes = router(tags=["requests"])
_REFUSES = (KeyMissing, IllegalAction, StillRunning, InvalidDetails)


class SecondLookIn(Body):
    """Why the no should be looked at again. The request is closed to its recipient: the rest is said by telephone."""

    reason: Code


class SecondLookAnswerIn(Body):
    """`upheld`, or `ask_again` for a new request that replaces this one; with words for the referrer and the family."""

    answer: Code
    text: WordsIn | None = None


class ToTellItem(BaseModel):
    """A family that your organisation has to tell of a no, by when; `front_door` says who phones it."""

    request_id: UUID
    reference: str
    service_id: UUID
    code: str
    tell_by: date
    overdue: bool
    front_door: str | None


@routes.get(
    "/requests/to-tell",
    operation_id="referrals_list_families_to_tell",
    **operation(Permission.REFERRALS_REQUEST_LIST, relation=EITHER),
)
async def to_tell(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ToTellItem]:
    """Declines that stay your task until the family is told, or it is noted that telling would be unsafe."""
    after = parts.cursors.read(cursor, date.fromisoformat, UUID)
    place = None if after is None else (after[0], after[1])
    room = parts.room
    rows = await list_to_tell(room.database, actor, local_day(room.clock()), place, limit)
    guard(response)
    return page_of(request, response, parts.cursors, rows, limit=limit, show=_item, at=_position)


@routes.post(
    "/requests/{request_id}/second-look",
    operation_id="referrals_ask_second_look",
    response_model=StatusOut,
    **operation(Permission.REFERRALS_REFERRAL_WRITE, relation="own_organisation", refuses=_REFUSES),
)
async def ask(
    *, request_id: UUID, body: SecondLookIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> StatusOut:
    """Ask, on the family's behalf, that the no be looked at again: once."""

    def look(request: Any, noted: Any, by: Any, at: Any) -> Any:  # noqa: ANN401 - as `Look`
        return ask_second_look(request, noted, by, at, body.reason)

    done = await look_again(parts.room, actor, attempt, request_id, (Party.REFERRER, look))
    return await show_status(parts, actor, done, response)


@routes.post(
    "/requests/{request_id}/second-look/answer",
    operation_id="referrals_answer_second_look",
    response_model=StatusOut,
    **operation(Permission.REFERRALS_REQUEST_WORK, relation="recipient", refuses=_REFUSES),
)
async def answer(
    *,
    request_id: UUID,
    body: SecondLookAnswerIn,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> StatusOut:
    """Say what the second look came to. The request keeps its state: a new one replaces it, where that is welcome."""

    def look(request: Any, noted: Any, by: Any, at: Any) -> Any:  # noqa: ANN401 - as `Look`
        return answer_second_look(request, noted, by, at, (body.answer, words_of(body.text)))

    done = await look_again(parts.room, actor, attempt, request_id, (Party.RECIPIENT, look))
    return await show_status(parts, actor, done, response)


def _position(row: Any) -> tuple[str, str]:  # noqa: ANN401 - a row of the list
    return row.tell_by.isoformat(), str(row.id)


def _item(row: Any) -> ToTellItem:  # noqa: ANN401 - a row of the list
    return ToTellItem(
        request_id=row.id,
        reference=row.reference,
        service_id=row.service_id,
        code=row.code,
        tell_by=row.tell_by,
        overdue=row.overdue,
        front_door=row.front_door,
    )
