"""What the Hub's clock does to a request whose step of escalation has come."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from connective.referrals.domain.clocks import due, next_step
from connective.referrals.domain.details import Reason
from connective.referrals.domain.lifecycle import act
from connective.referrals.domain.request import By, Fact, Request
from connective.referrals.domain.states import Action, Party

CLOCK = By(Party.HUB, "service:referrals")
"""The Hub's clock acts in nobody's name."""


COORDINATOR_TOLD = "_coordinator"
"""How the reason of the step ends in which a hub's coordinator is told."""


def whose_hub(request: Request) -> tuple[UUID, UUID]:
    """Whose hub's coordinator is told that it is overdue: the hub of who owes the next act, else the other party's."""
    owed = due(request)
    parties = (request.recipient_organisation_id, request.referrer_organisation_id)
    return parties[::-1] if owed is not None and owed.owner is Party.REFERRER else parties


def escalate(request: Request, at: datetime) -> tuple[Request, Fact] | None:
    """Take the step that is due: remind, tell the coordinator, or lapse. None when no step is due at this instant."""
    step = next_step(request)
    if step is None or step.at > at:
        return None
    if step.kind == "lapse":
        return act(request, Action.LAPSE, CLOCK, at, Reason(step.clock))
    after = replace(request, version=request.version + 1, escalations=request.escalations + 1)
    reason = f"{step.clock}_{step.kind}"
    return after, Fact("overdue", None, request.state, request.state, after.version, at, CLOCK, reason)
