"""The period an officer asks about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connective.consent.domain.refusals import Unacceptable

USUAL = timedelta(days=90)
"""How far back an answer reaches when nothing is said: a quarter, the rhythm in which agreements are looked over."""
LONGEST = timedelta(days=400)
"""A year with its ends; longer questions are asked in parts, so that one cannot stall the database."""


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant up to, and without, another."""

    since: datetime
    until: datetime


def period_of(since: datetime | None, until: datetime | None, now: datetime) -> Period:
    """The period asked for, the last 90 days by default. Raises Unacceptable for one that is empty or too long."""
    end = until or now
    begin = since or end - USUAL
    if not begin < end:
        raise Unacceptable("empty_period", "The period ends before it begins.", "/query/from")
    if end - begin > LONGEST:
        raise Unacceptable("period_too_long", "Ask for at most 400 days at once.", "/query/from")
    return Period(begin, end)
