"""A disclosure that consent recorded and the reader never got: consent is told, once, and why."""

import json
from typing import Any

import pytest

from connective.contracts.categories import Category
from connective.contracts.sharing import DisclosureAnswered, DisclosureAsked
from connective.kit.actor import Actor
from connective.kit.problems import NotAllowed, TooSlow, Unavailable

SUBJECT = "hub.referrals.disclosure.undelivered"


async def told(world: Any) -> list[dict[str, Any]]:
    rows = await world.rows("SELECT data FROM outbox WHERE subject = $1 ORDER BY id", SUBJECT)
    return [json.loads(row["data"]) for row in rows]


async def opened(world: Any, status: int) -> tuple[Any, dict[str, Any]]:
    """The food bank opens a request that was sent to it."""
    food = world.service()
    request = (await world.make(world.ask(food)))["requests"][0]
    answer = await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))
    assert answer.status_code == status, answer.text
    return food, request


@pytest.mark.parametrize(
    ("failure", "status", "reason"),
    [
        (Unavailable("Cannot be reached."), 503, "unavailable"),
        (TooSlow("No answer in time."), 504, "too_slow"),
        (NotAllowed("The permit is not for this."), 503, "permit_refused"),
    ],
)
async def test_families_fails_after_consent_recorded(
    world: Any, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int, reason: str
) -> None:
    async def fails(*_: Any) -> None:
        raise failure

    monkeypatch.setattr(world.families, "shared", fails)
    food, request = await opened(world, status)
    (fact,) = await told(world)
    assert fact["disclosure_id"] == str(world.consent.disclosed[0].disclosure_id)
    assert (fact["request_id"], fact["reason_code"]) == (request["id"], reason)
    assert fact["recipient_organisation_id"] == str(food.organisation_id)


async def test_a_fault_of_our_own_is_told_too(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.families, "shared", breaks)
    await opened(world, 500)
    assert [fact["reason_code"] for fact in await told(world)] == ["fault"]


async def test_an_answer_lost_on_the_way_may_have_been_recorded(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[DisclosureAsked] = []

    async def answers_too_late(_: Actor, asked: DisclosureAsked) -> DisclosureAnswered:
        asked_for.append(asked)
        raise TooSlow("No answer in time.")

    monkeypatch.setattr(world.consent, "disclose", answers_too_late)
    await opened(world, 504)
    (fact,) = await told(world)
    assert (fact["disclosure_id"], fact["reason_code"]) == (str(asked_for[0].disclosure_id), "decision_unanswered")


async def test_what_was_never_recorded_is_not_told(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    food, request = await opened(world, 200)
    world.consent.refused[food.organisation_id] = dict.fromkeys(Category, "consent_withdrawn")
    assert (await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))).status_code == 403

    async def refuses(*_: Any) -> None:
        raise NotAllowed("Only the recipient reads it.")

    monkeypatch.setattr(world.consent, "disclose", refuses)
    await opened(world, 503)
    assert await told(world) == []


async def test_recorded_in_part_but_closed_because_something_required_is_missing(world: Any) -> None:
    food = world.service()
    request = (await world.make(world.ask(food)))["requests"][0]
    world.consent.refused[food.organisation_id] = {Category.IDENTITY: "suspended"}
    closed = await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))
    assert closed.status_code == 403
    assert [fact["reason_code"] for fact in await told(world)] == ["closed_meanwhile"]
