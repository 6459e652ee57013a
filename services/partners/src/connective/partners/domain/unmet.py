"""Unmet need: how often a search found nothing, counted without identity, and read without telling of anybody.

Counts are kept by half a postcode and district (the finest areas that the packaged postcode directory knows: it has no
wards), need, age band and week. Fewer than ten are not told, and the rest are rounded to five, so that two readings
that differ by one search cannot be subtracted from one another; and a district's figure is not told where taking away
the half postcodes that are told would tell what is hidden of another.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from connective.partners.domain.areas import Home

SMALLEST_TOLD = 10
"""Fewer are hidden: behind a smaller number somebody may know the family. Requests' figures keep the same limit."""
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
class Counted:
    """How often searches for one need found nothing, where one half of a postcode and one district meet."""

    outward: str
    district: str
    need: str
    age_band: str
    times: int


@dataclass(frozen=True, slots=True)
class Told:
    """One count as it may be read."""

    area: str
    need: str
    age_band: str
    searches: int | None
    """Rounded to the nearest five; None where it is fewer than ten, or would tell of fewer than ten."""


def told_by_outward(counts: Iterable[Counted]) -> tuple[Told, ...]:
    """One count for each half postcode, need and age band, most often first."""
    return _ordered({key: sum(parts.values()) for key, parts in _parts(counts, by_district=False).items()}, frozenset())


def told_by_district(counts: Sequence[Counted]) -> tuple[Told, ...]:
    """One count for each district, need and age band, most often first.

    Hidden too is a district whose half postcodes are all told but for fewer than ten searches: the difference of the
    two readings would be just those (complementary suppression).
    """
    by_outward = {key: sum(parts.values()) for key, parts in _parts(counts, by_district=False).items()}
    districts = _parts(counts, by_district=True)
    telling = frozenset(
        key
        for key, parts in districts.items()
        if 0
        < sum(times for outward, times in parts.items() if by_outward[outward, *key[1:]] < SMALLEST_TOLD)
        < SMALLEST_TOLD
    )
    return _ordered({key: sum(parts.values()) for key, parts in districts.items()}, telling)


_Key = tuple[str, str, str]


def _parts(counts: Iterable[Counted], *, by_district: bool) -> dict[_Key, dict[str, int]]:
    """Area, need and age band, each with the counts of the areas of the other kind that it meets."""
    found: dict[_Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in counts:
        area, other = (each.district, each.outward) if by_district else (each.outward, each.district)
        found[area, each.need, each.age_band][other] += each.times
    return found


def _ordered(times: dict[_Key, int], hidden: frozenset[_Key]) -> tuple[Told, ...]:
    """What may be read, most often first; what is hidden comes last, by its name, so that no order tells of it."""
    read = [Told(*key, None if key in hidden else _rounded(count)) for key, count in times.items()]
    return tuple(sorted(read, key=lambda each: (-(each.searches or 0), each.area, each.need, each.age_band)))


def _rounded(times: int) -> int | None:
    return None if times < SMALLEST_TOLD else ROUNDED_TO * round(times / ROUNDED_TO)
