"""A personal data breach and its clock (UK GDPR Articles 33 and 34).

The controller notifies the Commissioner within 72 hours of becoming aware, unless a risk to people is unlikely, and
says why when it is later; a high risk is told to the people. The record holds the effects and what was decided, so
that the Commissioner can check it (Article 33(5)).
"""

from datetime import datetime, timedelta
from enum import StrEnum

from connective.consent.domain.refusals import NotNow, Unacceptable

NOTIFY_WITHIN = timedelta(hours=72)


class BreachKind(StrEnum):
    """What happened."""

    LOSS = "loss"
    UNAUTHORISED_ACCESS = "unauthorised_access"
    WRONG_RECIPIENT = "wrong_recipient"
    OTHER = "other"


class Risk(StrEnum):
    """To the rights and freedoms of the people concerned."""

    UNLIKELY = "unlikely"
    LIKELY = "likely"
    HIGH = "high"


class BreachState(StrEnum):
    """Where the record stands."""

    OPEN = "open"
    ASSESSED = "assessed"
    DECIDED = "decided"


def due_at(aware_at: datetime) -> datetime:
    """Until when the Commissioner is to be notified."""
    return aware_at + NOTIFY_WITHIN


def is_overdue(state: BreachState, aware_at: datetime, now: datetime) -> bool:
    """Whether the 72 hours passed without a decision."""
    return state is not BreachState.DECIDED and now > due_at(aware_at)


def check_recorded(aware_at: datetime, since: datetime, until: datetime, now: datetime) -> None:
    """Raise Unacceptable for times that cannot be: nobody becomes aware of what is yet to come."""
    if aware_at > now:
        raise Unacceptable("not_yet_aware", "The moment of becoming aware lies in the future.", "/aware_at")
    if not since < until:
        raise Unacceptable("empty_period", "The period ends before it begins.", "/since")


def check_assessable(state: BreachState) -> None:
    """Raise NotNow once it was decided what to do: the assessment is then part of the record."""
    if state is BreachState.DECIDED:
        raise NotNow("already_decided", "It has been decided whether to notify; the assessment stands.")


def check_decision(
    state: BreachState, risk: Risk | None, aware_at: datetime, *, notified_at: datetime | None, reason: str, told: bool
) -> None:
    """May this be decided? Raises NotNow before an assessment, Unacceptable for what Articles 33 and 34 forbid."""
    if state is not BreachState.ASSESSED or risk is None:
        raise NotNow("not_assessed", "Assess the risk to the people concerned first; a decision is taken once.")
    if notified_at is None and risk is not Risk.UNLIKELY:
        sentence = "Where a risk to people is likely the Commissioner is notified (UK GDPR Article 33(1))."
        raise Unacceptable("must_notify", sentence, "/notified_at")
    if notified_at is None and not reason:
        raise Unacceptable("reason_needed", "Say why the Commissioner is not notified.", "/reason")
    if notified_at is not None and notified_at > due_at(aware_at) and not reason:
        raise Unacceptable(
            "reason_for_delay", "A notification after 72 hours gives the reasons for the delay.", "/reason"
        )
    if risk is Risk.HIGH and not told and not reason:
        sentence = "A high risk is told to the people concerned, or the reason why not is recorded (Article 34)."
        raise Unacceptable("tell_the_people", sentence, "/people_told")
