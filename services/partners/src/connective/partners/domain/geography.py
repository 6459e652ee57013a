"""Postcodes, points on the National Grid and distances between them.

Distances are straight lines in metres between eastings and northings: right to about one part in a thousand over the
distances a family travels, and needing no more than the postcode directory gives.
"""

import math
import re
from dataclasses import dataclass

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_DISTRICT = re.compile(r"E0[6789][0-9]{6}")

GRID_METRES = 10_000
"""Side of the squares by which the directory is indexed: a few cover a family's search, a few hundred a county."""


class MalformedPostcodeError(ValueError):
    """The text is not shaped like a British postcode."""


@dataclass(frozen=True, slots=True, order=True)
class Postcode:
    """A postcode in its two halves. `str()` gives the canonical form, for example `TA20 1QL`."""

    outward: str
    inward: str

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}"


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the National Grid (OSGB36), in whole metres."""

    easting: int
    northing: int

    @property
    def grid(self) -> tuple[int, int]:
        """The ten-kilometre square the point lies in."""
        return self.easting // GRID_METRES, self.northing // GRID_METRES


@dataclass(frozen=True, slots=True)
class Located:
    """What the postcode directory knows of a postcode. Point and district are absent for some that take only mail."""

    postcode: Postcode
    point: Point | None
    district: str | None
    """GSS code of the local authority district; it begins with the nation's letter."""

    @property
    def nation(self) -> str | None:
        """`England`, `Scotland`, `Wales` or `Northern Ireland`; None for crown dependencies and unknown districts."""
        names = {"E": "England", "S": "Scotland", "W": "Wales", "N": "Northern Ireland"}
        return names.get(self.district[0]) if self.district else None


def parse_postcode(text: str) -> Postcode:
    """Read a postcode however it is spaced and cased. Raises MalformedPostcodeError."""
    found = _POSTCODE.fullmatch(re.sub(r"\s", "", text).upper())
    if found is None:
        raise MalformedPostcodeError(text)
    return Postcode(found[1], found[2])


def is_outward(text: str) -> bool:
    """Whether the text is the first half of a postcode, in capitals."""
    return _OUTWARD.fullmatch(text) is not None


def is_district(text: str) -> bool:
    """Whether the text is shaped like the GSS code of an English local authority district."""
    return _DISTRICT.fullmatch(text) is not None


def metres_between(one: Point, other: Point) -> int:
    """The straight line between two points, in whole metres."""
    return round(math.hypot(one.easting - other.easting, one.northing - other.northing))


def nearest(home: Point, points: tuple[Point, ...]) -> Point | None:
    """Which of these is nearest to home; None of none."""
    return min(points, key=lambda point: metres_between(home, point), default=None)


def squares_around(centre: Point, metres: int) -> tuple[tuple[int, int], ...]:
    """Every ten-kilometre square that a circle's bounding box touches."""
    west, east = (centre.easting - metres) // GRID_METRES, (centre.easting + metres) // GRID_METRES
    south, north = (centre.northing - metres) // GRID_METRES, (centre.northing + metres) // GRID_METRES
    return tuple((x, y) for x in range(west, east + 1) for y in range(south, north + 1))
