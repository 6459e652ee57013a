"""The verbs of a case's life: each takes Idempotency-Key and If-Match, and answers the case as it then stands."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from connective.contracts.permissions import Permission
from connective.families.api.cases import CaseOut, show_case
from connective.families.api.deps import PartsDep
from connective.families.api.problems import IllegalCaseAction, NotTheSecondPerson
from connective.families.api.schemas import ClosingIn, ReviewDayIn
from connective.families.commands.act_on_case import CaseOrder, act_on_case
from connective.families.domain.cases import CaseAction, ClosingReason, Step
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale

routes = router(prefix="/cases", tags=["cases"])
_REFUSES = (IllegalCaseAction, MatchRequired, Stale)
_WORKER = operation(Permission.FAMILIES_FAMILY_WRITE, relation="own_organisation", refuses=_REFUSES)
_LEAD = operation(Permission.FAMILIES_CASE_CLOSE, relation="own_organisation", refuses=(*_REFUSES, NotTheSecondPerson))


class _Stepping:
    """What every step takes beside the case's address."""

    def __init__(
        self, actor: ActorDep, attempt: AttemptDep, version: VersionDep, parts: PartsDep, response: Response
    ) -> None:
        self.actor, self.attempt, self.version, self.parts, self.response = actor, attempt, version, parts, response

    async def take(
        self,
        case_id: UUID,
        action: CaseAction,
        *,
        review_on: date | None = None,
        reason: ClosingReason | None = None,
    ) -> CaseOut:
        """Take the step, and show the case."""
        step = Step(action, self.actor.id, self.parts.today, review_on, reason)
        order = CaseOrder(case_id, self.version, step)
        done = await act_on_case(self.parts.means, self.actor, self.attempt, order, self.parts.clock())
        show_done(self.response, done)
        return await show_case(self.parts, self.actor, case_id, self.response)


SteppingDep = Annotated[_Stepping, Depends()]


@routes.post("/{case_id}/assess", operation_id="families_assess_case", **_WORKER)
async def assess(case_id: UUID, stepping: SteppingDep) -> CaseOut:
    """Say that the family's needs have been assessed with them, for the first time or anew."""
    return await stepping.take(case_id, CaseAction.ASSESS)


@routes.post("/{case_id}/plan", operation_id="families_plan_case", **_WORKER)
async def plan(case_id: UUID, body: ReviewDayIn, stepping: SteppingDep) -> CaseOut:
    """Say that a plan is agreed, and when it is looked at."""
    return await stepping.take(case_id, CaseAction.PLAN, review_on=body.review_on)


@routes.post("/{case_id}/review", operation_id="families_review_case", **_WORKER)
async def review(case_id: UUID, body: ReviewDayIn, stepping: SteppingDep) -> CaseOut:
    """Say that the plan was reviewed, and when next."""
    return await stepping.take(case_id, CaseAction.REVIEW, review_on=body.review_on)


@routes.post("/{case_id}/propose-closure", operation_id="families_propose_closure", **_WORKER)
async def propose_closure(case_id: UUID, body: ClosingIn, stepping: SteppingDep) -> CaseOut:
    """Say why the case could be closed; a practice lead approves it, or the work goes on."""
    return await stepping.take(case_id, CaseAction.PROPOSE_CLOSURE, reason=body.reason)


@routes.post("/{case_id}/close", operation_id="families_close_case", **_LEAD)
async def close(case_id: UUID, stepping: SteppingDep) -> CaseOut:
    """Approve, as a practice lead, what somebody else proposed: the case is closed."""
    return await stepping.take(case_id, CaseAction.CLOSE)


@routes.post("/{case_id}/reopen", operation_id="families_reopen_case", **_WORKER)
async def reopen(case_id: UUID, stepping: SteppingDep) -> CaseOut:
    """Let a closed case go on, where it is the same episode after all."""
    return await stepping.take(case_id, CaseAction.REOPEN)
