"""Step 5: the agencies work their requests from their own systems and pages, and what happened comes back."""

import asyncio
import json
from datetime import timedelta
from typing import Any

from connective.local.story.loading import World
from connective.local.story.narrator import Narrator, expect
from connective.local.story.referring import Requests, housing_ask
from connective.local.story.signing_in import Asker, system_with_key, system_with_secret

_EVENT_SECONDS = 60.0


async def close_the_loop(world: World, narrator: Narrator, family: dict[str, str], requests: Requests) -> None:
    """Step 5; adds the request that replaces the declined one, as `homes`."""
    narrator.step(5, "Four agencies work, each on what it may see")
    await _food_bank(world, narrator, requests["parcel"])
    await _housing_declines(world, narrator, requests["housing"])
    requests["homes"] = await _send_elsewhere(world, narrator, family, requests["housing"])
    await _therapy_waitlists(world, narrator, requests["therapy"])
    await _worker_sees(world, narrator, family, requests)


async def act(asker: Asker, request_id: str, verb: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - an HTTP answer
    """Do one verb of the lifecycle on the version the asker last saw (`HEAD` tells it, and discloses nothing)."""
    seen = await asker.send("HEAD", f"/requests/{request_id}")
    expect_status(seen, 200)
    return await asker.post(f"/requests/{request_id}/{verb}", body, If_Match=seen.headers["etag"])


def expect_status(answer: Any, status: int) -> None:  # noqa: ANN401 - an HTTP answer
    """As `expect`, for an answer without a body."""
    if answer.status_code != status:
        expect(answer, status)


async def larder_system(world: World) -> Asker:
    """The food bank's own software, with a token by a signed assertion."""
    system = world.cast.systems["larder"]
    if system.private_key is None:
        raise TypeError("the larder's system signs with a key")
    return await system_with_key(world.base, system.name, str(system.client_id), system.private_key)


async def _food_bank(world: World, narrator: Narrator, request_id: str) -> None:
    system = world.cast.systems["larder"]
    larder = await larder_system(world)
    narrator.say(f"{system.name} has a token by a signed assertion (client credentials, private_key_jwt).")
    answer = await larder.get("/requests?direction=received&state=submitted")
    narrator.call(system.name, "pulls what is new", answer)
    items = expect(answer, 200)["items"]
    narrator.check([item["id"] for item in items] == [request_id], "one new request, named by its reference alone")
    answer = await larder.get(f"/requests/{request_id}")
    narrator.call(system.name, "opens it: decided, recorded, and only then read live from the family's record", answer)
    opened = expect(answer, 200)
    _show_fields(narrator, opened)
    text = json.dumps(opened)
    for secret, words in (("1994-03-11", "no birth dates"), ("Oaklands", "no school"), ("999 158", "no NHS number")):
        narrator.check(secret not in text, words)
    narrator.check("9991581766" not in text and "Piran" not in text, "and no child's name")
    for verb, body in (("accept", None), ("start", None), ("complete", _FED)):
        answer = await act(larder, request_id, verb, body)
        narrator.call(system.name, {"accept": "accepts", "start": "starts", "complete": "completes"}[verb], answer)
        expect(answer, 200)
    await larder.client.aclose()


_FED: dict[str, Any] = {"code": "received", "needs": [], "views": [], "no_view_reason": "not_asked"}


def _show_fields(narrator: Narrator, opened: dict[str, Any]) -> None:
    for person in opened["people"]:
        narrator.say(f"• sees: {json.dumps(person['fields'])}")
    narrator.say(f"• sees: {json.dumps(opened['answers'])}")
    if opened["withheld"]:
        narrator.say(f"• withheld: {', '.join(opened['withheld'])}")


async def _housing_declines(world: World, narrator: Narrator, request_id: str) -> None:
    system = world.cast.systems["harbour"]
    harbour = await system_with_secret(world.base, system.name, str(system.client_id), str(system.secret))
    narrator.say(f"{system.name} has a token by its secret (client_secret_basic).")
    answer = await harbour.get(f"/requests/{request_id}")
    narrator.call(system.name, "opens its request", answer)
    _show_fields(narrator, expect(answer, 200))
    body = {
        "code": "at_capacity",
        "family_sentence": "We have no adviser free this month. It is not about you, and others can help.",
        "next_step": "Ask Crossroads Homes, who visit at home.",
        "second_look": "Phone 01632 960131 and ask for the manager.",
    }
    answer = await act(harbour, request_id, "decline", body)
    narrator.call(system.name, "declines, with a code, what the family is told, and what next", answer)
    expect(answer, 200)
    await harbour.client.aclose()


async def _send_elsewhere(world: World, narrator: Narrator, family: dict[str, str], declined: str) -> str:
    worker = await world.person("worker")
    answer = await act(worker, declined, "family-told", {"code": "told"})
    narrator.call(worker.name, "tells the family, and ends that task", answer)
    expect(answer, 200)
    body = {
        "family_id": family["family"],
        "safeguarding_check": {"answer": "no_concern"},
        "requests": [
            {"service_id": world.cast.services["homes"], "replaces": declined, **housing_ask(family["mother"])}
        ],
    }
    answer = await worker.post("/referrals", body)
    narrator.call(worker.name, "asks another service instead, linked by `replaces`", answer)
    request = expect(answer, 201)["requests"][0]
    narrator.check(request["state"] == "submitted" and request["replaces"] == declined, "it is sent, and linked")
    adviser = await world.person("crossroads_dpo")
    answer = await adviser.get(f"/requests/{request['id']}")
    narrator.call(adviser.name, "opens it at Crossroads Homes", answer)
    narrator.check(expect(answer, 200)["view"] == "recipient", "she sees what the mother consented to")
    return str(request["id"])


async def _therapy_waitlists(world: World, narrator: Narrator, request_id: str) -> None:
    therapist = await world.person("therapist")
    answer = await therapist.get(f"/requests/{request_id}")
    narrator.call(therapist.name, "opens the request of the therapy team", answer)
    opened = expect(answer, 200)
    narrator.check("concern_areas" in opened["answers"], "she sees the health data that the new version covers")
    body = {"expected_on": str(world.today + timedelta(weeks=9))}
    answer = await act(therapist, request_id, "waitlist", body)
    narrator.call(therapist.name, "puts him on the waiting list, with the date a place is expected", answer)
    expect(answer, 200)


_STATES = {"parcel": "completed", "housing": "declined", "homes": "received", "therapy": "waitlisted"}


async def _worker_sees(world: World, narrator: Narrator, family: dict[str, str], requests: Requests) -> None:
    worker = await world.person("worker")
    for key, state in {**_STATES, "family_help": "submitted"}.items():
        found = expect(await worker.get(f"/requests/{requests[key]}"), 200)["status"]
        narrator.check(found["state"] == state, f"{world.cast.raw['services'][key]['name']}: {state}")
    entries = await _chronology(worker, family["family"])
    narrator.say("The family's chronology, from the events of each request:")
    for entry in entries:
        narrator.say(f"• {entry['at'][:16].replace('T', ' ')}  {entry['sentence']}")
    codes = {entry["code"] for entry in entries}
    narrator.check(
        {"request.completed", "request.declined", "request.waitlisted"} <= codes, "every step is in the chronology"
    )


async def _chronology(worker: Asker, family_id: str) -> list[dict[str, Any]]:
    """The chronology, once the last of the events has arrived."""
    deadline = asyncio.get_running_loop().time() + _EVENT_SECONDS
    while True:
        found: list[dict[str, Any]] = expect(await worker.get(f"/families/{family_id}/chronology?limit=100"), 200)[
            "items"
        ]
        late = asyncio.get_running_loop().time() > deadline
        if late or any(entry["code"] == "request.waitlisted" for entry in found):
            return list(reversed(found))
        await asyncio.sleep(0.2)
