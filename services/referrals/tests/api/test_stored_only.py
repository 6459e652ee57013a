"""Article 18: of a request about somebody whose data are stored only, neither side reads or adds what may be theirs."""

import json
from typing import Any

from connective.kit.ids import new_id

SUBJECT = "hub.consent.processing_restriction.changed"
WORDS = {"text": "the pomegranate lanterns", "categories": ["needs"]}


async def say(world: Any, version: int, *, active: bool) -> None:
    document = {
        "id": str(new_id()),
        "source": "/services/consent",
        "type": f"{SUBJECT}.v1",
        "subject": str(world.mother),
        "time": "2026-03-02T10:00:00Z",
        "aggregateversion": version,
        "placeid": str(world.place),
        "data": {"person_id": str(world.mother), "active": active, "at": "2026-03-02T10:00:00Z"},
    }
    await world.running.consumer.apply([(SUBJECT, json.dumps(document).encode())])


async def read(world: Any, path: str, headers: dict[str, str], status: int = 200) -> dict[str, Any]:
    answer = await world.client.get(path, headers=headers)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def test_the_referrers_own_view_says_how_it_stands_and_nothing_else(world: Any) -> None:
    food, housing = world.service("food_bank"), world.service("housing_advice")
    made = await world.make(world.ask(food, free_text=WORDS), world.ask(housing, free_text=WORDS))
    held, ended = (f"/requests/{each['id']}" for each in made["requests"])
    partner = world.partner(housing)
    await world.act(made["requests"][1], "receive", partner)
    decline = {"code": "at_capacity", "family_sentence": "We are full.", "next_step": "Ring.", "second_look": "Ask."}
    await world.post(f"{ended}/messages", WORDS, partner)
    await world.act(made["requests"][1], "decline", partner, decline)
    signpost = {
        "family_id": str(world.families.family_id),
        "service_id": str(food.service_id),
        "subjects": [str(world.mother)],
        "needs": ["food_or_fuel_poverty"],
        "told": "in_person",
    }
    assert (await world.post("/signposts", signpost, world.worker())).status_code == 201
    told_of = f"/signposts?family_id={world.families.family_id}"
    before = await read(world, held, world.worker())
    assert before["free_text"] == WORDS
    assert before["processing_restricted"] == []
    assert len((await read(world, told_of, world.worker()))["items"]) == 1

    await say(world, 1, active=True)
    own = await read(world, held, world.worker())
    assert (own["processing_restricted"], own["status"]["state"]) == ([str(world.mother)], "on_hold")
    assert (own["answers"], own["needs"], own["free_text"]) == ({}, [], None)
    for path, headers in ((ended, world.worker()), (ended, partner)):
        shown = await read(world, path, headers)
        assert shown["status"]["state"] == "declined"
        assert (None, ["needs"]) in [(message["text"], message["withheld"]) for message in shown["messages"]]
        assert "pomegranate" not in json.dumps(shown)
    assert (await read(world, told_of, world.worker()))["items"] == []

    version = own["status"]["version"]
    body = {"answers": before["answers"], "needs": before["needs"]}
    refused = [
        await world.client.get(f"{held}/messages", headers=world.worker()),
        await world.client.get(f"{held}/attachments", headers=world.worker()),
        await world.client.get(f"{ended}/messages", headers=partner),
        await world.post(f"{held}/messages", WORDS, world.worker()),
        await world.post(f"{held}/attachments", {"name": "a.txt", "categories": ["needs"]}, world.worker()),
        await world.post(f"{held}/amend", body, world.worker(), version),
    ]
    problems = [(answer.status_code, answer.json()["type"]) for answer in refused]
    assert problems == [(403, "/problems/processing-restricted")] * len(refused), [a.text for a in refused]

    await say(world, 2, active=False)
    assert (await read(world, held, world.worker()))["free_text"] == WORDS
    assert len((await read(world, told_of, world.worker()))["items"]) == 1
