"""From the rows of an organisations sheet to organisations and signpost listings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from connective.contracts.distances import METRES_IN_A_MILE
from connective.partners.domain.areas import MOST_RADIUS_METRES, Area, AreaKind
from connective.partners.domain.codes import OTHER_KIND, OrganisationKind
from connective.partners.domain.geography import is_district, is_outward
from connective.partners.domain.identifiers import (
    Identifier,
    MalformedIdentifierError,
    Scheme,
    charity_scheme,
    checked_identifier,
)
from connective.partners.domain.imports.contact import (
    ENGLAND_ONLY,
    ElsewhereError,
    Locate,
    located,
    telephone,
    web_address,
)
from connective.partners.domain.imports.report import Effect, Reading, ReadOrganisation, ReadService, RowError
from connective.partners.domain.imports.row import Row, RowLeftOutError
from connective.partners.domain.imports.sheets import Sheet, SheetKind
from connective.partners.domain.imports.vocabulary import Vocabulary
from connective.partners.domain.locations import Location
from connective.partners.domain.organisations import Profile
from connective.partners.domain.schedules import WEEKDAYS, Schedule
from connective.partners.domain.services import Listing

_IDENTIFIERS = {
    "company_number": Scheme.COMPANY,
    "ods_code": Scheme.ODS,
    "school_urn": Scheme.SCHOOL,
    "ukprn": Scheme.UKPRN,
}


@dataclass(frozen=True, slots=True)
class _Kept:
    organisation: ReadOrganisation
    service: ReadService | None


def read_sheet(sheet: Sheet, words: Vocabulary, locate: Locate) -> Reading:
    """Read every row: kept whole, kept without some values, skipped or refused; one bad row never stops the others."""
    errors = [_unknown_heading(heading) for heading in sheet.unknown_headings]
    kept: dict[str, _Kept] = {}
    ended: dict[str, None] = {}
    for number, cells in sheet.rows:
        row = Row(number, cells, errors)
        try:
            key = _key(row)
            if key in kept or key in ended:
                raise row.leave_out("name", "A row above has the same name and postcode.", "Remove one of the two.")
            if row.flag("closed"):
                ended[key] = None
                fix = "Nothing to do, unless it has opened again."
                raise row.leave_out("closed", "It is marked as closed.", fix, Effect.SKIPPED)
            kept[key] = _read_row(row, key, sheet.kind, words, locate)
        except RowLeftOutError as left_out:
            errors.append(left_out.error)
    return Reading(
        source=sheet.kind.code,
        organisations=tuple(each.organisation for each in kept.values()),
        services=tuple(each.service for each in kept.values() if each.service is not None),
        ended=tuple(ended),
        # The report speaks of the sheet's own headings, not of our fields.
        errors=tuple(replace(each, column=sheet.kind.columns.get(each.column, each.column)) for each in errors),
        rows=len(sheet.rows),
    )


def _unknown_heading(heading: str) -> RowError:
    fix = "Nothing to do, if the column is not meant for the directory."
    return RowError(1, heading, "This column is not read.", fix, Effect.NOTED)


def _key(row: Row) -> str:
    # A reference of the sheet's own survives a corrected name; without one, name and postcode are the best there is.
    reference = row.text("reference", 100)
    if reference is not None:
        return f"reference:{reference.casefold()}"
    postcode = re.sub(r"\s", "", row.text("postcode", 20) or "")
    return f"{row.required('name').casefold()}|{postcode.upper()}"


def _read_row(row: Row, key: str, kind: SheetKind, words: Vocabulary, locate: Locate) -> _Kept:
    _refuse_other_nation(row)
    name = row.required("name")
    _note_likely_slip(row, name)
    location = _location(row, locate)
    profile = Profile(
        name=name,
        kind=_organisation_kind(row),
        identifiers=_identifiers(row),
        website=web_address(row, "url"),
        telephone=telephone(row, "telephone"),
    )
    listing = _listing(row, kind, words, profile, location)
    organisation = ReadOrganisation(key, profile, row.number)
    return _Kept(organisation, ReadService(key, key, listing, row.number) if listing else None)


def _refuse_other_nation(row: Row) -> None:
    country = row.text("country", 60)
    if country is not None and country.casefold() not in {"england", "united kingdom", "uk", "gb"}:
        raise row.leave_out("country", f"It is in {country}.", ENGLAND_ONLY, Effect.SKIPPED)


def _note_likely_slip(row: Row, name: str) -> None:
    """Note a name that is nearly, but not quite, the place it is in: sheets are typed by hand."""
    for column in ("locality", "ward"):
        place = row.text(column, 200) or ""
        alike = SequenceMatcher(None, name.casefold(), place.casefold()).ratio()
        if 0.9 < alike < 1:
            row.note("name", f"It looks like a slip for {place}; kept as written.", "Correct the name.", Effect.NOTED)
            return


def _location(row: Row, locate: Locate) -> Location | None:
    try:
        found = located(row, "postcode", _coordinates(row), locate)
    except ElsewhereError as elsewhere:
        raise row.leave_out("postcode", f"It is in {elsewhere.nation}.", ENGLAND_ONLY, Effect.SKIPPED) from elsewhere
    if found is None:
        return None
    bare = (found.postcode or "").replace(" ", "")
    lines = tuple(line for line in row.lines("address") if line.replace(" ", "").upper() != bare)
    return replace(found, address=lines)


def _coordinates(row: Row) -> tuple[float, float] | None:
    """Latitude and longitude from two cells, or from one that holds both."""
    together = row.text("coordinates", 60)
    if together is not None:
        parts = re.split(r"\s*[,;]\s*|\s+", together)
        row = row.sub(dict(zip(("latitude", "longitude"), parts, strict=False)))
    latitude, longitude = row.decimal("latitude"), row.decimal("longitude")
    return None if latitude is None or longitude is None else (latitude, longitude)


def _organisation_kind(row: Row) -> OrganisationKind:
    found = (row.text("kind", 60) or "").casefold().replace(" ", "_")
    if not found:
        return OrganisationKind.OTHER
    try:
        return OrganisationKind(found)
    except ValueError:
        row.note("kind", "It is not a kind of organisation.", f"Use one of: {', '.join(OrganisationKind)}.")
        return OrganisationKind.OTHER


def _identifiers(row: Row) -> tuple[Identifier, ...]:
    charity = row.text("charity_number", 40)
    schemes: dict[str, Scheme] = ({"charity_number": charity_scheme(charity)} if charity else {}) | _IDENTIFIERS
    found = []
    for column, scheme in schemes.items():
        text = row.text(column, 40)
        if text is None:
            continue
        try:
            found.append(checked_identifier(scheme, text))
        except MalformedIdentifierError as error:
            row.note(column, f"Such a number is {error.words}.", "Look it up in its register.")
    return tuple(sorted(found))


def _listing(
    row: Row, kind: SheetKind, words: Vocabulary, profile: Profile, location: Location | None
) -> Listing | None:
    service_kind = _service_kind(row, words)
    if service_kind is None:
        return None
    known = words.needs_list.service_kinds.get(service_kind)
    if location is None:
        fix = "Give a postcode, or the areas it serves."
        row.note("postcode", "Nothing says where it is: searches near a family will not find it.", fix, Effect.NOTED)
    youngest, oldest = row.ages()
    return Listing(
        name=row.text("service_name", 200) or kind.service_name.format(name=profile.name),
        kind=service_kind,
        needs=_needs(row, words) or (known.answers if known else frozenset()),
        description=row.text("description", 4000) or _described(kind, row.cells),
        url=profile.website,
        telephone=profile.telephone,
        how_to_refer=row.text("how_to_refer", 2000),
        minimum_age=youngest,
        maximum_age=oldest,
        areas=_areas(row),
        locations=(location,) if location else (),
        schedules=_schedules(row),
        sensitive=known.sensitive if known else False,
    )


def _service_kind(row: Row, words: Vocabulary) -> str | None:
    found = (row.text("service_kind", 60) or "").casefold().replace(" ", "_")
    if not found:
        return None
    if found in words.needs_list.service_kinds or found == OTHER_KIND:
        return found
    known = ", ".join(sorted(words.needs_list.service_kinds))
    row.note("service_kind", "The needs list has no such kind of service.", f"Use one of: {known}, other.")
    return OTHER_KIND


def _needs(row: Row, words: Vocabulary) -> frozenset[str]:
    codes = {part.casefold().replace(" ", "_") for part in _parts(row, "needs")}
    for code in sorted(codes - words.needs_list.needs.keys()):
        row.note("needs", f"The needs list has no code {code[:60]}.", "Use the codes of the needs list.")
    return frozenset(codes & words.needs_list.needs.keys())


def _areas(row: Row) -> tuple[Area, ...]:
    areas = []
    for part in _parts(row, "areas"):
        code = part.upper()
        radius = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9])?) ?(KM|MILES?)", code)
        if is_district(code):
            areas.append(Area(AreaKind.DISTRICT, code))
        elif is_outward(code):
            areas.append(Area(AreaKind.OUTWARD_POSTCODE, code))
        elif radius and 0 < (metres := _metres(*radius.groups())) <= MOST_RADIUS_METRES:
            areas.append(Area(AreaKind.RADIUS, metres=metres))
        else:
            row.note("areas", f"{part[:40]} is not an area.", "Write first halves of postcodes, GSS codes, or 6 miles.")
    return tuple(sorted(set(areas)))


def _metres(number: str, unit: str) -> int:
    return round(float(number) * (1000 if unit == "KM" else METRES_IN_A_MILE))


def _schedules(row: Row) -> tuple[Schedule, ...]:
    days = set()
    for part in _parts(row, "opening_days"):
        starts = [
            at for at, name in enumerate(WEEKDAYS, 1) if len(part) > 1 and name.casefold().startswith(part.casefold())
        ]
        if len(starts) != 1:
            row.note("opening_days", f"{part[:40]} is not a day of the week.", "Write days such as Mon, Thu.")
        days.update(starts[:1] if len(starts) == 1 else [])
    if not days:
        return ()
    return (Schedule(frozenset(days), row.clock("opens_at"), row.clock("closes_at")),)


def _parts(row: Row, column: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;/\n]", row.text(column, 1000) or "") if part.strip()]


def _described(kind: SheetKind, cells: Mapping[str, Any]) -> str | None:
    if kind.description is None:
        return None
    wanted = re.findall(r"\{(\w+)\}", kind.description)
    if any(not str(cells.get(name) or "").strip() for name in wanted):
        return None
    return kind.description.format(**{name: str(cells[name]).strip() for name in wanted})
