"""What the directory says beyond name and place: particulars in HSDS terms, sites with ids, several rows of room."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from partners_room import PLACE, Room

from connective.kit.ids import new_id

TOLD: dict[str, Any] = {
    "alternate_name": "The food cupboard",
    "email": "hello@larder.example.org",
    "eligibility": "Anybody in Chard who has too little to eat.",
    "fees": "Free; a gift is welcome.",
    "interpretation": "Polish on Tuesdays.",
    "alert": "Closed on Easter Monday.",
    "reach": ["delivery", "in_person"],
    "costs": [{"option": "Delivery", "amount": 1.5, "currency": "GBP"}, {"option": "Parcel"}],
    "languages": [{"code": "en"}, {"code": "pl", "name": "Polish", "note": "Tuesdays"}],
    "contacts": [
        {"title": "Larder desk", "telephone": "01632 960131", "published": True},
        {"name": "Wilhelmina Ashdown", "email": "w.ashdown@larder.example.org"},
    ],
    "locations": [
        {
            "name": "The Larder",
            "postcode": "TA20 1QL",
            "address": ["4 Holly Lane"],
            "town": "Chard",
            "county": "Somerset",
            "uprn": "10023456789",
            "transport": "Bus 30 stops outside.",
            "accessibility": [{"description": "Step-free", "url": "https://larder.example.org/access"}],
        }
    ],
}


async def put_room(room: Room, made: dict[str, Any], body: dict[str, Any], version: int) -> Any:
    own = room.partner_admin(made["organisation_id"]) | {"If-Match": f'"{version}"'}
    return await room.client.put(f"/services/{made['id']}/capacity", json=body, headers=own)


async def test_particulars_are_kept_and_shown_as_they_were_told(room: Room) -> None:
    made = await room.service(**TOLD)
    for name, value in TOLD.items():
        if name not in {"costs", "contacts", "languages", "locations"}:
            assert made[name] == value, name
    assert [(each["option"], each["amount"]) for each in made["costs"]] == [("Delivery", 1.5), ("Parcel", None)]
    assert [(each["code"], each["name"]) for each in made["languages"]] == [("en", None), ("pl", "Polish")]
    assert [each["published"] for each in made["contacts"]] == [True, False]
    (site,) = made["locations"]
    assert UUID(site["id"])
    assert {name: site[name] for name in TOLD["locations"][0] if name != "accessibility"} == {
        name: value for name, value in TOLD["locations"][0].items() if name != "accessibility"
    }
    assert site["accessibility"][0]["description"] == "Step-free"


async def test_a_site_keeps_its_id_when_the_list_is_sent_again(room: Room) -> None:
    made = await room.service(**TOLD)
    own, path = room.partner_admin(made["organisation_id"]), f"/services/{made['id']}"
    again = await room.patch(path, {"locations": TOLD["locations"]}, own, 1)
    assert (again.json()["version"], again.json()["locations"]) == (1, made["locations"])
    moved = [made["locations"][0] | {"address": ["6 Holly Lane"]}, {"postcode": "TA19 0DU"}]
    after = (await room.patch(path, {"locations": moved}, own, 1)).json()["locations"]
    assert after[0]["id"] == made["locations"][0]["id"]
    assert after[1]["id"] != after[0]["id"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"languages": [{"code": "Polish"}]}, "/languages/0/code"),
        ({"contacts": [{"name": "Nobody"}]}, "/contacts/0"),
        ({"contacts": [{"telephone": "01632 960131"}]}, "/contacts/0"),
        ({"costs": [{"option": "x", "valid_from": "2026-02-01", "valid_to": "2026-01-01"}]}, "/costs/0/valid_to"),
        ({"locations": [{"postcode": "TA20 1QL", "uprn": "0123"}]}, "/locations/0/uprn"),
        ({"reach": ["telepathy"]}, "/reach/0"),
        ({"email": "nobody"}, "/email"),
    ],
)
async def test_particulars_are_checked(room: Room, wrong: dict[str, Any], pointer: str) -> None:
    made = await room.service()
    answer = await room.patch(f"/services/{made['id']}", wrong, room.partner_admin(made["organisation_id"]), 1)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_a_withheld_address_is_told_to_its_own_organisation_alone(room: Room) -> None:
    hidden = {"postcode": "TA20 1QL", "address": ["A safe house"], "withheld": True}
    made = await room.service(locations=[hidden, {"postcode": "TA19 0DU"}])
    assert len(made["locations"]) == 2
    seen = (await room.get(f"/services/{made['id']}", room.worker())).json()
    assert [each["postcode"] for each in seen["locations"]] == ["TA19 0DU"]


async def test_room_is_told_in_several_rows(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.service()
    rows = [
        {"unit": "places", "audience": "children under 5", "available": 0, "maximum": 8, "waiting_weeks": 3},
        {"unit": "places", "audience": "adults", "available": 2},
    ]
    answer = (await put_room(room, made, {"rows": rows}, 1)).json()
    assert [(each["audience"], each["available"]) for each in answer["capacities"]] == [
        ("children under 5", 0),
        ("adults", 2),
    ]
    assert (answer["room"], answer["capacity"]["audience"]) == ("some", "children under 5")
    found = await room.search()
    (words,) = [each["sentence"] for each in found["items"][0]["reasons"] if each["code"] == "room"]
    assert words.startswith("Has room: 2 places for adults, told on")
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    kept = await owner.fetch("SELECT line, audience FROM service_capacity WHERE version = 2 ORDER BY line")
    assert [tuple(row) for row in kept] == [(0, "children under 5"), (1, "adults")]
    assert (await put_room(room, made, {"rows": []}, 2)).json()["room"] == "not_known"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"available": 1, "rows": []},
        {"rows": [{"available": 1}, {"available": 2}]},
        {"rows": [{"available": 3, "maximum": 2}]},
    ],
)
async def test_room_is_checked(room: Room, body: dict[str, Any]) -> None:
    assert (await put_room(room, await room.service(), body, 1)).status_code == 422


async def test_an_organisation_tells_its_identifiers_as_org_ids(room: Room) -> None:
    told = [{"scheme": "GB-CHC", "value": "1155856"}, {"scheme": "GB-UKPRN", "value": "10012345"}]
    made = await room.organisation(identifiers=told, email="desk@larder.example.org", alternate_name="Larder")
    assert made["org_ids"] == ["GB-CHC-1155856", "GB-UKPRN-10012345"]
    assert (made["email"], made["alternate_name"]) == ("desk@larder.example.org", "Larder")
    changed = await room.patch(f"/organisations/{made['id']}", {"email": None}, room.partner_admin(made["id"]), 1)
    assert (changed.json()["email"], changed.json()["alternate_name"]) == (None, "Larder")


async def test_capacity_is_asked_without_saying_for_whom(room: Room) -> None:
    made = await room.service()
    await put_room(room, made, {"available": 4, "unit": "parcels"}, 1)
    answer = await room.get(f"/services/{made['id']}/capacity", room.worker())
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json()["room"] == "some"
    assert answer.json()["rows"][0] | {"as_of": None} == {
        "available": 4,
        "maximum": None,
        "unit": "parcels",
        "audience": None,
        "waiting_weeks": None,
        "as_of": None,
    }
    assert (await room.get(f"/services/{new_id()}/capacity", room.worker())).status_code == 404
