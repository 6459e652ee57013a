"""Events of referrals become the family's chronology, over the real broker."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from families_room import NOW, PLACE, Room
from nats.aio.client import Client

from connective.contracts.referral_events import REQUEST_EVENTS, ReferralMade, SignpostGiven
from connective.kit.ids import new_id
from connective.kit.testing import eventually
from connective.local.nats import NatsServer

REFERRAL, REQUEST, FOOD_BANK = new_id(), new_id(), new_id()


def message(event: Any, version: int, event_id: UUID | None = None) -> tuple[str, bytes]:
    import json

    document = {
        "specversion": "1.0",
        "id": str(event_id or new_id()),
        "source": "/services/referrals",
        "type": event.type_name(),
        "subject": str(event.aggregate_id),
        "time": NOW.isoformat(),
        "aggregateversion": version,
        "placeid": str(PLACE),
        "traceparent": f"00-{'1' * 32}-{'2' * 16}-01",
        "data": json.loads(event.model_dump_json()),
    }
    return event.subject, json.dumps(document).encode()


def fact(name: str, family: str, referrer: UUID, minutes: int, **more: Any) -> Any:
    values = {
        "request_id": REQUEST,
        "referral_id": REFERRAL,
        "family_id": family,
        "referrer_organisation_id": referrer,
        "recipient_organisation_id": FOOD_BANK,
        "service_id": new_id(),
        "service_kind": "food_bank",
        "sensitive": False,
        "state": name,
        "by_organisation_id": FOOD_BANK,
        "reference": "REF-7K3M-92QD",
        "at": NOW + timedelta(minutes=minutes),
    }
    return REQUEST_EVENTS[name](**(values | more))


async def chronology(room: Room, family: str, who: dict[str, str], **params: Any) -> dict[str, Any]:
    answer = await room.get(f"/families/{family}/chronology", who, **params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_events_out_of_order_and_twice_make_one_story(room: Room) -> None:
    worker = room.worker()
    family = (await room.family(worker))["id"]
    twice = message(fact("accepted", family, room.school, 5), 3, new_id())
    batch = [
        twice,
        message(fact("submitted", family, room.school, 1), 1),
        message(fact("received", family, room.school, 3), 2),
        message(
            ReferralMade(referral_id=REFERRAL, family_id=family, organisation_id=room.school, request_ids=(REQUEST,)),
            1,
        ),
    ]
    await room.running.consumer.apply(batch)
    await room.running.consumer.apply([twice])
    items = (await chronology(room, family, worker))["items"]
    assert [item["sentence"] for item in items][:3] == [
        "Food bank will help.",
        "Food bank opened the request.",
        "A request was sent to food bank.",
    ]
    assert {item["code"] for item in items[3:]} == {"referral.made", "family.registered"}
    first = await chronology(room, family, worker, limit=2)
    second = await chronology(room, family, worker, limit=2, cursor=first["next_cursor"])
    assert [i["id"] for i in first["items"] + second["items"]] == [i["id"] for i in items][:4]


async def test_a_sensitive_service_is_in_the_referrers_chronology_alone(room: Room) -> None:
    worker = room.worker()
    family = (await room.family(worker))["id"]
    anothers = fact("submitted", family, new_id(), 1, sensitive=True, service_kind="substance_use_support")
    own = fact("submitted", family, room.school, 2, sensitive=True, service_kind="domestic_abuse_support")
    await room.running.consumer.apply([message(anothers, 1), message(own, 1)])
    kinds = {item["service_kind"] for item in (await chronology(room, family, worker))["items"]}
    assert kinds == {"domestic_abuse_support", None}


async def test_what_a_family_was_told_of_stands_there_without_a_sensitive_services_name(room: Room) -> None:
    worker = room.worker()
    family = (await room.family(worker))["id"]

    def told(organisation: UUID, kind: str | None) -> tuple[str, bytes]:
        ids = {"signpost_id": new_id(), "family_id": family, "organisation_id": organisation}
        return message(SignpostGiven(**ids, service_kind=kind, sensitive=kind is None, at=NOW), 1)

    await room.running.consumer.apply([told(room.school, "food_bank"), told(room.school, None), told(new_id(), None)])
    items = (await chronology(room, family, worker))["items"]
    assert sorted(item["sentence"] for item in items if item["code"] == "signpost.given") == [
        "The family was told of a service; nothing was shared.",
        "The family was told of food bank; nothing was shared.",
    ]


async def test_where_somebody_hides_no_entry_says_which_service(room: Room) -> None:
    worker, lead = room.worker(), room.worker(role="safeguarding_lead")
    family = await room.family(worker)
    await room.running.consumer.apply([message(fact("accepted", family["id"], room.school, 1), 1)])
    person = family["people"][0]["person"]["id"]
    await room.post(f"/people/{person}/restrictions", {"kind": "whereabouts"}, lead)
    shown = await chronology(room, family["id"], worker)
    assert "food" not in str(shown).lower()
    assert "food" in str(await chronology(room, family["id"], lead)).lower()


async def test_a_chronology_is_narrowed_to_one_person(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    one, other = (each["person"]["id"] for each in family["people"][:2])
    for person in (one, other):
        contact = {"kind": "phone", "value": "07700 900417"}
        assert (await room.post(f"/people/{person}/contacts", contact, worker)).status_code == 201
    everything = (await chronology(room, family["id"], worker))["items"]
    narrowed = (await chronology(room, family["id"], worker, person_id=one))["items"]
    assert narrowed == [each for each in everything if each["person_id"] == one]
    assert "contact" in {each["code"] for each in narrowed}
    assert (await chronology(room, family["id"], worker, person_id=str(new_id())))["items"] == []


async def test_an_event_of_a_family_unknown_here_has_no_effect(room: Room, owner: asyncpg.Connection) -> None:
    await room.running.consumer.apply([message(fact("accepted", str(new_id()), room.school, 1), 1)])
    assert await owner.fetchval("SELECT count(*) FROM inbox") == 1


async def test_facts_travel_over_the_broker_both_ways(
    room: Room, fresh_nats: NatsServer, owner: asyncpg.Connection
) -> None:
    worker = room.worker()
    family = (await room.family(worker))["id"]
    work = asyncio.create_task(room.running.work())
    referrals = Client()
    await referrals.connect(fresh_nats.url("referrals"))
    try:
        subject, body = message(fact("accepted", family, room.school, 5), 3)
        await referrals.jetstream().publish(subject, body)

        async def told() -> bool:
            return any(i["code"] == "request.accepted" for i in (await chronology(room, family, worker))["items"])

        await eventually("the event, in the chronology", told)
        unpublished = "SELECT count(*) = 0 FROM outbox WHERE published_at IS NULL"
        await eventually("an empty outbox", lambda: owner.fetchval(unpublished))
        assert await owner.fetchval("SELECT count(*) FROM outbox") > 0
    finally:
        await referrals.close()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
