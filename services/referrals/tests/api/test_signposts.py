"""Signposts: a family is told about a service; it is recorded for its keeper alone, and nothing reaches the service."""

import json
from typing import Any

import pytest

from connective.contracts.erasure_events import FamilyErased, PersonErased
from connective.kit.ids import new_id
from connective.kit.testing import key_header

NEED = "food_or_fuel_poverty"


def says(world: Any, service: Any, **changes: Any) -> dict[str, Any]:
    body = {
        "family_id": str(world.families.family_id),
        "service_id": str(service.service_id),
        "subjects": [str(world.mother)],
        "needs": [NEED],
        "told": "telephone",
    }
    return body | changes


async def given(world: Any, service: Any, **changes: Any) -> dict[str, Any]:
    answer = await world.post("/signposts", says(world, service, **changes), world.worker())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def listed(world: Any, headers: dict[str, str], **params: Any) -> dict[str, Any]:
    asked = {"family_id": str(world.families.family_id)} | params
    answer = await world.client.get("/signposts", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def told(world: Any, subject: str) -> list[dict[str, Any]]:
    rows = await world.rows("SELECT data FROM outbox WHERE subject = $1 ORDER BY id", f"hub.referrals.{subject}")
    return [json.loads(row["data"]) for row in rows]


async def test_a_family_is_told_of_a_service_and_only_its_keeper_knows(world: Any) -> None:
    food, refuge = world.service("food_bank"), world.service("domestic_abuse_support", sensitive=True)
    worker, key = world.worker(), key_header()
    first = await world.client.post("/signposts", json=says(world, food), headers=worker | key)
    again = await world.client.post("/signposts", json=says(world, food), headers=worker | key)
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert (first.json()["service_kind"], first.json()["needs"]) == ("food_bank", [NEED])
    assert "01632 960999" in first.json()["safeguarding"]
    second = await given(world, refuge)
    page = await listed(world, worker, limit=1)
    assert [item["id"] for item in page["items"]] == [second["id"]]
    rest = await listed(world, worker, limit=1, cursor=page["next_cursor"])
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([first.json()["id"]], None)
    for stranger in (world.worker(food.organisation_id), world.worker(new_id())):
        assert (await listed(world, stranger))["items"] == []
    facts = await told(world, "signpost.given")
    assert [fact["service_kind"] for fact in facts] == ["food_bank", None]
    assert str(refuge.service_id) not in str(facts)
    acts = [act for act in await told(world, "audit.recorded") if act["organisation_id"] == str(world.school)]
    assert {(act["act"], act["family_id"]) for act in acts} == {("signposts.read", str(world.families.family_id))}
    assert (world.consent.asked, world.families.read) == ([], [])
    lead = world.identities.person(place=world.place, organisation=world.school, roles=["practice_lead"])
    figures = await world.client.get("/figures/signposts?quarter=2026-Q1", headers=lead)
    counts = {item["service_id"]: item["count"] for item in figures.json()["items"]}
    assert counts == {str(food.service_id): 1, str(refuge.service_id): 1}
    assert (await world.client.get("/figures/signposts?quarter=2026-Q2", headers=lead)).json()["items"] == []


async def test_what_cannot_be_told_is_refused_and_nothing_is_kept(world: Any) -> None:
    food, door = world.service("food_bank"), world.service("early_help", reporting_route=True)
    nobody = {"service_id": str(new_id())}
    for body, status, code in (
        (says(world, food, **nobody), 422, "invalid-details"),
        (says(world, food, needs=["luck"]), 422, "invalid-details"),
        (says(world, food, needs=[]), 422, None),
        (says(world, food, note="She cried."), 422, None),
        (says(world, door), 422, "not-a-reporting-route"),
        (says(world, food, subjects=[str(new_id())]), 404, None),
        (says(world, food, family_id=str(new_id())), 404, None),
    ):
        answer = await world.post("/signposts", body, world.worker())
        assert answer.status_code == status, answer.text
        assert code is None or answer.json()["type"].endswith(code)
    world.families.away = True
    assert (await world.post("/signposts", says(world, food), world.worker())).status_code == 503
    assert await world.rows("SELECT id FROM signpost") == []
    assert (await world.client.get("/signposts", headers=world.worker())).status_code == 422


@pytest.mark.parametrize("whole", [True, False], ids=["the-family", "one-person"])
async def test_a_signpost_goes_with_whom_it_is_about(world: Any, whole: bool) -> None:
    food = world.service("food_bank")
    mother, child, family = str(world.mother), str(world.child), str(world.families.family_id)
    await given(world, food, subjects=[child])
    both = await given(world, food, subjects=[child, mother])
    familys = await given(world, food, subjects=[])
    held = {"place_id": str(world.place), "family_ids": [family], "person_ids": [child], "organisation_ids": []}
    caller = world.identities.caller("consent", "referrals") | key_header()
    items = (await world.client.post("/internal/holdings", json=held, headers=caller)).json()["items"]
    assert [(item["section"], item["review"]) for item in items] == [("told_of", said) for said in (False, True, True)]
    kind = FamilyErased if whole else PersonErased
    whom = {"family_id": family, "person_ids": [mother, child]} if whole else {"person_id": child}
    whom |= {} if whole else {"person_ids": [child], "family_ids": [family]}
    at = "2026-03-02T10:00:00Z"
    document = {
        "id": str(new_id()),
        "source": "/services/families",
        "type": kind.type_name(),
        "subject": family if whole else child,
        "time": at,
        "aggregateversion": 2,
        "placeid": str(world.place),
        "data": {"erasure_id": str(new_id()), "at": at} | whom,
    }
    await world.running.consumer.apply([(kind.subject, json.dumps(document).encode())])
    rows = await world.rows("SELECT * FROM signpost ORDER BY id")
    left = [(str(row["id"]), row["subjects"], row["needs"]) for row in rows]
    assert left == ([] if whole else [(both["id"], [world.mother], []), (familys["id"], [], [NEED])])
    (done,) = await told(world, "erasure.done")
    assert (done["removed"] > 0, done["kept"]) == (True, 0 if whole else 1)
