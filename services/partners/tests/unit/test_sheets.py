"""Organisations sheets: real ones are messy, and one bad row never stops the others."""

from collections import Counter
from pathlib import Path

import pytest

from connective.partners.domain.areas import Area, AreaKind
from connective.partners.domain.codes import OrganisationKind
from connective.partners.domain.imports.listed_rows import read_sheet
from connective.partners.domain.imports.report import Effect, Reading, UnreadableFileError
from connective.partners.domain.imports.sheets import open_sheet
from connective.partners.domain.services import Listing
from connective.partners.storage.postcodes import PostcodeDirectory
from connective.partners.storage.reference_data import own_file, sheet_kinds, vocabulary

HEADINGS = "reference,name,kind,service_kind,needs,website,telephone,address,postcode,charity_number,company_number"
HEADINGS += ",minimum_age,maximum_age,areas,opening_days,opens_at,closes_at,closed"


def read(content: bytes, postcodes: PostcodeDirectory) -> Reading:
    return read_sheet(open_sheet(content, sheet_kinds()), vocabulary(), postcodes.find)


def template(postcodes: PostcodeDirectory, **cells: str) -> Reading:
    cells = {"name": "Larder", "postcode": "TA20 1QL", "service_kind": "food_bank", "closed": "no", **cells}
    row = ",".join('"' + cells.get(heading, "").replace('"', '""') + '"' for heading in HEADINGS.split(","))
    return read(f"{HEADINGS}\n{row}\n".encode(), postcodes)


def only_listing(reading: Reading) -> Listing:
    (service,) = reading.services
    return service.listing


def columns(reading: Reading) -> list[tuple[str, Effect]]:
    return [(error.column, error.effect) for error in reading.errors]


def test_the_published_food_banks_are_read(reference_data: Path, postcodes: PostcodeDirectory) -> None:
    reading = read((reference_data / "directory" / "food-banks.csv").read_bytes(), postcodes)
    assert (reading.rows, len(reading.organisations), len(reading.services)) == (20, 17, 17)
    assert Counter(error.effect for error in reading.errors) == {Effect.SKIPPED: 3, Effect.NOTED: 1}
    by_name = {service.listing.name: service.listing for service in reading.services}
    feltwell = by_name["The Food Pantry Feltwell food bank"]
    assert feltwell.locations[0].address == ("St Mary's Church", "Bell Street", "Feltwell", "Thetford")
    assert feltwell.locations[0].district == "E07000146"
    slip = next(error for error in reading.errors if error.effect is Effect.NOTED)
    assert (slip.row, slip.column) == (6, "name")
    assert all(error.reason and error.fix for error in reading.errors)


def test_a_sheet_saved_by_excel_is_read_the_same(reference_data: Path, postcodes: PostcodeDirectory) -> None:
    text = (reference_data / "directory" / "food-banks.csv").read_text("utf-8")
    plain = read(text.encode(), postcodes)
    assert read(text.replace("\n", "\r\n").encode("utf-8-sig"), postcodes).services == plain.services


def test_our_own_sheet_has_one_closed_row_and_no_fault(postcodes: PostcodeDirectory) -> None:
    reading = read(own_file("organisations.csv"), postcodes)
    assert (len(reading.organisations), len(reading.services)) == (5, 4)
    assert columns(reading) == [("closed", Effect.SKIPPED)]
    assert reading.ended == ("reference:merriott-larder",)


def test_keys_do_not_depend_on_spacing_or_case(postcodes: PostcodeDirectory) -> None:
    one = template(postcodes, name="Chard Larder", postcode="TA20 1QL")
    two = template(postcodes, name="chard  larder", postcode="ta201ql")
    assert one.organisations[0].key == two.organisations[0].key
    assert template(postcodes, reference="X7", name="Other").organisations[0].key == "reference:x7"


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"name": "  "}, ("name", Effect.REFUSED)),
        ({"postcode": "TA2O IQL"}, ("postcode", Effect.VALUE_DROPPED)),
        ({"postcode": "TA20 0AA"}, ("postcode", Effect.NOTED)),
        ({"postcode": "CF10 1AA"}, ("postcode", Effect.SKIPPED)),
        ({"postcode": "BT1 1AA"}, ("postcode", Effect.SKIPPED)),
        ({"closed": "perhaps"}, ("closed", Effect.VALUE_DROPPED)),
        ({"kind": "club"}, ("kind", Effect.VALUE_DROPPED)),
        ({"service_kind": "magic"}, ("service_kind", Effect.VALUE_DROPPED)),
        ({"needs": "wishes"}, ("needs", Effect.VALUE_DROPPED)),
        ({"website": "not a site"}, ("website", Effect.VALUE_DROPPED)),
        ({"telephone": "ring Bob"}, ("telephone", Effect.VALUE_DROPPED)),
        ({"charity_number": "12"}, ("charity_number", Effect.VALUE_DROPPED)),
        ({"company_number": "1.2E7"}, ("company_number", Effect.VALUE_DROPPED)),
        ({"minimum_age": "five"}, ("minimum_age", Effect.VALUE_DROPPED)),
        ({"minimum_age": "9", "maximum_age": "3"}, ("maximum_age", Effect.VALUE_DROPPED)),
        ({"areas": "Somerset"}, ("areas", Effect.VALUE_DROPPED)),
        ({"areas": "500 km"}, ("areas", Effect.VALUE_DROPPED)),
        ({"opening_days": "T"}, ("opening_days", Effect.VALUE_DROPPED)),
        ({"opening_days": "Mon", "opens_at": "25:00"}, ("opens_at", Effect.VALUE_DROPPED)),
        ({"name": "x" * 300}, ("name", Effect.REFUSED)),
    ],
)
def test_a_bad_cell_is_reported_with_a_way_to_fix_it(
    postcodes: PostcodeDirectory, cells: dict[str, str], error: tuple[str, Effect]
) -> None:
    reading = template(postcodes, **cells)
    assert error in columns(reading)
    assert all(each.row == 2 and each.reason and each.fix for each in reading.errors)
    kept = error[1] in {Effect.VALUE_DROPPED, Effect.NOTED}
    assert bool(reading.organisations) is kept


def test_what_can_be_understood_is_understood(postcodes: PostcodeDirectory) -> None:
    listing = only_listing(
        template(
            postcodes,
            website="www.larder.example.org",
            telephone="+44 (0)1632 960201",
            areas="TA20; ta19, E06000066; 7.5 km; 10 miles",
            opening_days="Mon, thu / Friday",
            opens_at="9.30",
            closes_at="12:00",
            minimum_age="0",
            maximum_age="17.0",
            needs="Debt or arrears; food_or_fuel_poverty",
        )
    )
    assert listing.url == "https://www.larder.example.org"
    assert listing.telephone == "01632 960201"
    assert set(listing.areas) == {
        Area(AreaKind.OUTWARD_POSTCODE, "TA20"),
        Area(AreaKind.OUTWARD_POSTCODE, "TA19"),
        Area(AreaKind.DISTRICT, "E06000066"),
        Area(AreaKind.RADIUS, metres=7500),
        Area(AreaKind.RADIUS, metres=16_093),
    }
    assert listing.schedules[0].weekdays == {1, 4, 5}
    assert listing.needs == {"debt_or_arrears", "food_or_fuel_poverty"}
    assert (listing.minimum_age, listing.maximum_age) == (0, 17)


def test_an_organisation_without_a_service_is_kept_as_one(postcodes: PostcodeDirectory) -> None:
    reading = template(postcodes, service_kind="", kind="school")
    assert reading.services == ()
    assert reading.organisations[0].profile.kind is OrganisationKind.SCHOOL


def test_the_same_row_twice_is_kept_once(postcodes: PostcodeDirectory) -> None:
    text = "name,postcode,service_kind,mood\nLarder,TA20 1QL,food_bank,fine\n\nlarder,TA201QL,food_bank,\n"
    reading = read(text.encode(), postcodes)
    assert (len(reading.services), reading.rows) == (1, 2)
    assert [(e.row, e.column, e.effect) for e in reading.errors] == [
        (1, "mood", Effect.NOTED),
        (4, "name", Effect.REFUSED),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"colour,size\nred,1\n", b'name,postcode,service_kind\n"open', b"\x81\x8d\x8f"]
)
def test_a_file_that_is_no_sheet_says_what_to_do(content: bytes) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        open_sheet(content, sheet_kinds())
    assert refused.value.fix


def test_semicolons_and_the_windows_code_page_are_understood(postcodes: PostcodeDirectory) -> None:
    content = "Name;Postcode;Service kind\nCafé Larder;TA20 1QL;food_bank\n".encode("cp1252")
    assert read(content, postcodes).organisations[0].profile.name == "Café Larder"


def test_coordinates_far_from_the_postcode_are_noted_and_the_postcode_believed(postcodes: PostcodeDirectory) -> None:
    text = 'name,postcode,latt_long,network\nLarder,TA20 1QL,"53.4,-1.5",IFAN\nBarn,,"50.87,-2.96",IFAN\n'
    reading = read(text.encode(), postcodes)
    assert (("postcode", Effect.NOTED)) in columns(reading)
    points = [service.listing.points[0] for service in reading.services]
    assert points[0].grid == (33, 10)
    assert points[1].grid == (33, 10)
