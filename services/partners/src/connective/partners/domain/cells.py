"""How the directory is indexed by place: every service lies in a few cells, and a search names the cells it looks in.

A cell is a short text compared for equality only. That keeps the search on an ordinary index under row-level security,
where operators over arrays and shapes would not be used (they are not leakproof).
"""

from connective.partners.domain.areas import NOWHERE, AreaKind, Home
from connective.partners.domain.codes import LocationType
from connective.partners.domain.geography import squares_around
from connective.partners.domain.particulars import AT_ANY_DISTANCE
from connective.partners.domain.services import Listing

ANYWHERE = "anywhere"


def cells_of(listing: Listing) -> frozenset[str]:
    """The cells a listing is found in; none for one that says neither where it is nor whom it serves.

    A door's own square is always among them, so that a service nearby which does not serve the family is left out
    with that reason instead of going unmentioned.
    """
    cells = {_square(point.grid) for point in listing.points}
    for area in listing.areas:
        if area.kind is AreaKind.OUTWARD_POSTCODE:
            cells.add(f"outward:{area.code}")
        elif area.kind is AreaKind.DISTRICT:
            cells.add(f"district:{area.code}")
        else:
            cells |= {_square(each) for point in listing.points for each in squares_around(point, area.metres or 0)}
    virtual = any(place.kind is LocationType.VIRTUAL for place in listing.locations)
    if not listing.areas and (virtual or listing.reach & AT_ANY_DISTANCE):
        cells.add(ANYWHERE)
    return frozenset(cells)


def cells_for(home: Home, radius_metres: int) -> tuple[str, ...] | None:
    """The cells to look in for a family; None means everywhere, because nothing is known of where it lives."""
    if home == NOWHERE:
        return None
    cells = [ANYWHERE]
    if home.outward is not None:
        cells.append(f"outward:{home.outward}")
    if home.district is not None:
        cells.append(f"district:{home.district}")
    if home.point is not None:
        cells += [_square(each) for each in squares_around(home.point, radius_metres)]
    return tuple(cells)


def _square(grid: tuple[int, int]) -> str:
    return f"grid:{grid[0]}:{grid[1]}"
