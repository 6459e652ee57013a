"""One episode of early help for a family: opened, assessed, planned, reviewed, closed; and the team around it.

The life of a case is the table below, applied by one pure function. Closing takes two people: whoever asks for it, and
the practice lead who approves it.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from connective.families.domain.dates import Period
from connective.families.domain.refusals import IllegalCaseAction, ImplausibleDate, NotTheSecondPerson

LONGEST_TO_REVIEW = timedelta(days=183)
"""A plan that nobody looks at for half a year is no plan: practice reviews every six to twelve weeks."""


class CaseState(StrEnum):
    """Where an episode of help stands."""

    ASSESSED = "assessed"
    CLOSED = "closed"
    OPEN = "open"
    PLANNED = "planned"
    REVIEWED = "reviewed"


class CaseAction(StrEnum):
    """What may be done with an episode."""

    ASSESS = "assess"
    CLOSE = "close"
    PLAN = "plan"
    PROPOSE_CLOSURE = "propose_closure"
    REOPEN = "reopen"
    REVIEW = "review"


class ClosingReason(StrEnum):
    """Why an episode ends."""

    FAMILY_ENDED_IT = "family_ended_it"
    MOVED_AWAY = "moved_away"
    NEEDS_MET = "needs_met"
    NEVER_ENGAGED = "never_engaged"
    OPENED_IN_ERROR = "opened_in_error"
    OTHER_HELP = "other_help"
    STATUTORY_HELP = "statutory_help"


_S, _A = CaseState, CaseAction
_WORKING = frozenset(CaseState) - {CaseState.CLOSED}
RULES: dict[CaseAction, tuple[frozenset[CaseState], CaseState | None]] = {
    _A.ASSESS: (frozenset({_S.OPEN, _S.PLANNED, _S.REVIEWED}), _S.ASSESSED),
    _A.PLAN: (frozenset({_S.ASSESSED, _S.PLANNED, _S.REVIEWED}), _S.PLANNED),
    _A.REVIEW: (frozenset({_S.PLANNED, _S.REVIEWED}), _S.REVIEWED),
    _A.PROPOSE_CLOSURE: (_WORKING, None),
    _A.CLOSE: (_WORKING, _S.CLOSED),
    _A.REOPEN: (frozenset({_S.CLOSED}), _S.OPEN),
}
"""From which states each action leads where; None leaves the state as it is."""
_DATED = frozenset({_A.PLAN, _A.REVIEW})


@dataclass(frozen=True, slots=True)
class Case:
    """One episode of early help."""

    id: UUID
    family_id: UUID
    state: CaseState
    lead_practitioner: str
    opened_on: date
    closed_on: date | None = None
    version: int = 1
    review_on: date | None = None
    """When the plan is looked at next."""
    closing_asked_by: str | None = None
    closing_reason: ClosingReason | None = None
    closed_by: str | None = None

    @property
    def legal(self) -> frozenset[CaseAction]:
        """What the state allows; closing only once somebody has asked for it."""
        found = {action for action, (sources, _) in RULES.items() if self.state in sources}
        return frozenset(found if self.closing_asked_by else found - {CaseAction.CLOSE})

    def overdue_on(self, day: date) -> bool:
        """Whether a review should have been."""
        return self.state is not CaseState.CLOSED and self.review_on is not None and self.review_on < day


@dataclass(frozen=True, slots=True)
class Step:
    """What is done with a case, by whom, on which day; with the day of the next review, or why it closes."""

    action: CaseAction
    by: str
    on: date
    review_on: date | None = None
    reason: ClosingReason | None = None


def take(case: Case, step: Step) -> Case:
    """The case after a step. Raises IllegalCaseAction with the legal ones, NotTheSecondPerson, or ImplausibleDate.

    Assessing, planning or reviewing says that the work goes on, so it ends a proposal to close.
    """
    if step.action not in case.legal:
        raise IllegalCaseAction(
            f"A case that is {case.state} cannot take the action {step.action}.", allowed_actions=sorted(case.legal)
        )
    target = RULES[step.action][1] or case.state
    after = replace(case, state=target, version=case.version + 1)
    if step.action is CaseAction.PROPOSE_CLOSURE:
        return replace(after, closing_asked_by=step.by, closing_reason=step.reason)
    if step.action is CaseAction.CLOSE:
        if case.closing_asked_by == step.by:
            raise NotTheSecondPerson("You asked for this case to be closed. Another practice lead approves it.")
        return replace(after, closed_on=step.on, closed_by=step.by, review_on=None)
    review_on = _review_day(step) if step.action in _DATED else case.review_on
    return replace(
        after, review_on=review_on, closing_asked_by=None, closing_reason=None, closed_on=None, closed_by=None
    )


def _review_day(step: Step) -> date:
    if step.review_on is None or not step.on < step.review_on <= step.on + LONGEST_TO_REVIEW:
        raise ImplausibleDate("Choose a day of review after today and within half a year.", "review_on")
    return step.review_on


@dataclass(frozen=True, slots=True)
class TeamMember:
    """An organisation on the team. Being on it is not permission: each read of the family's data takes a decision."""

    case_id: UUID
    family_id: UUID
    organisation_id: UUID
    period: Period
