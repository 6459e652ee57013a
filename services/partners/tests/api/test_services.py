from typing import Any

import asyncpg
import pytest
from partners_room import LARDER, OTHER_PLACE, PLACE, Room

from connective.kit.ids import new_id
from connective.kit.testing import key_header

REFUGE = {
    "name": "Safe Harbour",
    "kind": "domestic_abuse_support",
    "telephone": "01632 960140",
    "same_day": None,
    "locations": [{"postcode": "TA20 1QL", "address": ["A safe house"]}],
}


async def subjects(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch("SELECT subject FROM outbox WHERE subject LIKE 'hub.partners.service.%' ORDER BY id")
    return [row["subject"].removeprefix("hub.partners.service.") for row in rows]


async def told(room: Room, service: dict[str, Any], who: dict[str, str], version: int | None = 1, **body: Any) -> Any:
    match = {} if version is None else {"If-Match": f'"{version}"'}
    path = f"/services/{service['id']}/capacity"
    return await room.client.put(path, json={"available": 4, "unit": "parcels"} | body, headers=who | match)


async def test_a_service_is_published_with_its_kinds_needs_and_put_on_the_map(room: Room) -> None:
    made = await room.service()
    assert made["needs"] == ["food_or_fuel_poverty"]
    assert (made["room"], made["capacity"], made["sensitive"]) == ("not_known", None, False)
    assert made["locations"][0]["postcode"] == "TA20 1QL"
    read = await room.get(f"/services/{made['id']}", room.worker())
    assert read.headers["ETag"] == '"1"'
    assert read.json() == made | {"allowed_actions": []}
    for query in ("", "?kind=food_bank", "?need=food_or_fuel_poverty", f"?organisation_id={made['organisation_id']}"):
        listed = await room.get(f"/services{query}", room.worker())
        assert [each["id"] for each in listed.json()["items"]] == [made["id"]]
    assert (await room.get("/services?need=debt_or_arrears", room.worker())).json()["items"] == []


async def test_a_service_of_another_organisation_is_not_yours_to_publish_or_change(room: Room) -> None:
    made = await room.service()
    stranger = room.partner_admin(new_id())
    answer = await room.post("/services", LARDER | {"organisation_id": made["organisation_id"]}, stranger)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/belongs-to-another")
    assert (await room.patch(f"/services/{made['id']}", {"name": "Mine"}, stranger, 1)).status_code == 403
    assert (await told(room, made, stranger)).status_code == 403
    assert (await room.get(f"/services/{made['id']}", room.worker(OTHER_PLACE))).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"kind": "magic"}, "/kind"),
        ({"needs": ["wishes"]}, "/needs"),
        ({"minimum_age": 9, "maximum_age": 3}, "/maximum_age"),
        ({"areas": [{"kind": "district", "code": "TA20"}]}, "/areas/0/code"),
        ({"areas": [{"kind": "radius"}]}, "/areas/0/metres"),
        ({"locations": [{"postcode": "NOWHERE"}]}, "/locations/0/postcode"),
        ({"locations": [{"postcode": "TA20 0AA"}]}, "/locations/0/postcode"),
        ({"locations": [{"latitude": 2, "longitude": 3}]}, "/locations/0/latitude"),
        ({"telephone": None}, "/telephone"),
        ({"same_day": LARDER["same_day"] | {"opens_at": "09:00Z"}}, "/same_day/opens_at"),
        ({"schedules": [{"opens_at": "09:00+01:00"}]}, "/schedules/0/opens_at"),
        ({"kind": "other"}, "/takes_requests"),
        ({"kind": "domestic_abuse_support", "sensitive": False}, "/sensitive"),
    ],
)
async def test_a_broken_rule_is_told_with_its_place(room: Room, wrong: dict[str, Any], pointer: str) -> None:
    owner = await room.organisation()
    body = LARDER | {"organisation_id": owner["id"]} | wrong
    answer = await room.post("/services", body, room.partner_admin(owner["id"]))
    assert answer.status_code == 422
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]


async def test_coordinates_put_a_new_postcode_on_the_map(room: Room) -> None:
    place = [{"postcode": "TA20 0AA", "latitude": 50.87, "longitude": -2.96}]
    await room.service(locations=place)
    assert (await room.search())["items"][0]["distance_km"] is not None


async def test_police_and_front_door_take_no_requests(room: Room) -> None:
    door = await room.organisation("Front door", kind="front_door")
    body = LARDER | {"organisation_id": door["id"]}
    answer = await room.post("/services", body, room.partner_admin(door["id"]))
    assert [each["code"] for each in answer.json()["errors"]] == ["reporting-route"]


async def test_a_service_is_changed_withdrawn_and_published_again(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.service()
    path, own = f"/services/{made['id']}", room.partner_admin(made["organisation_id"])
    changed = await room.patch(path, {"name": "Parcels", "same_day": None, "locations": []}, own, 1)
    assert (changed.status_code, changed.json()["locations"], changed.headers["ETag"]) == (200, [], '"2"')
    assert (await room.patch(path, {"name": "Parcels"}, own, 2)).json()["version"] == 2
    await room.patch(path, {"status": "defunct"}, own, 2)
    assert (await room.get("/services", room.worker())).json()["items"] == []
    assert len((await room.get("/services?status=defunct", room.worker())).json()["items"]) == 1
    assert (await room.search())["items"] == []
    await room.patch(path, {"status": "active"}, own, 3)
    assert len((await room.search())["items"]) == 1
    assert await subjects(owner) == ["published", "changed", "withdrawn", "published"]


async def test_services_are_listed_by_their_ids_ended_ones_too(room: Room) -> None:
    first, second, other = [await room.service(name=f"Parcels {number}") for number in range(3)]
    own = room.partner_admin(first["organisation_id"])
    await room.patch(f"/services/{first['id']}", {"status": "defunct"}, own, 1)

    async def listed(*ids: str, more: str = "") -> list[str]:
        named = "&".join(f"service={each}" for each in ids)
        answer = await room.get(f"/services?{named}{more}", room.worker())
        return [each["id"] for each in answer.json()["items"]]

    assert await listed(second["id"], first["id"], str(new_id())) == [first["id"], second["id"]]
    assert await listed(first["id"], second["id"], more="&status=active") == [second["id"]]
    assert other["id"] in await listed(other["id"])
    refused = await room.get("/services?" + "&".join(f"service={new_id()}" for _ in range(101)), room.worker())
    assert refused.status_code == 422
    assert "service" in str(refused.json()["errors"])


@pytest.mark.parametrize(
    ("sent", "version", "status"),
    [
        ({"name": "X y"}, None, 428),
        ({"name": "X y"}, 9, 412),
        ({"status": None}, 1, 422),
        ({"needs": None}, 1, 422),
        ({"status": "sleepy"}, 1, 422),
        ({"locations": [{"postcode": "TA20 0AA"}]}, 1, 422),
        ({"colour": "red"}, 1, 422),
        ({"minimum_age": 4, "maximum_age": 2}, 1, 422),
        ({"description": None}, 1, 200),
        ({"assured_on": "9999-12-31"}, 1, 200),
    ],
)
async def test_changes_are_checked(room: Room, sent: Any, version: int | None, status: int) -> None:
    made = await room.service()
    own = room.partner_admin(made["organisation_id"])
    assert (await room.patch(f"/services/{made['id']}", sent, own, version)).status_code == status


async def test_room_is_told_kept_and_shown(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.service()
    own = room.partner_admin(made["organisation_id"])
    answer = await told(room, made, own, maximum=12, waiting_weeks=0)
    assert (answer.status_code, answer.json()["room"], answer.headers["ETag"]) == (200, "some", '"2"')
    assert answer.json()["capacity"]["available"] == 4
    assert (await told(room, made, own, 2, available=0)).json()["room"] == "none"
    assert (await told(room, made, own, 2)).status_code == 412
    assert (await told(room, made, own, None)).status_code == 428
    assert (await told(room, made, own, 3, available=5, maximum=4)).status_code == 422
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    kept = await owner.fetch("SELECT available FROM service_capacity ORDER BY version")
    assert [row["available"] for row in kept] == [4, 0]
    assert (await subjects(owner))[1:] == ["capacity_changed", "capacity_changed"]


async def test_a_services_own_system_tells_its_room(room: Room) -> None:
    made = await room.service()
    from uuid import UUID

    system = room.identities.client(place=PLACE, organisation=UUID(made["organisation_id"]), scope="services:write")
    assert (await told(room, made, system)).status_code == 200
    stranger = room.identities.client(place=PLACE, organisation=new_id(), scope="services:write")
    assert (await told(room, made, stranger, 2)).status_code == 403


async def test_a_sensitive_service_shows_others_neither_room_nor_place(room: Room) -> None:
    made = await room.service(**REFUGE)
    own = room.partner_admin(made["organisation_id"])
    assert made["sensitive"] is True
    await told(room, made, own)
    seen = (await room.get(f"/services/{made['id']}", room.worker())).json()
    assert (seen["room"], seen["capacity"], seen["locations"]) == ("not_shown", None, [])
    mine = (await room.get(f"/services/{made['id']}", own)).json()
    assert (mine["room"], len(mine["locations"])) == ("some", 1)


async def test_referrals_is_told_the_facts_of_services_in_the_askers_place(room: Room) -> None:
    made = await room.service()
    asked = {"service_ids": [made["id"], str(new_id())]}
    referrals = room.identities.caller("referrals", "partners")
    answer = await room.client.post("/internal/service-facts", json=asked, headers=room.worker() | referrals)
    (facts,) = answer.json()["items"]
    assert (facts["service_id"], facts["kind"], facts["takes_requests"]) == (made["id"], "food_bank", True)
    assert (facts["organisation_active"], facts["reporting_route"], facts["version"]) == (True, False, 1)
    assert facts["same_day"]["answer_within_minutes"] == 60
    elsewhere = await room.client.post(
        "/internal/service-facts", json=asked, headers=room.worker(OTHER_PLACE) | referrals
    )
    assert elsewhere.json() == {"items": []}


@pytest.mark.parametrize(("caller", "status"), [(None, 404), ("families", 403), ("referrals", 200)])
async def test_only_referrals_may_ask_for_facts(room: Room, caller: str | None, status: int) -> None:
    asked = {"service_ids": [str(new_id())]}
    headers = room.worker() | (room.identities.caller(caller, "partners") if caller else {})
    assert (await room.client.post("/internal/service-facts", json=asked, headers=headers)).status_code == status


async def test_a_suspended_organisations_facts_say_so(room: Room) -> None:
    made = await room.service()
    await room.post(f"/organisations/{made['organisation_id']}/suspend", {"reason": "Because"}, room.place_admin())
    headers = room.worker() | room.identities.caller("referrals", "partners")
    answer = await room.client.post("/internal/service-facts", json={"service_ids": [made["id"]]}, headers=headers)
    assert answer.json()["items"][0]["organisation_active"] is False
    assert made["organisation_active"] is True
    assert (await room.get(f"/services/{made['id']}", room.worker())).json()["organisation_active"] is False


async def test_a_retry_publishes_once(room: Room) -> None:
    owner = await room.organisation()
    headers = room.partner_admin(owner["id"]) | key_header()
    body = LARDER | {"organisation_id": owner["id"]}
    first = await room.client.post("/services", json=body, headers=headers)
    second = await room.client.post("/services", json=body, headers=headers)
    assert second.json() == first.json()
    assert second.headers["Idempotent-Replay"] == "true"


async def test_hubs_are_set_up_read_and_changed_by_their_coordinator(room: Room) -> None:
    member, coordinator = await room.organisation(), new_id()
    body = {
        "name": "Chard and Ilminster hub",
        "outward_postcodes": ["TA20", "TA19"],
        "coordinator_account_id": str(coordinator),
        "member_organisation_ids": [member["id"]],
    }
    made = (await room.post("/hubs", body, room.place_admin())).json()
    assert made["outward_postcodes"] == ["TA19", "TA20"]
    assert (await room.get("/hubs", room.worker())).json()["items"][0]["id"] == made["id"]
    path = f"/hubs/{made['id']}"
    stranger = room.headers("hub_coordinator")
    assert (await room.patch(path, {"name": "Mine"}, stranger, 1)).status_code == 403
    whose = room.headers("hub_coordinator", account=coordinator)
    changed = await room.patch(path, {"member_organisation_ids": []}, whose, 1)
    assert (changed.json()["member_organisation_ids"], changed.json()["version"]) == ([], 2)
    assert (await room.patch(path, {"outward_postcodes": ["Chard"]}, whose, 2)).status_code == 422
    assert (
        await room.post("/hubs", body | {"member_organisation_ids": [str(new_id())]}, room.place_admin())
    ).status_code == 422
    assert (await room.post("/hubs", body, room.headers("hub_coordinator"))).status_code == 403
    assert (await room.get(path, room.worker(OTHER_PLACE))).status_code == 404
