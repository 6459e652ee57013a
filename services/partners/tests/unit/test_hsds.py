"""HSDS 3.0 and Open Referral UK files, in every shape they come in."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from connective.partners.domain.areas import Area, AreaKind
from connective.partners.domain.codes import LocationType, OrganisationKind
from connective.partners.domain.identifiers import Identifier, Scheme
from connective.partners.domain.imports.hsds import read_hsds
from connective.partners.domain.imports.hsds_shapes import open_hsds
from connective.partners.domain.imports.report import Effect, Reading, UnreadableFileError
from connective.partners.storage.postcodes import PostcodeDirectory
from connective.partners.storage.reference_data import own_file, vocabulary

TODAY = date(2026, 3, 3)
OWNER = {"id": "2e86ae24-93fb-4d2c-b6ac-33a7b6a6a1f5", "name": "Lantern", "description": "A charity"}


def read(content: Any, postcodes: PostcodeDirectory) -> Reading:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read_hsds(open_hsds(raw), vocabulary(), postcodes.find, TODAY)


def service(**changes: Any) -> dict[str, Any]:
    return {
        "id": "0b0f5f5c-6a43-4a3b-8f43-1c9b7ac7c7a1",
        "name": "Lantern food bank",
        "status": "active",
        "organization": OWNER,
        **changes,
    }


def at(postcode: str, **location: Any) -> dict[str, Any]:
    address = {"address_1": "4 Holly Lane", "city": "Chard", "postal_code": postcode, "attention": "Ann Persona"}
    return {"service_at_locations": [{"location": {"location_type": "physical", "addresses": [address], **location}}]}


def columns(reading: Reading) -> list[tuple[str, Effect]]:
    return [(error.column, error.effect) for error in reading.errors]


@pytest.mark.parametrize("name", ["service_full", "service_list", "organization_full", "tabular"])
def test_every_published_example_gives_its_service(
    reference_data: Path, postcodes: PostcodeDirectory, name: str
) -> None:
    content = (reference_data / "open-referral" / "hsds-3.0" / "examples" / f"{name}.json").read_bytes()
    reading = read(content, postcodes)
    (only,) = reading.services
    assert only.key == "ac148810-d857-441c-9679-408f346de14b"
    assert (only.listing.name, only.listing.minimum_age, only.listing.maximum_age) == ("Community Counselling", 12, 100)
    assert reading.organisations[0].profile.name == "Example Organization Inc."
    # The examples' addresses are not British, so no search near a family may find them, and the report says so.
    assert ("locations", Effect.NOTED) in columns(reading)
    assert "Ann Persona" not in repr(reading)


def test_a_full_example_is_read_in_every_detail_that_holds(reference_data: Path, postcodes: PostcodeDirectory) -> None:
    content = (reference_data / "open-referral" / "hsds-3.0" / "examples" / "service_full.json").read_bytes()
    reading = read(content, postcodes)
    # The published number is nobody's business here, so only its form is looked at.
    assert re.fullmatch(r"01[0-9]{3} [0-9]{6}", reading.services[0].listing.telephone or "")
    assert columns(reading)[-1] == ("schedules/0", Effect.VALUE_DROPPED)


def test_a_page_of_organisations_alone_is_kept(reference_data: Path, postcodes: PostcodeDirectory) -> None:
    content = (reference_data / "open-referral" / "hsds-3.0" / "examples" / "organization_list.json").read_bytes()
    reading = read(content, postcodes)
    assert (len(reading.organisations), reading.services) == (1, ())


def test_identifiers_are_checked_and_mended(reference_data: Path, postcodes: PostcodeDirectory) -> None:
    content = (reference_data / "open-referral" / "hsds-3.0" / "examples" / "organization_full.json").read_bytes()
    assert read(content, postcodes).organisations[0].profile.identifiers == (Identifier(Scheme.COMPANY, "01234567"),)


def test_our_own_directory_is_read_without_a_fault(postcodes: PostcodeDirectory) -> None:
    reading = read(own_file("directory.hsds.json"), postcodes)
    assert (len(reading.services), len(reading.organisations), len(reading.ended)) == (8, 5, 1)
    assert columns(reading) == [("status", Effect.SKIPPED)]
    by_name = {each.listing.name: each.listing for each in reading.services}
    assert by_name["Lantern Community Pantry"].kind == "food_bank"
    assert by_name["South Haven Helpline"].sensitive
    assert by_name["Stay and Play at the Isle"].maximum_age == 4


def test_our_own_directory_conforms_to_the_published_schema(reference_data: Path) -> None:
    schema = json.loads((reference_data / "open-referral" / "oruk-3.0" / "service.json").read_text("utf-8"))
    for each in json.loads(own_file("directory.hsds.json"))["contents"]:
        jsonschema.validate(each, schema)


def test_a_list_lines_and_one_record_read_the_same(postcodes: PostcodeDirectory) -> None:
    one = service(**at("TA20 1QL"))
    other = service(id="1b0f5f5c-6a43-4a3b-8f43-1c9b7ac7c7a1", name="Second", **at("TA19 0DU"))
    expected = read([one, other], postcodes).services
    assert len(expected) == 2
    assert read({"contents": [one, other], "total_items": 99}, postcodes).services == expected
    assert read(f"{json.dumps(one)}\n{json.dumps(other)}\n".encode(), postcodes).services == expected
    assert read(one, postcodes).services == expected[:1]


def test_a_service_that_names_its_organisation_by_id_finds_it_in_the_file(postcodes: PostcodeDirectory) -> None:
    told = {**service(**at("TA20 1QL")), "organization_id": OWNER["id"]}
    del told["organization"]
    assert len(read([told, {**OWNER, "services": []}], postcodes).services) == 1
    assert columns(read([told], postcodes)) == [("organization", Effect.REFUSED)]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"id": ""}, ("id", Effect.REFUSED)),
        ({"name": None}, ("name", Effect.REFUSED)),
        ({"status": "sleepy"}, ("status", Effect.REFUSED)),
        ({"status": "defunct"}, ("status", Effect.SKIPPED)),
        ({"status": None}, ("status", Effect.NOTED)),
        ({"organization": "Lantern"}, ("organization", Effect.REFUSED)),
        ({"minimum_age": -4}, ("minimum_age", Effect.VALUE_DROPPED)),
        ({"minimum_age": 9, "maximum_age": 3}, ("maximum_age", Effect.VALUE_DROPPED)),
        ({"assured_date": "yesterday"}, ("assured_date", Effect.VALUE_DROPPED)),
        ({"phones": [{"number": "n/a"}]}, ("number", Effect.VALUE_DROPPED)),
        ({"service_areas": [{"name": "All over the county"}]}, ("service_areas/0", Effect.VALUE_DROPPED)),
        ({"schedules": [{"valid_to": "2020-01-01"}]}, ("schedules/0", Effect.VALUE_DROPPED)),
        (at("EH1 1YZ"), ("locations", Effect.SKIPPED)),
        ({"name": "Knitting", **at("TA20 1QL")}, ("attributes", Effect.NOTED)),
    ],
)
def test_a_bad_value_is_reported_with_a_way_to_fix_it(
    postcodes: PostcodeDirectory, changes: dict[str, Any], error: tuple[str, Effect]
) -> None:
    good = service(id="9b0f5f5c-6a43-4a3b-8f43-1c9b7ac7c7a1", **at("TA20 1QL"))
    reading = read([service(**changes), good], postcodes)
    assert error in columns(reading)
    assert all(each.row == 1 and each.reason and each.fix for each in reading.errors)
    kept = 1 if error[1] in {Effect.VALUE_DROPPED, Effect.NOTED} else 0
    assert len(reading.services) == 1 + kept


def test_places_areas_and_times_are_understood(postcodes: PostcodeDirectory) -> None:
    told = service(
        **at("ta201ql", name="Lantern Rooms"),
        service_areas=[
            {"name": "TA20, ta19"},
            {"uri": "http://statistics.data.gov.uk/id/E06000066", "name": "Somerset"},
        ],
        schedules=[
            {"freq": "WEEKLY", "byday": "TU,FR", "opens_at": "10:00:00", "closes_at": "13:00Z"},
            {"freq": "MONTHLY", "byday": "1MO"},
        ],
        attributes=[{"taxonomy_term": {"code": "debt_or_arrears", "name": "Debt"}}],
    )
    (only,) = read(told, postcodes).services
    listing = only.listing
    assert (listing.locations[0].address, listing.locations[0].town) == (("4 Holly Lane",), "Chard")
    assert listing.locations[0].postcode == "TA20 1QL"
    assert set(listing.areas) == {
        Area(AreaKind.OUTWARD_POSTCODE, "TA19"),
        Area(AreaKind.OUTWARD_POSTCODE, "TA20"),
        Area(AreaKind.DISTRICT, "E06000066"),
    }
    assert [(each.weekdays, each.weekly) for each in listing.schedules] == [({2, 5}, True), ({1}, False)]
    assert listing.needs == {"debt_or_arrears"}
    assert listing.kind == "food_bank"


def test_one_place_in_another_nation_does_not_hide_the_others(postcodes: PostcodeDirectory) -> None:
    both = at("EH1 1YZ")["service_at_locations"] + at("TA20 1QL")["service_at_locations"]
    reading = read(service(service_at_locations=both), postcodes)
    assert [each.postcode for each in reading.services[0].listing.locations] == ["TA20 1QL"]
    assert columns(reading) == [("locations", Effect.VALUE_DROPPED)]


def test_help_online_needs_no_address(postcodes: PostcodeDirectory) -> None:
    online = {"service_at_locations": [{"location": {"location_type": "virtual", "name": "Telephone"}}]}
    reading = read(service(**online), postcodes)
    assert reading.services[0].listing.locations[0].kind is LocationType.VIRTUAL
    assert reading.errors == ()


def test_the_same_id_twice_is_kept_once(postcodes: PostcodeDirectory) -> None:
    reading = read([service(**at("TA20 1QL")), service(name="Copy", **at("TA20 1QL"))], postcodes)
    assert [each.listing.name for each in reading.services] == ["Lantern food bank"]
    assert columns(reading) == [("id", Effect.REFUSED)]


def test_an_organisations_kind_comes_from_its_register_or_its_name(postcodes: PostcodeDirectory) -> None:
    school = {**OWNER, "organization_identifiers": [{"identifier_type": "URN", "identifier": 123456}]}
    assert read(service(organization=school), postcodes).organisations[0].profile.kind is OrganisationKind.SCHOOL
    council = {**OWNER, "name": "Somewhere Council"}
    assert read(service(organization=council), postcodes).organisations[0].profile.kind is OrganisationKind.COUNCIL_TEAM


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"3", b'{"contents": 4}', b"\xff\xfe", b'[["a"]]', b"[" * 100_000]
)
def test_a_file_that_is_no_hsds_says_what_to_do(content: bytes) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        open_hsds(content)
    assert refused.value.fix
