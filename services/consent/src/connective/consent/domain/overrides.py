"""Safeguarding overrides (rule 7): what must be said, how long one stands, and when it is reviewed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from connective.consent.domain.days import ENGLAND, day_of
from connective.consent.domain.refused import NotNow, NotYours

STANDS_FOR = timedelta(days=7)
"""An override serves a danger that is present; one still needed after a week is used again, with its reasons."""
ONE_OFF_STANDS_FOR = timedelta(days=28)


def review_due(used_at: datetime, is_holiday: Callable[[date], bool]) -> datetime:
    """One working day later, at the same time of day in England."""
    day = day_of(used_at) + timedelta(days=1)
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
