"""Vouchers: help today without a name, once, until they expire; shown to whom they are for, and each time recorded."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from connective.contracts.categories import Category
from connective.kit.ids import new_id
from connective.referrals.commands.end_voucher import expire_vouchers

SAYS = {"adults": 2, "children_by_age_band": {"0-1": 1, "5-11": 2}, "packing_notes": ["no_nuts", "nappies"]}


async def blocked(world: Any, kind: str = "food_bank") -> tuple[Any, dict[str, Any]]:
    """A request whose named sharing is refused."""
    service = world.service(kind)
    world.consent.refused[service.organisation_id] = dict.fromkeys(Category, "family_not_asked")
    request = (await world.make(world.ask(service)))["requests"][0]
    assert request["state"] == "blocked"
    return service, request


async def issued(world: Any, **changes: Any) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    service, request = await blocked(world)
    answer = await world.post(f"/requests/{request['id']}/vouchers", SAYS | changes, world.worker())
    assert answer.status_code == 201, answer.text
    return service, request, answer.json()


async def told(world: Any) -> list[str]:
    return [name for name, _ in await world.events() if name.startswith("voucher.")]


async def acts(world: Any) -> list[str]:
    rows = await world.rows("SELECT data FROM outbox WHERE subject = 'hub.referrals.audit.recorded' ORDER BY id")
    return [json.loads(row["data"])["act"] for row in rows]


async def test_a_blocked_family_is_helped_today_without_a_name(world: Any) -> None:
    food, request, voucher = await issued(world)
    assert (voucher["state"], voucher["request_id"]) == ("issued", request["id"])
    assert voucher["expires_at"] == "2026-03-06T00:00:00Z"
    assert voucher["reference"] in voucher["words_for_the_family"]
    assert "by 5 March 2026" in voucher["words_for_the_family"]
    partner = world.partner(food)
    spoken = voucher["reference"].lower().replace("-", " ")
    listed = await world.client.get("/vouchers", params={"reference": spoken}, headers=partner)
    (item,) = listed.json()["items"]
    assert item["id"] == voucher["id"]
    assert "adults" not in item
    shown = await world.client.get(f"/vouchers/{voucher['id']}", headers=partner)
    seen = shown.json()
    assert (seen["adults"], seen["children_by_age_band"]) == (2, {"0-1": 1, "5-11": 2})
    assert seen["packing_notes"] == ["nappies", "no_nuts"]
    assert (seen["request_id"], seen["words_for_the_family"]) == (None, None)
    for canary in (request["id"], request["reference"], str(world.mother), str(world.families.family_id), "Mara"):
        assert canary not in shown.text
    used = await world.post(f"/vouchers/{voucher['id']}/use", None, partner, voucher["version"])
    assert (used.status_code, used.json()["state"]) == (200, "used")
    again = await world.post(f"/vouchers/{voucher['id']}/use", None, partner, 2)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/voucher-not-usable")
    assert await told(world) == ["voucher.issued", "voucher.used"]
    assert await acts(world) == ["voucher.issued", "voucher.read", "voucher.used"]
    rows = await world.rows("SELECT data FROM outbox WHERE subject LIKE 'hub.referrals.voucher.%'")
    assert not any(request["id"] in row["data"] or str(world.families.family_id) in row["data"] for row in rows)


async def test_only_its_parties_know_of_it(world: Any) -> None:
    food, _, voucher = await issued(world)
    for stranger in (world.worker(new_id()), world.partner(world.service())):
        there = await world.client.get(f"/vouchers/{voucher['id']}", headers=stranger)
        nowhere = await world.client.get(f"/vouchers/{new_id()}", headers=stranger)
        assert (there.status_code, there.json()["detail"]) == (404, nowhere.json()["detail"])
        for direction in ("sent", "received"):
            listed = await world.client.get("/vouchers", params={"direction": direction}, headers=stranger)
            assert listed.json()["items"] == []
    own = await world.client.get("/vouchers", params={"direction": "sent"}, headers=world.worker())
    assert [item["id"] for item in own.json()["items"]] == [voucher["id"]]
    not_theirs = await world.post(f"/vouchers/{voucher['id']}/cancel", None, world.partner(food), 1)
    assert not_theirs.status_code == 403


async def test_one_stands_at_a_time_and_a_retry_makes_no_second(world: Any) -> None:
    _, request, voucher = await issued(world)
    path = f"/requests/{request['id']}/vouchers"
    second = await world.post(path, SAYS, world.worker())
    assert (second.status_code, second.json()["type"]) == (409, "/problems/voucher-not-usable")
    stale = await world.post(f"/vouchers/{voucher['id']}/cancel", None, world.worker(), 7)
    assert stale.status_code == 412
    cancelled = await world.post(f"/vouchers/{voucher['id']}/cancel", None, world.worker(), 1)
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    key = {"Idempotency-Key": str(new_id())}
    answers = [await world.client.post(path, json=SAYS, headers=world.worker() | key) for _ in range(1)]
    assert [answer.status_code for answer in answers] == [201]
    several = await asyncio.gather(*(world.post(path, SAYS, world.worker()) for _ in range(4)))
    assert {answer.status_code for answer in several} == {409}


async def test_it_expires_with_its_last_day(world: Any) -> None:
    food, _, voucher = await issued(world, valid_until="2026-03-02")
    world.clock.move(timedelta(hours=14))
    shown = await world.client.get(f"/vouchers/{voucher['id']}", headers=world.partner(food))
    assert shown.json()["state"] == "expired", "before the clock has come by"
    late = await world.post(f"/vouchers/{voucher['id']}/use", None, world.partner(food), 1)
    assert (late.status_code, late.json()["detail"]) == (409, "This voucher is expired.")
    for state, found in (("expired", 1), ("issued", 0)):
        listed = await world.client.get("/vouchers", params={"state": state}, headers=world.partner(food))
        assert len(listed.json()["items"]) == found
    assert await expire_vouchers(world.running.database, world.clock()) == 1
    assert await expire_vouchers(world.running.database, world.clock()) == 0
    assert await told(world) == ["voucher.issued", "voucher.expired"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"adults": 0}, None),
        ({"adults": 1, "packing_notes": ["Mrs Test is diabetic"]}, None),
        ({"adults": 1, "children_by_age_band": {"18-25": 1}}, None),
        ({"adults": 1, "name": "Mara"}, None),
        ({"adults": 1, "valid_until": "2026-03-17"}, "out-of-range"),
        ({"adults": 1, "valid_until": "2026-03-01"}, "out-of-range"),
    ],
)
async def test_there_is_nowhere_to_write_a_name(world: Any, body: dict[str, Any], code: str | None) -> None:
    _, request = await blocked(world)
    answer = await world.post(f"/requests/{request['id']}/vouchers", body, world.worker())
    assert answer.status_code == 422, answer.text
    assert code is None or answer.json()["errors"][0]["code"] == code
    assert "diabetic" not in answer.text


async def test_none_for_what_was_sent_for_other_kinds_or_for_a_closed_service(world: Any) -> None:
    food = world.service()
    request = (await world.make(world.ask(food)))["requests"][0]
    sent = await world.post(f"/requests/{request['id']}/vouchers", SAYS, world.worker())
    assert (sent.status_code, "is submitted" in sent.json()["detail"]) == (409, True)
    _, housing = await blocked(world, "housing_advice")
    other = await world.post(f"/requests/{housing['id']}/vouchers", SAYS, world.worker())
    assert (other.status_code, other.json()["type"]) == (409, "/problems/voucher-not-usable")
    closing, waiting = await blocked(world)
    changed = closing.model_copy(update={"status": "withdrawn", "version": 2})
    world.directory.services[closing.service_id] = changed
    await world.rows("UPDATE service_copy SET known_version = 2 WHERE service_id = $1", closing.service_id)
    closed = await world.post(f"/requests/{waiting['id']}/vouchers", SAYS, world.worker())
    assert (closed.status_code, "takes no new requests" in closed.json()["detail"]) == (409, True)


async def test_a_reference_with_a_slip_is_told(world: Any) -> None:
    food, _, voucher = await issued(world)
    wrong = voucher["reference"][:-1] + ("A" if voucher["reference"][-1] != "A" else "B")
    answer = await world.client.get("/vouchers", params={"reference": wrong}, headers=world.partner(food))
    assert answer.status_code == 422
