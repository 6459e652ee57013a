"""Ages and the dates of a life: whole years, as the law counts them, and what cannot have been."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connective.families.domain.refusals import ImplausibleDate

OLDEST_AGE_YEARS = 120
"""Nobody in a family's record was born longer ago; a year typed wrongly usually was."""

ADULT_AT = 18
"""Full age (Family Law Reform Act 1969 s1)."""

DECIDES_FOR_THEMSELVES_AT = 16
"""Presumed able to decide about help and sharing (Mental Capacity Act 2005 s1 and s2(5))."""

_ENGLAND = ZoneInfo("Europe/London")


def day_of(now: datetime) -> date:
    """The calendar day in England at an instant: ages and periods turn at midnight there, not in UTC."""
    return now.astimezone(_ENGLAND).date()


@dataclass(frozen=True, slots=True)
class Period:
    """From one day until another, both included; an open end is None."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ImplausibleDate("It cannot end before it starts.", "until")

    def holds_on(self, day: date) -> bool:
        """Whether the day lies within."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


ALWAYS = Period()
"""Neither beginning nor end is recorded."""


def age_in_years(born_on: date, on: date) -> int:
    """Whole years of age, reached at the start of the birthday (Family Law Reform Act 1969 s9).

    Someone born on 29 February comes of age on 1 March of a year that has no such day.
    """
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def check_birth_date(born_on: date, today: date) -> date:
    """The birth date, unless it lies in the future or further back than anyone lives."""
    if born_on > today:
        raise ImplausibleDate(
            "A birth date cannot be in the future. Record an unborn child on the mother.", "date_of_birth"
        )
    if age_in_years(born_on, today) > OLDEST_AGE_YEARS:
        raise ImplausibleDate(f"A birth date cannot be more than {OLDEST_AGE_YEARS} years ago.", "date_of_birth")
    return born_on


def check_death_date(died_on: date, born_on: date | None, today: date) -> date:
    """The day of death, unless it lies in the future or before the birth."""
    if died_on > today:
        raise ImplausibleDate("A day of death cannot be in the future.", "died_on")
    if born_on is not None and died_on < born_on:
        raise ImplausibleDate("A day of death cannot come before the birth.", "died_on")
    return died_on
