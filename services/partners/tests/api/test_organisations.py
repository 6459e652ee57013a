import asyncio
import json
from typing import Any

import asyncpg
import pytest
from partners_room import OTHER_PLACE, Room

from connective.kit.ids import new_id
from connective.kit.testing import key_header


def body(**told: Any) -> dict[str, Any]:
    made = {"name": "Larder", "kind": "food_bank", "legal_entity_id": str(new_id()), "assurance_level": "shared_device"}
    return made | told


async def subjects(owner: asyncpg.Connection) -> list[tuple[str, int]]:
    rows = await owner.fetch(
        "SELECT subject, aggregate_version FROM outbox WHERE subject LIKE 'hub.partners.organisation.%' ORDER BY id"
    )
    return [(row["subject"].removeprefix("hub.partners."), row["aggregate_version"]) for row in rows]


async def test_an_organisation_is_registered_read_and_listed(room: Room) -> None:
    made = await room.organisation(identifiers=[{"scheme": "GB-COH", "value": "1234567"}])
    assert made["identifiers"] == [{"scheme": "GB-COH", "value": "01234567"}]
    assert (made["state"], made["listed_only"], made["reporting_route"]) == ("active", False, False)
    read = await room.get(f"/organisations/{made['id']}", room.worker())
    assert read.headers["ETag"] == '"1"'
    assert read.json() == made | {"allowed_actions": []}
    listed = await room.get("/organisations?kind=food_bank&state=active", room.worker())
    assert [each["id"] for each in listed.json()["items"]] == [made["id"]]


async def test_only_the_places_administrator_registers(room: Room, owner: asyncpg.Connection) -> None:
    for role in ("partner_admin", "support_worker"):
        answer = await room.post("/organisations", body(), room.headers(role))
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
    assert await subjects(owner) == []


async def test_another_place_sees_nothing(room: Room) -> None:
    made = await room.organisation()
    elsewhere = room.place_admin(OTHER_PLACE)
    assert (await room.get(f"/organisations/{made['id']}", elsewhere)).status_code == 404
    assert (await room.get("/organisations", elsewhere)).json() == {"items": [], "next_cursor": None}
    answer = await room.patch(f"/organisations/{made['id']}", {"name": "Mine now"}, elsewhere, 1)
    assert answer.status_code == 404


async def test_every_wrong_identifier_is_told_at_once(room: Room) -> None:
    wrong = [{"scheme": "GB-CHC", "value": "12"}, {"scheme": "GB-EDU", "value": "x"}]
    answer = await room.post("/organisations", body(identifiers=wrong), room.place_admin())
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/identifiers/0/value", "/identifiers/1/value"]


async def test_a_retry_registers_once_even_when_both_arrive_together(room: Room) -> None:
    headers = room.place_admin() | key_header()
    sent = body()
    answers = await asyncio.gather(*(room.client.post("/organisations", json=sent, headers=headers) for _ in range(6)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    again = await room.client.post("/organisations", json=sent, headers=headers)
    assert again.headers["Idempotent-Replay"] == "true"
    assert len((await room.get("/organisations", room.worker())).json()["items"]) == 1


async def test_an_organisation_says_what_it_is_called_but_not_what_it_is(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.organisation()
    path, own = f"/organisations/{made['id']}", room.partner_admin(made["id"])
    answer = await room.patch(path, {"name": "New name", "telephone": "01632 960199"}, own, 1)
    assert (answer.status_code, answer.json()["name"], answer.headers["ETag"]) == (200, "New name", '"2"')
    for standing in ({"kind": "police"}, {"legal_entity_id": str(new_id())}):
        assert (await room.patch(path, standing, own, 2)).status_code == 403
        assert (await room.patch(path, standing, room.partner_admin(new_id()), 2)).status_code == 403
    for who in (own, room.place_admin()):
        assert (await room.patch(path, {"assurance_level": "named_accounts"}, who, 2)).status_code == 422
    assert (await room.patch(path, {"kind": "charity"}, room.place_admin(), 2)).json()["kind"] == "charity"
    assert await subjects(owner) == [
        ("organisation.registered", 1),
        ("organisation.changed", 2),
        ("organisation.changed", 3),
    ]


@pytest.mark.parametrize(
    ("sent", "version", "status"),
    [
        ({"name": "X y"}, None, 428),
        ({"name": "X y"}, 7, 412),
        ({"name": None}, 1, 422),
        ({"name": "x"}, 1, 422),
        ({"colour": "red"}, 1, 422),
        ([], 1, 422),
        ({}, 1, 200),
    ],
)
async def test_changes_are_checked(room: Room, sent: Any, version: int | None, status: int) -> None:
    made = await room.organisation()
    answer = await room.patch(f"/organisations/{made['id']}", sent, room.place_admin(), version)
    assert answer.status_code == status


async def test_null_takes_a_value_away_and_nothing_new_is_no_version(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.organisation(website="https://larder.example.org")
    path = f"/organisations/{made['id']}"
    answer = await room.patch(path, {"website": None}, room.place_admin(), 1)
    assert (answer.json()["website"], answer.json()["version"]) == (None, 2)
    assert (await room.patch(path, {"website": None}, room.place_admin(), 2)).json()["version"] == 2
    assert len(await subjects(owner)) == 2


async def test_of_two_who_change_the_same_version_one_is_told_it_is_stale(room: Room) -> None:
    made = await room.organisation()
    path = f"/organisations/{made['id']}"
    answers = await asyncio.gather(*(room.patch(path, {"name": f"Name {n}"}, room.place_admin(), 1) for n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


async def test_suspension_is_announced_kept_with_its_reason_and_ended(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.organisation()
    path, admin = f"/organisations/{made['id']}", room.place_admin()
    suspended = await room.post(f"{path}/suspend", {"reason": "Training lapsed"}, admin)
    assert (suspended.status_code, suspended.json()["state"]) == (200, "suspended")
    assert "reinstate" in suspended.json()["allowed_actions"]
    again = await room.post(f"{path}/suspend", {"reason": "Again"}, admin)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-so")
    assert (await room.post(f"{path}/reinstate", {"reason": "Trained"}, admin)).json()["state"] == "active"
    assert [fact for fact, _ in await subjects(owner)] == [
        "organisation.registered",
        "organisation.suspended",
        "organisation.reinstated",
    ]
    await owner.execute("SELECT set_config('app.place', $1, false)", made_in(room))
    kept = await owner.fetch("SELECT state, reason, version FROM organisation_state ORDER BY version")
    assert [tuple(row) for row in kept] == [("suspended", "Training lapsed", 2), ("active", "Trained", 3)]


async def test_the_ledger_is_told_who_did_what_to_which_organisation(room: Room, owner: asyncpg.Connection) -> None:
    made, admin = await room.organisation(), room.place_admin()
    path = f"/organisations/{made['id']}"
    assert (await room.patch(path, {"identifiers": [{"scheme": "GB-COH", "value": "1234567"}]}, admin, 1)).is_success
    await room.post(f"{path}/suspend", {"reason": "Training lapsed"}, admin)
    await room.post(f"{path}/reinstate", {"reason": "Trained"}, admin)
    rows = await owner.fetch("SELECT data FROM outbox WHERE subject = 'hub.partners.audit.recorded' ORDER BY id")
    told = [json.loads(row["data"]) for row in rows]
    assert [each["act"].removeprefix("organisation.") for each in told] == [
        "registered",
        "changed",
        "suspended",
        "reinstated",
    ]
    assert {each["subject_organisation_id"] for each in told} == {made["id"]}
    assert told[1]["changed"] == ["identifiers"]
    assert "Training lapsed" not in str(told), "why is kept here, and not told"


def made_in(_: Room) -> str:
    return "00000000-0000-0000-0000-000000000070"


async def test_only_the_places_administrator_suspends(room: Room) -> None:
    made = await room.organisation()
    answer = await room.post(
        f"/organisations/{made['id']}/suspend", {"reason": "Because"}, room.partner_admin(made["id"])
    )
    assert answer.status_code == 403
    missing = await room.post(f"/organisations/{new_id()}/suspend", {"reason": "Because"}, room.place_admin())
    assert missing.status_code == 404


async def test_pages_hold_everything_once_in_order(room: Room) -> None:
    for name in ("Delta", "Alpha", "Charlie", "Bravo", "Alpha"):
        await room.organisation(name)
    seen: list[str] = []
    path = "/organisations?limit=2"
    while path:
        answer = (await room.get(path, room.worker())).json()
        seen += [each["name"] for each in answer["items"]]
        path = f"/organisations?limit=2&cursor={answer['next_cursor']}" if answer["next_cursor"] else ""
    assert seen == ["Alpha", "Alpha", "Bravo", "Charlie", "Delta"]


@pytest.mark.parametrize("query", ["colour=red", "limit=0", "limit=201", "cursor=abc", "kind=castle", "state=asleep"])
async def test_a_filter_that_is_none_is_refused(room: Room, query: str) -> None:
    assert (await room.get(f"/organisations?{query}", room.worker())).status_code == 422
