"""The public directory, from outside: as anybody, as the validator walks it, and as somebody who looks for secrets."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from open_referral_client import LISTS, STUB, Client, faults_of, faults_of_page, schema_faults
from partners_room import OTHER_PLACE, PLACE, Room

from connective.contracts.categories import AssuranceLevel
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.ids import new_id
from connective.partners.commands.keep_publication import keep_publication
from connective.partners.domain.codes import OrganisationKind, OrganisationState
from connective.partners.domain.organisations import Organisation, Profile
from connective.partners.domain.services import SIGNPOST_ONLY, Listing, Service
from connective.partners.storage.organisations import add_organisation
from connective.partners.storage.services import add_service

RICH: dict[str, Any] = {
    "alternate_name": "The food cupboard",
    "description": "A parcel for three days.",
    "url": "https://larder.example.org",
    "email": "hello@larder.example.org",
    "eligibility": "Anybody in Chard.",
    "minimum_age": 16,
    "maximum_age": 25,
    "areas": [{"kind": "district", "code": "E07000189"}, {"kind": "outward_postcode", "code": "TA20"}],
    "schedules": [{"weekdays": [2, 4], "opens_at": "09:30", "closes_at": "13:00"}, {"description": "By arrangement."}],
    "costs": [{"option": "Delivery", "amount": 1.5}],
    "languages": [{"code": "pl", "name": "Polish"}],
    "reach": ["delivery"],
    "assured_on": "2026-02-01",
    "contacts": [
        {"name": "Petronella Published", "telephone": "01632 960131", "published": True},
        {"name": "Percival Private", "email": "percival@larder.example.org"},
    ],
    "locations": [
        {
            "name": "The Larder",
            "postcode": "TA20 1QL",
            "address": ["4 Holly Lane"],
            "town": "Chard",
            "county": "Somerset",
            "uprn": "10023456789",
            "accessibility": [{"description": "Step-free"}],
        },
        {"postcode": "TA19 0DU", "address": ["The hidden house"], "withheld": True},
        {"kind": "virtual", "name": "On the telephone"},
    ],
}
SECRETS = ("Percival", "hidden house", "TA19", "Safe Harbour", "Quiet Room", "Borrowed", "Shut", "Somewhere else")


@pytest.fixture
async def surface(room: Room) -> Client:
    return Client(room.client)


async def fill(room: Room) -> dict[str, Any]:
    """A directory with something to publish, and something of each kind that is never published."""
    identifiers = [{"scheme": "GB-CHC", "value": "1155856"}, {"scheme": "GB-COH", "value": "1234567"}]
    owner = await room.organisation(
        identifiers=identifiers, telephone="01632 960130", website="https://larder.example.org"
    )
    rich = await room.service(owner, **RICH)
    own = room.partner_admin(owner["id"]) | {"If-Match": '"1"'}
    await room.client.put(f"/services/{rich['id']}/capacity", json={"available": 4, "waiting_weeks": 2}, headers=own)
    for number in range(11):
        await room.service(owner, name=f"Parcel round {number}", areas=[])
    refuge = await room.organisation("Safe Harbour")
    await room.service(refuge, name="Safe Harbour refuge", kind="domestic_abuse_support", needs=[], same_day=None)
    await room.service(owner, name="Quiet Room", confidential_to_young_person=True)
    await room.service(owner, name="Shut for good", status="defunct")
    for name, licence in (("Borrowed from a web page", None), ("Open from the county", "OGL-UK-3.0")):
        await imported(room, name, licence)
    return rich


async def imported(room: Room, name: str, licence: str | None) -> None:
    """A listing as a file or feed would have brought it."""
    owner = Organisation(
        new_id(), PLACE, None, Profile(f"{name} Trust", OrganisationKind.CHARITY), OrganisationState.ACTIVE,
        AssuranceLevel.SHARED_DEVICE, 1, room.clock(), "county-feed",
    )  # fmt: skip
    listing = Listing(name, "other", frozenset())
    service = Service(new_id(), PLACE, owner.id, listing, SIGNPOST_ONLY, 1, room.clock(), source="county-feed")
    async with database_of(room).unit(service_actor("partners", PLACE)) as unit:
        await add_organisation(unit.connection, owner)
        await add_service(unit.connection, replace(service, licence=licence))


def database_of(room: Room) -> Database:
    return room.running.database


async def test_the_whole_surface_holds_against_our_own_rules(room: Room, surface: Client) -> None:
    await fill(room)
    about = await surface.get("")
    assert about["version"] == "HSDS-UK-3.0"
    assert about["openapi_url"].endswith(f"{STUB}/openapi.json")
    for name in LISTS:
        found = await surface.records(name)
        assert found, name
        assert [fault for each in found for fault in faults_of(each, name)] == []
        for each in found[:3]:
            assert faults_of(await surface.get(f"{name}/{each['id']}"), name) == []
    for name in ("services", "service_at_locations", "organizations"):
        for each in (await surface.get(name, full="true"))["contents"]:
            assert faults_of(each, name) == []


async def test_the_whole_surface_holds_against_the_validators_schemas(
    room: Room, surface: Client, reference_data: Path
) -> None:
    folder = reference_data / "open-referral" / "oruk-3.0"
    if not folder.is_dir():
        pytest.skip("the validator's schemas are not here: set REFERENCE_DATA to the folder that holds open-referral")
    await fill(room)
    for name in LISTS:
        found = await surface.records(name)
        whole = [await surface.get(f"{name}/{each['id']}") for each in found]
        assert schema_faults(folder, name, found, of_list=True) == []
        assert schema_faults(folder, name, whole, of_list=False) == []
        assert schema_faults(folder, name, whole, of_list=True) == []
        for broken in ({**whole[0], "id": "1"}, {**whole[0], "id": None}):
            assert schema_faults(folder, name, [broken], of_list=False)
            assert faults_of(broken, name)


async def test_a_service_keeps_its_richer_fields(room: Room, surface: Client) -> None:
    rich = await fill(room)
    shown = await surface.get(f"services/{rich['id']}")
    assert (shown["minimum_age"], shown["assured_date"], shown["wait_time"]) == (16, "2026-02-01", "2 weeks")
    assert shown["last_modified"] == "2026-03-03T10:00:00.000Z"
    assert {each["name"] for each in shown["service_areas"]} == {"TA20", "district E07000189"}
    (district,) = [each["uri"] for each in shown["service_areas"] if "uri" in each]
    assert district == "http://statistics.data.gov.uk/id/statistical-geography/E07000189"
    assert (shown["schedules"][0]["byday"], shown["schedules"][0]["opens_at"]) == ("TU,TH", "09:30")
    assert shown["schedules"][1] == {**shown["schedules"][1], "description": "By arrangement."}
    assert shown["cost_options"][0]["amount"] == 1.5
    assert shown["languages"][0]["code"] == "pl"
    assert shown["capacities"][0]["available"] == 4
    assert [each["name"] for each in shown["contacts"]] == ["Petronella Published"]
    at, virtual = shown["service_at_locations"]
    assert (at["location"]["external_identifier"], at["location"]["external_identifier_type"]) == (
        "10023456789",
        "UPRN",
    )
    assert at["location"]["addresses"][0]["city"] == "Chard"
    assert 50.8 < at["location"]["latitude"] < 50.9
    assert at["location"]["accessibility"][0]["description"] == "Step-free"
    assert virtual["location"]["location_type"] == "virtual"
    assert {each["taxonomy_term"]["code"] for each in shown["attributes"]} == {
        "food_bank",
        "food_or_fuel_poverty",
        "delivery",
    }
    known = {
        each["identifier_scheme"]: each["identifier"] for each in shown["organization"]["organization_identifiers"]
    }
    assert known == {"GB-CHC": "1155856", "GB-COH": "01234567"}


async def test_what_is_secret_stands_nowhere(room: Room, surface: Client) -> None:
    await fill(room)
    elsewhere = room.headers("place_admin", place=OTHER_PLACE)
    body = {"name": "Somewhere else", "kind": "charity", "legal_entity_id": str(new_id())}
    await room.post("/organisations", body | {"assurance_level": "shared_device"}, elsewhere)
    everything = ""
    for name in ("services", "service_at_locations", "organizations"):
        for query in ({"full": "true"}, {"full_service": "true"}, {"format": "ndjson", "full": "true"}):
            answer = await room.client.get(f"{STUB}/{name}", params=query)
            assert answer.status_code == 200
            everything += answer.text
    assert "Petronella Published" in everything
    assert "Open from the county" in everything
    assert '"x_hub_licence": "OGL-UK-3.0"' in everything
    assert [word for word in SECRETS if word in everything] == []


async def names(surface: Client, of: str = "services", **query: Any) -> set[str]:
    found = (await surface.get(of, per_page=100, **query))["contents"]
    return {each["name"] if "name" in each else each["service_id"] for each in found}


async def test_lists_are_narrowed_as_the_standard_says(room: Room, surface: Client) -> None:
    rich = await fill(room)
    name, everything = "Emergency food parcel", await names(surface)
    assert len(everything) == 13
    assert await names(surface, search="delivery cupboard") == {name}
    assert await names(surface, minimum_age=26) == everything - {name}
    assert await names(surface, maximum_age=15) == everything - {name}
    assert await names(surface, minimum_age=16, maximum_age=18) == everything
    assert await names(surface, day="TU") == {name}
    assert await names(surface, day="MO,Friday") == set()
    assert await names(surface, day="TH", start_time="12:00", end_time="14:00") == {name}
    assert await names(surface, start_time="13:00") == set()
    assert await names(surface, organization_id=rich["organisation_id"]) == everything - {"Open from the county"}
    assert await names(surface, modified_after="2026-03-03T10:00:00Z") == everything
    assert await names(surface, modified_after="2026-03-03T10:00:01Z") == set()
    terms = {each["code"]: each for each in (await surface.get("taxonomy_terms", per_page=200))["contents"]}
    assert await names(surface, taxonomy_term_id=terms["delivery"]["id"]) == {name}
    assert await names(surface, taxonomy_term_id=terms["money"]["id"]) == everything - {"Open from the county"}
    either = [terms["delivery"]["id"], terms["money"]["id"]]
    assert await names(surface, taxonomy_term_id=either) == everything - {"Open from the county"} | {name}
    assert await names(surface, x_hub_kept_here="true") == everything - {"Open from the county"}
    assert await names(surface, taxonomy_id=terms["delivery"]["taxonomy_id"]) == {name}
    assert await names(surface, taxonomy_id=str(new_id())) == set()
    minimal = await surface.get("services", minimal="true")
    assert (minimal["size"], set(minimal["contents"][0])) == (13, {"id", "last_modified"})


async def test_sites_are_narrowed_by_where_somebody_lives(room: Room, surface: Client) -> None:
    rich = await fill(room)
    every = await names(surface, "service_at_locations")
    near = await names(surface, "service_at_locations", postcode="TA20 1QL", proximity=1000)
    assert near == every
    assert rich["id"] not in await names(surface, "service_at_locations", postcode="TA1 1AA")
    assert await names(surface, "service_at_locations", postcode="TA1 1AA", proximity=1000) == set()
    for wrong in ({"postcode": "nowhere"}, {"proximity": 5}, {"postcode": "TA20 1QL", "proximity": -1}):
        assert (await room.client.get(f"{STUB}/service_at_locations", params=wrong)).status_code == 422


async def test_terms_and_organisations_are_narrowed_too(room: Room, surface: Client) -> None:
    await fill(room)
    top = (await surface.get("taxonomy_terms", top_only="true", per_page=100))["contents"]
    assert all("parent_id" not in each for each in top)
    money = next(each for each in top if each["code"] == "money")
    under = (await surface.get("taxonomy_terms", parent_id=money["id"]))["contents"]
    assert {each["code"] for each in under} >= {"debt_or_arrears", "food_or_fuel_poverty"}
    assert {each["name"] for each in (await surface.get("organizations", search="county"))["contents"]} == {
        "Open from the county Trust"
    }
    (larder,) = (await surface.get("organizations", search="larder", full_service="true"))["contents"]
    assert len(larder["services"]) == 12
    assert {each["location_type"] for each in larder["locations"]} == {"physical", "virtual"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services?page=0", 422),
        ("services?per_page=0", 422),
        ("services?page=x", 422),
        ("services?day=someday", 422),
        ("services?start_time=25:00", 422),
        ("services?taxonomy_term_id=x", 422),
        ("services?modified_after=yesterday", 422),
        ("services?format=xml", 422),
        ("services/x", 422),
        ("services/0190a5c0-0000-7000-8000-0000000000ff", 404),
        ("taxonomies/0190a5c0-0000-7000-8000-0000000000ff", 404),
        ("programs", 404),
    ],
)
async def test_bad_questions_get_a_clear_answer(room: Room, path: str, status: int) -> None:
    answer = await room.client.get(f"{STUB}/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_empty_feed_a_page_past_the_end_and_more_than_the_most(room: Room, surface: Client) -> None:
    empty = await surface.get("services")
    assert faults_of_page(empty, 1, 50) == []
    assert (empty["total_items"], empty["total_pages"], empty["empty"]) == (0, 0, True)
    await room.service()
    beyond = await surface.get("services", page=7)
    assert (beyond["empty"], beyond["last_page"], beyond["contents"]) == (True, False, [])
    assert (await surface.get("services", per_page=10_000))["size"] == 1


async def test_answers_are_kept_by_caches_until_they_change(room: Room) -> None:
    made = await room.service()
    path = f"{STUB}/services/{made['id']}"
    first = await room.client.get(path)
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = await room.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await room.patch(f"/services/{made['id']}", {"name": "New name"}, room.partner_admin(made["organisation_id"]), 1)
    after = await room.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (after.status_code, after.json()["name"]) == (200, "New name")
    asked = await room.client.options(path, headers={"Origin": "https://elsewhere.example.org"})
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "GET, OPTIONS")


async def test_everything_streams_as_lines(room: Room) -> None:
    await fill(room)
    answer = await room.client.get(f"{STUB}/services", params={"format": "ndjson"})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert len({json.loads(line)["id"] for line in answer.text.splitlines()}) == 13


async def test_what_an_organisation_changes_its_services_say_at_once(room: Room, surface: Client) -> None:
    made = await room.service()
    owner = f"/organisations/{made['organisation_id']}"
    await room.patch(owner, {"name": "Chard Pantry"}, room.place_admin(), 1)
    assert (await surface.get(f"services/{made['id']}"))["organization"]["name"] == "Chard Pantry"
    await room.post(f"{owner}/suspend", {"reason": "Training lapsed"}, room.place_admin())
    assert (await surface.get("services"))["empty"] is True
    assert (await surface.get("organizations"))["empty"] is True
    await room.post(f"{owner}/reinstate", {"reason": "Trained"}, room.place_admin())
    assert (await surface.get("services"))["total_items"] == 1


async def test_the_keeper_publishes_what_was_left_behind(room: Room, surface: Client) -> None:
    await fill(room)
    before = await surface.get("services", full="true", per_page=100)
    async with database_of(room).unit(service_actor("partners", PLACE)) as unit:
        await unit.run("DELETE FROM published_service")
        await unit.run("DELETE FROM published_organisation")
    assert (await surface.get("services"))["empty"] is True
    await keep_publication(database_of(room), [PLACE, OTHER_PLACE], room.clock())
    assert await surface.get("services", full="true", per_page=100) == before


async def test_it_describes_itself(surface: Client) -> None:
    described = await surface.get("openapi.json")
    assert set(described["paths"]) >= {"/", "/services", "/services/{record_id}", "/taxonomy_terms", "/organizations"}
    assert described["servers"][0]["url"].endswith(STUB)
    parameters = {each["name"] for each in described["paths"]["/service_at_locations"]["get"]["parameters"]}
    assert parameters >= {"search", "page", "per_page", "full", "format", "postcode", "proximity", "day", "minimum_age"}
