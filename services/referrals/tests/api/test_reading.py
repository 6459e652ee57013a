"""Reading one request: a recorded decision, a live read of permitted fields, and nothing when anything is missing."""

import re
from typing import Any

import pytest

from connective.contracts.categories import Category, Method
from connective.contracts.permissions import BY_LINK, Role
from connective.kit.ids import new_id
from connective.kit.pages import Page
from connective.referrals.api.answers import RequestItem

DECLINED = {
    "code": "at_capacity",
    "family_sentence": "We are full this week.",
    "next_step": "Ring again on Monday.",
    "second_look": "Ask for the manager.",
}
WORDS = {"text": "Please ring before noon.", "categories": ["needs"]}


async def sent(world: Any, kind: str = "food_bank", **changes: Any) -> tuple[Any, dict[str, Any]]:
    service = world.service(kind)
    made = await world.make(world.ask(service, **changes))
    return service, made["requests"][0]


async def test_the_food_bank_sees_what_it_needs_and_nothing_else(world: Any) -> None:
    food, request = await sent(world, free_text=WORDS)
    answer = await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))
    shown = answer.json()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert shown["view"] == "recipient"
    (person,) = shown["people"]
    assert person["fields"] == {
        "collector_name": "Mara Test",
        "adults": 2,
        "children_by_age_band": {"1-4": 1},
        "outward_postcode": "TA20",
        "phone": "07700 900123",
    }
    assert shown["answers"]["crisis_reason"] == "benefit_delay"
    assert shown["free_text"]["text"] == "Please ring before noon."
    assert [need["code"] for need in shown["needs"]] == ["food_or_fuel_poverty"]
    for canary in ("1991-05-04", "9990000018", "Testbury Nursery", "1 Test Lane", "referral_id", "family_id"):
        assert canary not in answer.text
    assert world.families.read == [
        [
            "address.outward_postcode",
            "contact.phone",
            "contact.safe_contact_rule",
            "household.adults",
            "household.children_by_age_band",
            "person.full_name",
            "person.language",
        ]
    ]


async def test_opening_is_decided_recorded_and_receives_once(world: Any) -> None:
    food, request = await sent(world)
    for _ in range(2):
        shown = (await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))).json()
        assert (shown["status"]["state"], shown["status"]["version"]) == ("received", 3)
        assert shown["disclosure"]["disclosure_id"] is not None
    assert [asked.request_id for asked in world.consent.disclosed] == [
        shown_id := world.consent.disclosed[0].request_id
    ] * 2
    assert str(shown_id) == request["id"]
    assert world.consent.disclosed[0].question.method is Method.API
    assert (await world.events())[2:] == [("request.received", 3)]
    person = world.identities.person(place=world.place, organisation=food.organisation_id, roles=["partner_worker"])
    await world.client.get(f"/requests/{request['id']}", headers=person)
    assert world.consent.disclosed[-1].question.method is Method.HUB_PAGE
    roles = [str(Role.PARTNER_WORKER), BY_LINK]
    by_link = world.identities.person(place=world.place, organisation=food.organisation_id, roles=roles)
    await world.client.get(f"/requests/{request['id']}", headers=by_link)
    assert world.consent.disclosed[-1].question.method is Method.SECURE_LINK


async def test_head_and_304_disclose_and_receive_nothing(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    head = await world.client.head(f"/requests/{request['id']}", headers=partner)
    assert (head.status_code, head.headers["ETag"], head.text) == (200, '"2"', "")
    same = await world.client.get(f"/requests/{request['id']}", headers={**partner, "If-None-Match": '"2"'})
    assert (same.status_code, same.text) == (304, "")
    assert world.consent.disclosed == []
    assert (await world.client.head(f"/requests/{request['id']}", headers=world.worker(new_id()))).status_code == 404


@pytest.mark.parametrize("role", [Role.PARTNER_WORKER, Role.SUPPORT_WORKER])
async def test_strangers_and_unsent_requests_look_the_same(world: Any, role: Role) -> None:
    food, request = await sent(world)
    stranger = world.identities.person(place=world.place, organisation=new_id(), roles=[role])
    there = await world.client.get(f"/requests/{request['id']}", headers=stranger)
    nowhere = await world.client.get(f"/requests/{new_id()}", headers=stranger)
    draft = (await world.make(world.ask(food), submit=False))["requests"][0]
    unsent = await world.client.get(f"/requests/{draft['id']}", headers=world.partner(food))
    shapes = {(a.status_code, a.json()["type"], a.json()["detail"]) for a in (there, nowhere, unsent)}
    assert len(shapes) == 1
    assert there.status_code == 404
    other_place = world.identities.client(place=new_id(), organisation=food.organisation_id, scope="requests:work")
    assert (await world.client.get(f"/requests/{request['id']}", headers=other_place)).status_code in {401, 404}


async def test_a_denied_reading_holds_the_request_and_shows_nothing(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    await world.client.get(f"/requests/{request['id']}", headers=partner)
    world.consent.refused[food.organisation_id] = dict.fromkeys(Category, "consent_withdrawn")
    read_before = len(world.families.read)
    closed = await world.client.get(f"/requests/{request['id']}", headers=partner)
    problem = closed.json()
    assert (closed.status_code, problem["type"]) == (403, "/problems/sharing-not-permitted")
    assert (problem["reference"], problem["state"]) == (request["reference"], "on_hold")
    assert problem["reasons"] == ["sharing_not_permitted"]
    assert "Mara" not in closed.text
    assert len(world.families.read) == read_before
    assert (await world.events())[-1] == ("request.held", 4)
    asked = len(world.consent.disclosed)
    again = await world.client.get(f"/requests/{request['id']}", headers=partner)
    assert again.status_code == 403
    assert len(world.consent.disclosed) == asked, "a held request is closed without asking"
    released = await world.act(request, "release", world.coordinator(), status=412)
    released = (await world.post(f"/requests/{request['id']}/release", None, world.coordinator(), 4)).json()
    assert released["state"] == "received"
    world.consent.refused.clear()
    assert (await world.client.get(f"/requests/{request['id']}", headers=partner)).status_code == 200


async def test_losing_a_required_category_closes_the_view_too(world: Any) -> None:
    food, request = await sent(world)
    world.consent.refused[food.organisation_id] = {Category.IDENTITY: "suspended"}
    closed = await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))
    assert closed.status_code == 403
    assert world.families.read == []


async def test_losing_a_useful_category_hides_its_fields_and_names_them(world: Any) -> None:
    food, request = await sent(world, free_text={"text": "Flat 3.", "categories": ["address"]})
    world.consent.refused[food.organisation_id] = {Category.ADDRESS: "restricted"}
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))).json()
    assert {"outward_postcode", "delivery_address", "free_text"} <= set(shown["withheld"])
    assert shown["free_text"] is None
    assert "address.outward_postcode" not in world.families.read[0]
    assert "TA20" not in str(shown)


async def test_what_a_restriction_hides_is_named(world: Any) -> None:
    food, request = await sent(world)
    world.families.withheld = ("contact.phone",)
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))).json()
    assert "phone" in shown["withheld"]


@pytest.mark.parametrize("room", ["consent", "families"])
async def test_any_hop_that_fails_shows_nothing_and_receives_nothing(world: Any, room: str) -> None:
    food, request = await sent(world)
    getattr(world, room).away = True
    answer = await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))
    assert answer.status_code == 503
    assert "Mara" not in answer.text
    head = await world.client.head(f"/requests/{request['id']}", headers=world.partner(food))
    assert head.headers["ETag"] == '"2"'


async def test_the_referrer_reads_its_own_and_the_reading_is_audited(world: Any) -> None:
    _, request = await sent(world, free_text=WORDS)
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert shown["view"] == "referrer"
    assert shown["answers"]["how"] == "collect_today"
    assert shown["service"]["telephone"] == "01632 960123"
    assert world.consent.disclosed == []
    (row,) = await world.rows("SELECT data::jsonb AS data FROM outbox WHERE subject = 'hub.referrals.audit.recorded'")
    assert request["id"] in row["data"]
    assert "ring before noon" not in row["data"]


async def declined_with_words(world: Any, categories: list[str]) -> dict[str, Any]:
    food, request = await sent(world)
    partner = world.partner(food)
    await world.act(request, "receive", partner)
    body = {
        "code": "other",
        "text": {"text": "She told us about her health.", "categories": categories},
        "family_sentence": "We cannot help just now.",
        "next_step": "Your worker will try another one.",
        "second_look": "Ask for our manager.",
    }
    await world.act(request, "decline", partner, body)
    return request


async def test_what_a_recipient_writes_back_is_decided_in_that_direction(world: Any) -> None:
    request = await declined_with_words(world, ["health"])
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert [m["text"] for m in shown["messages"]] == ["She told us about her health."]
    question = world.consent.disclosed[0].question
    assert question.recipient_organisation_id == world.school
    assert question.categories == {Category.HEALTH}
    world.consent.refused[world.school] = {Category.HEALTH: "no_flow"}
    hidden = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert [(m["text"], m["withheld"]) for m in hidden["messages"]] == [(None, ["health"])]
    assert hidden["status"]["decline"]["code"] == "other"
    assert hidden["status"]["decline"]["family_sentence"] == "We cannot help just now."
    world.consent.away = True
    away = await world.client.get(f"/requests/{request['id']}", headers=world.worker())
    assert away.status_code == 200
    assert away.json()["messages"][0]["text"] is None


async def test_progress_returns_without_asking(world: Any) -> None:
    request = await declined_with_words(world, ["progress"])
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert shown["messages"][0]["text"] is not None
    assert world.consent.disclosed == []


async def test_an_outcome_returns_person_by_person(world: Any) -> None:
    salt, request = await sent(world, "speech_and_language_therapy")
    partner = world.partner(salt)
    for verb in ("receive", "accept", "start"):
        await world.act(request, verb, partner)
    body = {
        "code": "received",
        "needs": [{"person_id": str(world.child), "code": "child_0_5_speech_language", "severity_now": 1}],
        "views": [{"person_id": None, "text": "He talks more.", "categories": ["voice"]}],
        "no_views": [{"person_id": str(world.child), "reason": "too_young"}],
    }
    await world.act(request, "complete", partner, body)
    world.consent.refused[world.school] = {Category.HEALTH: "no_flow"}
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert shown["outcome"]["code"] == "received"
    assert [need["severity_now"] for need in shown["outcome"]["needs"]] == [None]
    assert [view["text"] for view in shown["outcome"]["views"]] == ["He talks more."]
    assert len(shown["outcome"]["withheld"]) == 1
    stone = (await world.client.get(f"/requests/{request['id']}", headers=partner)).json()
    assert (stone["view"], stone["status"]["state"]) == ("tombstone", "completed")
    assert stone["outcome"]["needs"][0]["severity_now"] == 1
    assert "Robin" not in str(stone)
    assert len(world.families.read) == 0


async def test_history_is_for_both_without_words_and_without_what_was_before_the_sending(world: Any) -> None:
    food = world.service("food_bank")
    world.consent.refused[food.organisation_id] = {Category.IDENTITY: "nothing_agreed"}
    request = (await world.make(world.ask(food)))["requests"][0]
    world.consent.refused.clear()
    await world.act(request, "submit", world.worker())
    question = {"text": "Which morning?", "categories": ["progress"]}
    partner = world.partner(food)
    await world.act(request, "receive", partner)
    await world.act(request, "ask", partner, question)
    own = (await world.client.get(f"/requests/{request['id']}/history", headers=world.worker())).json()
    theirs = (await world.client.get(f"/requests/{request['id']}/history", headers=partner)).json()
    assert [entry["fact"] for entry in own] == ["blocked", "submitted", "received", "information_requested"]
    assert [entry["fact"] for entry in theirs] == ["submitted", "received", "information_requested"]
    assert "Which morning" not in str(own) + str(theirs)


async def test_lists_carry_no_category_data_and_no_siblings(world: Any) -> None:
    food, house = world.service("food_bank"), world.service("housing_advice")
    made = await world.make(world.ask(food, free_text=WORDS), world.ask(house))
    answer = await world.client.get("/requests", headers=world.partner(food))
    (item,) = answer.json()["items"]
    assert item["id"] == made["requests"][0]["id"]
    assert (item["referral_id"], item["family_id"]) == (None, None)
    assert made["id"] not in answer.text
    assert "crisis" not in answer.text
    sent_list = (await world.client.get("/requests?direction=sent", headers=world.worker())).json()["items"]
    assert {(i["referral_id"], i["family_id"]) for i in sent_list} == {(made["id"], made["family_id"])}
    of_family = await world.client.get(f"/referrals?family_id={made['family_id']}", headers=world.worker())
    assert [each["id"] for each in of_family.json()["items"]] == [made["id"]]
    of_another = await world.client.get(f"/referrals?family_id={made['id']}", headers=world.worker())
    assert of_another.json()["items"] == []
    filtered = await world.client.get("/requests?direction=sent&state=received", headers=world.worker())
    assert filtered.json()["items"] == []
    assert (await world.client.get("/requests?direction=place", headers=world.worker())).status_code == 403
    whole = (await world.client.get("/requests?direction=place", headers=world.coordinator())).json()["items"]
    assert len(whole) == 2
    assert (await world.client.get("/requests?state=lost", headers=world.worker())).status_code == 422
    assert (await world.client.get("/requests?cursor=forged", headers=world.worker())).status_code == 422


async def test_a_page_is_what_its_model_would_be(world: Any) -> None:
    food = world.service("food_bank")
    needed_by = "2026-03-04T12:00:00Z"
    request = (await world.make(world.ask(food, needed_by=needed_by), world.ask(food)))["requests"][0]
    await world.make(world.ask(food), submit=False)
    await world.client.get(f"/requests/{request['id']}", headers=world.partner(food))
    await world.act(request, "decline", world.partner(food), DECLINED)
    seen: list[RequestItem] = []
    for headers, query in (
        (world.partner(food), ""),
        (world.partner(food), "state=received&state=submitted"),
        (world.worker(), "direction=sent"),
        (world.coordinator(), "direction=place"),
    ):
        onward: str | None = "?limit=1&" + query
        while onward is not None:
            answer = await world.client.get("/requests" + onward, headers=headers)
            page = Page[RequestItem].model_validate_json(answer.content)
            # PostgreSQL writes no zeros at the end of a second's fraction; both forms are RFC 3339.
            assert answer.text == re.sub(r"(\.\d+?)0+Z", r"\1Z", page.model_dump_json())
            assert answer.headers["Content-Type"] == "application/json"
            assert answer.headers["Cache-Control"] == "no-store"
            onward = page.next_cursor and f"?limit=1&{query}&cursor={page.next_cursor}"
            seen += page.items
    assert len(seen) == 2 + 1 + 3 + 3
    assert {item.urgent for item in seen} == {item.due is None for item in seen} == {False, True}


async def test_the_feed_has_everything_in_the_relays_order(world: Any) -> None:
    food = world.service("food_bank")
    request = (await world.make(world.ask(food)))["requests"][0]
    partner = world.partner(food)
    feed = (await world.client.get("/requests/changes", headers=partner)).json()
    assert (feed["items"], feed["more"]) == ([], False), "nothing is in the feed before the relay has numbered it"
    await number(world)
    await world.act(request, "receive", partner)
    await world.act(request, "accept", partner)
    first = (await world.client.get("/requests/changes", headers=partner)).json()
    assert [(i["fact"], i["state"], i["version"]) for i in first["items"]] == [("submitted", "submitted", 2)]
    await number(world)
    page = await world.client.get(f"/requests/changes?limit=1&cursor={first['next_cursor']}", headers=partner)
    assert ([i["fact"] for i in page.json()["items"]], page.json()["more"]) == (["received"], True)
    rest = await world.client.get(f"/requests/changes?cursor={page.json()['next_cursor']}", headers=partner)
    assert [i["fact"] for i in rest.json()["items"]] == ["accepted"]
    end = await world.client.get(f"/requests/changes?cursor={rest.json()['next_cursor']}", headers=partner)
    assert (end.json()["items"], end.json()["next_cursor"]) == ([], rest.json()["next_cursor"])
    strangers = world.identities.client(place=world.place, organisation=new_id(), scope="requests:list")
    assert (await world.client.get("/requests/changes", headers=strangers)).json()["items"] == []


async def number(world: Any) -> None:
    """What the relay does before it publishes."""
    await world.rows(
        "WITH rows AS (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM outbox WHERE feed_position IS NULL), "
        "head AS (UPDATE outbox_head SET position = position + (SELECT count(*) FROM rows) RETURNING position) "
        "UPDATE outbox SET feed_position = head.position - (SELECT count(*) FROM rows) + rows.nth "
        "FROM rows, head WHERE outbox.id = rows.id"
    )


async def test_forms_are_published_with_their_schema_and_the_safeguarding_sentence(world: Any) -> None:
    listed = (await world.client.get("/forms", headers=world.worker())).json()
    assert {"food_bank", "early_help"} <= {item["kind"] for item in listed["items"]}
    form = (await world.client.get("/forms/food_bank", headers=world.worker())).json()
    same = (await world.client.get("/forms/food_bank/versions/1", headers=world.worker())).json()
    assert form == same
    assert form["answers_schema"]["required"] == ["how", "crisis_reason", "cooking_facilities"]
    assert "01632 960999" in form["safeguarding"]
    assert (await world.client.get("/forms/magic", headers=world.worker())).status_code == 404
    assert (await world.client.get("/forms/food_bank/versions/9", headers=world.worker())).status_code == 404
