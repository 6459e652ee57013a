"""Making a referral: sent, blocked, kept; refused where it must be; once however often it is sent."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from connective.contracts.categories import Category, Purpose
from connective.kit.ids import new_id
from connective.kit.testing import key_header

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FOUR = ("food_bank", "housing_advice", "speech_and_language_therapy", "early_help")


async def test_one_referral_with_four_requests_three_go_and_one_is_blocked(world: Any) -> None:
    services = {kind: world.service(kind) for kind in FOUR}
    salt = services["speech_and_language_therapy"]
    world.consent.refused[salt.organisation_id] = {Category.HEALTH: "no_article_9_condition"}
    needed = (NOW + timedelta(hours=5)).isoformat()
    asks = [world.ask(s, **({"needed_by": needed} if s.kind == "food_bank" else {})) for s in services.values()]
    made = await world.make(*asks)
    by_kind = {request["service_kind"]: request for request in made["requests"]}
    assert {kind: r["state"] for kind, r in by_kind.items()} == {
        "food_bank": "submitted",
        "housing_advice": "submitted",
        "speech_and_language_therapy": "blocked",
        "early_help": "submitted",
    }
    blocked = by_kind["speech_and_language_therapy"]
    assert blocked["missing"] == [
        {"category": "health", "code": "no_article_9_condition", "sentence": "No health.", "remedy": "Amend it."}
    ]
    assert {option["kind"] for option in blocked["today"]} == {"phone", "signpost"}
    assert "01632 960123" in blocked["today"][0]["sentence"]
    assert made["status"] == "active"
    assert "phone Testbury front door on 01632 960999 now" in made["safeguarding"]
    assert len({r["reference"] for r in made["requests"]}) == 4
    events = await world.events()
    assert [name for name, _ in events] == [
        "referral.made",
        "request.submitted",
        "request.submitted",
        "request.blocked",
        "request.submitted",
    ]


async def test_the_question_names_only_what_there_is_to_share(world: Any) -> None:
    food = world.service("food_bank")
    await world.make(world.ask(food))
    question = world.consent.asked[0]
    assert question.discloser_organisation_id == world.families.organisation_id
    assert question.recipient_organisation_id == food.organisation_id
    assert (question.service_kind, question.purpose) == ("food_bank", Purpose.REFERRAL)
    assert question.subjects == (world.mother,)
    assert Category.HEALTH not in question.categories
    assert {Category.IDENTITY, Category.HOUSEHOLD, Category.NEEDS} <= question.categories
    assert len(world.consent.asked) == 1


async def test_a_useful_category_refused_lets_it_go_without(world: Any) -> None:
    food = world.service("food_bank")
    world.consent.refused[food.organisation_id] = {Category.ADDRESS: "address_not_in_agreement"}
    made = await world.make(world.ask(food))
    request = made["requests"][0]
    assert (request["state"], [w["category"] for w in request["without"]]) == ("submitted", ["address"])


async def test_drafts_ask_nobody_about_sharing(world: Any) -> None:
    food = world.service("food_bank")
    made = await world.make(world.ask(food), submit=False)
    assert (made["status"], made["requests"][0]["state"]) == ("draft", "draft")
    assert made["requests"][0]["allowed_actions"] == ["amend", "submit", "withdraw"]
    assert world.consent.asked == []


async def test_reporting_now_keeps_the_draft_gives_the_numbers_and_sends_nothing(world: Any) -> None:
    food = world.service("food_bank")
    body = world.referral(world.ask(food), safeguarding_check={"answer": "reporting_now"})
    headers = world.worker() | key_header()
    first = await world.client.post("/referrals", json=body, headers=headers)
    again = await world.client.post("/referrals", json=body, headers=headers)
    for answer in (first, again):
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (422, "/problems/report-concern-first")
        assert problem["numbers"]["front_door_number"] == "01632 960999"
        assert "01632 960999" in problem["detail"]
    assert first.json()["referral_id"] == again.json()["referral_id"]
    kept = await world.client.get(f"/referrals/{first.json()['referral_id']}", headers=world.worker())
    request = kept.json()["requests"][0]
    assert (request["state"], request["due"]["clock"]) == ("draft", "send_by")
    assert world.consent.asked == []
    assert [name for name, _ in await world.events()] == ["referral.made", "audit.recorded"]
    # It stays until the report is noted; then the help goes too.
    refused = await world.act(request, "submit", world.worker(), status=422)
    assert refused["type"] == "/problems/report-concern-first"
    reported = {
        "answer": "already_reported",
        "reported_to": "Testbury front door",
        "reported_at": NOW.isoformat(),
        "reference": "CD-41",
    }
    sent = await world.act(request, "submit", world.worker(), {"safeguarding_check": reported})
    assert sent["state"] == "submitted"


async def test_a_front_door_is_never_the_recipient(world: Any) -> None:
    front_door, food = world.service("early_help", reporting_route=True), world.service("food_bank")
    answer = await world.post("/referrals", world.referral(world.ask(food), world.ask(front_door)), world.worker())
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-a-reporting-route")
    assert "01632 960999" in answer.json()["detail"]
    assert await world.rows("SELECT 1 FROM referral") == []


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"answers": {}}, "/requests/0/answers/how", "required"),
        ({"answers": {"how": "fly"}}, "/requests/0/answers/how", "unknown-choice"),
        ({"needs": [{"person_id": str(new_id()), "code": "debt_or_arrears", "severity": 1}]}, None, "not-asked-for"),
        ({"needed_by": (NOW - timedelta(hours=1)).isoformat()}, "/requests/0/needed_by", "in-the-past"),
        ({"needed_by": (NOW + timedelta(minutes=5)).isoformat()}, "/requests/0/needed_by", "cannot-answer-in-time"),
        ({"replaces": str(new_id())}, "/requests/0/replaces", "unknown"),
        ({"service_id": str(new_id())}, "/requests/0/service_id", "unknown-service"),
    ],
)
async def test_what_is_wrong_is_pointed_at(world: Any, change: dict[str, Any], pointer: str | None, code: str) -> None:
    answer = await world.post(
        "/referrals", world.referral(world.ask(world.service("food_bank"), **change)), world.worker()
    )
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert code in {error["code"] for error in errors}
    assert pointer is None or pointer in {error["pointer"] for error in errors}


async def test_therapy_is_one_person_per_request(world: Any) -> None:
    salt = world.service("speech_and_language_therapy")
    both = [str(world.child), str(world.mother)]
    answer = await world.post("/referrals", world.referral(world.ask(salt, subjects=both)), world.worker())
    assert [error["code"] for error in answer.json()["errors"]] == ["one-subject"]


async def test_a_family_the_worker_may_not_act_for_does_not_exist(world: Any) -> None:
    food = world.service("food_bank")
    answer = await world.post("/referrals", world.referral(world.ask(food), family_id=str(new_id())), world.worker())
    assert answer.status_code == 404
    stranger = world.ask(food, contact_person_id=str(new_id()))
    assert (await world.post("/referrals", world.referral(stranger), world.worker())).status_code == 404


@pytest.mark.parametrize("room", ["consent", "families"])
async def test_nothing_is_stored_when_another_room_is_away(world: Any, room: str) -> None:
    food = world.service("food_bank")
    getattr(world, room).away = True
    answer = await world.post("/referrals", world.referral(world.ask(food)), world.worker())
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert await world.rows("SELECT 1 FROM referral") == []


async def test_the_express_lane_and_the_ordinary_way_are_one_operation(world: Any) -> None:
    """What names its charset goes the ordinary way: answers are alike, and a key of the one replays on the other."""
    asked, headers = world.referral(world.ask(world.service("food_bank"))), world.worker() | key_header()
    charset = {"Content-Type": "application/json; charset=utf-8"}
    express = await world.client.post("/referrals", json=asked, headers=headers)
    content = express.request.content
    replay = await world.client.post("/referrals", content=content, headers=headers | charset)
    assert (replay.status_code, replay.headers["Idempotent-Replay"]) == (201, "true")
    assert replay.json() == express.json()
    ordinary = await world.client.post("/referrals", content=content, headers=headers | charset | key_header())
    assert ordinary.status_code == express.status_code == 201
    assert ordinary.json().keys() == express.json().keys()
    assert set(ordinary.headers) == set(express.headers)


async def test_the_same_key_makes_one_referral(world: Any) -> None:
    food = world.service("food_bank")
    body, headers = world.referral(world.ask(food)), world.worker() | key_header()
    answers = await asyncio.gather(*(world.client.post("/referrals", json=body, headers=headers) for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    replay = await world.client.post("/referrals", json=body, headers=headers)
    assert (replay.status_code, replay.headers["Idempotent-Replay"]) == (201, "true")
    assert {answer.json()["id"] for answer in answers if answer.status_code == 201} == {replay.json()["id"]}
    assert len(await world.rows("SELECT 1 FROM request")) == 1
    world.consent.away = True
    away = await world.client.post("/referrals", json=body, headers=headers)
    assert (away.status_code, away.json()) == (201, replay.json()), "a replay decides nothing a second time"
    other = await world.client.post("/referrals", json={**body, "submit": False}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_nothing_is_stored_while_another_attempt_holds_the_key(world: Any) -> None:
    body, account = world.referral(world.ask(world.service("food_bank"))), new_id()
    worker = world.identities.person(
        place=world.place, organisation=world.school, roles=["support_worker"], account=account
    )
    headers = worker | key_header()
    name = f"{world.school}{account}POST /referrals{headers['Idempotency-Key']}"
    other = await asyncpg.connect(world.database.app_url)
    async with other.transaction():
        await other.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", name)
        held = await world.client.post("/referrals", json=body, headers=headers)
    await other.close()
    assert (held.status_code, held.json()["type"]) == (409, "/problems/still-running")
    assert await world.events() == []
    assert (await world.client.post("/referrals", json=body, headers=headers)).status_code == 201


async def test_the_first_answer_and_the_replay_are_the_same_document(world: Any) -> None:
    food = world.service("food_bank", maximum_age=18)
    body, headers = world.referral(world.ask(food)), world.worker() | key_header()
    first = await world.client.post("/referrals", json=body, headers=headers)
    replay = await world.client.post("/referrals", json=body, headers=headers)
    assert first.json() == replay.json()
    assert first.headers["ETag"] == replay.headers["ETag"]
    assert [notice["code"] for notice in first.json()["requests"][0]["notices"]] == ["outside_age"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "temporarily closed"}, "service_closed"),
        ({"takes_requests": False}, "service_closed"),
        ({"organisation_active": False}, "recipient_suspended"),
    ],
)
async def test_a_service_that_takes_nothing_blocks_without_asking(
    world: Any, change: dict[str, Any], code: str
) -> None:
    made = await world.make(world.ask(world.service("food_bank", **change)))
    request = made["requests"][0]
    assert (request["state"], request["missing"][0]["code"], request["missing"][0]["category"]) == (
        "blocked",
        code,
        None,
    )
    assert "voucher" in {option["kind"] for option in request["today"]}
    assert world.consent.asked == []


async def test_a_kind_without_a_form_is_phoned(world: Any) -> None:
    service = world.service("youth_work")
    ask = {**world.ask(world.service("food_bank")), "service_id": str(service.service_id)}
    answer = await world.post("/referrals", world.referral(ask), world.worker())
    assert answer.json()["type"] == "/problems/no-form"


async def test_waiting_there_already_is_shown_but_never_of_a_sensitive_service(world: Any) -> None:
    food, quiet = world.service("food_bank"), world.service("food_bank", sensitive=True)
    await world.make(world.ask(food), world.ask(quiet))
    made = await world.make(world.ask(food), world.ask(quiet))
    assert [[n["code"] for n in r["notices"]] for r in made["requests"]] == [["already_waiting"], []]


async def test_services_are_fetched_once_and_then_known(world: Any) -> None:
    food = world.service("food_bank")
    await world.make(world.ask(food))
    await world.make(world.ask(food))
    assert world.directory.fetched == [food.service_id]


async def test_only_the_own_organisation_sees_a_referral(world: Any) -> None:
    food = world.service("food_bank")
    made = await world.make(world.ask(food))
    strangers = world.worker(new_id())
    assert (await world.client.get(f"/referrals/{made['id']}", headers=strangers)).status_code == 404
    recipient = world.identities.person(
        place=world.place, organisation=food.organisation_id, roles=["support_worker", "partner_worker"]
    )
    assert (await world.client.get(f"/referrals/{made['id']}", headers=recipient)).status_code == 404
    assert (await world.client.get("/referrals", headers=strangers)).json()["items"] == []
    listed = (await world.client.get("/referrals", headers=world.worker())).json()["items"]
    assert [(item["id"], item["status"]) for item in listed] == [(made["id"], "active")]


async def test_lists_go_page_by_page(world: Any) -> None:
    food = world.service("food_bank")
    made = [(await world.make(world.ask(food)))["id"] for _ in range(5)]
    seen, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await world.client.get("/referrals", params=query, headers=world.worker())).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]
    assert (await world.client.get("/referrals?colour=red", headers=world.worker())).status_code == 422
