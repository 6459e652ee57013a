"""What help is here, over HTTP: the answer, what it never says, and what is counted when there is none."""

from typing import Any

import asyncpg
import pytest
from partners_room import OTHER_PLACE, PLACE, Room


async def test_services_are_ranked_with_reasons_and_distance(room: Room) -> None:
    near = await room.service()
    far = await room.service(name="Ilminster parcels", locations=[{"postcode": "TA19 0DU"}], areas=[], same_day=None)
    await room.service(name="Elsewhere", locations=[{"postcode": "TA1 1AA"}], areas=[], same_day=None)
    found = await room.search(ages=[3, 34])
    assert [each["service_id"] for each in found["items"]] == [near["id"], far["id"]]
    assert found["postcode_known"] is True
    assert (found["items"][0]["distance_km"], found["items"][1]["distance_km"]) == (0.0, 7.3)
    assert {each["code"] for each in found["items"][0]["reasons"]} >= {
        "need",
        "area",
        "room_not_known",
        "takes_requests",
    }
    assert all(each["sentence"].endswith(".") for each in found["items"][0]["reasons"])


async def test_what_is_left_out_says_why(room: Room) -> None:
    await room.service(areas=[{"kind": "outward_postcode", "code": "TA18"}])
    found = await room.search()
    assert found["items"] == []
    assert [each["code"] for each in found["left_out"][0]["reasons"]] == ["out_of_area"]


async def test_for_today_hours_decide(room: Room) -> None:
    made = await room.service()
    assert [each["service_id"] for each in (await room.search(day="2026-03-03"))["items"]] == [made["id"]]
    room.clock.at = room.clock.at.replace(hour=15, minute=30)
    late = await room.search(day="2026-03-03")
    assert [each["code"] for each in late["left_out"][0]["reasons"]] == ["not_today"]


async def test_same_day_hours_are_local_in_summer_too(room: Room) -> None:
    await room.service()
    room.clock.at = room.clock.at.replace(month=7, day=7, hour=14, minute=30)  # Half past three in Chard.
    assert (await room.search(day="2026-07-07"))["items"] == []


async def test_a_postcode_nobody_knows_is_matched_by_its_first_half(room: Room) -> None:
    made = await room.service()
    found = await room.search(postcode="ta20 0aa")
    assert (found["postcode_known"], found["items"][0]["service_id"]) == (False, made["id"])
    assert found["items"][0]["distance_km"] is None


async def test_without_a_postcode_every_place_is_looked_in(room: Room) -> None:
    await room.service(areas=[{"kind": "outward_postcode", "code": "TA18"}])
    found = await room.search(postcode=None)
    assert (found["postcode_known"], len(found["items"])) == (None, 1)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"postcode": "NOWHERE"}, "/postcode"),
        ({"needs": ["wishes"]}, "/needs"),
        ({"needs": []}, "/needs"),
        ({"ages": [-1]}, "/ages/0"),
        ({"radius_km": 500}, "/radius_km"),
        ({"day": "soon"}, "/day"),
        ({"name": "Zephyrine"}, "/name"),
    ],
)
async def test_a_search_is_checked_and_never_repeats_what_was_sent(
    room: Room, wrong: dict[str, Any], pointer: str
) -> None:
    body = {"needs": ["food_or_fuel_poverty"], "postcode": "TA20 1QL"} | wrong
    answer = await room.client.post("/services/searches", json=body, headers=room.worker())
    assert answer.status_code == 422
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert "Zephyrine" not in answer.text
    assert "NOWHERE" not in answer.text


async def test_a_search_needs_no_idempotency_key_and_is_not_stored_by_anybody(room: Room) -> None:
    body = {"needs": ["food_or_fuel_poverty"]}
    answer = await room.client.post("/services/searches", json=body, headers=room.worker())
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


async def test_nothing_of_another_place_is_found(room: Room) -> None:
    await room.service()
    answer = await room.client.post(
        "/services/searches", json={"needs": ["food_or_fuel_poverty"]}, headers=room.worker(OTHER_PLACE)
    )
    assert answer.json()["items"] == []


async def unmet(owner: asyncpg.Connection) -> list[tuple[Any, ...]]:
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    rows = await owner.fetch("SELECT outward, need, week::text, times FROM unmet_need ORDER BY outward, need")
    return [tuple(row) for row in rows]


async def test_an_empty_search_is_counted_without_identity(room: Room, owner: asyncpg.Connection) -> None:
    for _ in range(2):
        await room.search(needs=["young_carer", "debt_or_arrears"])
    await room.search(needs=["young_carer"], postcode=None)
    assert await unmet(owner) == [
        ("", "young_carer", "2026-03-02", 1),
        ("TA20", "debt_or_arrears", "2026-03-02", 2),
        ("TA20", "young_carer", "2026-03-02", 2),
    ]
    columns = await owner.fetch("SELECT column_name FROM information_schema.columns WHERE table_name = 'unmet_need'")
    assert {row["column_name"] for row in columns} == {"place_id", "outward", "need", "week", "times"}


async def test_a_search_that_finds_something_is_not_counted(room: Room, owner: asyncpg.Connection) -> None:
    await room.service()
    await room.search()
    assert await unmet(owner) == []


async def refuge(room: Room, **told: Any) -> dict[str, Any]:
    return await room.service(
        name="Safe Harbour", kind="domestic_abuse_support", same_day=None, areas=[], needs=[], **told
    )


async def test_a_sensitive_service_is_found_without_place_or_room(room: Room) -> None:
    made = await refuge(room)
    headers = room.partner_admin(made["organisation_id"]) | {"If-Match": '"1"'}
    found = []
    for available in (0, 5):
        body = {"available": available}
        path = f"/services/{made['id']}/capacity"
        assert (await room.client.put(path, json=body, headers=headers)).status_code == 200
        headers = headers | {"If-Match": '"2"'}
        found.append(await room.search(needs=["victim"]))
    assert found[0] == found[1]
    assert (found[0]["items"][0]["room"], found[0]["items"][0]["distance_km"]) == ("not_shown", None)


async def test_a_sensitive_service_left_out_looks_like_none(room: Room) -> None:
    none = await room.search(needs=["victim"], ages=[40])
    await refuge(room, maximum_age=17)
    assert await room.search(needs=["victim"], ages=[40]) == none
