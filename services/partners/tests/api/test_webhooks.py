"""Webhooks over HTTP: setting up, changing, rotating, disabling, trying, replaying; and nobody else's."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from partners_room import OTHER_PLACE, PLACE, Room
from webhook_receiver import receiving
from webhook_room import KINDS, Hooks, a_request, see_all, verified

URL = "https://hook.example.org/connective"


@pytest.fixture
def hooks(room: Room) -> Hooks:
    return Hooks(room)


async def test_the_secret_is_shown_once_and_stored_sealed(hooks: Hooks, owner: asyncpg.Connection) -> None:
    organisation = uuid4()
    room, admin = hooks.room, hooks.room.partner_admin(organisation)
    key, body = {"Idempotency-Key": str(uuid4())}, {"url": URL, "events": KINDS, "notice_email": "it@example.org"}
    made = await room.client.post("/webhooks", json=body, headers=admin | key)
    again = await room.client.post("/webhooks", json=body, headers=admin | key)
    assert (made.status_code, again.status_code) == (201, 201)
    webhook = made.json()
    assert webhook["secret"].startswith("whsec_")
    assert again.json() == webhook | {"secret": None}
    assert made.headers["location"] == f"/webhooks/{webhook['id']}"
    assert made.headers["etag"] == '"1"'
    shown = await room.get(f"/webhooks/{webhook['id']}", admin)
    assert "secret" not in shown.json()
    await see_all(owner)
    assert webhook["secret"].encode()[6:] not in await owner.fetchval("SELECT secret FROM webhook")
    assert shown.json()["allowed_actions"] == ["change", "disable", "remove", "replay", "rotate_secret", "test"]


async def test_only_its_own_organisation_knows_of_it(hooks: Hooks) -> None:
    organisation = uuid4()
    webhook = await hooks.set_up(URL, organisation)
    room, path = hooks.room, f"/webhooks/{webhook['id']}"
    strangers = (
        room.partner_admin(uuid4()),
        room.headers("partner_admin", organisation=organisation, place=OTHER_PLACE),
    )
    for stranger in strangers:
        assert (await room.get("/webhooks", stranger)).json()["items"] == []
        answers = [
            await room.get(path, stranger),
            await room.get(f"{path}/deliveries", stranger),
            await room.patch(path, {"description": "Mine"}, stranger, 1),
            await room.client.delete(path, headers=stranger | {"If-Match": '"1"'}),
            *[await room.post(f"{path}/{act}", None, stranger) for act in ("disable", "enable", "test")],
            await room.post(f"{path}/rotate-secret", {}, stranger),
            await room.post(f"{path}/replay", {"since": "2026-01-01T00:00:00Z"}, stranger),
        ]
        assert {each.status_code for each in answers} == {404}
    for role in ("place_admin", "partner_worker", "support_worker"):
        assert (await room.get(path, room.headers(role, organisation=organisation))).status_code == 403
    client = room.identities.client(place=PLACE, organisation=organisation, scope="webhooks:manage")
    assert (await room.get(path, client)).status_code == 200
    reader = room.identities.client(place=PLACE, organisation=organisation, scope="requests:work")
    assert (await room.get(path, reader)).status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "https://me:word@hook.example.org/", "events": KINDS}, "/url"),
        ({"url": "https://hook.example.org/#x", "events": KINDS}, "/url"),
        ({"url": "javascript:alert(1)", "events": KINDS}, "/url"),
        ({"url": URL, "events": ["hub.families.family.*"]}, "/events"),
        ({"url": URL, "events": ["hub.referrals.request.sent.v1"]}, "/events"),
        ({"url": URL, "events": ["*"]}, "/events/0"),
        ({"url": URL, "events": []}, "/events"),
        ({"url": URL, "events": KINDS, "notice_email": "a@b\r\nBcc: c@d"}, "/notice_email"),
        ({"url": URL, "events": KINDS, "secret": "mine"}, "/secret"),
    ],
)
async def test_what_cannot_be_is_refused_with_where(hooks: Hooks, body: dict[str, Any], pointer: str) -> None:
    answer = await hooks.room.post("/webhooks", body, hooks.room.partner_admin(uuid4()))
    assert answer.status_code == 422, answer.text
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


async def test_it_is_changed_and_removed_by_who_read_it(hooks: Hooks) -> None:
    organisation = uuid4()
    webhook = await hooks.set_up(URL, organisation)
    room, admin, path = hooks.room, hooks.room.partner_admin(organisation), f"/webhooks/{webhook['id']}"
    assert (await room.patch(path, {"description": "Ours"}, admin, None)).status_code == 428
    changed = await room.patch(path, {"description": "Ours", "events": ["hub.referrals.voucher.*"]}, admin, 1)
    assert (changed.json()["description"], changed.json()["version"]) == ("Ours", 2)
    assert (await room.patch(path, {"description": None}, admin, 1)).status_code == 412
    assert (await room.patch(path, {"url": "ftp://hook.example.org"}, admin, 2)).status_code == 422
    assert (await room.client.delete(path, headers=admin)).status_code == 428
    assert (await room.client.delete(path, headers=admin | {"If-Match": '"1"'})).status_code == 412
    assert (await room.client.delete(path, headers=admin | {"If-Match": '"2"'})).status_code == 204
    assert (await room.get(path, admin)).status_code == 404


async def test_twenty_are_enough_and_lists_have_pages(hooks: Hooks) -> None:
    organisation = uuid4()
    for _ in range(20):
        await hooks.set_up(URL, organisation)
    room, admin = hooks.room, hooks.room.partner_admin(organisation)
    refused = await room.post("/webhooks", {"url": URL, "events": KINDS}, admin)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-many-webhooks")
    first = await room.get("/webhooks?limit=15", admin)
    assert 'rel="next"' in first.headers["link"]
    second = (await room.get(f"/webhooks?cursor={first.json()['next_cursor']}", admin)).json()
    ids = [each["id"] for each in first.json()["items"] + second["items"]]
    assert (len(set(ids)), second["next_cursor"]) == (20, None)


async def test_a_test_message_arrives_signed_and_can_be_replayed_under_its_id(hooks: Hooks) -> None:
    organisation = uuid4()
    async with receiving() as receiver:
        webhook = await hooks.set_up(receiver.url, organisation)
        queued = await hooks.act(webhook, "test", organisation)
        assert queued.status_code == 202
        assert queued.json()["state"] == "pending"
        await hooks.send()
        again = await hooks.act(webhook, f"deliveries/{queued.json()['id']}/replay", organisation)
        assert again.status_code == 202
        assert (await hooks.act(webhook, f"deliveries/{queued.json()['id']}/replay", organisation)).status_code == 409
        await hooks.send(timedelta(minutes=3))
        first, second = receiver.arrived
    assert verified(first, webhook["secret"])["type"] == "hub.partners.webhook.tested.v1"
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == queued.json()["message_id"]
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 180
    assert verified(second, webhook["secret"]) == verified(first, webhook["secret"])
    (delivery,) = await hooks.deliveries(webhook, organisation)
    assert delivery["state"] == "delivered"
    log = await hooks.log(delivery, organisation)
    assert [(each["number"], each["outcome"], each["status"]) for each in log] == [
        (1, "delivered", 204),
        (2, "delivered", 204),
    ]


async def test_secrets_are_rotated_with_an_overlap(hooks: Hooks) -> None:
    organisation = uuid4()
    async with receiving() as receiver:
        webhook = await hooks.set_up(receiver.url, organisation)
        rotated = (await hooks.act(webhook, "rotate-secret", organisation, {"overlap_hours": 2})).json()
        assert rotated["secret"] != webhook["secret"]
        assert rotated["version"] == 2
        for _ in range(2):
            await hooks.act(webhook, "test", organisation)
            await hooks.send(timedelta(hours=1))
        await hooks.act(webhook, "test", organisation)
        await hooks.send(timedelta(hours=1))
        leaked = (await hooks.act(webhook, "rotate-secret", organisation, {"overlap_hours": 0})).json()
        await hooks.act(webhook, "test", organisation)
        await hooks.send()
        early, late, after, anew = receiver.arrived
    verified(early, rotated["secret"], webhook["secret"])
    verified(after, rotated["secret"])
    verified(late, rotated["secret"])
    verified(anew, leaked["secret"])
    assert leaked["old_secret_until"] is None


async def test_disabled_by_wish_sets_aside_what_waits_and_replays_it_later(hooks: Hooks) -> None:
    organisation = uuid4()
    async with receiving() as receiver:
        webhook = await hooks.set_up(receiver.url, organisation)
        await hooks.happens("hub.referrals.request.submitted", **a_request(organisation))
        assert (await hooks.act(webhook, "disable", organisation)).json()["state"] == "disabled"
        assert (await hooks.act(webhook, "disable", organisation)).status_code == 409
        await hooks.happens("hub.referrals.request.accepted", **a_request(organisation))
        await hooks.send()
        assert receiver.arrived == []
        since = {"since": "2026-01-01T00:00:00Z"}
        for act, body in (("test", None), ("replay", since)):
            refused = await hooks.act(webhook, act, organisation, body)
            assert (refused.status_code, refused.json()["type"]) == (409, "/problems/webhook-disabled")
        assert (await hooks.act(webhook, "enable", organisation)).json()["state"] == "active"
        assert (await hooks.deliveries(webhook, organisation, "?state=pending")) == []
        assert (await hooks.act(webhook, "replay", organisation, since)).status_code == 202
        await hooks.send()
        (arrived,) = receiver.arrived
    assert verified(arrived, webhook["secret"])["type"] == "hub.referrals.request.submitted.v1"
