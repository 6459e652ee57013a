"""The verbs over HTTP: who may, with which version, once; and what the other side then knows."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from connective.contracts.categories import Category
from connective.kit.ids import new_id
from connective.kit.testing import key_header

DECLINE = {
    "code": "at_capacity",
    "family_sentence": "We cannot help in the next weeks.",
    "next_step": "Your worker will ask another service.",
    "second_look": "Ask your worker to write to our manager.",
}
QUESTION = {"text": "Which mornings suit?", "categories": ["progress"]}
OUTCOME = {"code": "received", "no_view_reason": "not_asked"}


async def sent(world: Any, kind: str = "food_bank", **changes: Any) -> tuple[Any, dict[str, Any]]:
    service = world.service(kind)
    made = await world.make(world.ask(service, **changes))
    return service, made["requests"][0]


async def walk(world: Any, request: dict[str, Any], partner: dict[str, str], *verbs: str) -> dict[str, Any]:
    bodies = {"ask": QUESTION, "decline": DECLINE, "complete": OUTCOME, "waitlist": {"expected_on": "2026-09-01"}}
    status = request
    for verb in verbs:
        status = await world.act(request, verb, partner, bodies.get(verb))
    return status


async def test_the_whole_way_to_an_outcome(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    done = await walk(world, request, partner, "receive", "accept", "start", "complete")
    assert (done["state"], done["outcome_code"], done["due"], done["allowed_actions"]) == (
        "completed",
        "received",
        None,
        [],
    )
    names = [name for name, _ in await world.events()]
    assert names[1:] == [f"request.{fact}" for fact in ("submitted", "received", "accepted", "started", "completed")]
    rows = await world.rows("SELECT version, fact, party, organisation_id FROM request_history ORDER BY version")
    assert [(r["version"], r["fact"]) for r in rows] == [
        (2, "submitted"),
        (3, "received"),
        (4, "accepted"),
        (5, "started"),
        (6, "completed"),
    ]
    assert {r["organisation_id"] for r in rows if r["party"] == "recipient"} == {food.organisation_id}


async def test_everybody_is_shown_what_they_themselves_may_do(world: Any) -> None:
    """Not what the side they are on may: a client that may only read is shown nothing, and is refused."""
    food, request = await sent(world)
    reads = world.identities.client(place=world.place, organisation=food.organisation_id, scope="requests:read")
    shown = (await world.client.get(f"/requests/{request['id']}", headers=reads)).json()["status"]
    assert (shown["state"], shown["allowed_actions"]) == ("received", [])
    assert (await world.post(f"/requests/{request['id']}/accept", None, reads, 3)).status_code == 403
    works = (await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))).json()["status"]
    assert {"accept", "ask", "decline", "message"} <= set(works["allowed_actions"])


async def test_who_asks_their_own_organisation_is_shown_both_sides_actions(world: Any) -> None:
    _, request = await sent_to_oneself(world)
    both = world.identities.person(
        place=world.place, organisation=world.school, roles=["partner_worker", "support_worker"]
    )
    shown = await world.act(request, "receive", both)
    assert {"accept", "amend", "withdraw"} <= set(shown["allowed_actions"])
    assert (await world.act(request, "accept", both))["state"] == "accepted"


async def sent_to_oneself(world: Any) -> tuple[Any, dict[str, Any]]:
    service = world.service(organisation_id=world.school)
    return service, (await world.make(world.ask(service)))["requests"][0]


async def test_asking_and_answering(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    await walk(world, request, partner, "receive", "accept")
    asked = await world.act(request, "ask", partner, QUESTION)
    assert (asked["state"], asked["due"]["owner"]) == ("information_requested", "referrer")
    answered = await world.act(request, "answer", world.worker(), {"text": "Any but Friday.", "categories": ["needs"]})
    assert answered["state"] == "accepted"
    shown = (await world.client.get(f"/requests/{request['id']}", headers=partner)).json()
    assert [m["text"] for m in shown["messages"]] == ["Which mornings suit?", "Any but Friday."]


async def test_a_decline_stays_a_task_until_the_family_is_told(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    declined = await walk(world, request, partner, "receive", "decline")
    assert declined["decline"]["tells"] == "lead_practitioner"
    assert declined["decline"]["tell_by"] == "2026-03-04"
    assert declined["decline"]["family_told"] is None
    told = await world.post(f"/requests/{request['id']}/family-told", {"code": "told"}, world.worker())
    assert told.json()["decline"]["family_told"]["code"] == "told"
    again = await world.post(f"/requests/{request['id']}/family-told", {"code": "told"}, world.worker())
    assert (again.status_code, again.json()["type"]) == (409, "/problems/illegal-action")


async def test_after_a_decline_a_new_request_replaces_it_once(world: Any) -> None:
    food, request = await sent(world)
    await walk(world, request, world.partner(food), "receive", "decline")
    other = world.service("food_bank")
    made = await world.make(world.ask(other, replaces=request["id"]))
    assert made["requests"][0]["replaces"] == request["id"]
    shown = await world.client.get(f"/requests/{made['requests'][0]['id']}", headers=world.partner(other))
    assert request["id"] not in shown.text, "a recipient never learns of sibling requests"
    second = await world.post("/referrals", world.referral(world.ask(food, replaces=request["id"])), world.worker())
    assert [error["code"] for error in second.json()["errors"]] == ["already-replaced"]
    still_open = world.ask(food, replaces=made["requests"][0]["id"])
    third = await world.post("/referrals", world.referral(still_open), world.worker())
    assert [error["code"] for error in third.json()["errors"]] == ["still-open"]


async def test_of_two_that_replace_one_request_at_once_one_wins(world: Any) -> None:
    food, request = await sent(world)
    await walk(world, request, world.partner(food), "receive", "decline")
    body = world.referral(world.ask(food, replaces=request["id"]))
    answers = await asyncio.gather(*(world.post("/referrals", body, world.worker()) for _ in range(4)))
    assert [answer.status_code for answer in answers].count(201) == 1
    assert {answer.status_code for answer in answers} <= {201, 409, 422}


async def test_a_blocked_request_asks_again_and_goes(world: Any) -> None:
    salt = world.service("speech_and_language_therapy")
    world.consent.refused[salt.organisation_id] = {Category.HEALTH: "no_article_9_condition"}
    request = (await world.make(world.ask(salt)))["requests"][0]
    assert request["state"] == "blocked"
    still = await world.act(request, "submit", world.worker())
    assert (still["state"], still["version"]) == ("blocked", 3)
    world.consent.refused.clear()
    sent_ = await world.act(request, "submit", world.worker())
    assert (sent_["state"], sent_["missing"], sent_["today"]) == ("submitted", [], [])
    waiting = await walk(world, request, world.partner(salt), "receive", "waitlist")
    assert (waiting["state"], waiting["expected_on"], waiting["due"]["clock"]) == (
        "waitlisted",
        "2026-09-01",
        "waiting_check",
    )


async def test_correct_amend_and_send_again(world: Any) -> None:
    food, request = await sent(world)
    world.clock.move(timedelta(minutes=59))
    draft = await world.act(request, "correct", world.worker())
    assert draft["state"] == "draft"
    assert (await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))).status_code == 404
    content = {"answers": {"how": "next_session", "crisis_reason": "other", "cooking_facilities": "none"}}
    await world.act(request, "amend", world.worker(), content)
    wrong = await world.act(request, "amend", world.worker(), {"answers": {"how": "x"}}, status=422)
    assert wrong["errors"][0]["pointer"] == "/answers/how"
    await world.act(request, "submit", world.worker())
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))).json()
    assert shown["answers"] == content["answers"]
    rows = await world.rows("SELECT version FROM request_content ORDER BY version")
    assert [row["version"] for row in rows] == [1, 4]


async def test_correcting_ends_after_an_hour_or_when_read(world: Any) -> None:
    food, request = await sent(world)
    world.clock.move(timedelta(minutes=61))
    late = await world.act(request, "correct", world.worker(), status=409)
    assert late["allowed_actions"] == ["amend", "message", "withdraw"]
    _, other = await sent(world)
    await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))
    assert other["state"] == "submitted"
    await world.act(request, "correct", world.worker(), status=409)


async def test_unable_to_contact_takes_logged_attempts(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    await walk(world, request, partner, "receive")
    gone = {**DECLINE, "code": "unable_to_contact"}
    refused = await world.act(request, "decline", partner, gone, status=422)
    assert [error["code"] for error in refused["errors"]] == ["attempts-promised"]
    for _ in range(2):
        logged = await world.post(f"/requests/{request['id']}/contact-attempts", {"method": "telephone"}, partner)
        assert logged.status_code == 200
    declined = await world.act(request, "decline", partner, gone)
    assert (declined["state"], declined["contact_attempts"]) == ("declined", 2)


async def test_a_recipient_may_note_that_a_concern_was_reported(world: Any) -> None:
    food, request = await sent(world)
    body = {"reported_to": "Testbury front door", "reported_at": "2026-03-02T09:00:00Z", "reference": "CD-9"}
    noted = await world.post(f"/requests/{request['id']}/concern-reported", body, world.partner(food))
    assert (noted.status_code, noted.json()["version"]) == (200, 2)
    assert "CD-9" not in noted.text
    own = await world.client.get(f"/requests/{request['id']}", headers=world.worker())
    assert "CD-9" not in own.text
    assert [r["kind"] for r in await world.rows("SELECT kind FROM request_note")] == ["concern_reported"]


async def test_redirecting_opens_a_draft_that_only_the_referrer_submits(world: Any) -> None:
    food, request = await sent(world)
    await walk(world, request, world.partner(food), "receive")
    other = world.service("housing_advice")
    draft = await world.act(request, "redirect", world.worker(), {"service_id": str(other.service_id)}, status=201)
    assert (draft["state"], draft["replaces"], draft["service_kind"]) == ("draft", request["id"], "housing_advice")
    unanswered = await world.act(draft, "submit", world.worker(), status=422)
    assert {error["pointer"] for error in unanswered["errors"]} == {
        "/answers/problem",
        "/answers/recipient_is_landlord",
    }
    answers = {"answers": {"problem": "other", "recipient_is_landlord": False}}
    await world.act(draft, "amend", world.worker(), answers)
    assert (await world.act(draft, "submit", world.worker()))["state"] == "submitted"
    front_door = world.service("early_help", reporting_route=True)
    _, third = await sent(world)
    refused = await world.act(third, "redirect", world.worker(), {"service_id": str(front_door.service_id)}, status=422)
    assert refused["type"] == "/problems/not-a-reporting-route"


async def test_a_recipient_proposes_another_service_and_the_referrer_decides(world: Any) -> None:
    food, request = await sent(world)
    partner, worker = world.partner(food), world.worker()
    path = f"/requests/{request['id']}"
    received = await world.act(request, "receive", partner)
    assert "propose_redirect" in received["allowed_actions"]
    other = world.service("housing_advice")
    wanted = {"service_id": str(other.service_id), "reason": "better_suited"}
    proposed = await world.act(request, "propose-redirect", partner, wanted)
    assert (proposed["state"], proposed["version"]) == ("received", received["version"] + 1)
    for reader in (partner, worker):
        (one,) = (await world.client.get(f"{path}/proposals", headers=reader)).json()
        assert (one["service_id"], one["reason"], one["state"]) == (wanted["service_id"], "better_suited", "open")
    await world.act(request, "refuse-redirect", partner, status=403)
    kept = await world.act(request, "refuse-redirect", worker)
    assert kept["state"] == "received"
    await world.act(request, "refuse-redirect", worker, status=409)
    await world.act(request, "propose-redirect", partner, wanted)
    await world.act(request, "propose-redirect", partner, wanted | {"reason": "out_of_area"})
    states = [p["state"] for p in (await world.client.get(f"{path}/proposals", headers=worker)).json()]
    assert states == ["refused", "superseded", "open"]
    draft = await world.act(request, "redirect", worker, {"service_id": str(other.service_id)}, status=201)
    assert (draft["state"], draft["replaces"]) == ("draft", request["id"])
    states = [p["state"] for p in (await world.client.get(f"{path}/proposals", headers=partner)).json()]
    assert states == ["refused", "superseded", "closed"]
    names = [name for name, _ in await world.events()]
    assert (names.count("request.redirect_proposed"), names.count("request.redirect_refused")) == (3, 1)


async def test_what_may_not_be_proposed(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    body = {"service_id": str(food.service_id), "reason": "other"}
    early = await world.act(request, "propose-redirect", partner, body, status=409)
    assert early["allowed_actions"] == ["message", "receive"]
    await world.act(request, "receive", partner)
    same = await world.act(request, "propose-redirect", partner, body, status=422)
    assert same["errors"][0]["code"] == "same-service"
    unknown = {"service_id": str(new_id()), "reason": "other"}
    assert (await world.act(request, "propose-redirect", partner, unknown, status=422))["errors"][0]["code"]
    route = world.service("early_help", reporting_route=True)
    front_door = {"service_id": str(route.service_id), "reason": "other"}
    refused = await world.act(request, "propose-redirect", partner, front_door, status=422)
    assert refused["type"] == "/problems/not-a-reporting-route"
    await world.act(request, "propose-redirect", world.worker(), body, status=403)


async def test_pausing_resuming_and_the_coordinators_hold(world: Any) -> None:
    food, request = await sent(world)
    partner, coordinator = world.partner(food), world.coordinator()
    await walk(world, request, partner, "receive", "accept", "start")
    paused = await world.act(request, "pause", partner, {"reason": "family_away", "review_on": "2026-04-01"})
    assert (paused["state"], paused["allowed_actions"]) == ("on_hold", ["message", "resume"])
    held = (await world.post(f"/requests/{request['id']}/hold", None, coordinator, paused["version"])).json()
    assert held["hold_reasons"] == ["coordinator"]
    refused = await world.act(request, "resume", partner, status=409)
    assert refused["allowed_actions"] == []
    await world.post(f"/requests/{request['id']}/release", None, coordinator, held["version"])
    resumed = await world.act(request, "resume", partner)
    assert resumed["state"] == "in_progress"
    ended = await world.act(request, "reassess", partner, {**DECLINE, "code": "assessed_not_eligible"})
    assert (ended["state"], ended["decline"]["code"]) == ("declined", "assessed_not_eligible")


RECIPIENTS = ("receive", "accept", "start", "resume")
REFERRERS = ("correct", "submit")


@pytest.mark.parametrize("verb", [*RECIPIENTS, *REFERRERS, "hold", "release"])
async def test_each_verb_is_its_partys_alone(world: Any, verb: str) -> None:
    food, request = await sent(world)
    path = f"/requests/{request['id']}/{verb}"
    parties = {"recipient": world.partner(food), "referrer": world.worker(), "coordinator": world.coordinator()}
    owner = "recipient" if verb in RECIPIENTS else "referrer" if verb in REFERRERS else "coordinator"
    for name, headers in parties.items():
        answer = await world.post(path, None, headers, 2)
        assert (answer.status_code == 403) is (name != owner), (name, answer.text)
    assert (await world.post(path, None, {}, 2)).status_code == 401
    stranger = world.identities.person(
        place=world.place, organisation=new_id(), roles=["support_worker", "partner_worker"]
    )
    if owner != "coordinator":
        assert (await world.post(path, None, stranger, 2)).status_code == 404


async def test_a_party_with_both_roles_still_cannot_act_for_the_other(world: Any) -> None:
    _, request = await sent(world)
    both = world.identities.person(
        place=world.place, organisation=world.school, roles=["support_worker", "partner_worker"]
    )
    refused = await world.act(request, "accept", both, status=409)
    assert refused["allowed_actions"] == ["amend", "correct", "message", "withdraw"]


async def test_an_organisation_may_ask_itself(world: Any) -> None:
    own = world.service("food_bank", organisation_id=world.school)
    request = (await world.make(world.ask(own)))["requests"][0]
    both = world.identities.person(
        place=world.place, organisation=world.school, roles=["support_worker", "partner_worker"]
    )
    done = await walk(world, request, both, "receive", "accept", "start", "complete")
    assert done["state"] == "completed"


async def test_versions_are_required_and_stale_ones_refused(world: Any) -> None:
    food, request = await sent(world)
    path, partner = f"/requests/{request['id']}/receive", world.partner(food)
    assert (await world.post(path, None, partner)).status_code == 428
    assert (await world.post(path, None, partner, 1)).status_code == 412
    assert (await world.client.post(path, headers={**partner, "If-Match": '"2"'})).status_code == 400
    assert (await world.post(path, None, partner, 2)).status_code == 200


async def test_a_retry_acts_once_and_answers_alike(world: Any) -> None:
    food, request = await sent(world)
    headers = {**world.partner(food), **key_header(), "If-Match": '"2"'}
    path = f"/requests/{request['id']}/receive"
    first = await world.client.post(path, headers=headers)
    again = await world.client.post(path, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert first.json() == again.json()
    facts = [name for name, _ in await world.events()]
    assert facts.count("request.received") == 1


async def test_of_two_who_act_at_once_one_wins(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    await walk(world, request, partner, "receive")
    path = f"/requests/{request['id']}"
    answers = await asyncio.gather(
        world.post(f"{path}/accept", None, partner, 3),
        world.post(f"{path}/decline", DECLINE, partner, 3),
        world.post(f"{path}/withdraw", {"reason": "no_longer_needed"}, world.worker(), 3),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("decline", {**DECLINE, "family_sentence": ""}),
        ("decline", {**DECLINE, "code": "Because!"}),
        ("decline", {**DECLINE, "more": 1}),
        ("decline", {**DECLINE, "code": "insufficient_information"}),
        ("decline", {**DECLINE, "code": "needs_statutory_help"}),
        ("decline", {**DECLINE, "tell_by": "9999-12-31"}),
        ("waitlist", {"expected_on": "2020-01-01"}),
        ("ask", {"text": "x", "categories": []}),
        ("complete", {"code": "received"}),
    ],
)
async def test_bad_bodies_are_422(world: Any, verb: str, body: dict[str, Any]) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    await walk(world, request, partner, "receive")
    answer = await world.post(f"/requests/{request['id']}/{verb}", body, partner, 3)
    assert answer.status_code in {409, 422}, answer.text
    assert answer.status_code == 422 or verb == "complete"


@pytest.mark.parametrize(
    "odd",
    [
        r'"how": "\ud800"',
        r'"how": {"a": [[[["deep"]]]]}',
        r'"parcels_last_6_months": 1e400',
        r'"parcels_last_6_months": 99999999999999999999999999',
        r'"allergies": "\ud83d"',
        r'"\udfff": "x"',
        r'"allergies": null',
    ],
)
async def test_odd_json_is_refused_and_never_a_fault(world: Any, odd: str) -> None:
    food = world.service("food_bank")
    whole = json.dumps(world.referral(world.ask(food, answers={})))
    body = whole.replace('"answers": {}', f'"answers": {{{odd}}}')
    headers = {**world.worker(), **key_header(), "Content-Type": "application/json"}
    answer = await world.client.post("/referrals", content=body.encode(), headers=headers)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
