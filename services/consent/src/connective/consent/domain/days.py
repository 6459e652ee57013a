"""Dates that agreements, registrations and training run to: a day ends at midnight in England, not in UTC."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ENGLAND = ZoneInfo("Europe/London")
LAPSE_WARNING = timedelta(days=28)
"""How long a lapsed assessment, registration or training only warns before it denies (domain rules §5, rule 2)."""


class Standing(StrEnum):
    """Whether something that must be kept up to date still is."""

    IN_DATE = "in_date"
    LAPSED = "lapsed"
    """Past its date by up to 28 days: sharing goes on, with a warning."""
    OUT_OF_DATE = "out_of_date"
    """Lapsed for longer: nothing is shared."""


def day_of(at: datetime) -> date:
    """The calendar day in England at this instant, which must carry its time zone."""
    return at.astimezone(ENGLAND).date()


def standing(valid_until: date, today: date) -> Standing:
    """Whether something valid up to and including a day still counts."""
    if today <= valid_until:
        return Standing.IN_DATE
    return Standing.LAPSED if today - valid_until <= LAPSE_WARNING else Standing.OUT_OF_DATE
