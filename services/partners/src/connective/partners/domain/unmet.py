"""Unmet need: how often a search found nothing, counted without identity, and read without telling of anybody.

Counts are kept by half a postcode or district, need, age band and week. They are read as the Office for National
Statistics treats small numbers: fewer than five is not told, and the rest are rounded, so that two readings that
differ by one search cannot be subtracted from one another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from connective.partners.domain.areas import Home

SMALLEST_TOLD = 5
ROUNDED_TO = 5
SHORTEST_WEEKS = 4
"""A reading covers four weeks at least: a week's single search could be somebody known to have asked."""
LONGEST_WEEKS = 156
ANY_AGE = "any"
_BANDS = ((0, 4, "0-4"), (5, 10, "5-10"), (11, 15, "11-15"), (16, 17, "16-17"), (18, 24, "18-24"))
_OLDER = "25+"


def age_bands(ages: Iterable[int]) -> tuple[str, ...]:
    """The bands that the ages fall into, each once; `any` where no age was asked about."""
    found = {_band(age) for age in ages}
    return tuple(sorted(found)) or (ANY_AGE,)


def _band(age: int) -> str:
    return next((name for low, high, name in _BANDS if low <= age <= high), _OLDER)


def monday(day: date) -> date:
    """The first day of the week that a search is counted under: a day might tell who was visited on it."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Searched:
    """What is counted of one search that found nothing."""

    home: Home
    needs: frozenset[str]
    bands: tuple[str, ...]
    week: date


@dataclass(frozen=True, slots=True)
class Told:
    """One count as it may be read."""

    area: str
    need: str
    age_band: str
    searches: int | None
    """Rounded to the nearest five; None where it is fewer than five."""


def told(area: str, need: str, age_band: str, times: int) -> Told:
    """The count, rounded, or untold where it is small."""
    rounded = ROUNDED_TO * round(times / ROUNDED_TO)
    return Told(area, need, age_band, None if times < SMALLEST_TOLD else rounded)
