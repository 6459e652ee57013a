"""Which families a service is for, by where they live."""

from dataclasses import dataclass
from enum import StrEnum

from connective.contracts.distances import in_miles
from connective.partners.domain.geography import Point, is_district, is_outward, metres_between
from connective.partners.domain.rules import Broken

MOST_RADIUS_METRES = 50_000
"""Wider than this a service names the districts it serves: a circle says nothing any more about who may come."""


class AreaKind(StrEnum):
    """How an area is told."""

    DISTRICT = "district"
    """A local authority district by its GSS code."""
    OUTWARD_POSTCODE = "outward_postcode"
    RADIUS = "radius"
    """So many metres around the service's own location."""


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """One area served; a service with several serves them all."""

    kind: AreaKind
    code: str | None = None
    """The outward postcode or GSS code; None for a radius."""
    metres: int | None = None
    """For a radius only."""


@dataclass(frozen=True, slots=True)
class Home:
    """As much of where a family lives as a search needs: never the full postcode, never an address."""

    outward: str | None
    district: str | None
    point: Point | None


NOWHERE = Home(outward=None, district=None, point=None)
"""The family's postcode was not given, which is right where its whereabouts are restricted."""


def serves(area: Area, home: Home, locations: tuple[Point, ...]) -> bool:
    """Whether a family that lives there is inside the area."""
    match area.kind:
        case AreaKind.OUTWARD_POSTCODE:
            return home.outward == area.code
        case AreaKind.DISTRICT:
            return home.district == area.code
        case AreaKind.RADIUS:
            point, metres = home.point, area.metres
            if point is None or metres is None:
                return False
            return any(metres_between(point, each) <= metres for each in locations)


def words(areas: tuple[Area, ...], most: int = 6) -> str:
    """The areas in a few words, for a reason that a worker reads."""
    told = [_one(area) for area in sorted(areas)]
    shown = told[:most] + ([f"{len(told) - most} more"] if len(told) > most else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def exactly(area: Area) -> str:
    """An area as other directories are told it and read it back: a distance to the metre, in kilometres."""
    if area.kind is AreaKind.RADIUS:
        return f"within {(area.metres or 0) / 1000:g} km of where it is"
    return f"district {area.code}" if area.kind is AreaKind.DISTRICT else str(area.code)


def _one(area: Area) -> str:
    return f"within {in_miles(area.metres)} of where it is" if area.metres else exactly(area)


def broken_area(area: Area, pointer: str) -> Broken | None:
    """What is wrong with an area as it was told."""
    if area.kind is AreaKind.RADIUS:
        if area.metres is None or not 0 < area.metres <= MOST_RADIUS_METRES:
            return Broken(f"{pointer}/metres", "radius", f"A radius is 1 to {MOST_RADIUS_METRES} metres.")
        return None
    if area.kind is AreaKind.DISTRICT and not is_district(area.code or ""):
        return Broken(f"{pointer}/code", "district", "A district is the GSS code of an English one, such as E06000066.")
    if area.kind is AreaKind.OUTWARD_POSTCODE and not is_outward(area.code or ""):
        return Broken(f"{pointer}/code", "outward", "An outward postcode is the first half, in capitals, such as TA20.")
    return None
