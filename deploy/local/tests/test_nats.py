"""What a service's account may and may not do on the broker."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.errors import Error, NoRespondersError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.errors import APIError, NoStreamResponseError

from connective.kit.stream import provide_stream
from connective.local.broker_accounts import DOMAIN
from connective.local.nats import NatsServer
from connective.local.plain import NO_TLS


async def connect(server: NatsServer, service: str) -> Client:
    async def remember(problem: Exception) -> None:
        """A refused publish is told to this callback alone; the tests look at what is stored."""

    client = Client()
    await client.connect(server.url(service), error_cb=remember, allow_reconnect=False)
    return client


@pytest_asyncio.fixture
async def families(fresh_nats: NatsServer) -> AsyncIterator[Client]:
    client = await connect(fresh_nats, "families")
    yield client
    await client.close()


async def stored(server: NatsServer, subject: str) -> int:
    async with server.admin() as admin:
        info = await admin.jetstream().stream_info("EVENTS", subjects_filter=subject)
        return sum((info.state.subjects or {}).values())


async def test_the_stream_and_durables_have_the_agreed_shape(fresh_nats: NatsServer) -> None:
    async with fresh_nats.admin() as admin:
        stream = (await admin.jetstream().stream_info("EVENTS")).config
        durables = {found.name: found.config for found in await admin.jetstream().consumers_info("EVENTS")}
    assert (stream.allow_atomic, stream.deny_delete, stream.deny_purge, stream.allow_direct) == (
        True,
        True,
        True,
        False,
    )
    assert (stream.discard, stream.storage, stream.duplicate_window) == ("new", "file", 7_200)
    assert stream.max_age == 30 * 86_400
    assert set(durables) == {service for service, subjects in fresh_nats.subscriptions.items() if subjects}
    for service, durable in durables.items():
        wanted = fresh_nats.subscriptions[service]
        assert set(durable.filter_subjects or [durable.filter_subject]) == set(wanted)
        assert (durable.ack_policy, durable.ack_wait, durable.max_ack_pending) == ("explicit", 30, 5_000)
        assert durable.max_deliver == -1


async def test_every_event_is_synced_before_it_is_acknowledged(nats_server: NatsServer) -> None:
    async with httpx.AsyncClient(verify=NO_TLS, trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{nats_server.monitor_port}/jsz?config=1")
    assert answer.json()["config"]["sync_always"] is True


async def test_an_event_reaches_the_service_that_listens(fresh_nats: NatsServer, families: Client) -> None:
    await families.jetstream().publish("hub.families.person.merged", b"{}")
    client = await connect(fresh_nats, "consent")
    subscription = await client.jetstream(domain=DOMAIN).pull_subscribe_bind(durable="consent", stream="EVENTS")
    (message,) = await subscription.fetch(1, timeout=2)
    await message.ack_sync()
    assert message.subject == "hub.families.person.merged"
    assert (await subscription.consumer_info()).num_ack_pending == 0
    await client.close()


async def test_a_service_may_look_at_the_stream_and_its_own_durable(families: Client) -> None:
    jetstream = families.jetstream(domain=DOMAIN)
    # Twice, as an answer must be the only one: a second on the way would be taken for that of the next question.
    for _ in range(2):
        assert (await jetstream.stream_info("EVENTS")).config.allow_atomic is True
        assert (await jetstream.consumer_info("EVENTS", "families")).config.max_ack_pending == 5_000


async def test_an_atomic_batch_is_stored_whole(fresh_nats: NatsServer, families: Client) -> None:
    def headers(number: int, last: bool) -> dict[str, str]:
        commit = {"Nats-Batch-Commit": "1"} if last else {}
        return {"Nats-Batch-Id": "batch", "Nats-Batch-Sequence": str(number), **commit}

    subject = "hub.families.person.changed"
    await families.request(subject, b"1", headers=headers(1, last=False), timeout=2)
    for number in range(2, 100):
        await families.publish(subject, b"n", headers=headers(number, last=False))
    answer = await families.request(subject, b"100", headers=headers(100, last=True), timeout=2)
    assert b'"count":100' in answer.data
    assert await stored(fresh_nats, "hub.families.>") == 100


async def test_an_event_under_anothers_subject_is_refused(fresh_nats: NatsServer, families: Client) -> None:
    with pytest.raises((NoStreamResponseError, NatsTimeoutError)):
        await families.jetstream().publish("hub.consent.consent.given", b"forged", timeout=0.5)
    assert await stored(fresh_nats, "hub.consent.>") == 0


@pytest.mark.parametrize(
    ("subject", "payload"),
    [
        ("$JS.hub.API.CONSUMER.MSG.NEXT.EVENTS.families", b'{"batch":5,"expires":1000000000}'),
        ("$JS.hub.API.STREAM.INFO.EVENTS", b""),
        ("$JS.hub.API.CONSUMER.INFO.EVENTS.families", b""),
        ("hub.families.person.changed", b"{}"),
    ],
)
async def test_an_event_cannot_be_forged_by_a_reply_subject(
    fresh_nats: NatsServer, families: Client, subject: str, payload: bytes
) -> None:
    # Something for the durable to deliver to the forged reply subject.
    referrals = await connect(fresh_nats, "referrals")
    for _ in range(5):
        await referrals.jetstream().publish("hub.referrals.request.accepted", b"{}")
    await families.publish(subject, payload, reply="hub.consent.consent.given")
    await families.flush()
    await asyncio.sleep(0.3)
    assert await stored(fresh_nats, "hub.consent.>") == 0
    await referrals.close()


@pytest.mark.parametrize("prefix", ["$JS.API", "$JS.hub.API"])
@pytest.mark.parametrize(
    "subject",
    [
        "STREAM.CREATE.OTHER",
        "STREAM.DELETE.EVENTS",
        "STREAM.PURGE.EVENTS",
        "STREAM.MSG.GET.EVENTS",
        "CONSUMER.CREATE.EVENTS.spy",
        "CONSUMER.DELETE.EVENTS.families",
        "CONSUMER.MSG.NEXT.EVENTS.consent",
        "CONSUMER.INFO.EVENTS.consent",
        "STREAM.LIST",
        "INFO",
    ],
)
async def test_a_service_cannot_administer_or_read_for_another(families: Client, prefix: str, subject: str) -> None:
    with pytest.raises((NatsTimeoutError, NoRespondersError)):
        await families.request(f"{prefix}.{subject}", b"{}", timeout=0.3)


async def test_a_service_hears_nobody_elses_events(fresh_nats: NatsServer, families: Client) -> None:
    heard: list[str] = []

    async def hear(message: object) -> None:
        heard.append(str(message))

    for subject in ("hub.>", ">", "$JS.>"):
        await families.subscribe(subject, cb=hear)
    await families.flush()
    client = await connect(fresh_nats, "consent")
    await client.jetstream().publish("hub.consent.consent.given", b"{}")
    await asyncio.sleep(0.2)
    assert heard == []
    await client.close()


async def test_a_wake_stays_inside_its_service(fresh_nats: NatsServer, families: Client) -> None:
    woken = await families.subscribe("wake.families")
    await families.flush()
    other = await connect(fresh_nats, "consent")
    await other.publish("wake.families", b"")
    await other.flush()
    with pytest.raises(NatsTimeoutError):
        await woken.next_msg(timeout=0.2)
    await families.publish("wake.families", b"")
    assert (await woken.next_msg(timeout=1)).data == b""
    await other.close()


async def test_without_the_right_password_nobody_enters(nats_server: NatsServer) -> None:
    for login in ("families:wrong@", "families@", ""):
        client = Client()
        with pytest.raises((Error, OSError)):
            await client.connect(
                f"nats://{login}127.0.0.1:{nats_server.port}", allow_reconnect=False, connect_timeout=2
            )
        await client.close()


async def test_starting_again_after_a_kill_finds_every_acknowledged_event(fresh_nats: NatsServer) -> None:
    client = await connect(fresh_nats, "families")
    for number in range(50):
        await client.jetstream().publish("hub.families.person.changed", str(number).encode())
    await client.close()
    port = fresh_nats.port
    await fresh_nats.kill()
    await fresh_nats.start()
    assert fresh_nats.port == port
    assert await stored(fresh_nats, "hub.families.>") == 50


async def test_providing_the_stream_again_changes_nothing(fresh_nats: NatsServer, families: Client) -> None:
    await families.jetstream().publish("hub.families.person.changed", b"{}")
    async with fresh_nats.admin() as admin:
        await provide_stream(admin, fresh_nats.subscriptions)
        with pytest.raises(APIError):
            await admin.jetstream().purge_stream("EVENTS")
    assert await stored(fresh_nats, "hub.families.>") == 1
