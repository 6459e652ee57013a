"""What help is here, over HTTP: the answer, what it never says, and what is counted when there is none."""

from typing import Any

import asyncpg
import pytest
from partners_room import OTHER_PLACE, PLACE, Room

from connective.kit.ids import new_id


async def test_services_are_ranked_with_reasons_and_distance(room: Room) -> None:
    near = await room.service()
    far = await room.service(name="Ilminster parcels", locations=[{"postcode": "TA19 0DU"}], areas=[], same_day=None)
    await room.service(name="Elsewhere", locations=[{"postcode": "TA1 1AA"}], areas=[], same_day=None)
    found = await room.search(ages=[3, 34])
    assert [each["service_id"] for each in found["items"]] == [near["id"], far["id"]]
    assert found["postcode_known"] is True
    assert (found["items"][0]["distance_km"], found["items"][1]["distance_km"]) == (0.0, 7.3)
    east, north = found["items"][1]["east_km"], found["items"][1]["north_km"]
    assert round((east**2 + north**2) ** 0.5, 1) == pytest.approx(7.3, abs=0.1), "a map needs the direction as well"
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
        ({"area": "Chard", "postcode": None}, "/area"),
        ({"reach": ["telepathy"]}, "/reach/0"),
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
    rows = await owner.fetch(
        "SELECT outward, district, need, age_band, week::text, times FROM unmet_need ORDER BY outward, need, age_band"
    )
    return [tuple(row) for row in rows]


async def test_an_empty_search_is_counted_without_identity(room: Room, owner: asyncpg.Connection) -> None:
    for _ in range(2):
        await room.search(needs=["young_carer", "debt_or_arrears"])
    await room.search(needs=["young_carer"], postcode=None)
    assert await unmet(owner) == [
        ("", "", "young_carer", "any", "2026-03-02", 1),
        ("TA20", "E06000066", "debt_or_arrears", "any", "2026-03-02", 2),
        ("TA20", "E06000066", "young_carer", "any", "2026-03-02", 2),
    ]
    columns = await owner.fetch("SELECT column_name FROM information_schema.columns WHERE table_name = 'unmet_need'")
    assert {row["column_name"] for row in columns} == {
        *("place_id", "outward", "district", "need", "age_band", "week", "times")
    }


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


async def found_by(room: Room, **asked: Any) -> list[str]:
    return [each["name"] for each in (await room.search(**asked))["items"]]


async def test_words_find_what_a_listing_says(room: Room) -> None:
    await room.service(name="Swimming for babies", description="Warm water, gentle teachers.")
    await room.service(name="Emergency parcels")
    assert await found_by(room, needs=[], words="swim baby") == ["Swimming for babies"]
    assert await found_by(room, words="gentle teacher") == ["Swimming for babies"]
    assert await found_by(room, needs=[], words="chard larder", postcode=None) == [
        "Emergency parcels",
        "Swimming for babies",
    ]
    assert await found_by(room, needs=[], words="swim parcel") == []
    both = (await room.search(words="swimming"))["items"][0]
    assert {"need", "words"} <= {each["code"] for each in both["reasons"]}


async def test_words_are_counted_nowhere(room: Room, owner: asyncpg.Connection) -> None:
    assert await found_by(room, needs=[], words="Zephyrine Quillfeather") == []
    assert await unmet(owner) == []


async def test_an_area_stands_for_a_home(room: Room) -> None:
    await room.service(name="For Chard")
    await room.service(name="For the district", areas=[{"kind": "district", "code": "E06000066"}])
    assert await found_by(room, postcode=None, area="ta20") == ["For Chard"]
    assert await found_by(room, postcode=None, area="E06000066") == ["For the district"]


async def test_reach_language_and_free_places_narrow_with_reasons(room: Room) -> None:
    made = await room.service(name="Delivers", reach=["delivery"], languages=[{"code": "pl"}])
    await room.service(name="Stays put")
    own = room.partner_admin(made["organisation_id"]) | {"If-Match": '"1"'}
    await room.client.put(f"/services/{made['id']}/capacity", json={"available": 0}, headers=own)
    assert await found_by(room, reach=["delivery"]) == ["Delivers"]
    assert await found_by(room, reach=["in_person"]) == ["Stays put", "Delivers"]
    assert await found_by(room, language="pl") == ["Delivers"]
    left = (await room.search(free_places=True, reach=["outreach", "delivery"]))["left_out"]
    assert {each["name"]: {reason["code"] for reason in each["reasons"]} for each in left} == {
        "Delivers": {"no_room"},
        "Stays put": {"reach"},
    }


async def test_help_online_is_found_from_anywhere(room: Room) -> None:
    await room.service(name="By telephone", areas=[], reach=["telephone"], locations=[{"postcode": "TA20 1QL"}])
    await room.service(name="At its door", areas=[], locations=[{"postcode": "TA20 1QL"}])
    assert await found_by(room, postcode="BA1 1AA") == ["By telephone"]


async def test_a_withheld_door_is_told_by_no_distance(room: Room) -> None:
    await room.service(areas=[], locations=[{"postcode": "TA20 1QL", "withheld": True}])
    (found,) = (await room.search())["items"]
    assert (found["distance_km"], found["east_km"], found["north_km"]) == (None, None, None)
    assert "miles away" not in str(found["reasons"])
    assert await found_by(room, postcode="TA1 1AA") == []


async def a_hub(room: Room, **told: Any) -> tuple[str, dict[str, str]]:
    coordinator = new_id()
    body = {"name": "Chard hub", "outward_postcodes": ["TA20"], "coordinator_account_id": str(coordinator)}
    made = await room.post("/hubs", body | told, room.place_admin())
    path = f"/hubs/{made.json()['id']}/unmet-needs"
    return path, room.headers("hub_coordinator", organisation=new_id(), account=coordinator)


async def test_a_coordinator_reads_unmet_need_without_small_numbers(room: Room) -> None:
    for _ in range(12):
        await room.search(needs=["young_carer"], ages=[9, 10])
    for _ in range(4):
        await room.search(needs=["debt_or_arrears"])
    for _ in range(6):
        await room.search(needs=["young_carer"], postcode="TA1 1AA")
    room.clock.at = room.clock.at.replace(day=10)
    path, coordinator = await a_hub(room)
    told = (await room.get(path, coordinator)).json()
    assert (told["since"], told["until"], told["smallest_told"]) == ("2025-12-15", "2026-03-09", 10)
    assert told["items"] == [
        {"area": "TA20", "need": "young_carer", "age_band": "5-10", "searches": 10},
        {"area": "TA20", "need": "debt_or_arrears", "age_band": "any", "searches": None},
    ]
    by_district = (await room.get(f"{path}?by=district&weeks=4", room.place_admin())).json()
    assert {each["area"] for each in by_district["items"]} == {"E06000066"}
    stranger = room.headers("hub_coordinator", organisation=new_id(), account=new_id())
    assert (await room.get(path, stranger)).status_code == 403
    assert (await room.get(path, room.worker())).status_code == 403
    for wrong in ("weeks=1", "by=street", "ages=9"):
        assert (await room.get(f"{path}?{wrong}", coordinator)).status_code == 422


async def test_what_an_earlier_search_read_is_never_shown_after_it_changed(room: Room) -> None:
    owner = await room.organisation()
    service = await room.service(owner, takes_requests=True)
    own = room.partner_admin(owner["id"])

    async def found() -> dict[str, Any]:
        answers = [await room.search() for _ in range(2)]
        assert answers[0] == answers[1], "asked twice, answered alike"
        return answers[0]

    assert [each["room"] for each in (await found())["items"]] == ["not_known"]
    changed = await room.patch(f"/services/{service['id']}", {"name": "New name"}, own, 1)
    assert changed.status_code == 200
    await room.client.put(
        f"/services/{service['id']}/capacity", json={"available": 2}, headers=own | {"If-Match": '"2"'}
    )
    assert [(each["name"], each["room"]) for each in (await found())["items"]] == [("New name", "some")]
    reason = {"reason": "A test"}
    answer = await room.post(f"/organisations/{owner['id']}/suspend", reason, room.place_admin())
    assert answer.status_code == 200, answer.text
    after = await found()
    assert after["items"] == []
    assert [each["reasons"][0]["code"] for each in after["left_out"]] == ["not_taking"]
    elsewhere = await room.client.post(
        "/services/searches", json={"needs": ["food_or_fuel_poverty"]}, headers=room.worker(OTHER_PLACE)
    )
    assert (elsewhere.json()["items"], elsewhere.json()["left_out"]) == ([], [])
