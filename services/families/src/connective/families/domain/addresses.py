"""Where a family lives, since when, and whether it may be passed on."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from connective.families.domain.dates import ALWAYS, Period
from connective.families.domain.families import Membership, Residence


class AddressKind(StrEnum):
    """What sort of home."""

    CORRESPONDENCE = "correspondence"
    HOME = "home"
    REFUGE = "refuge"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True)
class Address:
    """One address of one family, for a time."""

    id: UUID
    family_id: UUID
    kind: AddressKind
    lines: tuple[str, ...]
    town: str
    postcode: str | None
    period: Period = ALWAYS
    withheld: bool = False
    """The family asked that it goes no further than the organisation that keeps its record."""
    confirmed_on: date | None = None
    """When the family last said that it is right."""

    @property
    def in_one_line(self) -> str:
        """As written on an envelope, in one line."""
        return ", ".join(filter(None, (*self.lines, self.town, self.postcode)))


def may_leave(address: Address) -> bool:
    """Whether a recipient may be told. A refuge never, whatever was ticked: its address protects others too."""
    return not address.withheld and address.kind is not AddressKind.REFUGE


def current_address(addresses: tuple[Address, ...], family_ids: tuple[UUID, ...], day: date) -> Address | None:
    """Where somebody lives on a day: the latest address of the first family in which they have one.

    Letters' addresses are for letters: a `correspondence` address never says where somebody lives.
    """
    for family_id in family_ids:
        of_family = [
            a
            for a in addresses
            if a.family_id == family_id and a.kind is not AddressKind.CORRESPONDENCE and a.period.holds_on(day)
        ]
        if of_family:
            return max(of_family, key=lambda a: (a.period.since or date.min, a.id))
    return None


def homes_of(person_id: UUID, memberships: tuple[Membership, ...], day: date) -> tuple[UUID, ...]:
    """The families somebody sleeps in on a day: first where they live, then where they live part of the week.

    A separated parent who belongs to the family but lives elsewhere has no home in it: its address is not theirs.
    """
    at_home = [m for m in memberships if m.person_id == person_id and m.at_home_on(day)]
    return tuple(m.family_id for m in sorted(at_home, key=lambda m: m.residence is not Residence.HERE))


def ended_by(new: Address, known: tuple[Address, ...]) -> tuple[Address, ...]:
    """The addresses that a new one ends, ended: letters' addresses end letters' addresses, homes end homes.

    An old one that began later than the new one stays as it is: the new one then tells of an earlier time.
    """
    if new.period.since is None:
        return ()
    day_before = new.period.since - timedelta(days=1)
    letters = new.kind is AddressKind.CORRESPONDENCE
    return tuple(
        replace(old, period=Period(old.period.since, day_before))
        for old in known
        if (old.kind is AddressKind.CORRESPONDENCE) == letters
        and old.period.until is None
        and (old.period.since is None or old.period.since <= day_before)
    )
