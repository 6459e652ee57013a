"""The life of a case: one table, two people to close it, and a day of review for every plan."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from connective.families.domain.cases import RULES, Case, CaseAction, CaseState, ClosingReason, Step, take
from connective.families.domain.refusals import IllegalCaseAction, ImplausibleDate, NotTheSecondPerson
from connective.kit.ids import new_id

TODAY = date(2026, 3, 1)
SOON = TODAY + timedelta(days=42)
NEW = Case(new_id(), new_id(), CaseState.OPEN, "ada", TODAY)


def step(action: CaseAction, by: str = "ada", review_on: date | None = SOON) -> Step:
    return Step(action, by, TODAY, review_on, ClosingReason.NEEDS_MET)


def lived(*actions: CaseAction) -> Case:
    case = NEW
    for number, action in enumerate(actions):
        case = take(case, step(action, by=f"worker {number}"))
    return case


def test_every_action_is_legal_in_exactly_the_states_of_the_table() -> None:
    for state in CaseState:
        case = replace(NEW, state=state, closing_asked_by="bea", version=7)
        for action, (sources, target) in RULES.items():
            if state in sources:
                after = take(case, step(action))
                assert (after.state, after.version) == (target or state, 8)
            else:
                with pytest.raises(IllegalCaseAction) as refused:
                    take(case, step(action))
                assert refused.value.members["allowed_actions"] == sorted(case.legal)


def test_a_plan_has_a_day_on_which_it_is_looked_at() -> None:
    assessed = lived(CaseAction.ASSESS)
    for wrong in (None, TODAY, TODAY + timedelta(days=184)):
        with pytest.raises(ImplausibleDate):
            take(assessed, step(CaseAction.PLAN, review_on=wrong))
    planned = take(assessed, step(CaseAction.PLAN))
    assert (planned.review_on, planned.overdue_on(SOON), planned.overdue_on(SOON + timedelta(days=1))) == (
        SOON,
        False,
        True,
    )


def test_closing_takes_somebody_who_asks_and_another_who_approves() -> None:
    with pytest.raises(IllegalCaseAction):
        take(NEW, step(CaseAction.CLOSE))
    proposed = take(NEW, step(CaseAction.PROPOSE_CLOSURE, by="ada"))
    assert proposed.state is CaseState.OPEN
    with pytest.raises(NotTheSecondPerson):
        take(proposed, step(CaseAction.CLOSE, by="ada"))
    closed = take(proposed, step(CaseAction.CLOSE, by="bea"))
    assert (closed.state, closed.closed_on, closed.closed_by, closed.closing_reason) == (
        CaseState.CLOSED,
        TODAY,
        "bea",
        ClosingReason.NEEDS_MET,
    )
    reopened = take(closed, step(CaseAction.REOPEN))
    assert (reopened.state, reopened.closed_on, reopened.closing_reason) == (CaseState.OPEN, None, None)


def test_going_on_with_the_work_ends_a_proposal_to_close() -> None:
    proposed = lived(CaseAction.ASSESS, CaseAction.PLAN, CaseAction.PROPOSE_CLOSURE)
    assert CaseAction.CLOSE in proposed.legal
    assert CaseAction.CLOSE not in take(proposed, step(CaseAction.REVIEW)).legal
