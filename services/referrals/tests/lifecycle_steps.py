"""What is sent with each action, and what the pure rules are told in its place: for tests that drive both together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from connective.contracts.categories import Category
from connective.referrals.domain.clocks import local_day, tell_family_by
from connective.referrals.domain.details import (
    Completing,
    Declining,
    Details,
    Pausing,
    Reason,
    Redirecting,
    Saying,
    Waitlisting,
)
from connective.referrals.domain.request import Decline, Outcome, PeopleAsked, Promise, Request, Words
from connective.referrals.domain.states import Action, Party, State

TEXT = "Which mornings suit?"
WORDS = {"text": TEXT, "categories": ["progress"]}
ANSWERS = {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"}
REFERRERS = (Action.AMEND, Action.ANSWER, Action.CORRECT, Action.MESSAGE, Action.WITHDRAW)
RECIPIENTS = (
    *(Action.ACCEPT, Action.ASK, Action.COMPLETE, Action.DECLINE, Action.MESSAGE, Action.PAUSE, Action.REASSESS),
    *(Action.RECEIVE, Action.RESUME, Action.START, Action.WAITLIST),
)
COORDINATORS = (Action.HOLD, Action.RELEASE)
VERBS = {Party.REFERRER: REFERRERS, Party.RECIPIENT: RECIPIENTS, Party.COORDINATOR: COORDINATORS}
"""The verbs that go by one address each; sending, redirecting and proposing need more than a body."""
ENDING = frozenset({Action.COMPLETE, Action.CORRECT, Action.DECLINE, Action.REASSESS, Action.WITHDRAW})
CODES = {
    Action.COMPLETE: ("received", "received_in_part", "unable_to_contact", "no_such_code"),
    Action.DECLINE: ("at_capacity", "insufficient_information", "unable_to_contact", "no_such_code"),
    Action.REASSESS: ("assessed_not_eligible", "at_capacity"),
    Action.WITHDRAW: ("no_longer_needed", "no_such_code"),
}
"""Codes of each action, and some that its own rules refuse in some states or always."""


@dataclass(frozen=True, slots=True)
class Step:
    """One action as it is sent, and as the rules take it."""

    action: Action
    body: Any
    details: Details


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was answered well, to be sent again under its key."""

    party: Party
    address: str
    body: Any
    headers: dict[str, str]
    status: int


def step_of(action: Action, at: datetime, code: str) -> Step:
    """An action at this instant. `code` is of the action's own list, where it has one."""
    day = local_day(at) + timedelta(days=30)
    saying = Saying(Words(TEXT, frozenset({Category.PROGRESS})))
    decline = Decline(code, "Not now.", "Another.", "lead_practitioner", tell_family_by(at), "Write to us.")
    no = {"code": code, "family_sentence": "Not now.", "next_step": "Another.", "second_look": "Write to us."}
    known: dict[Action, tuple[Any, Details]] = {
        Action.AMEND: ({"answers": ANSWERS}, None),
        Action.ANSWER: (WORDS, saying),
        Action.ASK: (WORDS, saying),
        Action.COMPLETE: (
            {"code": code, "no_view_reason": "not_asked"},
            Completing(Outcome(code, (), (), "not_asked"), None),
        ),
        Action.DECLINE: (no, Declining(decline, None)),
        Action.HOLD: (None, Reason("coordinator")),
        Action.MESSAGE: (WORDS, saying),
        Action.PAUSE: ({"reason": "family_away", "review_on": str(day)}, Pausing("family_away", day)),
        Action.REASSESS: (no, Declining(decline, None)),
        Action.WAITLIST: ({"expected_on": str(day)}, Waitlisting(day)),
        Action.WITHDRAW: ({"reason": code}, Reason(code)),
    }
    body, details = known.get(action, (None, None))
    return Step(action, body, details)


def redirecting(action: Action, service_id: UUID) -> Step:
    """Sending the family to another service, or proposing it."""
    body = {"service_id": str(service_id)}
    if action is Action.PROPOSE_REDIRECT:
        body["reason"] = "better_suited"
    return Step(action, body, Redirecting(service_id))


def draft_of(world: Any, shown: dict[str, Any], service: Any) -> Request:
    """The request as the rules alone know it, before it is sent."""
    return Request(
        id=UUID(shown["id"]),
        place_id=world.place,
        referral_id=UUID(shown["id"]),
        family_id=world.families.family_id,
        reference=shown["reference"],
        referrer_organisation_id=world.school,
        discloser_organisation_id=world.school,
        recipient_organisation_id=service.organisation_id,
        service_id=service.service_id,
        service_kind=service.kind,
        sensitive=False,
        promise=Promise(2, 10, 2),
        form_version=1,
        people=PeopleAsked((world.mother,), world.mother),
        state=State.DRAFT,
        version=1,
        since=world.clock(),
    )
