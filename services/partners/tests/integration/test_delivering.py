"""Messages: who gets which, how they are tried again, when a webhook ends, and that nobody waits for another."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from partners_room import OTHER_PLACE, Room
from webhook_receiver import Receiver, receiving
from webhook_room import Hooks, a_request, see_all, verified

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.kit.actor import service_actor
from connective.kit.mail import KeptPost
from connective.partners.commands.look_after_webhooks import forget_old_messages, tell_of_disabled

_SUBMITTED = "hub.referrals.request.submitted"


@pytest.fixture
def hooks(room: Room) -> Hooks:
    return Hooks(room)


def test_every_subscribed_subject_has_a_handler(hooks: Hooks) -> None:
    assert set(hooks.room.running.composition.handlers) == set(SUBSCRIPTIONS["partners"])


async def test_each_party_is_told_and_nobody_else(hooks: Hooks) -> None:
    referrer, recipient, stranger = uuid4(), uuid4(), uuid4()
    async with receiving() as ours, receiving() as theirs, receiving() as others:
        for organisation, receiver in ((referrer, ours), (recipient, theirs), (stranger, others)):
            await hooks.set_up(receiver.url, organisation)
        data = a_request(recipient, referrer)
        event = await hooks.happens(_SUBMITTED, at_version=3, **data)
        await hooks.happens(_SUBMITTED, place=OTHER_PLACE, **a_request(recipient, referrer))
        await hooks.happens("hub.referrals.request.blocked", **a_request(recipient, referrer, sent=False))
        await hooks.send()
        assert [len(each.arrived) for each in (ours, theirs, others)] == [2, 1, 0]
        (arrived,) = theirs.arrived
    assert arrived.headers["webhook-id"] == event
    assert arrived.headers["content-type"] == "application/json"
    told = json.loads(arrived.body)
    assert told["data"] == {
        "id": str(data["request_id"]),
        "version": 3,
        "reference": "REQ-7K3M-92QD",
        "state": "submitted",
    }


async def test_an_event_that_comes_twice_is_one_message(hooks: Hooks, owner: asyncpg.Connection) -> None:
    organisation = uuid4()
    webhook = await hooks.set_up("https://hook.example.org/", organisation)
    await hooks.set_up("https://hook.example.org/", organisation, ["hub.referrals.voucher.*"])
    await hooks.happen([(_SUBMITTED, a_request(organisation))] * 2)
    await see_all(owner)
    await owner.execute("DELETE FROM inbox")
    assert len(await hooks.deliveries(webhook, organisation)) == 2
    assert await owner.fetchval("SELECT count(*) FROM webhook_delivery") == 2


async def test_agreements_reach_the_organisations_of_their_parties(hooks: Hooks) -> None:
    room, entity = hooks.room, uuid4()
    party = UUID((await room.organisation(legal_entity_id=str(entity)))["id"])
    other = UUID((await room.organisation("Elsewhere"))["id"])
    kinds = ["hub.consent.agreement.*", "hub.consent.checkpoint.signed.v1"]
    ours, theirs = [await hooks.set_up("https://hook.example.org/", each, kinds) for each in (party, other)]
    agreement = {"agreement_id": uuid4(), "version": 2, "legal_entity_ids": [entity], "ends_on": None}
    await hooks.happens("hub.consent.agreement.activated", **agreement)
    signed = {"size": 1, "root": "00", "signature": "00", "key_id": "k", "at": "2026-03-03T09:59:00Z"}
    await hooks.happens("hub.consent.checkpoint.signed", checkpoint_id=uuid4(), **signed)
    assert len(await hooks.deliveries(ours, party)) == 2
    (everybodys,) = await hooks.deliveries(theirs, other)
    assert everybodys["type"] == "hub.consent.checkpoint.signed.v1"


async def test_a_suspended_organisation_is_told_nothing_until_it_is_reinstated(hooks: Hooks) -> None:
    organisation = uuid4()
    entity = {"legal_entity_id": uuid4(), "kind": "food_bank", "assurance_level": "named_accounts"}

    async def becomes(state: str, version: int, fact: str) -> None:
        about = {"organisation_id": organisation, "state": state} | entity
        await hooks.happens(f"hub.partners.organisation.{fact}", at_version=version, **about)

    async with receiving() as receiver:
        await hooks.set_up(receiver.url, organisation)
        await hooks.happens(_SUBMITTED, **a_request(organisation))
        await becomes("suspended", 3, "suspended")
        await becomes("active", 2, "changed")
        await hooks.happens(_SUBMITTED, **a_request(organisation))
        await hooks.send()
        assert receiver.arrived == [], "an older fact must not lift the suspension"
        await becomes("active", 4, "reinstated")
        await hooks.send()
        assert len(receiver.arrived) == 1, "what waited comes; what happened meanwhile is in the feed"


@pytest.mark.parametrize(
    ("answers", "outcome", "status"),
    [
        ("500 Oops", "refused", 500),
        ("301 Moved\r\nLocation: http://127.0.0.1/", "redirected", 301),
        ("404 Not Found", "refused", 404),
    ],
)
async def test_anything_but_success_is_tried_again(hooks: Hooks, answers: str, outcome: str, status: int) -> None:
    organisation = uuid4()
    async with receiving(answer=lambda nth: answers if nth < 3 else "200 OK") as receiver:
        webhook = await hooks.set_up(receiver.url, organisation)
        event = await hooks.happens(_SUBMITTED, **a_request(organisation))
        await hooks.send()
        await hooks.send(timedelta(seconds=4))
        assert len(receiver.arrived) == 1, "not before its time"
        assert (await hooks.read(webhook, organisation))["failing_since"] is not None
        await hooks.send(timedelta(seconds=2))
        await hooks.send(timedelta(minutes=6))
        assert {each.headers["webhook-id"] for each in receiver.arrived} == {event}
    (delivery,) = await hooks.deliveries(webhook, organisation)
    log = await hooks.log(delivery, organisation)
    assert (delivery["state"], delivery["tries"]) == ("delivered", 3)
    assert [(each["outcome"], each["status"]) for each in log] == [(outcome, status)] * 2 + [("delivered", 200)]
    assert (await hooks.read(webhook, organisation))["failing_since"] is None


async def test_a_receiver_that_asks_for_peace_is_left_alone_altogether(hooks: Hooks) -> None:
    organisation = uuid4()
    busy = "429 Too Many\r\nRetry-After: 600"
    async with receiving(answer=lambda nth: busy if nth == 1 else "200 OK") as receiver:
        webhook = await hooks.set_up(receiver.url, organisation)
        await hooks.happens(_SUBMITTED, **a_request(organisation))
        await hooks.send()
        await hooks.happens(_SUBMITTED, **a_request(organisation))
        await hooks.send(timedelta(minutes=9))
        assert len(receiver.arrived) == 1
        await hooks.send(timedelta(minutes=2))
        assert len(receiver.arrived) == 3
    assert {each["state"] for each in await hooks.deliveries(webhook, organisation)} == {"delivered"}


async def test_three_days_of_silence_disable_it_with_an_event_and_a_letter(
    hooks: Hooks, owner: asyncpg.Connection
) -> None:
    organisation, nobody = uuid4(), "http://127.0.0.1:9/"
    webhook = await hooks.set_up(nobody, organisation, notice_email="systems@example.org")
    await hooks.happens(_SUBMITTED, **a_request(organisation))
    began = hooks.room.clock.at
    while (await hooks.read(webhook, organisation))["state"] == "active":
        await hooks.send(timedelta(hours=27))
        assert hooks.room.clock.at - began < timedelta(days=30)
    (delivery,) = await hooks.deliveries(webhook, organisation)
    assert (delivery["state"], delivery["tries"]) == ("set_aside", 10)
    log = await hooks.log(delivery, organisation)
    assert {each["outcome"] for each in log} == {"not_connected"}
    shown = await hooks.read(webhook, organisation)
    assert (shown["disabled_reason"], shown["allowed_actions"][1]) == ("no_success_for_three_days", "enable")
    told = json.loads(await owner.fetchval("SELECT data FROM outbox WHERE subject = 'hub.partners.webhook.disabled'"))
    assert (told["webhook_id"], told["reason_code"]) == (webhook["id"], "no_success_for_three_days")
    post = KeptPost()
    for _ in range(2):
        await tell_of_disabled(hooks.room.running.database, post, hooks.room.clock())
    (letter,) = post.sent
    assert (letter.to, webhook["id"] in letter.text, nobody in letter.text) == ("systems@example.org", True, False)
    async with receiving() as receiver:
        admin = hooks.room.partner_admin(organisation)
        await hooks.room.patch(f"/webhooks/{webhook['id']}", {"url": receiver.url}, admin, shown["version"])
        await hooks.act(webhook, "enable", organisation)
        await hooks.act(webhook, "replay", organisation, {"since": "2026-01-01T00:00:00Z"})
        await hooks.send()
        verified(receiver.arrived[0], webhook["secret"])


async def test_one_that_says_it_is_gone_is_asked_no_more(hooks: Hooks) -> None:
    organisation = uuid4()
    async with receiving(answer=lambda _: "410 Gone") as receiver:
        webhook = await hooks.set_up(receiver.url, organisation)
        for _ in range(6):
            await hooks.happens(_SUBMITTED, **a_request(organisation))
        await hooks.send()
        assert len(receiver.arrived) == 4
    shown = await hooks.read(webhook, organisation)
    assert (shown["state"], shown["disabled_reason"]) == ("disabled", "gone")
    assert {each["state"] for each in await hooks.deliveries(webhook, organisation)} == {"set_aside"}


async def test_a_lost_message_among_delivered_ones_does_not_end_the_webhook(hooks: Hooks) -> None:
    organisation = uuid4()
    poison = uuid4()
    receiver: Receiver
    async with receiving() as receiver:
        receiver.answer = lambda _: "500 No" if str(poison) in receiver.arrived[-1].body.decode() else "200 OK"
        webhook = await hooks.set_up(receiver.url, organisation)
        await hooks.happens(_SUBMITTED, **a_request(organisation, request_id=poison))
        for _ in range(12):
            await hooks.send(timedelta(hours=27))
            await hooks.happens(_SUBMITTED, **a_request(organisation))
            await hooks.send()
    states = [each["state"] for each in await hooks.deliveries(webhook, organisation)]
    assert (states.count("set_aside"), states.count("delivered")) == (1, 12)
    assert (await hooks.read(webhook, organisation))["state"] == "active"


async def test_old_messages_go_with_their_log(hooks: Hooks, owner: asyncpg.Connection) -> None:
    organisation = uuid4()
    async with receiving() as receiver:
        await hooks.set_up(receiver.url, organisation)
        await hooks.happens(_SUBMITTED, **a_request(organisation))
        await hooks.send()
        await hooks.happens(_SUBMITTED, **a_request(organisation))
    await forget_old_messages(hooks.room.running.database, hooks.room.clock() + timedelta(days=36))
    await see_all(owner)
    assert [row["state"] for row in await owner.fetch("SELECT state FROM webhook_delivery")] == ["pending"]
    assert await owner.fetchval("SELECT count(*) FROM webhook_try") == 0


async def test_the_log_is_never_rewritten(hooks: Hooks) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with hooks.room.running.database.unit(service_actor("partners")) as unit:
            await unit.run("UPDATE webhook_try SET outcome = 'delivered'")


async def _working(hooks: Hooks) -> Any:
    return asyncio.create_task(hooks.sender.run())


async def test_receivers_that_hang_delay_nobody(hooks: Hooks, owner: asyncpg.Connection) -> None:
    """Forty webhooks hang; one that answers has all its messages before the first of them is given up."""
    quick, still = uuid4(), asyncio.Event()
    async with receiving() as receiver, receiving(hang=still) as stuck:
        await hooks.set_up(receiver.url, quick)
        for organisation in (uuid4(), uuid4()):
            for _ in range(20):
                await hooks.set_up(stuck.url, organisation)
            await hooks.happen([(_SUBMITTED, a_request(organisation)) for _ in range(8)])
        worker = await _working(hooks)
        try:
            await stuck.came(160)
            await hooks.happen([(_SUBMITTED, a_request(quick)) for _ in range(20)])
            await receiver.came(20)
            await see_all(owner)
            assert await owner.fetchval("SELECT count(*) FROM webhook_try WHERE outcome = 'timed_out'") == 0
        finally:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)


async def test_a_sender_that_is_killed_loses_nothing(hooks: Hooks) -> None:
    """The message was on its way when the process ended: the next one sends it again, under the same id."""
    organisation, still = uuid4(), asyncio.Event()
    async with receiving(hang=still) as receiver:
        await hooks.set_up(receiver.url, organisation)
        event = await hooks.happens(_SUBMITTED, **a_request(organisation))
        first = await _working(hooks)
        await receiver.came(1)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        still.set()
        second = await _working(hooks)
        arrived = await receiver.came(2)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
    assert {each.headers["webhook-id"] for each in arrived} == {event}


async def test_one_sender_at_a_time_holds_the_work(hooks: Hooks) -> None:
    organisation = uuid4()
    async with receiving() as receiver:
        await hooks.set_up(receiver.url, organisation)
        senders = [await _working(hooks), await _working(hooks)]
        await hooks.happen([(_SUBMITTED, a_request(organisation)) for _ in range(12)])
        arrived = await receiver.came(12)
        for each in senders:
            each.cancel()
        await asyncio.gather(*senders, return_exceptions=True)
    assert len({each.headers["webhook-id"] for each in arrived}) == len(arrived) == 12
