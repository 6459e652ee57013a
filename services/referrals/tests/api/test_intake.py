"""Intake: people from outside wait for a person, once, are shown as far as permitted, and are gone when it ends."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from connective.contracts.categories import Category
from connective.contracts.partner_events import HubChanged
from connective.kit.actor import service_actor
from connective.kit.ids import new_id
from connective.kit.testing import key_header
from connective.referrals.commands.remind_intakes import remind_intakes
from connective.referrals.commands.work_intake import lapse_intakes
from connective.referrals.domain.clocks import within
from connective.referrals.domain.intake import DAYS_KEPT
from connective.referrals.storage.hubs import keep_hub

FAMILY: dict[str, Any] = {
    "safeguarding_check": {"answer": "no_concern"},
    "people": [
        {"first_name": "Odile", "last_name": "Canary", "part": "adult", "birth_date": "1990-02-03"},
        {"first_name": "Pim", "last_name": "Canary", "part": "child"},
    ],
    "contact": {"telephone": "01632 960321", "safe_to_leave_message": True},
    "language": "fr",
    "postcode": "TA20 1AA",
    "needs": ["parenting_support", "parent_mental_health"],
    "words": {"text": "Mornings are hard since the move.", "categories": ["needs"]},
}
AGREES = {"agreed_on": "2026-03-01", "how": "in_person", "notice_reference": "Our leaflet, March"}
CANARIES = ("Odile", "Canary", "960321", "TA20", "Mornings")


class Outside:
    """A partner's system that sends, the early help team that receives, and a stranger."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.team = world.service("early_help")
        self.sender_id = new_id()
        self.sender = world.identities.client(place=world.place, organisation=self.sender_id, scope="intake:send")
        self.worker = world.worker(self.team.organisation_id)
        self.stranger = world.worker()

    def body(self, **changes: Any) -> dict[str, Any]:
        return {**FAMILY, "service_id": str(self.team.service_id), "family_agrees": AGREES, **changes}

    async def send(self, status: int = 201, **changes: Any) -> dict[str, Any]:
        answer = await self.world.post("/intake", self.body(**changes), self.sender)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def read(self, intake: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        answer = await self.world.client.get(f"/intake/{intake['id']}", headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        return dict(answer.json())

    async def listed(self, headers: dict[str, str], **query: str) -> list[dict[str, Any]]:
        answer = await self.world.client.get("/intake", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        assert not any(canary in answer.text for canary in CANARIES)
        return list(answer.json()["items"])


@pytest.fixture
def outside(world: Any) -> Outside:
    return Outside(world)


async def acts(world: Any) -> list[str]:
    rows = await world.rows("SELECT data FROM outbox WHERE subject = 'hub.referrals.audit.recorded' ORDER BY id")
    return [json.loads(row["data"])["act"] for row in rows]


async def test_what_a_partner_sends_is_matched_by_a_person_and_then_gone(world: Any, outside: Outside) -> None:
    sent = await outside.send(external_reference="case 17")
    assert (sent["state"], sent["content"], sent["allowed_actions"]) == ("waiting", None, ["withdraw"])
    (asked,) = world.consent.taken_in
    assert [str(subject) for subject in asked.question.subjects] == [sent["id"]]
    assert {"identity", "contact_details", "communication", "address", "needs", "health"} <= asked.question.categories
    (item,) = await outside.listed(outside.worker)
    assert (item["id"], item["overdue"]) == (sent["id"], False)
    seen = await outside.read(sent, outside.worker)
    assert [person["first_name"] for person in seen["content"]["people"]] == ["Odile", "Pim"]
    assert seen["content"]["contact"]["telephone"] == "01632 960321"
    assert seen["allowed_actions"] == ["close", "match"]
    assert [str(each.request_id) for each in world.consent.disclosed] == [sent["id"]]
    whose = {"family_id": str(world.families.family_id), "person_id": str(world.mother)}
    nobody = {"family_id": str(new_id()), "person_id": str(world.mother)}
    path = f"/intake/{sent['id']}/match"
    unknown = await world.post(path, nobody, outside.worker, 1)
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/family_id")
    assert (await world.post(path, whose, outside.worker, 7)).status_code == 412
    matched = await world.post(path, whose, outside.worker, 1)
    assert (matched.status_code, matched.json()["state"]) == (200, "matched")
    again = await world.post(path, whose, outside.worker, 2)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/intake-ended")
    told = await outside.read(sent, outside.sender)
    assert (told["state"], told["content"], told["external_reference"]) == ("matched", None, "case 17")
    assert str(world.families.family_id) not in json.dumps(told)
    stored = json.dumps([dict(row) for row in await world.rows("SELECT * FROM intake")], default=str)
    assert not any(canary in stored for canary in CANARIES)
    assert await acts(world) == ["intake.matched"]
    events = await world.rows("SELECT data FROM outbox WHERE subject LIKE 'hub.referrals.intake.%' ORDER BY id")
    assert [json.loads(row["data"])["state"] for row in events] == ["waiting", "matched"]
    assert not any(canary in row["data"] for row in events for canary in CANARIES)


async def test_the_same_sent_twice_is_one_and_another_under_its_reference_is_refused(outside: Outside) -> None:
    first = await outside.send(external_reference="case 18")
    again = await outside.send(200, external_reference="case 18")
    assert again["id"] == first["id"]
    other = await outside.send(409, external_reference="case 18", postcode="TA20 2BB")
    assert (other["type"], other["intake_id"]) == ("/problems/already-received", first["id"])
    assert len(await outside.listed(outside.sender, direction="sent")) == 1


async def test_a_retry_is_answered_from_what_was_done_and_states_nothing_twice(world: Any, outside: Outside) -> None:
    key = key_header()
    for body in (outside.body(), outside.body(external_reference="case 19")):
        world.consent.taken_in.clear()
        first = await world.client.post("/intake", json=body, headers=outside.sender | key)
        world.consent.away = True
        again = await world.client.post("/intake", json=body, headers=outside.sender | key)
        world.consent.away = False
        assert (again.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
        assert (again.json(), len(world.consent.taken_in)) == (first.json(), 1)
        key = key_header()


async def test_what_is_refused_goes_without_and_its_sender_is_told_what_would_clear_it(
    world: Any, outside: Outside
) -> None:
    world.consent.refused[outside.team.organisation_id] = {Category.HEALTH: "no_condition", Category.ADDRESS: "no_flow"}
    sent = await outside.send()
    assert {each["category"] for each in sent["withheld"]} == {"health", "address"}
    seen = await outside.read(sent, outside.worker)
    assert (seen["content"]["needs"], seen["content"]["postcode"]) == (["parenting_support"], None)
    assert (seen["content"]["words"]["text"], seen["withheld"]) == ("Mornings are hard since the move.", [])


async def test_without_names_nothing_is_taken_and_without_consent_nothing_shown(world: Any, outside: Outside) -> None:
    sent = await outside.send()
    world.consent.refused[outside.team.organisation_id] = {Category.IDENTITY: "no_agreement"}
    refused = await outside.send(403)
    assert refused["missing"][0]["category"] == "identity"
    assert len(await outside.listed(outside.worker)) == 1
    world.consent.refused[outside.team.organisation_id] = dict.fromkeys(Category, "consent_withdrawn")
    closed = await world.client.get(f"/intake/{sent['id']}", headers=outside.worker)
    assert (closed.status_code, closed.json()["type"]) == (403, "/problems/sharing-not-permitted")
    world.consent.away = True
    away = await world.client.get(f"/intake/{sent['id']}", headers=outside.worker)
    assert away.status_code == 503
    assert not any(canary in closed.text + away.text for canary in CANARIES)


async def test_only_its_parties_know_of_it_and_each_does_its_own_part(world: Any, outside: Outside) -> None:
    sent = await outside.send()
    there = await world.client.get(f"/intake/{sent['id']}", headers=outside.stranger)
    nowhere = await world.client.get(f"/intake/{new_id()}", headers=outside.stranger)
    assert (there.status_code, there.json()["detail"]) == (404, nowhere.json()["detail"])
    assert await outside.listed(outside.stranger) == []
    not_its_own = await world.post(f"/intake/{sent['id']}/withdraw", None, outside.worker, 1)
    assert not_its_own.status_code == 403
    closing = {"code": "helped", "sentence": "We phoned and gave a parcel."}
    assert (await world.post(f"/intake/{sent['id']}/close", closing, outside.sender, 1)).status_code == 403
    taken_back = await world.post(f"/intake/{sent['id']}/withdraw", None, outside.sender, 1)
    assert (taken_back.status_code, taken_back.json()["state"]) == (200, "withdrawn")
    second = await outside.send()
    closed = await world.post(f"/intake/{second['id']}/close", closing, outside.worker, 1)
    assert (closed.json()["state"], closed.json()["end_code"]) == ("closed", "helped")


async def test_a_family_asks_by_itself_and_is_told_what_happens_next(world: Any, outside: Outside) -> None:
    body = {**FAMILY, "service_id": str(outside.team.service_id)}
    elsewhere = await world.client.post(
        "/intake/self-referrals", json={**body, "place_id": str(new_id())}, headers=key_header()
    )
    assert (elsewhere.status_code, elsewhere.json()["errors"][0]["pointer"]) == (422, "/place_id")
    key = key_header()
    answer = await world.client.post("/intake/self-referrals", json=body, headers=key)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["reference"].startswith("INT-")
    assert "01632 960999" in told["safeguarding"]
    assert not any(canary in answer.text for canary in CANARIES)
    retried = await world.client.post("/intake/self-referrals", json=body, headers=key)
    assert (retried.json(), retried.headers["Idempotent-Replay"]) == (told, "true")
    asking = {"reference": told["reference"].lower(), "progress_code": told["progress_code"].replace("-", " ").lower()}
    goes = await world.client.post("/intake/self-referrals/progress", json=asking)
    assert (goes.status_code, goes.json()["state"], goes.json()["ended_on"]) == (200, "waiting", None), goes.text
    assert goes.headers["Cache-Control"] == "no-store"
    assert not any(canary in goes.text for canary in CANARIES)
    for wrong in ({"progress_code": "AAAA-AAAA-AAAA"}, {"reference": "INT-0000-0000"}):
        unknown = await world.client.post("/intake/self-referrals/progress", json=asking | wrong)
        assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-found"), wrong
    (item,) = await outside.listed(outside.worker, state="waiting")
    assert (item["source"], item["sender_organisation_id"]) == ("self", None)
    seen = await outside.read(item, outside.worker)
    assert seen["content"]["needs"] == ["parenting_support", "parent_mental_health"]
    assert world.consent.disclosed == []
    assert await acts(world) == ["intake.read"]
    await world.post(
        f"/intake/{item['id']}/close", {"code": "helped", "sentence": "Pim got a parcel."}, outside.worker, 1
    )
    over = (await world.client.post("/intake/self-referrals/progress", json=asking)).json()
    assert (over["state"], over["ended_on"] is not None, "Pim" in json.dumps(over)) == ("closed", True, False)


async def test_a_concern_is_phoned_and_a_front_door_is_no_service(world: Any, outside: Outside) -> None:
    reporting = await outside.send(422, safeguarding_check={"answer": "reporting_now"})
    assert reporting["type"] == "/problems/report-concern-first"
    door = world.service("early_help", reporting_route=True)
    refused = await outside.send(422, service_id=str(door.service_id))
    assert refused["type"] == "/problems/not-a-reporting-route"
    closed = world.service("early_help", takes_requests=False)
    assert "takes no new requests" in (await outside.send(422, service_id=str(closed.service_id)))["detail"]
    assert (await outside.send(404, service_id=str(new_id())))["status"] == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"contact": {}}, "/contact"),
        ({"needs": ["not_a_need"]}, "/needs/0"),
        (
            {"people": [{"first_name": "A", "last_name": "B", "part": "child", "birth_date": "2026-04-01"}]},
            "/people/0/birth_date",
        ),
        ({"people": []}, "/people"),
        ({"contact": {"email": "not an address"}}, "/contact/email"),
    ],
)
async def test_bad_input_is_told_beside_its_field(outside: Outside, changes: dict[str, Any], pointer: str) -> None:
    refused = await outside.send(422, **changes)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


async def test_who_is_to_match_is_reminded_and_then_the_coordinator_of_their_hub(world: Any, outside: Outside) -> None:
    coordinator, hub = new_id(), new_id()
    async with world.running.database.unit(service_actor("referrals", world.place)) as unit:
        members = (outside.team.organisation_id,)
        await keep_hub(
            unit,
            world.place,
            HubChanged(hub_id=hub, coordinator_account_id=coordinator, member_organisation_ids=members),
            1,
        )
    sent = await outside.send()
    database, due = world.running.database, datetime.fromisoformat(sent["due_at"])
    assert await remind_intakes(database, due - timedelta(seconds=1)) == 0
    assert await remind_intakes(database, due) == 1
    later = within(due - timedelta(seconds=1), 2)
    assert await remind_intakes(database, later - timedelta(seconds=1)) == 0, "two working days, not two days"
    assert [await remind_intakes(database, later) for _ in range(2)] == [1, 0]
    told = await world.rows("SELECT data FROM outbox WHERE subject = 'hub.referrals.intake.overdue' ORDER BY id")
    facts = [json.loads(row["data"]) for row in told]
    assert [(each["reason_code"], each["escalated_to"]) for each in facts] == [
        ("match_by_reminder", None),
        ("match_by_coordinator", str(coordinator)),
    ]
    assert not any(canary in row["data"] for row in told for canary in CANARIES)
    world.clock.at = later
    late = await world.client.get("/intake/overdue", headers=world.coordinator())
    assert [(item["id"], item["overdue"]) for item in late.json()["items"]] == [(sent["id"], True)]
    mine = await world.client.get("/intake/overdue", params={"mine": "true"}, headers=world.coordinator())
    assert mine.json()["items"] == [], "another coordinates that hub"
    assert (await world.client.get("/intake/overdue", headers=outside.worker)).status_code == 403
    closing = {"code": "helped", "sentence": "We phoned."}
    assert (await world.post(f"/intake/{sent['id']}/close", closing, outside.worker, 3)).status_code == 200
    assert await remind_intakes(database, later + timedelta(days=9)) == 0


async def test_what_nobody_matches_lapses_and_is_gone(world: Any, outside: Outside) -> None:
    sent = await outside.send()
    world.clock.move(timedelta(days=5))
    late = world.clock()
    assert [item["overdue"] for item in await outside.listed(outside.worker)] == [True]
    assert await lapse_intakes(world.running.database, late) == 0
    assert await lapse_intakes(world.running.database, late + DAYS_KEPT) == 1
    assert (await outside.read(sent, outside.worker))["state"] == "lapsed"
    assert await world.rows("SELECT 1 FROM intake WHERE content IS NOT NULL") == []


async def test_what_waits_is_in_the_copy_that_somebody_asks_for(world: Any, outside: Outside) -> None:
    await outside.send()
    caller = world.identities.caller("consent", "referrals") | key_header()
    team = [str(outside.team.organisation_id)]

    async def held(name: str, last: str, born: str | None, **more: Any) -> list[dict[str, Any]]:
        known = [{"first_name": name, "last_name": last, "birth_date": born}]
        asked = {"place_id": str(world.place), "person_ids": [str(new_id())], "organisation_ids": team}
        answer = await world.client.post("/internal/holdings", json=asked | {"known_as": known} | more, headers=caller)
        return list(answer.json()["items"])

    (hers,) = await held("Odile Marie", "canary", "1990-02-03")
    assert (hers["section"], hers["review"], hers["data"]["as"]["first_name"]) == (
        "sent_in_from_outside",
        True,
        "Odile",
    )
    assert "Pim" not in str(hers), "others who were named are not hers"
    assert hers["data"]["how_to_reach"]["telephone"] == "01632 960321"
    assert len(await held("Pim", "Canary", "2023-01-01")) == 1, "without a birth date by the name alone, to be reviewed"
    assert await held("Odile", "Canary", "1991-01-01") == []
    assert await held("Odile", "Canary", "1990-02-03", organisation_ids=[str(new_id())]) == []
    (hidden,) = await held("Odile", "Canary", "1990-02-03", hidden=True)
    assert not [canary for canary in ("960321", "TA20", "Mornings", "early_help") if canary in str(hidden)]
