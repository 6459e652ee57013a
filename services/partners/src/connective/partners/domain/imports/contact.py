"""Web addresses, telephone numbers and whereabouts as sheets and feeds give them. Names of people are never read."""

import re
from collections.abc import Callable

from connective.partners.domain.codes import LocationType
from connective.partners.domain.geography import (
    Located,
    MalformedPostcodeError,
    Point,
    Postcode,
    metres_between,
    parse_postcode,
)
from connective.partners.domain.imports.report import Effect
from connective.partners.domain.imports.row import Row
from connective.partners.domain.locations import Location
from connective.partners.domain.national_grid import in_great_britain, to_national_grid

Locate = Callable[[Postcode], Located | None]
"""Where a postcode is; the reading of files is given it, because the directory is a file itself."""

_NORTHERN_IRELAND = "Northern Ireland"
_APART_METRES = 5_000
"""Further than this from its postcode, a pair of coordinates is a slip: a postcode seldom spans more."""

ENGLAND_ONLY = "Keep it in the directory of its own nation: safeguarding routes, ages and registers here are England's."


class ElsewhereError(Exception):
    """The location is in another nation, where the rules this directory rests on do not hold."""

    def __init__(self, nation: str) -> None:
        super().__init__(nation)
        self.nation = nation


def web_address(row: Row, column: str) -> str | None:
    """The cell as an address of the web; one without `https://` gets it."""
    found = row.text(column, 400)
    if found is None:
        return None
    if re.match(r"www\.", found, re.IGNORECASE):
        found = f"https://{found}"
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:[0-9]+)?(/\S*)?", found):
        row.note(column, "It is not a web address.", "Write it in full, such as https://www.example.org.")
        return None
    return found


def telephone(row: Row, column: str) -> str | None:
    """The cell as a British telephone number in national form, spaced as it was."""
    found = row.text(column, 60)
    if found is None:
        return None
    number = re.sub(r"[^0-9+ ]", "", found).strip()
    number = re.sub(r"^(\+|00)44 ?0?", "0", number)
    if not re.fullmatch(r"0[0-9]{9,10}", number.replace(" ", "")):
        row.note(column, "It is not a British telephone number.", "Write it in national form, such as 01632 960123.")
        return None
    return number


def located(row: Row, column: str, coordinates: tuple[float, float] | None, locate: Locate) -> Location | None:
    """The location that a postcode and coordinates tell, the postcode being believed first.

    Raises ElsewhereError for one outside England.
    """
    postcode = _postcode(row, column)
    known = locate(postcode) if postcode else None
    nation = _nation(postcode, known)
    if nation is not None and nation != "England":
        raise ElsewhereError(nation)
    point = _from_coordinates(row, coordinates)
    if postcode and known is None:
        _note_unknown(row, column, point)
    if known and known.point:
        _note_apart(row, column, known.point, point)
        point = known.point
    if postcode is None and point is None:
        return None
    latitude, longitude = coordinates if coordinates and in_great_britain(*coordinates) else (None, None)
    return Location(
        kind=LocationType.PHYSICAL,
        postcode=str(postcode) if postcode else None,
        point=point,
        district=known.district if known else None,
        latitude=latitude,
        longitude=longitude,
    )


def _nation(postcode: Postcode | None, known: Located | None) -> str | None:
    # The directory holds no postcode of Northern Ireland, so its area letters have to tell.
    if postcode is not None and postcode.outward.startswith("BT"):
        return _NORTHERN_IRELAND
    return known.nation if known is not None else None


def _postcode(row: Row, column: str) -> Postcode | None:
    text = row.text(column, 20)
    if text is None:
        return None
    try:
        return parse_postcode(text)
    except MalformedPostcodeError:
        row.note(column, "It is not shaped like a British postcode.", "Write it in full, such as TA20 1QL.")
        return None


def _from_coordinates(row: Row, coordinates: tuple[float, float] | None) -> Point | None:
    if coordinates is None:
        return None
    if not in_great_britain(*coordinates):
        row.note("coordinates", "They are not in Great Britain.", "Give latitude, then longitude, in degrees.")
        return None
    return to_national_grid(*coordinates)


def _note_unknown(row: Row, column: str, point: Point | None) -> None:
    instead = "its coordinates were used instead" if point else "it is listed, but no distance can be told"
    row.note(
        column,
        f"The postcode directory does not hold it; {instead}.",
        "Check it letter by letter; a postcode younger than the directory comes with its next release.",
        Effect.NOTED,
    )


def _note_apart(row: Row, column: str, centre: Point, point: Point | None) -> None:
    if point is None:
        return
    apart = metres_between(centre, point)
    if apart > _APART_METRES:
        reason = f"Its coordinates are {apart / 1000:.0f} km from its postcode; the postcode was believed."
        row.note(column, reason, "Correct whichever is wrong.", Effect.NOTED)
