"""Several requests of the inbox at once: accept, decline or waitlist, with a result for each."""

from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from connective.contracts.permissions import Permission
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.context import trace
from connective.kit.deps import ActorDep, AttemptDep
from connective.kit.policy import operation
from connective.kit.problems import FieldError, Invalid, KeyMissing, Refusal, StillRunning, problem_document
from connective.referrals.api.actions import Said, declining_of
from connective.referrals.api.answers import StatusOut
from connective.referrals.api.bodies import Body, Day, DeclineIn
from connective.referrals.api.deps import Parts, PartsDep, guard
from connective.referrals.api.referrals import shaper
from connective.referrals.commands.act_on_request import Order
from connective.referrals.commands.triage_requests import MOST_AT_ONCE, Triaged, triage_requests
from connective.referrals.domain.details import Waitlisting
from connective.referrals.domain.states import Action
from connective.referrals.queries.request_status import request_status

routes = router(tags=["requests"])
TriageAction = Literal["accept", "decline", "waitlist"]


class TriageItemIn(Body):
    """One request in the version you read. What is left out here is taken from what all have in common."""

    request_id: UUID
    version: Annotated[int, Field(ge=1, le=999_999_999)]
    action: TriageAction | None = None
    decline: DeclineIn | None = None
    expected_on: Day | None = None


class TriageIn(Body):
    """The action with its details, for all; and the requests, each with what is different for it."""

    action: TriageAction | None = None
    decline: DeclineIn | None = None
    expected_on: Day | None = None
    items: Annotated[tuple[TriageItemIn, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class TriageResult(BaseModel):
    """What became of one request: its status after the act, or the problem document of the refusal."""

    request_id: UUID
    status: int
    replayed: bool
    request: StatusOut | None
    problem: dict[str, Any] | None


class TriageOut(BaseModel):
    """A result for each item, in the order given."""

    items: list[TriageResult]


@routes.post(
    "/requests/triage",
    operation_id="referrals_triage_requests",
    response_model=TriageOut,
    status_code=207,
    **operation(Permission.REFERRALS_REQUEST_WORK, relation="recipient", refuses=(KeyMissing, StillRunning, Invalid)),
)
async def triage(
    body: TriageIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> TriageOut:
    """Each item is its own transaction on its own version: a refusal of one stops none of the others."""
    orders = _orders(body)
    results = await triage_requests(parts.room, actor, attempt, orders)
    guard(response)
    return TriageOut(items=[await _result(parts, actor, each) for each in results])


def _orders(body: TriageIn) -> list[Order]:
    """What is asked of each request. Raises Invalid with every item that says too little, or a request named twice."""
    errors: list[FieldError] = []
    orders: list[Order] = []
    for index, item in enumerate(body.items):
        at = f"/items/{index}"
        if any(item.request_id == other.request_id for other in body.items[:index]):
            errors.append(FieldError(f"{at}/request_id", "repeated", "Name each request once."))
        action = item.action or body.action
        if action is None:
            errors.append(FieldError(f"{at}/action", "required", "Say accept, decline or waitlist."))
            continue
        needed, details = _details(action, item, body)
        if needed is not None:
            errors.append(FieldError(f"{at}/{needed}", "required", f"To {action} needs {needed}, here or for all."))
        orders.append(Order(item.request_id, item.version, Action(action), details))
    if errors:
        raise Invalid("Some items say too little, or twice.", errors=tuple(errors))
    return orders


def _details(action: TriageAction, item: TriageItemIn, body: TriageIn) -> tuple[str | None, Said]:
    """The name of what is missing, if so; and what comes with the action."""
    if action == "decline":
        decline = item.decline or body.decline
        return ("decline", None) if decline is None else (None, partial(declining_of, decline))
    if action == "waitlist":
        day = item.expected_on or body.expected_on
        return ("expected_on", None) if day is None else (None, Waitlisting(day))
    return None, None


async def _result(parts: Parts, actor: Actor, triaged: Triaged) -> TriageResult:
    request_id, done = triaged.order.request_id, triaged.done
    if done is None:
        return _refused(request_id, triaged.refusal)
    status = await request_status(parts.room.database, actor, request_id)
    shown = shaper(parts, actor).status(status.request, status.party, status.service)
    return TriageResult(request_id=request_id, status=done.status, replayed=done.replayed, request=shown, problem=None)


def _refused(request_id: UUID, refusal: Refusal | None) -> TriageResult:
    assert refusal is not None  # noqa: S101 - an order is done or refused
    problem = problem_document(refusal, trace().request_id)
    return TriageResult(request_id=request_id, status=refusal.status, replayed=False, request=None, problem=problem)
