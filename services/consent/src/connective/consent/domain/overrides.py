"""Safeguarding overrides (rule 7): what must be said, how long one stands, and when it is reviewed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum

from connective.consent.domain.days import ENGLAND, day_of
from connective.consent.domain.refusals import NotNow, NotYours, Unacceptable

STANDS_FOR = timedelta(days=7)
"""An override serves a danger that is present; one still needed after a week is used again, with its reasons."""
ONE_OFF_STANDS_FOR = timedelta(days=28)


class OneOffDecision(StrEnum):
    """How a one-off disclosure was decided (ICO data sharing code, Annex B)."""

    DO_NOT_SHARE = "do_not_share"
    SHARE = "share"
    SHARE_PART = "share_part"


class ReviewState(StrEnum):
    """How far the review of an override is."""

    AWAITING_REVIEW = "awaiting_review"
    OVERDUE = "overdue"
    REVIEWED = "reviewed"


def one_off_stands_until(decision: OneOffDecision, at: datetime) -> datetime:
    """How long a one-off decision carries sharing: not at all where it was not to share."""
    return at if decision is OneOffDecision.DO_NOT_SHARE else at + ONE_OFF_STANDS_FOR


def check_told(told: bool, note: str) -> None:
    """Was the family told, or is it said why not? Raises Unacceptable."""
    if not told and not note.strip():
        sentence = "Say why the family was not told, for example that telling them was unsafe."
        raise Unacceptable("why_not_told", sentence, "/family_told_note")


def review_due(used_at: datetime, is_holiday: Callable[[date], bool], working_days: int = 1) -> datetime:
    """So many working days later, at the same time of day in England."""
    day = day_of(used_at)
    for _ in range(working_days):
        day += timedelta(days=1)
        while day.weekday() >= 5 or is_holiday(day):
            day += timedelta(days=1)
    local = used_at.astimezone(ENGLAND)
    return datetime.combine(day, local.time(), tzinfo=ENGLAND).astimezone(used_at.tzinfo)


def check_reviewer(used_by: str, reviewed_by: str | None, reviewer: str) -> None:
    """May this person review it? Raises NotYours for the one who used it, NotNow when it was reviewed."""
    if reviewer == used_by:
        raise NotYours("own_override", "Somebody other than the person who used an override reviews it.")
    if reviewed_by is not None:
        raise NotNow("already_reviewed", "This override has been reviewed already.")


def check_second_person(used_by: str, confirmed_by: str | None, second: str) -> None:
    """May this person confirm that it goes beyond a restriction? Raises NotYours or NotNow."""
    if second == used_by:
        raise NotYours("takes_two", "Going beyond a restriction takes a second person.")
    if confirmed_by is not None:
        raise NotNow("already_confirmed", "A second person has confirmed this already.")
