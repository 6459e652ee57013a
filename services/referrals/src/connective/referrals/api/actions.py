"""The verbs of the lifecycle: each takes Idempotency-Key and If-Match, and answers where the request then stands."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from connective.contracts.permissions import Permission
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.idempotency import Done
from connective.kit.policy import operation
from connective.kit.problems import Invalid, KeyMissing, MatchRequired, Stale, StillRunning, Unavailable
from connective.referrals.api.answers import StatusOut
from connective.referrals.api.bodies import (
    CompleteIn,
    ContentIn,
    DeclineIn,
    PauseIn,
    QuestionIn,
    RedirectIn,
    SubmitIn,
    WaitlistIn,
    WithdrawIn,
    words_of,
)
from connective.referrals.api.deps import Parts, PartsDep, guard
from connective.referrals.api.referrals import shaper
from connective.referrals.commands.act_on_request import Order, act_on_request, acting
from connective.referrals.commands.amend_request import amend_request
from connective.referrals.commands.redirect_request import RedirectAsked, redirect_request
from connective.referrals.commands.refusals import IllegalAction, InvalidDetails, ReportConcernFirst
from connective.referrals.commands.submit_request import SubmitAsked, submit_request
from connective.referrals.domain.clocks import tell_family_by
from connective.referrals.domain.details import (
    Completing,
    Declining,
    Details,
    Pausing,
    Reason,
    Saying,
    Waitlisting,
)
from connective.referrals.domain.request import Decline
from connective.referrals.domain.states import Action
from connective.referrals.queries.request_status import request_status

Said = Details | Callable[[datetime], Details]
"""Details, or how they come about once the instant is known (a default date)."""

routes = router(tags=["requests"])
_REFUSES = (KeyMissing, IllegalAction, StillRunning, Stale, InvalidDetails, Invalid, MatchRequired)
_REFERRER = operation(Permission.REFERRALS_REFERRAL_WRITE, relation="own_organisation", refuses=_REFUSES)
_RECIPIENT = operation(Permission.REFERRALS_REQUEST_WORK, relation="recipient", refuses=_REFUSES)
_COORDINATOR = operation(Permission.REFERRALS_REQUEST_COORDINATE, relation="coordinator", refuses=_REFUSES)
_SENDING = operation(
    Permission.REFERRALS_REFERRAL_WRITE,
    relation="own_organisation",
    refuses=(*_REFUSES, ReportConcernFirst, Unavailable),
)


async def show_status(parts: Parts, actor: Actor, done: Done, response: Response) -> StatusOut:
    """The status after an act; a replay is answered by the same read."""
    status = await request_status(parts.room.database, actor, done.resource_id)
    show_done(response, done)
    guard(response, status.request.version)
    return shaper(parts, actor).status(status.request, status.party, status.service)


class _Acting:
    """What every plain verb takes, gathered once."""

    def __init__(self, actor: ActorDep, attempt: AttemptDep, version: VersionDep, parts: PartsDep) -> None:
        self.actor, self.attempt, self.version, self.parts = actor, attempt, version, parts

    async def take(self, request_id: UUID, action: Action, response: Response, details: Said = None) -> StatusOut:
        order = Order(request_id, self.version, action, details)
        done = await act_on_request(self.parts.room, self.actor, self.attempt, order)
        return await show_status(self.parts, acting(self.actor, action), done, response)


ActingDep = Annotated[_Acting, Depends()]


@routes.post(
    "/requests/{request_id}/submit", operation_id="referrals_submit_request", response_model=StatusOut, **_SENDING
)
async def submit(request_id: UUID, acting_: ActingDep, response: Response, body: SubmitIn | None = None) -> StatusOut:
    """Send a draft, or ask again for a blocked request."""
    check = body.safeguarding_check.value() if body is not None and body.safeguarding_check is not None else None
    asked = SubmitAsked(request_id, acting_.version, check)
    done = await submit_request(acting_.parts.room, acting_.actor, acting_.attempt, asked)
    return await show_status(acting_.parts, acting_.actor, done, response)


@routes.post(
    "/requests/{request_id}/correct", operation_id="referrals_correct_request", response_model=StatusOut, **_REFERRER
)
async def correct(request_id: UUID, acting_: ActingDep, response: Response) -> StatusOut:
    """Take an unread request back within the hour: it is a draft again."""
    return await acting_.take(request_id, Action.CORRECT, response)


@routes.post(
    "/requests/{request_id}/amend", operation_id="referrals_amend_request", response_model=StatusOut, **_REFERRER
)
async def amend(request_id: UUID, body: ContentIn, acting_: ActingDep, response: Response) -> StatusOut:
    """Write an open request anew; the recipient is told that there is a new version."""
    target = (request_id, acting_.version)
    done = await amend_request(acting_.parts.room, acting_.actor, acting_.attempt, target, body.content())
    return await show_status(acting_.parts, acting_.actor, done, response)


@routes.post(
    "/requests/{request_id}/receive", operation_id="referrals_receive_request", response_model=StatusOut, **_RECIPIENT
)
async def receive(request_id: UUID, acting_: ActingDep, response: Response) -> StatusOut:
    """Acknowledge without opening it; opening counts as receiving."""
    return await acting_.take(request_id, Action.RECEIVE, response)


@routes.post("/requests/{request_id}/ask", operation_id="referrals_ask_request", response_model=StatusOut, **_RECIPIENT)
async def ask(request_id: UUID, body: QuestionIn, acting_: ActingDep, response: Response) -> StatusOut:
    """Ask the referrer something."""
    return await acting_.take(request_id, Action.ASK, response, Saying(body.value()))


@routes.post(
    "/requests/{request_id}/answer", operation_id="referrals_answer_request", response_model=StatusOut, **_REFERRER
)
async def answer(request_id: UUID, body: QuestionIn, acting_: ActingDep, response: Response) -> StatusOut:
    """Answer the recipient's question: the request returns to the state it was asked in."""
    return await acting_.take(request_id, Action.ANSWER, response, Saying(body.value()))


@routes.post(
    "/requests/{request_id}/accept", operation_id="referrals_accept_request", response_model=StatusOut, **_RECIPIENT
)
async def accept(request_id: UUID, acting_: ActingDep, response: Response) -> StatusOut:
    """Say that you will help."""
    return await acting_.take(request_id, Action.ACCEPT, response)


@routes.post(
    "/requests/{request_id}/waitlist", operation_id="referrals_waitlist_request", response_model=StatusOut, **_RECIPIENT
)
async def waitlist(request_id: UUID, body: WaitlistIn, acting_: ActingDep, response: Response) -> StatusOut:
    """Put it on the waiting list until a place is expected."""
    return await acting_.take(request_id, Action.WAITLIST, response, Waitlisting(body.expected_on))


@routes.post(
    "/requests/{request_id}/decline", operation_id="referrals_decline_request", response_model=StatusOut, **_RECIPIENT
)
async def decline(request_id: UUID, body: DeclineIn, acting_: ActingDep, response: Response) -> StatusOut:
    """Say no: with a code, and with what the family is told, by whom and by when."""
    return await acting_.take(request_id, Action.DECLINE, response, partial(declining_of, body))


@routes.post(
    "/requests/{request_id}/reassess", operation_id="referrals_reassess_request", response_model=StatusOut, **_RECIPIENT
)
async def reassess(request_id: UUID, body: DeclineIn, acting_: ActingDep, response: Response) -> StatusOut:
    """End an accepted request because an assessment found it not eligible (`assessed_not_eligible`)."""
    return await acting_.take(request_id, Action.REASSESS, response, partial(declining_of, body))


def declining_of(body: DeclineIn, at: datetime) -> Declining:
    """A no as it was sent; the family is told two working days from now unless a day is named."""
    decline_ = Decline(
        code=body.code,
        family_sentence=body.family_sentence,
        next_step=body.next_step,
        tells=body.tells,
        tell_by=body.tell_by or tell_family_by(at),
        second_look=body.second_look,
        front_door=body.front_door,
    )
    return Declining(decline_, words_of(body.text))


@routes.post(
    "/requests/{request_id}/start", operation_id="referrals_start_request", response_model=StatusOut, **_RECIPIENT
)
async def start(request_id: UUID, acting_: ActingDep, response: Response) -> StatusOut:
    """Say that first contact was made."""
    return await acting_.take(request_id, Action.START, response)


@routes.post(
    "/requests/{request_id}/pause", operation_id="referrals_pause_request", response_model=StatusOut, **_RECIPIENT
)
async def pause(request_id: UUID, body: PauseIn, acting_: ActingDep, response: Response) -> StatusOut:
    """Pause your work, with a reason and a review date."""
    return await acting_.take(request_id, Action.PAUSE, response, Pausing(body.reason, body.review_on))


@routes.post(
    "/requests/{request_id}/resume", operation_id="referrals_resume_request", response_model=StatusOut, **_RECIPIENT
)
async def resume(request_id: UUID, acting_: ActingDep, response: Response) -> StatusOut:
    """Take your paused work up again."""
    return await acting_.take(request_id, Action.RESUME, response)


@routes.post(
    "/requests/{request_id}/complete", operation_id="referrals_complete_request", response_model=StatusOut, **_RECIPIENT
)
async def complete(request_id: UUID, body: CompleteIn, acting_: ActingDep, response: Response) -> StatusOut:
    """Close it with an outcome."""
    details = Completing(body.outcome(), words_of(body.text))
    return await acting_.take(request_id, Action.COMPLETE, response, details)


@routes.post(
    "/requests/{request_id}/redirect",
    operation_id="referrals_redirect_request",
    status_code=201,
    response_model=StatusOut,
    **_SENDING,
)
async def redirect(request_id: UUID, body: RedirectIn, acting_: ActingDep, response: Response) -> StatusOut:
    """Send the family to another service instead: answers the new draft, which only you submit."""
    asked = RedirectAsked(request_id, acting_.version, body.service_id)
    done = await redirect_request(acting_.parts.room, acting_.actor, acting_.attempt, asked)
    return await show_status(acting_.parts, acting_.actor, done, response)


@routes.post(
    "/requests/{request_id}/withdraw", operation_id="referrals_withdraw_request", response_model=StatusOut, **_REFERRER
)
async def withdraw(request_id: UUID, body: WithdrawIn, acting_: ActingDep, response: Response) -> StatusOut:
    """Take it back for good, with a reason."""
    return await acting_.take(request_id, Action.WITHDRAW, response, Reason(body.reason))


@routes.post(
    "/requests/{request_id}/hold", operation_id="referrals_hold_request", response_model=StatusOut, **_COORDINATOR
)
async def hold(request_id: UUID, acting_: ActingDep, response: Response) -> StatusOut:
    """Hold it: nobody reads or works it until it is released."""
    return await acting_.take(request_id, Action.HOLD, response, Reason("coordinator"))


@routes.post(
    "/requests/{request_id}/release", operation_id="referrals_release_request", response_model=StatusOut, **_COORDINATOR
)
async def release(request_id: UUID, acting_: ActingDep, response: Response) -> StatusOut:
    """Lift the hold: it returns to the state it was held in, and its next reading is decided anew."""
    return await acting_.take(request_id, Action.RELEASE, response)
