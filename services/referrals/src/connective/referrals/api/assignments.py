"""Whose work a request is within one organisation; the other side never learns of it."""

from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning
from connective.referrals.api.bodies import Body
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.api.requests import EITHER
from connective.referrals.commands.assign_work import assign_request, reassign_work
from connective.referrals.commands.refusals import InvalidDetails
from connective.referrals.queries.show_assignment import Assignment, count_work, show_assignment

routes = router(tags=["requests"])
_REFUSES = (KeyMissing, StillRunning, InvalidDetails)


class AssignIn(Body):
    """The member whose work it becomes."""

    account_id: UUID


class ReassignIn(Body):
    """From whom, who may have left, and to which member."""

    from_account_id: UUID
    to_account_id: UUID


class AssignmentOut(BaseModel):
    """Whose work it is on your side: an account, the client that made the referral, or nobody (null)."""

    request_id: UUID
    party: str
    assigned_to: str | None
    needs_reassigning: bool


class WorkOut(BaseModel):
    """How much is this member's work now: open requests, and families to be told of a no."""

    account_id: UUID
    sent: int
    received: int


@routes.post(
    "/requests/reassign",
    operation_id="referrals_reassign_work",
    **operation(Permission.REFERRALS_ASSIGNMENT_MOVE, relation="own_organisation", refuses=_REFUSES),
)
async def reassign(
    body: ReassignIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> WorkOut:
    """Everything that one of your organisation still has to do becomes another's, as when a worker leaves."""
    done = await reassign_work(parts.room, actor, attempt, body.from_account_id, body.to_account_id)
    held = await count_work(parts.room.database, actor, body.to_account_id)
    show_done(response, done)
    guard(response)
    return WorkOut(account_id=body.to_account_id, sent=held.sent, received=held.received)


@routes.post(
    "/requests/{request_id}/assign",
    operation_id="referrals_assign_request",
    **operation(Permission.REFERRALS_ASSIGNMENT_WRITE, relation=EITHER, refuses=_REFUSES),
)
async def assign(
    *, request_id: UUID, body: AssignIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> AssignmentOut:
    """Make it a member's work on the side of your organisation."""
    done = await assign_request(parts.room, actor, attempt, request_id, body.account_id)
    show_done(response, done)
    guard(response)
    return _shown(await show_assignment(parts.room.database, actor, request_id))


@routes.get(
    "/requests/{request_id}/assignment",
    operation_id="referrals_show_assignment",
    **operation(Permission.REFERRALS_REQUEST_READ, relation=EITHER),
)
async def assignment(request_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> AssignmentOut:
    """Whose work it is on the side of your organisation."""
    found = await show_assignment(parts.room.database, actor, request_id)
    guard(response)
    return _shown(found)


def _shown(found: Assignment) -> AssignmentOut:
    return AssignmentOut(
        request_id=found.request_id,
        party=str(found.party),
        assigned_to=found.assigned_to,
        needs_reassigning=found.needs_reassigning,
    )
