"""A worker's day: several requests at once, what a family has already, families that nobody can reach."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from connective.contracts.events import EVENTS
from connective.kit.ids import new_id
from connective.kit.testing import key_header

DECLINE = {
    "code": "at_capacity",
    "family_sentence": "We cannot help in the next weeks.",
    "next_step": "Your worker will ask another service.",
    "second_look": "Ask your worker to write to our manager.",
}


MEMBERSHIPS = "hub.gateway.account.memberships_set"


async def tell(world: Any, subject: str, **data: Any) -> None:
    """What the gateway announces, applied as the consumer would; each a second after the one before."""
    event = EVENTS[subject](**data)
    world.clock.move(timedelta(seconds=1))
    document = {
        "id": str(new_id()),
        "source": "/services/gateway",
        "type": event.type_name(),
        "subject": str(event.aggregate_id),
        "time": world.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aggregateversion": 1,
        "placeid": str(world.place),
        "data": json.loads(event.model_dump_json()),
    }
    await world.running.consumer.apply([(subject, json.dumps(document).encode())])


async def inbox(world: Any, food: Any, count: int) -> list[dict[str, Any]]:
    """So many received requests, each in its third version."""
    requests = [(await world.make(world.ask(food)))["requests"][0] for _ in range(count)]
    for request in requests:
        await world.act(request, "receive", world.partner(food))
    return requests


def item(request: dict[str, Any], version: int = 3, **more: Any) -> dict[str, Any]:
    return {"request_id": request["id"], "version": version, **more}


async def test_several_requests_at_once_with_a_result_for_each(world: Any) -> None:
    food = world.service()
    first, second, third, stale = await inbox(world, food, 4)
    other = (await world.make(world.ask(world.service())))["requests"][0]
    stranger = item(other, 2)
    body = {
        "action": "decline",
        "decline": DECLINE,
        "items": [
            item(first),
            item(second, decline=DECLINE | {"code": "out_of_area"}),
            item(third, action="waitlist", expected_on="2026-09-01"),
            item(stale, 2, action="accept"),
            stranger,
        ],
    }
    headers = world.partner(food) | key_header()
    answer = await world.client.post("/requests/triage", json=body, headers=headers)
    assert answer.status_code == 207, answer.text
    results = answer.json()["items"]
    assert [r["status"] for r in results] == [200, 200, 200, 412, 404]
    assert [r["request"] and r["request"]["state"] for r in results] == [
        "declined",
        "declined",
        "waitlisted",
        None,
        None,
    ]
    assert [r["request"]["decline"]["code"] for r in results[:2]] == ["at_capacity", "out_of_area"]
    assert results[3]["problem"]["type"] == "/problems/stale"
    again = (await world.client.post("/requests/triage", json=body, headers=headers)).json()["items"]
    assert [(r["status"], r["replayed"]) for r in again] == [(200, True)] * 3 + [(412, False), (404, False)]
    assert [r["request"] for r in again[:3]] == [r["request"] for r in results[:3]]
    reused = await world.client.post("/requests/triage", json={**body, "items": [item(stale)]}, headers=headers)
    assert (reused.status_code, reused.json()["type"]) == (422, "/problems/idempotency-key-reused")
    names = [name for name, _ in await world.events()]
    assert (names.count("request.declined"), names.count("request.waitlisted")) == (2, 1)


async def test_an_item_that_says_too_little_stops_all_of_them(world: Any) -> None:
    food = world.service()
    (request,) = await inbox(world, food, 1)
    body = {"items": [item(request), item(request, action="decline"), item({"id": str(new_id())}, action="waitlist")]}
    answer = await world.post("/requests/triage", body, world.partner(food))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [
        "/items/0/action",
        "/items/1/request_id",
        "/items/1/decline",
        "/items/2/expected_on",
    ]
    many = {"action": "accept", "items": [item({"id": str(new_id())}) for _ in range(51)]}
    assert (await world.post("/requests/triage", many, world.partner(food))).status_code == 422


async def has(world: Any, service: Any, headers: dict[str, str] | None = None, query: str = "") -> dict[str, Any]:
    address = f"/requests/already-receiving?family_id={world.families.family_id}&service_id={service.service_id}{query}"
    answer = await world.client.get(address, headers=headers or world.worker())
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["items"]
    return dict(found)


async def test_what_the_family_has_already_is_shown_and_a_sensitive_service_never(world: Any) -> None:
    food, quiet = world.service(), world.service("housing_advice", sensitive=True)
    none = await has(world, food)
    assert (none["answer"], none["references"]) == ("none_shown", [])
    made = await world.make(world.ask(food), world.ask(quiet))
    assert (await has(world, food))["answer"] == "waiting"
    await world.act(made["requests"][0], "receive", world.partner(food))
    await world.act(made["requests"][0], "accept", world.partner(food))
    found = await has(world, food)
    assert (found["answer"], found["references"]) == ("receiving", [made["requests"][0]["reference"]])
    assert (await has(world, food, query=f"&person_id={world.child}"))["answer"] == "none_shown"
    alike = await has(world, quiet)
    assert {**alike, "service_id": None} == {**none, "service_id": None}
    assert (await has(world, food, world.worker(new_id())))["answer"] == "none_shown"


async def test_every_try_to_reach_a_family_is_listed_and_silence_prompts_the_referrer(world: Any) -> None:
    food = world.service()
    (request,) = await inbox(world, food, 1)
    partner, address = world.partner(food), f"/requests/{request['id']}/contact-attempts"
    for method in ("telephone", "home_visit"):
        assert (await world.post(address, {"method": method}, partner)).status_code == 200
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert [notice["code"] for notice in shown["status"]["notices"]] == ["not_engaged"]
    assert [name for name, _ in await world.events()].count("request.not_engaged") == 1
    await world.post(address, {"method": "message", "reached": True}, partner)
    tries = (await world.client.get(address, headers=world.worker())).json()
    assert [(t["method"], t["reached"]) for t in tries] == [
        ("telephone", False),
        ("home_visit", False),
        ("message", True),
    ]
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert (shown["status"]["notices"], shown["status"]["contact_attempts"]) == ([], 0)
    # Each try makes a version, and stands in the history, so that FHIR peers see that something changed.
    world.clock.move(timedelta(minutes=7))
    await world.post(address, {"method": "letter"}, partner)
    told = (await world.client.get(f"/requests/{request['id']}/history", headers=world.worker())).json()
    task = (await world.client.get(f"/fhir/Task/{request['id']}", headers=partner)).json()
    facts = [entry["fact"] for entry in told][-4:]
    assert facts == ["contact_attempted", "not_engaged", "contact_attempted", "contact_attempted"]
    assert task["meta"]["versionId"] == str(told[-1]["version"])
    assert task["meta"]["lastUpdated"] == world.clock().isoformat().replace("+00:00", "Z")
    assert (await world.client.get(address, headers=world.worker(new_id()))).status_code == 404


async def listed(world: Any, headers: dict[str, str], direction: str, whose: Any) -> list[str]:
    answer = await world.client.get(f"/requests?direction={direction}&assigned_to={whose}", headers=headers)
    assert answer.status_code == 200, answer.text
    return [found["id"] for found in answer.json()["items"]]


def person(world: Any, account: UUID, organisation: UUID, role: str) -> dict[str, str]:
    headers: dict[str, str] = world.identities.person(
        place=world.place, organisation=organisation, roles=[role], account=account
    )
    return headers


async def test_the_work_of_somebody_who_leaves_is_seen_and_goes_to_a_member(world: Any) -> None:
    leaver, stays, elsewhere = new_id(), new_id(), new_id()
    food = world.service()
    for account, organisation in ((leaver, world.school), (stays, world.school), (elsewhere, new_id())):
        await tell(world, MEMBERSHIPS, account_id=account, organisation_ids=(organisation,))
    theirs = person(world, leaver, world.school, "support_worker")
    made = await world.post("/referrals", world.referral(world.ask(food), world.ask(food)), theirs)
    first, second = [each["id"] for each in made.json()["requests"]]
    lead = world.identities.person(place=world.place, organisation=world.school, roles=["practice_lead"])
    assert sorted(await listed(world, theirs, "sent", "me")) == sorted([first, second])
    stranger = await world.post(f"/requests/{first}/assign", {"account_id": str(elsewhere)}, lead)
    assert (stranger.status_code, stranger.json()["errors"][0]["code"]) == (422, "not-a-member")
    given = await world.post(f"/requests/{first}/assign", {"account_id": str(stays)}, lead)
    assert (given.json()["party"], given.json()["assigned_to"]) == ("referrer", str(stays))
    await tell(world, "hub.gateway.account.disabled", account_id=leaver)
    assert await listed(world, lead, "sent", "needs_reassigning") == [second]
    move = {"from_account_id": str(leaver), "to_account_id": str(stays)}
    assert (await world.post("/requests/reassign", move, theirs)).status_code == 403
    moved = await world.post("/requests/reassign", move, lead)
    assert (moved.json()["sent"], moved.json()["received"]) == (2, 0)
    assert await listed(world, lead, "sent", "needs_reassigning") == []
    assert sorted(await listed(world, lead, "sent", stays)) == sorted([first, second])
    back = await world.post("/requests/reassign", {**move, "to_account_id": str(leaver)}, lead)
    assert back.status_code == 422


async def test_a_recipient_assigns_what_it_received_and_the_referrer_never_learns_whose_it_is(world: Any) -> None:
    food, account = world.service(), new_id()
    first, second = await inbox(world, food, 2)
    await tell(world, MEMBERSHIPS, account_id=account, organisation_ids=(food.organisation_id,))
    partner = person(world, account, food.organisation_id, "partner_worker")
    assert await listed(world, partner, "received", "nobody") == [second["id"], first["id"]]
    body = {"account_id": str(account)}
    assert (await world.post(f"/requests/{first['id']}/assign", body, partner)).status_code == 200
    assert await listed(world, partner, "received", "nobody") == [second["id"]]
    assert await listed(world, partner, "received", "me") == [first["id"]]
    own = (await world.client.get(f"/requests/{first['id']}/assignment", headers=world.worker())).json()
    assert (own["party"], own["assigned_to"] == str(account)) == ("referrer", False)
    await tell(world, MEMBERSHIPS, account_id=account, organisation_ids=())
    shown = (await world.client.get(f"/requests/{first['id']}/assignment", headers=world.partner(food))).json()
    assert (shown["assigned_to"], shown["needs_reassigning"]) == (str(account), True)
    whole_place = await world.client.get("/requests?direction=place&assigned_to=nobody", headers=world.coordinator())
    assert whole_place.status_code == 422
    assert (await world.post(f"/requests/{first['id']}/assign", body, world.worker(new_id()))).status_code == 404
