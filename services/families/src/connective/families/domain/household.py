"""What a household looks like on a day, derived from its people: never typed in, so that it cannot contradict them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from connective.families.domain.families import Membership
from connective.families.domain.people import Person

AGE_BANDS = ((0, 1), (1, 4), (5, 11), (12, 17))
"""Years of age as food banks count children. The first band is under one year; the second begins at one."""

UNKNOWN_AGE = "unknown"


@dataclass(frozen=True, slots=True)
class Household:
    """Who sleeps in one family's home on a day."""

    people: tuple[UUID, ...]
    adults: int
    children_by_age_band: dict[str, int]


def age_band(age: int | None) -> str:
    """The band of a child's age, `0-1`, `1-4`, `5-11` or `12-17`; a child whose age nobody knows is `unknown`.

    A baby before the first birthday is `0-1`, a one-year-old is `1-4`, so that each child is counted once.
    """
    if age is None:
        return UNKNOWN_AGE
    if age < 1:
        return "0-1"
    return next(f"{low}-{high}" for low, high in AGE_BANDS[1:] if age <= high)


def household_on(day: date, people: Iterable[Person], memberships: Iterable[Membership]) -> Household:
    """The household of one family on a day: the living who sleep there. A band without children is left out."""
    at_home = {m.person_id for m in memberships if m.at_home_on(day)}
    present = [p for p in people if p.id in at_home and p.living]
    ages = [p.age_on(day) for p in present if not p.is_adult_on(day)]
    bands: dict[str, int] = {}
    for age in sorted(ages, key=lambda age: (age is None, age)):
        band = age_band(age)
        bands[band] = bands.get(band, 0) + 1
    return Household(
        people=tuple(p.id for p in present),
        adults=len(present) - len(ages),
        children_by_age_band=bands,
    )
