"""The parts of an HSDS service: where it is, whom it serves, when it is open."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from connective.partners.domain.areas import Area, AreaKind
from connective.partners.domain.codes import LocationType
from connective.partners.domain.geography import is_outward
from connective.partners.domain.imports.contact import ENGLAND_ONLY, ElsewhereError, Locate, located
from connective.partners.domain.imports.hsds_shapes import Record, maps
from connective.partners.domain.imports.report import Effect
from connective.partners.domain.imports.row import Row
from connective.partners.domain.locations import Location
from connective.partners.domain.schedules import Schedule

_DISTRICT = re.compile(r"E0[6789][0-9]{6}")
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
    if kind is LocationType.VIRTUAL:
        return Location(LocationType.VIRTUAL, name=row.text("name", 200))
    address = _address(row)
    cells = {f"{path}/postal_code": address.get("postal_code"), **row.cells}
    place = row.sub(cells)
    latitude, longitude = place.decimal("latitude"), place.decimal("longitude")
    coordinates = None if latitude is None or longitude is None else (latitude, longitude)
    found = located(place, f"{path}/postal_code", coordinates, locate)
    if found is None:
        return None
    return replace(found, kind=kind, name=row.text("name", 200), address=_lines(row.sub(address)))


def _address(row: Row) -> Record:
    addresses = maps(row.cells.get("addresses")) or maps(row.cells.get("physical_addresses"))
    physical = [each for each in addresses if each.get("address_type") == "physical"]
    return next(iter([*physical, *addresses]), {})


def _lines(row: Row) -> tuple[str, ...]:
    # `attention` is left out on purpose: it names a person.
    columns = ("address_1", "address_2", "city", "state_province")
    return tuple(dict.fromkeys(line for column in columns if (line := row.text(column, 200))))


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
