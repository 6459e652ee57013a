"""The thread: both sides write on the way, each reads of the other what is permitted, and knows what is new."""

from typing import Any

import pytest

from connective.contracts.categories import Category
from connective.kit.ids import new_id
from connective.kit.testing import key_header


async def sent(world: Any) -> tuple[Any, dict[str, Any]]:
    service = world.service()
    return service, (await world.make(world.ask(service)))["requests"][0]


def said(text: str, *categories: str) -> dict[str, Any]:
    return {"text": text, "categories": categories or ["progress"]}


async def post(world: Any, request: dict[str, Any], headers: dict[str, str], words: Any, status: int = 201) -> Any:
    answer = await world.post(f"/requests/{request['id']}/messages", words, headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def read(world: Any, request: dict[str, Any], headers: dict[str, str], query: str = "") -> dict[str, Any]:
    answer = await world.client.get(f"/requests/{request['id']}/messages{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(answer.json())


async def unread(world: Any, headers: dict[str, str]) -> list[tuple[str, int]]:
    answer = await world.client.get("/requests/unread-messages", headers=headers)
    return [(item["request_id"], item["unread"]) for item in answer.json()["items"]]


async def test_both_write_and_questions_and_answers_stand_between(world: Any) -> None:
    food, request = await sent(world)
    partner, worker = world.partner(food), world.worker()
    await world.act(request, "receive", partner)
    await post(world, request, partner, said("We have a van on Friday."))
    await world.act(request, "ask", partner, said("Which floor?"))
    await world.act(request, "answer", worker, said("The third, no lift.", "housing"))
    posted = await post(world, request, worker, said("She is out on Friday.", "needs"))
    assert posted["state"] == "received"
    assert await unread(world, worker) == [(request["id"], 2)]
    assert await unread(world, partner) == [(request["id"], 2)]

    first = await read(world, request, partner, "?limit=3")
    assert [(m["party"], m["fact"]) for m in first["items"]] == [
        ("recipient", "message_posted"),
        ("recipient", "information_requested"),
        ("referrer", "answered"),
    ]
    assert first["unread"] == 1
    assert "999" in first["safeguarding"]
    rest = await read(world, request, partner, f"?limit=3&cursor={first['next_cursor']}")
    assert [m["text"] for m in rest["items"]] == ["She is out on Friday."]
    assert (rest["next_cursor"], rest["unread"]) == (None, 0)
    assert await unread(world, partner) == []
    whole = await read(world, request, worker)
    assert [m["version"] for m in whole["items"]] == sorted(m["version"] for m in whole["items"])
    opened = (await world.client.get(f"/requests/{request['id']}", headers=partner)).json()
    assert len(opened["messages"]) == 4


async def test_only_permitted_words_are_shown_and_the_reading_is_recorded(world: Any) -> None:
    food, request = await sent(world)
    partner, worker = world.partner(food), world.worker()
    await world.act(request, "receive", partner)
    await post(world, request, worker, said("She has a new inhaler.", "health"))
    await post(world, request, worker, said("Fridays suit."))
    world.consent.refused[food.organisation_id] = {Category.HEALTH: "no_article_9_condition"}
    shown = (await read(world, request, partner))["items"]
    assert [(m["text"], m["withheld"]) for m in shown] == [(None, ["health"]), ("Fridays suit.", [])]
    asked = world.consent.disclosed[-1]
    assert (asked.question.categories, asked.question.recipient_organisation_id) == (
        frozenset({Category.HEALTH}),
        food.organisation_id,
    )
    del world.consent.refused[food.organisation_id]
    assert (await read(world, request, partner))["items"][0]["text"] == "She has a new inhaler."
    before = len(world.consent.disclosed)
    await post(world, request, partner, said("The driver will ring.", "contact_details"))
    assert (await read(world, request, worker))["items"][-1]["text"] == "The driver will ring."
    back = world.consent.disclosed[before].question
    assert (back.discloser_organisation_id, back.recipient_organisation_id) == (food.organisation_id, world.school)
    names = [name for name, _ in await world.events()]
    assert (names.count("message.posted"), names[-1]) == (3, "audit.recorded")


async def test_nothing_is_shown_or_marked_when_consent_is_away_or_the_request_is_held(world: Any) -> None:
    food, request = await sent(world)
    partner, worker = world.partner(food), world.worker()
    await post(world, request, worker, said("She has a new inhaler.", "health"))
    world.consent.away = True
    address = f"/requests/{request['id']}/messages"
    assert (await world.client.get(address, headers=partner)).status_code == 503
    world.consent.away = False
    assert await unread(world, partner) == [(request["id"], 1)]
    await world.act(request | {"version": 3}, "hold", world.coordinator())
    closed = await world.client.get(address, headers=partner)
    assert (closed.status_code, closed.json()["type"]) == (403, "/problems/sharing-not-permitted")
    refused = await post(world, request, worker, said("Hello?"), 409)
    assert "message" not in refused["allowed_actions"]


@pytest.mark.parametrize("who", ["stranger", "anonymous", "coordinator"])
async def test_nobody_else_reads_or_writes(world: Any, who: str) -> None:
    _, request = await sent(world)
    headers = {"stranger": world.worker(new_id()), "coordinator": world.coordinator(), "anonymous": {}}[who]
    expected = {"stranger": 404, "coordinator": 403, "anonymous": 401}[who]
    address = f"/requests/{request['id']}/messages"
    assert (await world.client.get(address, headers=headers)).status_code == expected
    assert (await world.post(address, said("Hello?"), headers)).status_code == expected


async def test_a_retry_writes_once_and_a_draft_or_a_final_request_is_not_written_to(world: Any) -> None:
    food, request = await sent(world)
    worker, partner = world.worker(), world.partner(food)
    address, key = f"/requests/{request['id']}/messages", key_header()
    for _ in range(2):
        again = await world.client.post(address, json=said("Fridays suit."), headers=worker | key)
        assert again.status_code == 201
    assert again.headers["Idempotent-Replay"] == "true"
    assert len((await read(world, request, worker))["items"]) == 1
    changes = await world.client.get("/requests/changes?fact=message_posted", headers=partner)
    assert changes.status_code == 200
    await world.act(request, "withdraw", worker, {"reason": "no_longer_needed"})
    await post(world, request, worker, said("Sorry."), 409)
    assert (await read(world, request, partner))["items"] == []
    draft = (await world.make(world.ask(food), submit=False))["requests"][0]
    await post(world, draft, worker, said("Hello?"), 409)
    await post(world, draft, worker, {"text": "Hello?", "categories": []}, 422)
