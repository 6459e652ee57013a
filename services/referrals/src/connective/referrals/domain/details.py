"""What comes with each action, and the rules of each (domain rules, section 4).

Actions without details take None. A check returns every error at once, so that a person corrects once.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from connective.contracts.needs import needs_list
from connective.referrals.domain.refusals import FieldError
from connective.referrals.domain.request import Decline, Missing, Outcome, Promise, Relied, Request, Words
from connective.referrals.domain.states import State


@dataclass(frozen=True, slots=True)
class Submitting:
    """What the decision said: `missing` blocks; `without` are useful categories it goes without."""

    missing: tuple[Missing, ...]
    without: tuple[Missing, ...]
    promise: Promise
    """The service's clocks on the day of sending."""
    relied: Relied


@dataclass(frozen=True, slots=True)
class Saying:
    """A question or an answer."""

    words: Words


@dataclass(frozen=True, slots=True)
class Waitlisting:
    """When a place is expected."""

    expected_on: date


@dataclass(frozen=True, slots=True)
class Declining:
    """A no, and what else the recipient wants to tell the referrer."""

    decline: Decline
    words: Words | None


@dataclass(frozen=True, slots=True)
class Pausing:
    """Why the recipient's work pauses and when it is looked at again."""

    reason_code: str
    review_on: date


@dataclass(frozen=True, slots=True)
class Completing:
    """How it ended."""

    outcome: Outcome
    words: Words | None


@dataclass(frozen=True, slots=True)
class Redirecting:
    """To which service the family goes instead."""

    service_id: UUID


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: for withdraw, hold, lapse."""

    code: str


Details = Submitting | Saying | Waitlisting | Declining | Pausing | Completing | Redirecting | Reason | None

DECLINE_CODES = frozenset(
    {
        "already_supported",
        "at_capacity",
        "awaiting_another_assessment",
        "cannot_deliver_safely",
        "duplicate",
        "family_declined",
        "insufficient_information",
        "needs_statutory_help",
        "not_appropriate",
        "not_eligible",
        "other",
        "out_of_area",
        "service_ended",
        "threshold_not_met",
        "unable_to_contact",
    }
)
REASSESS_CODES = frozenset({"assessed_not_eligible"})
TELLERS = frozenset({"lead_practitioner", "recipient"})
FRONT_DOOR_ANSWERS = frozenset({"recipient_phoned", "referrer_must_phone"})
PAUSE_CODES = frozenset({"awaiting_other_service", "family_asked", "family_away", "other", "staff_absence"})
WITHDRAW_CODES = frozenset(
    {"family_changed_mind", "family_moved", "no_longer_needed", "other", "sent_in_error", "wrong_service"}
)
HOLD_CODES = frozenset(
    {
        "agreement_ended",
        "agreement_suspended",
        "consent_expired",
        "consent_refused",
        "consent_withdrawn",
        "coordinator",
        "objection_raised",
        "organisation_suspended",
        "processing_restricted",
        "referrer_decides",
        "sharing_not_permitted",
    }
)
LAPSE_CODES = frozenset({"acknowledge_by", "answer_by", "decide_by", "needed_by", "waiting_check"})
OUTCOME_CODES = frozenset({"not_received", "received", "received_in_part", "unable_to_contact"})
NO_VIEW_REASONS = frozenset({"could_not_reach", "did_not_want_to_say", "not_appropriate", "not_asked", "too_young"})
MAXIMUM_SEVERITY = 4
"""The record's scale: 0 no longer a need, 1 slight, 2 moderate, 3 serious, 4 critical."""


def _in(pointer: str, value: str, allowed: frozenset[str]) -> list[FieldError]:
    if value in allowed:
        return []
    return [FieldError(pointer, "unknown-code", f"Use one of: {', '.join(sorted(allowed))}.")]


def _filled(pointer: str, value: str, what: str) -> list[FieldError]:
    return [] if value.strip() else [FieldError(pointer, "required", f"Say {what}.")]


def _reached(request: Request, code: str) -> list[FieldError]:
    left = request.promise.contact_attempts - request.contact_attempts
    if code != "unable_to_contact" or left <= 0:
        return []
    return [
        FieldError(
            "/code",
            "attempts-promised",
            f"The service promises {request.promise.contact_attempts} attempts to reach a family: {left} are left. "
            "Log each attempt first.",
        )
    ]


def _decline_code(request: Request, details: Declining) -> list[FieldError]:
    code = details.decline.code
    if code == "insufficient_information" and request.state is not State.INFORMATION_REQUESTED:
        sentence = "Ask the referrer first: this code is for a question that was not answered."
        return [FieldError("/code", "ask-first", sentence)]
    if code == "other" and details.words is None:
        return [FieldError("/text", "required", "Say in words why, when the code is other.")]
    asked = details.decline.front_door
    if code == "needs_statutory_help" and asked not in FRONT_DOOR_ANSWERS:
        sentence = "Have you phoned the front door (recipient_phoned), or must the referrer (referrer_must_phone)?"
        return [FieldError("/front_door", "required", sentence)]
    return _reached(request, code)


def declining(request: Request, details: Declining, today: date, codes: frozenset[str]) -> list[FieldError]:
    """What is wrong with a decline: its code's own rule, and what the family is owed with every no."""
    decline = details.decline
    errors = _in("/code", decline.code, codes) or _decline_code(request, details)
    errors += _filled("/family_sentence", decline.family_sentence, "in plain words what the family is told")
    errors += _filled("/next_step", decline.next_step, "what the family can do next")
    errors += _filled("/second_look", decline.second_look, "how the family can ask for a second look")
    errors += _in("/tells", decline.tells, TELLERS)
    if decline.tell_by < today:
        errors.append(FieldError("/tell_by", "in-the-past", "The day by which the family is told has passed."))
    return errors


def _about_the_people(request: Request, outcome: Outcome) -> list[FieldError]:
    detail = "This request is not about that person."
    wrong = [f"/needs/{i}" for i, n in enumerate(outcome.needs) if n.person_id not in request.people.everyone]
    wrong += [
        f"/views/{i}"
        for i, v in enumerate(outcome.views)
        if v.person_id is not None and v.person_id not in request.people.everyone
    ]
    errors = [FieldError(f"{pointer}/person_id", "not-asked-for", detail) for pointer in wrong]
    for index, need in enumerate(outcome.needs):
        if need.code not in needs_list().needs:
            errors.append(FieldError(f"/needs/{index}/code", "unknown-code", "Use a code of the needs list."))
    return errors


def completing(request: Request, details: Completing) -> list[FieldError]:
    """What is wrong with an outcome: code, severities on the scale, and a view or a reason why not."""
    outcome = details.outcome
    errors = _in("/code", outcome.code, OUTCOME_CODES) or _reached(request, outcome.code)
    for index, need in enumerate(outcome.needs):
        if need.severity is not None and not 0 <= need.severity <= MAXIMUM_SEVERITY:
            sentence = f"Severity runs from 0 to {MAXIMUM_SEVERITY}."
            errors.append(FieldError(f"/needs/{index}/severity_now", "out-of-range", sentence))
    errors += _about_the_people(request, outcome)
    return errors + _views(request, outcome)


def _views(request: Request, outcome: Outcome) -> list[FieldError]:
    """The family's own view, and each subject's, children among them; or why it is not there."""
    errors = []
    for index, each in enumerate(view for view in outcome.views if view.words is None):
        errors += _in(f"/no_views/{index}/reason", each.reason or "", NO_VIEW_REASONS)
    if outcome.no_view_reason is not None:
        return errors + _in("/no_view_reason", outcome.no_view_reason, NO_VIEW_REASONS)
    told_of = {view.person_id for view in outcome.views}
    if None not in told_of:
        sentence = "Give the family's own view (a view without person_id), or say why there is none."
        errors.append(FieldError("/no_view_reason", "required", sentence))
    if set(request.people.subjects) - told_of:
        sentence = "Give each person's own view, or say for each in no_views why there is none; each child has its own."
        errors.append(FieldError("/no_views", "required", sentence))
    return errors


def pausing(details: Pausing, today: date) -> list[FieldError]:
    """What is wrong with a pause: a known reason, and a review that lies ahead."""
    errors = _in("/reason", details.reason_code, PAUSE_CODES)
    if details.review_on <= today:
        errors.append(FieldError("/review_on", "in-the-past", "Choose a review date after today."))
    return errors


def waitlisting(details: Waitlisting, today: date) -> list[FieldError]:
    """What is wrong with a place on the waiting list: the expected date lies ahead."""
    if details.expected_on >= today:
        return []
    return [FieldError("/expected_on", "in-the-past", "The date a place is expected has passed.")]


def saying(details: Saying) -> list[FieldError]:
    """What is wrong with a question or an answer: it says something."""
    return _filled("/text", details.words.text, "what you mean")


def reason(details: Reason, codes: frozenset[str]) -> list[FieldError]:
    """What is wrong with a reason: its code is known."""
    return _in("/reason", details.code, codes)
