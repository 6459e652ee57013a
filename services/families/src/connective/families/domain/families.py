"""A family: people who live together or are cared for together, for a time, and where each of them sleeps."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from connective.families.domain.dates import ALWAYS, Period


class Residence(StrEnum):
    """Whether a member lives in this family's home. Belonging is not living there: a separated parent belongs."""

    ELSEWHERE = "elsewhere"
    HERE = "here"
    PART_TIME = "part_time"


@dataclass(frozen=True, slots=True)
class Membership:
    """One person's place in one family. A person may have several: a child of two homes is in two families."""

    family_id: UUID
    person_id: UUID
    residence: Residence = Residence.HERE
    period: Period = ALWAYS

    def at_home_on(self, day: date) -> bool:
        """Whether the person sleeps here, all or part of the week, on that day."""
        return self.residence is not Residence.ELSEWHERE and self.period.holds_on(day)


@dataclass(frozen=True, slots=True)
class Family:
    """The record of a family: who keeps it, and which version it is."""

    id: UUID
    organisation_id: UUID
    registered_by: str
    registered_on: date
    name: str
    """What workers call it: the family names of its members, never published."""
    version: int


def living_with(person_ids: Collection[UUID], memberships: Iterable[Membership], day: date) -> frozenset[UUID]:
    """Everybody who shares a home with any of these people on a day, themselves included.

    Where one of a home must not be found, nobody of it may be: the child's address is the mother's.
    """
    at_home = [m for m in memberships if m.at_home_on(day)]
    homes = {m.family_id for m in at_home if m.person_id in person_ids}
    return frozenset(person_ids) | {m.person_id for m in at_home if m.family_id in homes}


def family_label(family_names: tuple[str, ...]) -> str:
    """What to call a family: the family names of its people, each once, in the order they were given."""
    return " and ".join(dict.fromkeys(name for name in family_names if name)) or "Unnamed"
