"""Forms that a place adds: drafted, published once, never changed; requests keep the version they were made on."""

import json
from typing import Any

import asyncpg
import pytest

from connective.contracts.categories import Category
from connective.kit.ids import new_id
from connective.kit.testing import key_header

FIELDS: list[dict[str, Any]] = [
    {
        "name": "young_person_name",
        "label": "Who comes",
        "help": "Read from the family's record.",
        "type": "text",
        "categories": ["identity"],
        "source": "person.full_name",
    },
    {
        "name": "evening",
        "label": "Which evening",
        "help": "The one that they can come to first.",
        "type": "choice",
        "required": True,
        "categories": ["needs"],
        "choices": [{"code": "monday", "label": "Monday"}, {"code": "thursday", "label": "Thursday"}],
    },
    {
        "name": "medicine",
        "label": "Medicine to carry",
        "help": "Such as an inhaler.",
        "type": "text",
        "categories": ["health"],
    },
]
YOUTH: dict[str, Any] = {
    "title": "Youth club",
    "one_subject": True,
    "required_categories": ["identity", "needs"],
    "useful_categories": ["health"],
    "fields": FIELDS,
}


def admin(world: Any, place: Any = None) -> dict[str, str]:
    found = world.identities.person(place=place or world.place, organisation=new_id(), roles=["place_admin"])
    return dict(found)


async def drafted(world: Any, kind: str = "youth_work", body: Any = YOUTH) -> dict[str, Any]:
    answer = await world.post(f"/forms/{kind}/versions", body, admin(world))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def published(world: Any, kind: str = "youth_work", body: Any = YOUTH) -> dict[str, Any]:
    new = await drafted(world, kind, body)
    answer = await world.post(f"/forms/{kind}/versions/{new['version']}/publish", None, admin(world), 1)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def asks(world: Any, service: Any, **answers: Any) -> dict[str, Any]:
    return {
        "service_id": str(service.service_id),
        "subjects": [str(world.child)],
        "contact_person_id": str(world.mother),
        "needs": [],
        "answers": answers,
    }


async def test_a_form_lives_from_draft_to_retirement(world: Any) -> None:
    service = world.service("youth_work")
    refused = await world.post("/referrals", world.referral(asks(world, service)), world.worker())
    assert refused.json()["type"] == "/problems/no-form"
    new = await drafted(world)
    path = f"/forms/youth_work/versions/{new['version']}"
    assert (new["version"], new["state"], new["origin"]) == (1001, "draft", "place")
    again = await world.post("/forms/youth_work/versions", YOUTH, admin(world))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/form-stands")
    # Nobody but who administers the place learns of a draft.
    assert (await world.client.get(path, headers=world.worker())).status_code == 404
    assert (await world.client.get(path, headers=admin(world, new_id()))).status_code == 404
    items = (await world.client.get("/forms", headers=admin(world))).json()["items"]
    assert [(i["version"], i["draft"]) for i in items if i["kind"] == "youth_work"] == [(None, 1001)]
    assert "youth_work" not in {
        i["kind"] for i in (await world.client.get("/forms", headers=world.worker())).json()["items"]
    }
    changed = await world.client.put(
        path, json=YOUTH | {"title": "Youth evening"}, headers=admin(world) | {"If-Match": '"1"'}
    )
    assert (changed.status_code, changed.headers["etag"], changed.json()["title"]) == (200, '"2"', "Youth evening")
    assert (await world.post(f"{path}/publish", None, admin(world), 1)).status_code == 412
    headers = admin(world) | key_header() | {"If-Match": '"2"'}
    for _ in range(2):
        done = await world.client.post(f"{path}/publish", headers=headers)
        assert (done.status_code, done.json()["state"]) == (200, "published")
    shown = (await world.client.get("/forms/youth_work", headers=world.worker())).json()
    assert shown["version"] == 1001
    assert shown["answers_schema"]["properties"]["evening"]["enum"] == ["monday", "thursday"]
    assert shown["answers_schema"]["properties"]["medicine"]["x-categories"] == ["health"]
    late = await world.client.put(path, json=YOUTH, headers=admin(world) | {"If-Match": '"3"'})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/form-stands")
    product = await world.post("/forms/food_bank/versions/1/retire", None, admin(world), 1)
    assert (product.status_code, product.json()["type"]) == (409, "/problems/form-stands")
    with pytest.raises(asyncpg.RaiseError, match="never changes"):
        await world.rows("UPDATE place_form SET title = 'Another', version = 9 RETURNING id")
    assert (await world.post(f"{path}/retire", None, admin(world), 3)).json()["state"] == "retired"
    assert (await world.client.get("/forms/youth_work", headers=world.worker())).status_code == 404
    assert (await world.client.get(path, headers=world.worker())).json()["state"] == "retired"
    acts = await world.rows("SELECT data FROM outbox ORDER BY id")
    assert [json.loads(row["data"])["act"] for row in acts] == ["form.published", "form.retired"]


async def test_requests_keep_their_version_and_only_permitted_categories_travel(world: Any) -> None:
    await published(world)
    service = world.service("youth_work")
    world.consent.refused[service.organisation_id] = {Category.HEALTH: "family_refused"}
    wrong = await world.post("/referrals", world.referral(asks(world, service, evening="sunday")), world.worker())
    assert wrong.json()["errors"][0]["pointer"] == "/requests/0/answers/evening"
    made = await world.make(asks(world, service, evening="monday", medicine="Blue inhaler"))
    first = made["requests"][0]
    assert (first["state"], [each["category"] for each in first["without"]]) == ("submitted", ["health"])
    other = {**FIELDS[1], "name": "first_evening"}
    second = await published(world, body=YOUTH | {"fields": [FIELDS[0], other]})
    assert second["version"] == 1002
    # The request stays what it was, for its recipient and when it is written anew.
    opened = (await world.client.get(f"/requests/{first['id']}", headers=world.partner(service))).json()
    assert opened["form"] == {"kind": "youth_work", "version": 1001}
    assert (opened["answers"], opened["withheld"]) == ({"evening": "monday"}, ["medicine"])
    assert [person["fields"] for person in opened["people"] if person["subject"]] == [
        {"young_person_name": "Robin Test"}
    ]
    content = {"answers": {"evening": "thursday"}, "needs": []}
    await world.act(first, "amend", world.worker(), content)
    stale = await world.post("/referrals", world.referral(asks(world, service, evening="monday")), world.worker())
    assert {error["code"] for error in stale.json()["errors"]} == {"required", "unknown-field"}
    later = await world.make(asks(world, service, first_evening="monday"))
    own = (await world.client.get(f"/requests/{later['requests'][0]['id']}", headers=world.worker())).json()
    assert own["form"]["version"] == 1002
    # A draft is sent on the version that it was begun on, though that is retired by then.
    food = world.service("food_bank")
    await published(world, "food_bank", YOUTH | {"one_subject": False})
    waiting = (await world.make(asks(world, food, evening="monday"), submit=False))["requests"][0]
    retiring = await world.post("/forms/food_bank/versions/1001/retire", None, admin(world), 2)
    assert retiring.status_code == 200
    sent = await world.act(waiting, "submit", world.worker(), {"safeguarding_check": {"answer": "no_concern"}})
    assert sent["state"] == "submitted"
    assert (await world.client.get("/forms/food_bank", headers=world.worker())).json()["version"] == 1


BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("youth_work", {"useful_categories": []}, "/fields/2/categories", "not-asked-for"),
    ("youth_work", {"useful_categories": ["health", "needs"]}, "/useful_categories", "required-and-useful"),
    ("youth_work", {"useful_categories": ["health", "immigration"]}, "/useful_categories", "never-asked"),
    ("fortune_telling", {}, "/kind", "unknown-kind"),
    ("youth_work", {"fields": [*FIELDS, FIELDS[1]]}, "/fields/3/name", "repeated"),
    ("youth_work", {"fields": [{**FIELDS[1], "choices": []}]}, "/fields/0/choices", "required"),
    ("youth_work", {"fields": [{**FIELDS[2], "choices": FIELDS[1]["choices"]}]}, "/fields/0/choices", "not-a-choice"),
    ("youth_work", {"fields": [{**FIELDS[2], "minimum": 1}]}, "/fields/0/type", "not-a-number"),
    ("youth_work", {"fields": [{**FIELDS[2], "source": "person.shoe_size"}]}, "/fields/0/source", "unknown-source"),
    ("youth_work", {"fields": [{**FIELDS[2], "source": "person.full_name"}]}, "/fields/0/categories", "reveals-more"),
    ("youth_work", {"fields": [{**FIELDS[0], "required": True}]}, "/fields/0/required", "read-from-record"),
    (
        "youth_work",
        {"fields": [FIELDS[1], {**FIELDS[2], "required_when": {"field": "evening", "answers": ["sunday"]}}]},
        "/fields/1/required_when",
        "unknown-choice",
    ),
    (
        "youth_work",
        {"fields": [{**FIELDS[2], "required_when": {"field": "medicine", "answers": ["yes"]}}]},
        "/fields/0/required_when",
        "unknown-field",
    ),
    ("youth_work", {"fields": [{**FIELDS[2], "categories": ["shoe_size"]}]}, "/fields/0/categories/0", "enum"),
    ("youth_work", {"fields": [{**FIELDS[2], "type": "essay"}]}, "/fields/0/type", "enum"),
    ("youth_work", {"fields": [{**FIELDS[2], "name": "Medicine!"}]}, "/fields/0/name", "string_pattern_mismatch"),
]


async def test_a_broken_form_is_told_at_its_field_and_kept_nowhere(world: Any) -> None:
    for kind, change, pointer, code in BROKEN:
        answer = await world.post(f"/forms/{kind}/versions", YOUTH | change, admin(world))
        assert answer.status_code == 422, (pointer, answer.text)
        assert (pointer, code) in {(e["pointer"], e["code"]) for e in answer.json()["errors"]}, (pointer, answer.text)
    for headers in (world.worker(), world.coordinator()):
        assert (await world.post("/forms/youth_work/versions", YOUTH, headers)).status_code == 403
    assert await world.rows("SELECT FROM place_form") == []
