"""The parts of an HSDS service: where it is, whom it serves, when it is open."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from connective.partners.domain.areas import MOST_RADIUS_METRES, Area, AreaKind
from connective.partners.domain.codes import LocationType
from connective.partners.domain.geography import is_outward
from connective.partners.domain.imports.contact import ENGLAND_ONLY, ElsewhereError, Locate, located
from connective.partners.domain.imports.hsds_particulars import read_accessibility
from connective.partners.domain.imports.hsds_shapes import Record, maps
from connective.partners.domain.imports.report import Effect
from connective.partners.domain.imports.row import Row
from connective.partners.domain.locations import Location
from connective.partners.domain.particulars import canonical_uprn
from connective.partners.domain.schedules import Schedule

_DISTRICT = re.compile(r"E0[6789][0-9]{6}")
_RADIUS = re.compile(r"within ([0-9]{1,2}(?:\.[0-9]{1,3})?) ?km of where it is")
"""How a directory such as this one tells a radius, which HSDS has no field for."""
_NATION = "England"
_WEEKDAY = {"MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6, "SU": 7}


def read_locations(row: Row, locate: Locate) -> tuple[Location, ...]:
    """Where the service is given. Raises RowLeftOutError when every place of it is outside England."""
    kept, elsewhere = [], []
    for path, record in _location_records(row):
        try:
            found = _location(row.sub(record), path, locate)
        except ElsewhereError as error:
            elsewhere.append(error.nation)
            continue
        if found is not None:
            kept.append(found)
    if elsewhere and not kept:
        raise row.leave_out("locations", f"It is in {elsewhere[0]}.", ENGLAND_ONLY, Effect.SKIPPED)
    for nation in elsewhere:
        row.note("locations", f"One of its places is in {nation}.", ENGLAND_ONLY)
    return tuple(kept)


def _location_records(row: Row) -> Iterator[tuple[str, Record]]:
    """Locations stand at `service_at_locations` in HSDS 3.0, and some feeds put them straight into the service."""
    for at, record in enumerate(maps(row.cells.get("service_at_locations"))):
        if isinstance(record.get("location"), dict):
            yield f"service_at_locations/{at}/location", record["location"]
    for at, record in enumerate(maps(row.cells.get("locations"))):
        yield f"locations/{at}", record


def _location(row: Row, path: str, locate: Locate) -> Location | None:
    told = (row.text("location_type", 20) or "physical").casefold()
    kind = LocationType(told) if told in set(LocationType) else LocationType.PHYSICAL
    name, transport = row.text("name", 200), row.text("transportation", 1000)
    if kind is LocationType.VIRTUAL:
        return Location(kind, name=name, transport=transport, accessibility=read_accessibility(row))
    address = _address(row)
    cells = {f"{path}/postal_code": address.get("postal_code"), **row.cells}
    place = row.sub(cells)
    latitude, longitude = place.decimal("latitude"), place.decimal("longitude")
    coordinates = None if latitude is None or longitude is None else (latitude, longitude)
    found = located(place, f"{path}/postal_code", coordinates, locate)
    if found is None:
        return None
    lines = row.sub(address)
    county = lines.text("state_province", 200)
    return replace(
        found,
        kind=kind,
        name=name,
        address=_lines(lines, name, found.postcode),
        town=lines.text("city", 200),
        # HSDS requires the field, so that files without counties put the nation there.
        county=None if county == _NATION else county,
        uprn=_uprn(row),
        transport=transport,
        accessibility=read_accessibility(row),
    )


def _address(row: Row) -> Record:
    addresses = maps(row.cells.get("addresses")) or maps(row.cells.get("physical_addresses"))
    physical = [each for each in addresses if each.get("address_type") == "physical"]
    return next(iter([*physical, *addresses]), {})


def _lines(row: Row, name: str | None, postcode: str | None) -> tuple[str, ...]:
    # `attention` is left out on purpose: it names a person. HSDS requires a first line, so that the site's name or its
    # postcode stands there where a file has none.
    first, second = row.text("address_1", 200), row.text("address_2", 400)
    told = [None if first in {name, postcode} else first, *(second or "").split(", ")]
    return tuple(dict.fromkeys(line for line in told if line))


def _uprn(row: Row) -> str | None:
    if (row.text("external_identifier_type", 40) or "").casefold() != "uprn":
        return None
    found = row.text("external_identifier", 40)
    kept = canonical_uprn(found or "")
    if found is not None and kept is None:
        row.note("external_identifier", "It is not a UPRN.", "A UPRN is 1 to 12 digits.")
    return kept


def read_areas(row: Row) -> tuple[Area, ...]:
    """The areas served, where the file tells them in codes; words alone are noted: nobody can compute with them."""
    areas = []
    for at, record in enumerate(maps(row.cells.get("service_areas"))):
        cells = row.sub(record)
        found = _area(cells)
        if found:
            areas += found
        else:
            fix = "Give the district's GSS code in uri or extent, or first halves of postcodes as the name."
            row.note(f"service_areas/{at}", "The area is told in words only.", fix)
    return tuple(sorted(set(areas)))


def _area(row: Row) -> list[Area]:
    codes = (code for column in ("uri", "extent", "name") for code in _DISTRICT.findall(row.text(column, 4000) or ""))
    districts = [Area(AreaKind.DISTRICT, code) for code in dict.fromkeys(codes)]
    if districts:
        return districts
    radius = _RADIUS.fullmatch(row.text("name", 400) or "")
    if radius is not None and 0 < float(radius[1]) * 1000 <= MOST_RADIUS_METRES:
        return [Area(AreaKind.RADIUS, metres=round(float(radius[1]) * 1000))]
    parts = [part.strip().upper() for part in re.split(r"[,;]", row.text("name", 400) or "")]
    outward = all(is_outward(part) for part in parts)
    return [Area(AreaKind.OUTWARD_POSTCODE, part) for part in parts] if outward else []


def read_schedules(row: Row, today: date) -> tuple[Schedule, ...]:
    """The opening times that are not over yet."""
    kept = []
    for at, record in enumerate(maps(row.cells.get("schedules"))):
        cells = row.sub(record)
        found = _schedule(cells)
        if found.valid_to is not None and found.valid_to < today:
            row.note(f"schedules/{at}", f"These opening times ended on {found.valid_to}.", "Give the present ones.")
        else:
            kept.append(found)
    return tuple(kept)


def _schedule(row: Row) -> Schedule:
    days = re.findall(r"\b(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)\b", (row.text("byday", 100) or "").upper())
    # "Every second week" and "the first Monday" cannot be answered from a weekday alone.
    every_week = (row.text("freq", 20) or "WEEKLY").upper() == "WEEKLY" and row.whole("interval", 1, 60) in {None, 1}
    every_week = every_week and row.cells.get("x_hub_weekly") is not False
    ends = [day for day in (row.day("valid_to"), row.day("until")) if day is not None]
    return Schedule(
        weekdays=frozenset(_WEEKDAY[day] for _, day in days),
        opens_at=row.clock("opens_at"),
        closes_at=row.clock("closes_at"),
        valid_from=row.day("valid_from"),
        valid_to=min(ends) if ends else None,
        weekly=every_week and not any(number for number, _ in days),
        description=row.text("description", 1000),
    )
