"""Where a service is given: its sites, each with an address, a point on the map, and how it is reached and used."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from connective.partners.domain.codes import LocationType
from connective.partners.domain.geography import Point
from connective.partners.domain.particulars import Accessibility, canonical_uprn
from connective.partners.domain.rules import Broken


@dataclass(frozen=True, slots=True)
class Location:
    """One site. `point` comes from the postcode, or from coordinates where there is none.

    Two services that name the same `id` are given at the same site.
    """

    kind: LocationType
    name: str | None = None
    address: tuple[str, ...] = ()
    town: str | None = None
    county: str | None = None
    postcode: str | None = None
    point: Point | None = None
    district: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    id: UUID | None = None
    """None in a listing that was read from a file: it is then told from the service and the place in its list."""
    uprn: str | None = None
    """Unique Property Reference Number: an open identifier of the building."""
    transport: str | None = None
    """How to get there."""
    accessibility: tuple[Accessibility, ...] = ()
    withheld: bool = False
    """The address is told to nobody outside its own organisation (a refuge, a safe house)."""


def broken_locations(locations: tuple[Location, ...]) -> list[Broken]:
    """Sites whose identifiers are not of their register's shape, or that name one id twice."""
    broken = []
    seen: set[UUID] = set()
    for at, each in enumerate(locations):
        if each.uprn is not None and canonical_uprn(each.uprn) != each.uprn:
            words = "A UPRN is 1 to 12 digits, without leading zeros."
            broken.append(Broken(f"/locations/{at}/uprn", "uprn", words))
        if each.id is not None and each.id in seen:
            broken.append(Broken(f"/locations/{at}/id", "repeated", "Each site is named once."))
        if each.id is not None:
            seen.add(each.id)
    return broken


def identified(
    locations: tuple[Location, ...], known: tuple[Location, ...], make_id: Callable[[], UUID]
) -> tuple[Location, ...]:
    """The sites, each with an id: the one it was told with, else that of the same site as it was known, else a new one.

    Whoever sends a list of sites back as it was read, but without ids, has changed nothing.
    """
    ids = {replace(each, id=None): each.id for each in known}
    taken = {each.id for each in locations if each.id is not None}
    result = []
    for each in locations:
        found = each.id or ids.get(each)
        if found is None or (each.id is None and found in taken):
            found = make_id()
        taken.add(found)
        result.append(replace(each, id=found))
    return tuple(result)
