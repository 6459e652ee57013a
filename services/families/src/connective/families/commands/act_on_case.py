"""Take a case one step on: assessed, planned, reviewed, proposed for closing, closed, opened again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.people_events import (
    CaseAssessed,
    CaseClosed,
    CaseEvent,
    CasePlanned,
    CaseReopened,
    CaseReviewed,
)
from connective.families.commands.means import Means
from connective.families.domain.cases import CaseAction, Step, take
from connective.families.storage import tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.cases import change_case, see_case
from connective.families.storage.seeing import keep_family
from connective.families.storage.stored_only import refuse_stored
from connective.families.storage.writing import move_on
from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember

_FACTS: dict[CaseAction, type[CaseEvent]] = {
    CaseAction.ASSESS: CaseAssessed,
    CaseAction.CLOSE: CaseClosed,
    CaseAction.PLAN: CasePlanned,
    CaseAction.REOPEN: CaseReopened,
    CaseAction.REVIEW: CaseReviewed,
}
"""What each step announces; a proposal to close is the organisation's own affair until it is approved."""
_CODES = {action: fact.subject.removeprefix("hub.families.") for action, fact in _FACTS.items()} | {
    CaseAction.PROPOSE_CLOSURE: "case.closure_proposed"
}


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """Which case, in the version that was read, and what is done with it."""

    case_id: UUID
    version: int
    step: Step


async def act_on_case(means: Means, actor: Actor, attempt: Attempt, order: CaseOrder, now: datetime) -> Done:
    """Take the step.

    Raises NotFound, ProcessingRestricted, Stale, IllegalCaseAction, NotTheSecondPerson or ImplausibleDate.
    """
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        family_id = (await see_case(unit.connection, actor, order.case_id))[0].family_id
        await keep_family(unit.connection, actor, family_id)
        await refuse_stored(unit.connection, family_id)
        case, _ = await see_case(unit.connection, actor, order.case_id)
        refuse_stale(order.version, case.version)
        after = take(case, order.step)
        await change_case(unit, after)
        versions = await move_on(unit, tables.family, [family_id])
        fact, reason = _FACTS.get(order.step.action), after.closing_reason
        reason_code = reason.value if reason and order.step.action is CaseAction.CLOSE else None
        if fact is not None:
            event = fact(
                case_id=case.id, family_id=family_id, organisation_id=actor.organisation, reason_code=reason_code
            )
            unit.tell(event, version=after.version)
        tell_changed(unit, actor, versions, "case")
        code = _CODES[order.step.action]
        audit(unit, actor, Act(code, family_id), now)
        await enter_own(unit, actor, code, versions, now, reason_code=reason_code)
        return await remember(unit, attempt, Done(case.id, 200))
