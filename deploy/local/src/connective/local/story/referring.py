"""Step 4: one referral with four requests; three go at once, one is blocked, and the agreement is mended."""

from datetime import UTC, datetime, timedelta
from typing import Any

from connective.local.story.agreements import bring_into_force, with_article_9
from connective.local.story.loading import World, parties
from connective.local.story.narrator import Narrator, expect
from connective.local.story.signing_in import Asker

Requests = dict[str, str]
"""Ids of requests by the key of the service asked."""


async def make_the_referral(world: World, narrator: Narrator, family: dict[str, str]) -> Requests:
    """Step 4; answers the id of each request."""
    narrator.step(4, "One referral, four requests")
    worker = await world.person("worker")
    answer = await worker.post("/referrals", the_referral(world, family))
    narrator.call(worker.name, "asks food bank, housing advice, speech therapy and early help at once", answer)
    referral = expect(answer, 201)
    by_service = {request["service_id"]: request for request in referral["requests"]}
    requests = {key: by_service[world.cast.services[key]] for key in ("parcel", "housing", "therapy", "family_help")}
    for key in ("parcel", "housing", "family_help"):
        narrator.check(
            requests[key]["state"] == "submitted", f"{_words(world, key)}: sent, {requests[key]['reference']}"
        )
    _explain_block(world, narrator, requests["therapy"])
    narrator.check("Nobody here is watching" in referral["safeguarding"], "the answer says whom to phone about harm")
    ids = {key: str(request["id"]) for key, request in requests.items()}
    await _mend_the_agreement(world, narrator)
    await _send_again(world, worker, narrator, ids["therapy"])
    return ids


def the_referral(world: World, family: dict[str, str]) -> dict[str, Any]:
    """What the worker sends; the food is needed today."""
    needed_by = datetime.now(UTC) + timedelta(hours=6)
    mother, youngest = family["mother"], family["youngest"]
    services = world.cast.services
    return {
        "family_id": family["family"],
        "safeguarding_check": {"answer": "no_concern"},
        "requests": [
            {
                "service_id": services["parcel"],
                "subjects": [mother],
                "contact_person_id": mother,
                "needs": [{"person_id": mother, "code": "food_or_fuel_poverty", "severity": 3}],
                "answers": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
                "needed_by": needed_by.strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            {"service_id": services["housing"], **housing_ask(mother)},
            {
                "service_id": services["therapy"],
                "subjects": [youngest],
                "contact_person_id": mother,
                "needs": [{"person_id": youngest, "code": "child_0_5_speech_language", "severity": 3}],
                "answers": {
                    "concern_areas": ["sounds", "talking"],
                    "examples": "Says two words together; only his sisters understand him.",
                    "hearing": "tested_no_concern",
                    "support_tried": "Daily naming games at nursery since September.",
                },
            },
            {
                "service_id": services["family_help"],
                "subjects": [mother, family["eldest"], family["middle"], youngest],
                "contact_person_id": mother,
                "needs": [{"person_id": mother, "code": "parenting_support", "severity": 2}],
                "answers": {
                    "what_led_to_this": "Money ran out after a benefit changed, and the rent is behind.",
                    "already_tried": "School breakfast club; a payment plan with the landlord.",
                    "level_of_need": "targeted",
                },
            },
        ],
    }


def housing_ask(mother: str) -> dict[str, Any]:
    """What a housing adviser is asked."""
    return {
        "subjects": [mother],
        "contact_person_id": mother,
        "needs": [{"person_id": mother, "code": "eviction_risk", "severity": 3}],
        "answers": {
            "problem": "arrears",
            "arrears_pounds": 940,
            "tenure": "private_tenant",
            "recipient_is_landlord": False,
        },
    }


def _words(world: World, key: str) -> str:
    return str(world.cast.raw["services"][key]["name"])


def _explain_block(world: World, narrator: Narrator, request: dict[str, Any]) -> None:
    narrator.check(request["state"] == "blocked", f"{_words(world, 'therapy')}: blocked, and nothing was sent")
    for missing in request["missing"]:
        narrator.say(f"• {missing['category']} ({missing['code']}): {missing['sentence']} {missing['remedy']}")
    narrator.check({m["category"] for m in request["missing"]} == {"health"}, "it says that health is what is missing")
    codes = {m["code"] for m in request["missing"]}
    narrator.check("article_9_condition_missing" in codes, "and why: the agreement gives no Article 9 condition for it")
    narrator.check(all(m["remedy"] for m in request["missing"]), "and what would clear it")
    for today in request["today"]:
        narrator.say(f"• Today: {today['sentence']}")


async def _mend_the_agreement(world: World, narrator: Narrator) -> None:
    manager = await world.person("manager")
    agreement_id = world.cast.agreements["therapy"]
    answer = await manager.post(f"/agreements/{agreement_id}/versions")
    narrator.call(manager.name, "drafts the next version of the agreement", answer)
    draft = expect(answer, 201)
    number = draft["number"]
    path = f"/agreements/{agreement_id}/versions/{number}"
    read = await manager.get(path)
    terms = with_article_9(expect(read, 200)["terms"])
    answer = await manager.send("PUT", path, terms, If_Match=read.headers["etag"])
    narrator.call(manager.name, "states the Article 9 condition for health, and its Schedule 1 paragraph", answer)
    expect(answer, 200)
    officers, signatories = await parties(world, "nhs")
    version = await bring_into_force(manager, agreement_id, number, officers, signatories)
    names = " and ".join(asker.name for asker in officers)
    signed = " and ".join(asker.name for asker in signatories)
    narrator.say(f"{names} review it; {signed} sign the hash of its exact text. In life this takes weeks.")
    narrator.check(version["state"] == "active", f"version {number} is in force, and the one before it superseded")


async def _send_again(world: World, worker: Asker, narrator: Narrator, request_id: str) -> None:
    read = await worker.get(f"/requests/{request_id}")
    expect(read, 200)
    answer = await worker.post(f"/requests/{request_id}/submit", {}, If_Match=read.headers["etag"])
    narrator.call(worker.name, "sends the blocked request again", answer)
    narrator.check(expect(answer, 200)["state"] == "submitted", f"{_words(world, 'therapy')}: sent")
