"""What other rooms' events do here: each is applied through the real consumer, inbox and database."""

import asyncio
import json
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from connective.contracts.events import EVENTS
from connective.contracts.sharing import AssuranceEnd
from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.kit.bus import Outgoing
from connective.kit.ids import new_id
from connective.kit.testing import eventually, key_header
from connective.referrals.app import HANDLERS
from connective.referrals.commands.escalate_due import escalate_due


def message(world: Any, subject: str, *, at_version: int = 1, **data: Any) -> tuple[str, bytes]:
    event = EVENTS[subject](**data)
    document = {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": f"/services/{subject.split('.')[1]}",
        "type": event.type_name(),
        "subject": str(event.aggregate_id),
        "time": "2026-03-02T10:00:00.000000Z",
        "traceparent": "",
        "aggregateversion": at_version,
        "placeid": str(world.place),
        "data": json.loads(event.model_dump_json()),
    }
    return subject, json.dumps(document).encode()


async def tell(world: Any, subject: str, **data: Any) -> None:
    await world.running.consumer.apply([message(world, subject, **data)])


async def state_of(world: Any, request: dict[str, Any]) -> tuple[str, list[str]]:
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()["status"]
    return shown["state"], shown["hold_reasons"]


def consent(world: Any, **changes: Any) -> dict[str, Any]:
    data = {
        "consent_id": new_id(),
        "kind": "consent",
        "person_ids": (world.mother,),
        "recipient_organisation_ids": (),
        "service_kinds": (),
        "purposes": (),
        "categories": (),
    }
    return {**data, **changes}


async def one(world: Any, kind: str = "food_bank") -> tuple[Any, dict[str, Any]]:
    service = world.service(kind)
    return service, (await world.make(world.ask(service)))["requests"][0]


def test_every_subscribed_subject_has_a_handler() -> None:
    assert set(HANDLERS) == set(SUBSCRIPTIONS["referrals"])


@pytest.mark.parametrize("fact", ["withdrawn", "refused", "expired"])
async def test_a_yes_that_ended_holds_what_relied_on_it(world: Any, fact: str) -> None:
    record = new_id()
    world.consent.consent_record_ids = (record,)
    _, relied = await one(world)
    world.consent.consent_record_ids = ()
    _, other = await one(world)
    await tell(world, f"hub.consent.consent.{fact}", **consent(world, consent_id=record))
    assert await state_of(world, relied) == ("on_hold", [f"consent_{fact}"])
    assert (await state_of(world, other))[0] == "submitted"


async def test_a_new_refusal_holds_only_what_relies_on_consent_and_lies_in_its_scope(world: Any) -> None:
    world.consent.consent_record_ids = (new_id(),)
    food, in_scope = await one(world)
    _, other_recipient = await one(world)
    _, other_kind = await one(world, "housing_advice")
    scope = {"recipient_organisation_ids": (food.organisation_id,), "service_kinds": ("food_bank",)}
    await tell(world, "hub.consent.consent.refused", **consent(world, **scope))
    assert (await state_of(world, in_scope))[0] == "on_hold"
    assert (await state_of(world, other_recipient))[0] == "submitted"
    assert (await state_of(world, other_kind))[0] == "submitted"


async def test_an_agreement_to_be_helped_is_needed_whatever_the_basis(world: Any) -> None:
    _, request = await one(world)
    engagement = consent(world, kind="agreement_to_engage", service_kinds=("housing_advice",))
    await tell(world, "hub.consent.consent.withdrawn", **engagement)
    assert (await state_of(world, request))[0] == "submitted"
    await tell(world, "hub.consent.consent.withdrawn", **{**engagement, "service_kinds": ("food_bank",)})
    assert await state_of(world, request) == ("on_hold", ["consent_withdrawn"])


async def test_somebody_elses_consent_and_a_new_yes_change_nothing(world: Any) -> None:
    world.consent.consent_record_ids = (new_id(),)
    _, request = await one(world)
    await tell(world, "hub.consent.consent.withdrawn", **consent(world, person_ids=(new_id(),)))
    await tell(world, "hub.consent.consent.given", **consent(world))
    await tell(world, "hub.consent.consent.withdrawn", **consent(world, purposes=("research",)))
    assert (await state_of(world, request))[0] == "submitted"


async def test_requests_about_somebody_whose_data_are_only_stored_are_held(world: Any) -> None:
    _, request = await one(world)
    told, subject = (
        {"person_id": world.mother, "at": "2026-01-05T09:00:00Z"},
        "hub.consent.processing_restriction.changed",
    )
    await tell(world, subject, **told, active=True)
    assert await state_of(world, request) == ("on_hold", ["processing_restricted"])
    await tell(world, subject, at_version=2, **told, active=False)
    assert (await state_of(world, request))[0] == "on_hold", "a person looks at each before it goes on"


async def test_a_merge_carries_that_data_are_only_stored(world: Any) -> None:
    """The word of consent may have come under the id that is gone by then."""
    _, request = await one(world)
    twice, at = new_id(), "2026-01-05T09:00:00Z"
    await tell(world, "hub.consent.processing_restriction.changed", person_id=twice, at=at, active=True)
    await tell(world, "hub.families.person.merged", person_id=world.mother, merged_person_id=twice)
    path = f"/requests/{request['id']}"
    assert (await world.client.get(path, headers=world.worker())).json()["processing_restricted"] == [str(world.mother)]


async def test_an_objection_holds_until_somebody_releases(world: Any) -> None:
    food, request = await one(world)
    data = {"objection_id": new_id(), "person_id": world.mother, "recipient_organisation_ids": (food.organisation_id,)}
    await tell(world, "hub.consent.objection.raised", **data)
    assert await state_of(world, request) == ("on_hold", ["objection_raised"])
    await tell(world, "hub.consent.objection.resolved", at_version=2, **data, upheld=False)
    assert (await state_of(world, request))[0] == "on_hold"


async def test_an_agreement_that_is_suspended_holds_and_its_reinstatement_releases(world: Any) -> None:
    _, request = await one(world)
    agreement = {"agreement_id": world.consent.agreement_id, "version": 1, "legal_entity_ids": (), "ends_on": None}
    await tell(world, "hub.consent.agreement.superseded", **agreement)
    assert (await state_of(world, request))[0] == "submitted"
    await tell(world, "hub.consent.agreement.suspended", **agreement)
    assert await state_of(world, request) == ("on_hold", ["agreement_suspended"])
    await tell(world, "hub.consent.agreement.reinstated", **agreement)
    assert await state_of(world, request) == ("submitted", [])
    await tell(world, "hub.consent.agreement.terminated", **agreement)
    assert await state_of(world, request) == ("on_hold", ["agreement_ended"])
    await tell(world, "hub.consent.agreement.reinstated", **agreement)
    assert (await state_of(world, request))[0] == "on_hold"


def organisation(organisation_id: UUID, state: str) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "legal_entity_id": new_id(),
        "kind": "charity",
        "state": state,
        "assurance_level": "named_accounts",
    }


async def test_a_suspended_organisation_holds_its_open_requests_and_takes_no_new_ones(world: Any) -> None:
    food, request = await one(world)
    draft = (await world.make(world.ask(food), submit=False))["requests"][0]
    suspended = organisation(food.organisation_id, "suspended")
    await tell(world, "hub.partners.organisation.suspended", at_version=2, **suspended)
    assert await state_of(world, request) == ("on_hold", ["organisation_suspended"])
    assert (await state_of(world, draft))[0] == "draft"
    made = (await world.make(world.ask(food)))["requests"][0]
    assert (made["state"], made["missing"][0]["code"]) == ("blocked", "recipient_suspended")
    late = organisation(food.organisation_id, "active")
    await tell(world, "hub.partners.organisation.changed", at_version=1, **late)
    assert (await world.make(world.ask(food)))["requests"][0]["state"] == "blocked", "an old event changes nothing"
    await tell(world, "hub.partners.organisation.reinstated", at_version=3, **late)
    assert await state_of(world, request) == ("submitted", [])
    assert (await world.make(world.ask(food)))["requests"][0]["state"] == "submitted"


async def test_a_suspended_referrer_sends_nothing(world: Any) -> None:
    food = world.service("food_bank")
    await tell(world, "hub.partners.organisation.suspended", **organisation(world.school, "suspended"))
    made = (await world.make(world.ask(food)))["requests"][0]
    assert made["missing"][0]["code"] == "referrer_suspended"


async def test_a_changed_service_is_fetched_again_and_capacity_is_not_ours(world: Any) -> None:
    food = world.service("food_bank")
    await world.make(world.ask(food))
    ids = {"service_id": food.service_id, "organisation_id": food.organisation_id}
    await tell(world, "hub.partners.service.capacity_changed", at_version=5, **ids)
    await world.make(world.ask(food))
    assert len(world.directory.fetched) == 1
    world.directory.add(food.model_copy(update={"version": 6, "takes_requests": False}))
    await tell(world, "hub.partners.service.changed", at_version=6, **ids)
    made = (await world.make(world.ask(food)))["requests"][0]
    assert (made["state"], len(world.directory.fetched)) == ("blocked", 2)


async def test_what_lapsed_is_shown_before_a_request_goes_and_blocks_nothing(world: Any) -> None:
    insured = AssuranceEnd(kind="insurance", until=date(2020, 1, 1), sentence="Insurance: lapsed after 1 January 2020.")
    trained = AssuranceEnd(kind="training", until=date(2199, 1, 1), sentence="Training: lapsed after 1 January 2199.")
    food = world.service("food_bank", assurance=(insured, trained))
    draft = (await world.make(world.ask(food), submit=False))["requests"][0]
    (notice,) = draft["notices"]
    assert notice["code"] == "assurance_lapsed"
    assert notice["sentence"].endswith("yours to weigh. Insurance: lapsed after 1 January 2020.")
    assert (await world.make(world.ask(food)))["requests"][0]["state"] == "submitted"
    world.directory.add(food.model_copy(update={"assurance": (trained,)}))
    renewed = organisation(food.organisation_id, "active")
    await tell(world, "hub.partners.organisation.changed", at_version=2, **renewed)
    made = (await world.make(world.ask(food)))["requests"][0]
    assert "assurance_lapsed" not in {each["code"] for each in made["notices"]}


async def test_two_records_of_one_person_become_one(world: Any) -> None:
    _, request = await one(world)
    stays = new_id()
    await tell(world, "hub.families.person.merged", person_id=stays, merged_person_id=world.mother)
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert (shown["subjects"], shown["contact_person_id"]) == ([str(stays)], str(stays))
    assert shown["needs"][0]["person_id"] == str(stays)
    assert shown["status"]["version"] == request["version"]


async def test_a_merge_that_is_undone_leaves_requests_as_they_were(world: Any) -> None:
    _, request = await one(world)
    before = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    stays = new_id()
    for fact in ("merged", "unmerged", "merged", "unmerged"):
        await tell(world, f"hub.families.person.{fact}", person_id=stays, merged_person_id=world.mother)
    after = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert after == before


async def test_signposts_follow_a_merge_and_its_undoing(world: Any) -> None:
    food, stays, mother, child = world.service(), str(new_id()), str(world.mother), str(world.child)
    for subjects in ([mother, child], [child], []):
        body = {"family_id": str(world.families.family_id), "service_id": str(food.service_id), "subjects": subjects}
        told = await world.post("/signposts", body | {"needs": ["eviction_risk"], "told": "in_person"}, world.worker())
        assert told.status_code == 201, told.text
    found = []
    for fact in ("merged", "merged", "unmerged", "merged", "unmerged"):
        await tell(world, f"hub.families.person.{fact}", person_id=stays, merged_person_id=mother)
        rows = await world.rows("SELECT subjects FROM signpost ORDER BY id")
        found.append([[str(each) for each in row["subjects"]] for row in rows])
    before, after = [[mother, child], [child], []], [[stays, child], [child], []]
    assert found == [after, after, before, after, before]
    assert await world.rows("SELECT FROM signpost_trace") == []
    # Two people of one signpost, who turn out to be one, stand there once.
    await tell(world, "hub.families.person.merged", person_id=child, merged_person_id=mother)
    assert [str(each) for each in (await world.rows("SELECT subjects FROM signpost ORDER BY id"))[0][0]] == [child]


async def test_records_of_two_keepers_leave_requests_alone(world: Any) -> None:
    _, request = await one(world)
    pair = {"person_id": new_id(), "merged_person_id": world.mother, "one_record": False}
    await tell(world, "hub.families.person.merged", **pair)
    shown = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()
    assert shown["subjects"] == [str(world.mother)]


async def test_after_a_loss_a_request_waits_in_silence_for_its_referrer(world: Any) -> None:
    _, request = await one(world)
    await tell(world, "hub.families.person.notices_stopped", person_id=world.mother, organisation_id=new_id())
    path = f"/requests/{request['id']}"
    status = (await world.client.get(path, headers=world.worker())).json()["status"]
    assert (status["state"], status["hold_reasons"]) == ("on_hold", ["referrer_decides"])
    assert (status["due"]["owner"], "withdraw" in status["allowed_actions"]) == ("referrer", True)
    world.clock.move(timedelta(days=60))
    assert await escalate_due(world.running.database, world.clock()) == 0, "nobody is reminded"
    headers = {**world.worker(), **key_header(), "If-Match": f'"{status["version"]}"'}
    going = await world.client.post(f"{path}/carry-on", headers=headers)
    assert (going.status_code, going.json()["state"]) == (200, "submitted"), going.text
    headers = {**world.worker(), **key_header(), "If-Match": f'"{going.json()["version"]}"'}
    assert (await world.client.post(f"{path}/carry-on", headers=headers)).status_code == 409


async def test_when_it_is_time_again_what_was_held_for_that_alone_goes_on(world: Any) -> None:
    _, request = await one(world)
    about = {"person_id": world.mother, "organisation_id": new_id()}
    await tell(world, "hub.families.person.notices_stopped", **about)
    await tell(world, "hub.families.person.notices_resumed", at_version=2, **about)
    assert (await state_of(world, request))[0] == "submitted"


async def test_an_event_delivered_twice_holds_once(world: Any) -> None:
    food, request = await one(world)
    suspended = message(world, "hub.partners.organisation.suspended", **organisation(food.organisation_id, "suspended"))
    for _ in range(2):
        await world.running.consumer.apply([suspended])
    assert [name for name, _ in await world.events()].count("request.held") == 1
    assert (await state_of(world, request))[0] == "on_hold"


async def test_over_the_real_broker_facts_go_out_and_come_in(world: Any, fresh_nats: Any) -> None:
    food, _ = await one(world)
    worker = asyncio.create_task(world.running.work())
    subject, body = message(
        world, "hub.partners.organisation.suspended", **organisation(food.organisation_id, "suspended")
    )
    partners = type(world.running.bus)("partners", fresh_nats.url("partners"))
    await partners.publish_one(Outgoing(subject, str(new_id()), body))
    await eventually("the hold", lambda: world.rows("SELECT 1 FROM request WHERE state = 'on_hold'"))
    unpublished = "SELECT 1 WHERE NOT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)"
    await eventually("an empty outbox", lambda: world.rows(unpublished))
    feed = (await world.client.get("/requests/changes", headers=world.partner(food))).json()
    assert [item["fact"] for item in feed["items"]] == ["submitted", "held"]
    await partners.close()
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker
