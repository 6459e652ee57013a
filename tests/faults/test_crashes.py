"""Whatever is killed, at whatever instant: nothing acknowledged is lost, and every event takes effect exactly once.

Each test leaves the Hub running for the next. Where an instant matters, it is brought about from outside: a stopped
broker cannot take what was committed, a held row keeps the relay from marking what it published, and a held table
keeps a consumer's transaction open. Besides, processes are killed at any instant.
"""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import invariants
import pytest_asyncio
from fault_load import Load, a_family

from connective.kit.testing import eventually
from connective.local.stack import Stack

_MARKING = (
    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE outbox SET published%'"
)
_UNMARKED = "SELECT event_id FROM outbox WHERE published_at IS NULL"
_UNPUBLISHED = "SELECT count(*) FROM outbox WHERE published_at IS NULL"


@pytest_asyncio.fixture(loop_scope="session")
async def load(ground: Any) -> AsyncIterator[Load]:
    """Writers at work; at the end of the test all that they began is answered, and every invariant holds."""
    writers: Load = ground.load()
    stored_before = [await _stored(ground.stack, writers, *each) for each in _WRITES]
    writers.start()
    await writers.more(10)
    yield writers
    await writers.finish()
    await invariants.settled(ground.stack)
    broken = await invariants.broken(ground.stack)
    for (service, table, path), before in zip(_WRITES, stored_before, strict=True):
        known = writers.acknowledged[path] | {f"before-{row}": row for row in before}
        broken += await invariants.stored_once(ground.stack, service, table, writers.organisation, known)
    assert not broken, "\n".join(broken)


_WRITES = (("families", "family", "/families"), ("referrals", "referral", "/referrals"))


async def _stored(stack: Stack, load: Load, service: str, table: str, _: str) -> list[Any]:
    async with _connected(stack, service) as connection:
        query = f"SELECT id FROM {table} WHERE organisation_id = $1"
        return [row["id"] for row in await connection.fetch(query, load.organisation)]


@asynccontextmanager
async def _connected(stack: Stack, service: str) -> AsyncIterator[Any]:
    connection = await stack.postgres.connect(service)
    try:
        yield connection
    finally:
        await connection.close()


async def _again(stack: Stack, *services: str) -> None:
    for service in services:
        await stack.start_service(service)
    for service in services:
        await stack.wait_until_ready(service)


@asynccontextmanager
async def _stopped_broker(stack: Stack) -> AsyncIterator[None]:
    """The broker hears and answers nothing, as when its machine hangs."""
    broker = stack.nats.child
    assert broker is not None
    broker.send(signal.SIGSTOP)
    try:
        yield
    finally:
        broker.send(signal.SIGCONT)


async def _kill_broker(stack: Stack) -> None:
    await stack.supervisor.let_go("nats")
    await stack.nats.kill()


async def _start_broker(stack: Stack) -> None:
    await stack.nats.start()
    assert stack.nats.child is not None
    stack.supervisor.watch(stack.nats.child)


async def test_a_service_killed_between_commit_and_publish_loses_no_event(ground: Any, load: Load) -> None:
    stack: Stack = ground.stack
    async with _stopped_broker(stack), _connected(stack, "families") as families:
        await load.more(20)
        committed = await families.fetchval(_UNPUBLISHED)
        assert committed > 0, "nothing waited to be published"
        await stack.kill_service("families")
    await _again(stack, "families")
    await load.more(20)


async def test_services_killed_at_any_instant_lose_nothing(ground: Any, load: Load) -> None:
    stack: Stack = ground.stack
    for service in ("families", "referrals", "consent"):
        await load.more(random.randint(1, 12))  # noqa: S311 - any instant is as good as another
        await asyncio.sleep(random.random() / 5)  # noqa: S311 - any pause is as good as another
        await stack.kill_service(service)
        await _again(stack, service)
    await load.more(20)


async def test_what_a_relay_killed_between_publish_and_mark_sends_again_has_no_second_effect(
    ground: Any, load: Load
) -> None:
    """It meets messages that are stored, which refuses all of them; or the events go again, bundled with new ones."""
    stack: Stack = ground.stack
    async with _connected(stack, "families") as holder, _connected(stack, "families") as watcher:
        async with _stopped_broker(stack):
            await eventually("events that wait", lambda: watcher.fetchval(_UNPUBLISHED))
            held = holder.transaction()
            await held.start()
            await holder.execute("SELECT FROM outbox WHERE published_at IS NULL FOR UPDATE")
        relay = await eventually("a relay that has published and cannot mark", lambda: watcher.fetchval(_MARKING))
        await stack.kill_service("families")
        # The server would finish the dead relay's statement once the rows are free, and so hide the crash.
        await watcher.execute("SELECT pg_terminate_backend($1)", relay)
        await eventually("the end of the relay's statement", lambda: _none(watcher))
        await held.rollback()
        unmarked = {str(row["event_id"]) for row in await watcher.fetch(_UNMARKED)}
        sent = {event for events in (await invariants.stored_ids(stack)).values() for event in events}
        assert unmarked & sent, "nothing was sent without its mark: the test has not brought about what it is for"
    await _again(stack, "families")
    await load.more(10)


async def _none(connection: Any) -> bool:
    return await connection.fetchval(_MARKING) is None


async def test_events_whose_marks_were_lost_are_published_again_and_take_no_second_effect(
    ground: Any, load: Load
) -> None:
    """As after a crash that took the last marks with it, in every service at once."""
    stack: Stack = ground.stack
    await load.more(20)
    for service in ("families", "referrals", "consent"):
        await stack.kill_service(service)
        async with _connected(stack, service) as connection:
            lost = "UPDATE outbox SET published_at = NULL WHERE id > (SELECT max(id) - 200 FROM outbox)"
            assert await connection.execute(lost) != "UPDATE 0"
    await _again(stack, "families", "referrals", "consent")
    await load.more(10)


async def test_a_consumer_killed_before_its_acknowledgement_applies_nothing_twice(ground: Any, load: Load) -> None:
    """It commits, the acknowledgement dies with the broker that had not read it, and everything is delivered again."""
    stack: Stack = ground.stack
    async with _connected(stack, "consent") as holder, _connected(stack, "consent") as watcher:
        held = holder.transaction()
        await held.start()
        await holder.execute("LOCK TABLE inbox IN SHARE MODE")
        await eventually("a consumer whose transaction waits", lambda: watcher.fetchval(_WAITS_FOR_INBOX))
        before = await watcher.fetchval("SELECT count(*) FROM inbox")
        async with _stopped_broker(stack):
            await held.rollback()
            await eventually("its commit", lambda: watcher.fetchval("SELECT count(*) > $1 FROM inbox", before))
            await _kill_broker(stack)
    await stack.kill_service("consent")
    await _start_broker(stack)
    assert await _applied_but_unacknowledged(stack, "consent"), "every acknowledgement arrived"
    await _again(stack, "consent")
    await load.more(10)


_WAITS_FOR_INBOX = (
    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO inbox%'"
)


async def _applied_but_unacknowledged(stack: Stack, consumer: str) -> set[str]:
    """Events that the consumer has committed and the broker will deliver again, since it heard nothing of that."""
    async with stack.nats.admin() as client:
        floor = (await client.jetstream().consumer_info("EVENTS", consumer)).ack_floor
    async with _connected(stack, consumer) as connection:
        applied = {str(row["event_id"]) for row in await connection.fetch("SELECT event_id FROM inbox")}
    acknowledged = floor.stream_seq if floor is not None else 0
    stored = await invariants.stored_ids(stack)
    return {event for number, events in stored.items() if number > acknowledged for event in events} & applied


async def test_consumers_that_lost_every_acknowledgement_apply_nothing_twice(ground: Any, load: Load) -> None:
    """The durables are made anew: all that was ever published is delivered once more, while more comes in."""
    stack: Stack = ground.stack
    await load.more(10)
    async with stack.nats.admin() as client:
        jetstream = client.jetstream()
        for service in ("consent", "families"):
            await jetstream.delete_consumer("EVENTS", service)
            await jetstream.add_consumer("EVENTS", ground.durable(service))
        await load.more(10)
        for service in ("consent", "families"):

            async def caught_up(service: str = service) -> bool:
                info = await jetstream.consumer_info("EVENTS", service)
                return not info.num_pending and not info.num_ack_pending

            await load.finish()
            await eventually(f"{service} to have read everything again", caught_up)


async def test_a_broker_killed_under_load_keeps_nobody_from_writing(ground: Any, load: Load) -> None:
    """P4: without the broker writes are accepted and wait; readiness says that it is away, and stays ready."""
    stack: Stack = ground.stack
    await _kill_broker(stack)
    await load.more(20)
    ready = await load.get("families", "/readyz")
    assert (ready.status_code, ready.json()["broker"]) == (200, "degraded")
    async with _connected(stack, "families") as connection:
        assert await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL") > 0
    await _start_broker(stack)
    await load.more(10)


async def test_a_database_killed_under_load_refuses_and_comes_back(ground: Any, load: Load) -> None:
    """P4: without the database nothing is accepted: 503 with Retry-After; and nothing that was accepted is gone."""
    stack: Stack = ground.stack
    for _ in range(2):
        await load.more(10)
        await stack.supervisor.let_go("postgres")
        await stack.postgres.kill()
        for answer in (
            await load.get("families", "/families"),
            await load.get("referrals", "/requests"),
            await load.post("families", "/families", a_family()),
            await load.get("families", "/readyz"),
        ):
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.headers["content-type"] == "application/problem+json"
        await stack.postgres.start()
        assert stack.postgres.child is not None
        stack.supervisor.watch(stack.postgres.child)
    await load.more(20)
