"""Hubs: who belongs to one and since when, who may change it, and its board."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
from partners_room import NOW, OTHER_PLACE, PLACE, Room

from connective.kit.ids import new_id
from connective.partners.domain.boards import Offer, supplies
from connective.partners.domain.capacity import Capacity


async def members(room: Room, path: str, *, former: bool = False) -> list[tuple[str, bool]]:
    listed = (await room.get(f"{path}/members?former={former}".lower(), room.worker())).json()["items"]
    return [(each["name"], each["left_at"] is None) for each in listed]


async def test_organisations_join_and_leave_with_dates_and_that_is_told(room: Room, owner: asyncpg.Connection) -> None:
    first, second = await room.organisation("Larder"), await room.organisation("Advice")
    account = new_id()
    body: dict[str, Any] = {"name": "Chard hub", "outward_postcodes": ["TA20"], "coordinator_account_id": str(account)}
    made = await room.post("/hubs", body | {"member_organisation_ids": [first["id"]]}, room.place_admin())
    path = f"/hubs/{made.json()['id']}"
    coordinator = room.headers("hub_coordinator", organisation=new_id(), account=account)
    room.clock.at += timedelta(days=1)
    swapped = {"member_organisation_ids": [second["id"]]}
    for who in (
        room.headers("hub_coordinator", organisation=new_id(), account=new_id()),
        room.partner_admin(first["id"]),
    ):
        assert (await room.patch(path, swapped, who, 1)).status_code == 403
    assert (await room.patch(path, swapped, room.place_admin(OTHER_PLACE), 1)).status_code == 404
    assert (await room.patch(path, swapped, coordinator, 1)).status_code == 200
    room.clock.at += timedelta(days=1)
    both = {"member_organisation_ids": [second["id"], first["id"]]}
    assert (await room.patch(path, both, coordinator, 2)).status_code == 200
    assert await members(room, path) == [("Advice", True), ("Larder", True)]
    assert await members(room, path, former=True) == [("Advice", True), ("Larder", False), ("Larder", True)]
    page = (await room.get(f"{path}/members?former=true&limit=2", room.worker())).json()
    rest = (await room.get(f"{path}/members?former=true&cursor={page['next_cursor']}", room.worker())).json()["items"]
    assert [each["joined_at"] for each in rest] == ["2026-03-05T10:00:00Z"]
    rows = await owner.fetch("SELECT data FROM outbox WHERE subject = 'hub.partners.hub.changed' ORDER BY id")
    facts = [json.loads(row["data"]) for row in rows]
    assert [len(each["member_organisation_ids"]) for each in facts] == [1, 1, 2]
    assert {each["coordinator_account_id"] for each in facts} == {str(account)}
    assert (await room.get(f"/hubs/{new_id()}/members", room.worker())).status_code == 404
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    await owner.execute("UPDATE hub SET announced = false")
    for _ in range(2):
        await room.running.scheduler.run_once("announce-hubs")
    again = await owner.fetch(
        "SELECT aggregate_version, data FROM outbox WHERE subject LIKE '%hub.changed' ORDER BY id"
    )
    assert [row["aggregate_version"] for row in again] == [1, 2, 3, 3]
    assert again[2]["data"] == again[3]["data"]


async def test_a_board_counts_room_by_kind_and_who_lapsed_for_its_coordinator_alone(room: Room) -> None:
    made = await room.service()
    larder, account = made["organisation_id"], new_id()
    await room.service(await room.organisation("Elsewhere"), name="Not of this hub")
    body = {"name": "Chard hub", "coordinator_account_id": str(account), "member_organisation_ids": [larder]}
    path = f"/hubs/{(await room.post('/hubs', body, room.place_admin())).json()['id']}/board"
    coordinator = room.headers("hub_coordinator", organisation=new_id(), account=account)
    expected = {"kind": "food_bank", "services": 1, "taking_requests": 1, "with_room": 0, "full": 0, "not_known": 1}
    board = (await room.get(path, coordinator)).json()
    assert (board["members"], board["lapsed_organisation_ids"]) == (1, [])
    assert board["supplies"] == [expected | {"gap": True}]
    room.clock.at += timedelta(days=400)
    assert (await room.get(path, room.place_admin())).json()["lapsed_organisation_ids"] == [larder]
    stranger = room.headers("hub_coordinator", organisation=new_id(), account=new_id())
    assert (await room.get(path, stranger)).status_code == 403
    assert (await room.get(path, room.worker())).status_code == 403


def test_sensitive_services_tell_no_board_their_room() -> None:
    now = NOW
    free, none = (Capacity(available, "places", now) for available in (2, 0))
    offers = [
        Offer("refuge", sensitive=True, takes_requests=True, capacities=(free,)),
        Offer("food_bank", sensitive=False, takes_requests=True, capacities=(free,)),
        Offer("food_bank", sensitive=False, takes_requests=False, capacities=(none,)),
    ]
    found = {each.kind: (each.services, each.with_room, each.full, each.not_known) for each in supplies(offers, now)}
    assert found == {"food_bank": (2, 1, 1, 0), "refuge": (1, 0, 0, 1)}
