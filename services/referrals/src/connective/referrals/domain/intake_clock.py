"""Who is told that an intake waits too long, and when: the steps of requests, in the same working days.

Past its time whoever matches at the service is reminded; two working days later the coordinator of the service's hub
hears of it. It lapses after four weeks (`intake.DAYS_KEPT`), because what was sent may not wait longer.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connective.referrals.domain.clocks import WORKING_DAYS_TO_COORDINATOR, within
from connective.referrals.domain.intake import Intake, IntakeState

REMINDER, COORDINATOR = "match_by_reminder", "match_by_coordinator"


@dataclass(frozen=True, slots=True)
class Step:
    """At this instant somebody is told, for this reason."""

    at: datetime
    reason: str


def steps(due_at: datetime) -> tuple[Step, ...]:
    """Every step of an intake that is to be matched by then, in time order."""
    return (
        Step(due_at, REMINDER),
        Step(within(due_at - timedelta(seconds=1), WORKING_DAYS_TO_COORDINATOR), COORDINATOR),
    )


def next_step_at(intake: Intake) -> datetime | None:
    """When somebody is told next; None once it has ended, or everybody has been told."""
    left = steps(intake.due_at)[intake.escalations :]
    return left[0].at if left and intake.state is IntakeState.WAITING else None


def escalate(intake: Intake, at: datetime) -> tuple[Intake, Step] | None:
    """Take the step that is due; None when none is at this instant."""
    due = next_step_at(intake)
    if due is None or due > at:
        return None
    after = replace(intake, escalations=intake.escalations + 1, version=intake.version + 1)
    return after, steps(intake.due_at)[intake.escalations]
