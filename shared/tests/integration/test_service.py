import asyncio
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from connective.kit import bus as broker
from connective.kit.actor import service_actor
from connective.kit.bus import Bus
from connective.kit.database import fetch
from connective.kit.housekeeping import remove_old
from connective.kit.ids import first_id_at, new_id
from connective.kit.inbox import Consumer, Handler, Received
from connective.kit.problems import Unavailable
from connective.kit.testing import eventually, key_header

NOTE = {"words": "hello"}


async def test_a_note_is_written_once_however_often_it_is_sent(toy_service: Any) -> None:
    headers = toy_service.worker() | key_header()
    answers = await asyncio.gather(*(toy_service.client.post("/notes", json=NOTE, headers=headers) for _ in range(12)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    again = await toy_service.client.post("/notes", json=NOTE, headers=headers)
    assert again.status_code == 201
    assert again.headers["Idempotent-Replay"] == "true"
    listed = await toy_service.client.get("/notes", headers=headers)
    assert listed.json() == {"count": 1}


async def test_another_body_under_the_same_key_is_refused(toy_service: Any) -> None:
    headers = toy_service.worker() | key_header()
    await toy_service.client.post("/notes", json=NOTE, headers=headers)
    answer = await toy_service.client.post("/notes", json={"words": "other"}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_row_level_security_holds_where_the_query_forgot_its_where(toy_service: Any) -> None:
    mine, others = toy_service.worker(), toy_service.worker()
    await toy_service.client.post("/notes", json=NOTE, headers=mine | key_header())
    assert (await toy_service.client.get("/notes", headers=others)).json() == {"count": 0}
    assert (await toy_service.client.get("/notes", headers=mine)).json() == {"count": 1}


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "code"),
    [
        ("GET", "/notes", {"hub-identity": "x.y.z"}, None, 401, "not-signed-in"),
        ("GET", "/notes", {}, None, 401, "not-signed-in"),
        ("GET", "/nothing", {}, None, 404, "not-found"),
        ("DELETE", "/notes", {}, None, 405, "method-not-allowed"),
        ("GET", "/internal/x", None, None, 404, "not-found"),
        ("POST", "/notes", None, b"{", 422, "invalid"),
        ("POST", "/notes", None, b'{"words":"a\\u0000b"}', 422, "invalid"),
        ("POST", "/notes", None, b'{"words":"a","more":1}', 422, "invalid"),
        ("POST", "/notes", None, b"x" * 1_100_000, 413, "too-large"),
        ("PUT", "/notes", None, b"{}", 428, "if-match-required"),
        ("GET", "/notes?x=%00", None, None, 400, "bad-request"),
    ],
)
async def test_bad_input_gets_a_problem_document(
    toy_service: Any, method: str, path: str, headers: Any, body: Any, status: int, code: str
) -> None:
    sent = toy_service.worker() | key_header() if headers is None else headers
    answer = await toy_service.client.request(method, path, content=body, headers=sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{code}"
    assert answer.json()["instance"] == answer.headers["x-request-id"]


async def test_a_validation_error_never_repeats_what_was_sent(toy_service: Any) -> None:
    answer = await toy_service.client.post(
        "/notes", json={"words": {"canary": "Zephyrine Quill"}}, headers=toy_service.worker() | key_header()
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/words"
    assert "Zephyrine" not in answer.text


async def test_a_role_without_the_permission_is_refused(toy_service: Any) -> None:
    headers = toy_service.worker(roles=("partner_volunteer",))
    assert (await toy_service.client.get("/notes", headers=headers)).status_code == 403


async def test_the_reader_cannot_write(toy_service: Any) -> None:
    answer = await toy_service.client.post("/write-as-reader", headers=toy_service.worker())
    assert answer.status_code >= 500


async def test_only_a_service_reaches_an_internal_route(toy_service: Any) -> None:
    person = toy_service.worker()
    known = toy_service.identities.caller("consent", "referrals")
    for_another = toy_service.identities.caller("consent", "families")
    assert (await toy_service.client.get("/internal/x", headers=person)).status_code == 404
    assert (await toy_service.client.get("/internal/x", headers=known)).status_code == 403
    assert (await toy_service.client.get("/internal/x", headers=for_another)).status_code == 401


async def test_a_fact_takes_effect_once_though_it_is_published_twice(toy_service: Any, fresh_nats: Any) -> None:
    seen: list[UUID] = []

    async def apply(unit: Any, event: Received, _: Any) -> None:
        seen.append(event.id)

    await toy_service.client.post("/notes", json=NOTE, headers=toy_service.worker() | key_header())
    running = toy_service.running
    connection = await asyncpg.connect(running.settings.database_url)
    assert await running.relay.drain(connection) == 1
    # As after a crash between publishing and marking: what was published waits again, and now with another behind it.
    await connection.execute("UPDATE outbox SET published_at = NULL")
    await toy_service.client.post("/notes", json=NOTE, headers=toy_service.worker() | key_header())
    assert await running.relay.drain(connection) == 2
    # And the very same once more: the broker knows the message, which counts as published.
    await connection.execute("UPDATE outbox SET published_at = NULL")
    assert await running.relay.drain(connection) == 2
    rows = await connection.fetch("SELECT event_id, feed_position FROM outbox ORDER BY id")
    await connection.close()
    assert [row["feed_position"] for row in rows] == [1, 2]
    assert (await (await running.bus.jetstream()).stream_info("EVENTS")).state.messages == 2
    families = Bus("families", fresh_nats.url("families"))
    consumer = Consumer("families", families, running.database, {"hub.referrals.request.*": Handler(apply)})
    async with await families.durable() as pull:
        while len(seen) < 2:
            await consumer._take(await asyncio.wait_for(pull.batch(), 10))
    await families.close()
    assert seen == [row["event_id"] for row in rows]


async def test_the_consumer_applies_new_events_only_and_parks_poison(toy_service: Any, service_database: Any) -> None:
    seen: list[Received] = []

    async def apply(unit: Any, event: Received, _: Any) -> None:
        if event.data.get("poison"):
            raise RuntimeError("poison")
        seen.append(event)

    running = toy_service.running
    consumer = Consumer("referrals", running.bus, running.database, {"hub.partners.service.*": Handler(apply)})
    message = _message("hub.partners.service.changed")
    await consumer.apply([message, message, _message("hub.partners.service.published")])
    await consumer.apply([message])
    assert len(seen) == 2
    with pytest.raises(RuntimeError):
        await consumer.apply([_message("hub.partners.service.changed", poison=True)])
    assert len(seen) == 2


class _Delivered:
    """A message as the broker delivers it for the nth time, and what became of it."""

    def __init__(self, nth: int, *bundled: tuple[str, bytes]) -> None:
        self.subject, self.data = _message("hub.partners.service.changed")
        if bundled:
            self.data = b"[%s]" % b",".join(body for _, body in bundled)
        self.metadata = SimpleNamespace(num_delivered=nth)
        self.became: list[str] = []

    async def ack(self) -> None:
        self.became.append("acknowledged")

    async def nak(self, delay: float) -> None:
        self.became.append(f"again in {delay} s")


@pytest.mark.parametrize(
    ("error", "nth", "became", "parked"),
    [
        (RuntimeError("poison"), 7, "again in 3.5 s", 0),
        (RuntimeError("poison"), 8, "acknowledged", 1),
        (Unavailable("The database cannot be reached."), 40, "again in 5.0 s", 0),
        (Unavailable("The database cannot be reached."), 2_000, "acknowledged", 1),
    ],
)
async def test_what_fails_is_set_aside_and_what_met_an_outage_is_not(
    toy_service: Any, error: Exception, nth: int, became: str, parked: int
) -> None:
    async def apply(unit: Any, event: Received, _: Any) -> None:
        raise error

    running = toy_service.running
    consumer = Consumer("referrals", running.bus, running.database, {"hub.partners.service.*": Handler(apply)})
    message = _Delivered(nth)
    await consumer._take([message])  # type: ignore[list-item]  # as the broker's client gives it
    assert message.became == [became]
    async with running.database.reading(service_actor("referrals")) as connection:
        assert len(await fetch(connection, "SELECT 1 FROM parked_event", ())) == parked


async def test_what_fails_of_a_bundle_is_set_aside_alone(toy_service: Any) -> None:
    """The others of it have taken effect, once, whatever becomes of the one; what cannot be read hinders none."""
    seen: list[str] = []

    async def apply(unit: Any, event: Received, _: Any) -> None:
        if event.data.get("poison"):
            raise RuntimeError("poison")
        seen.append(event.data["name"])

    running = toy_service.running
    consumer = Consumer("referrals", running.bus, running.database, {"hub.partners.service.*": Handler(apply)})
    subject = "hub.partners.service.changed"
    facts = [
        _message(subject, name="first"),
        _message(subject, poison=True, name="£"),
        (subject, b"[]"),
        (subject, b"7"),
    ]
    facts.append(_message(subject, name="last"))
    poisoned = json.loads(facts[1][1])
    for nth, became in ((7, "again in 3.5 s"), (8, "acknowledged"), (1, "acknowledged")):
        message = _Delivered(nth, *facts)
        await consumer._take([message])  # type: ignore[list-item]  # as the broker's client gives it
        assert message.became == [became]
    assert seen == ["first", "first", "last"], "the very first was undone with what failed"
    async with running.database.reading(service_actor("referrals")) as connection:
        (parked,) = await fetch(connection, "SELECT event_id, subject, body FROM parked_event", ())
    assert (str(parked.event_id), parked.subject) == (poisoned["id"], subject)
    assert json.loads(parked.body) == poisoned, "one event, as it came: it is replayed by itself"


async def test_an_outage_is_not_met_again_for_each_event_of_a_bundle(toy_service: Any) -> None:
    asked: list[str] = []

    async def apply(unit: Any, event: Received, _: Any) -> None:
        asked.append(event.data["name"])
        raise Unavailable("Another service cannot be reached.")

    running = toy_service.running
    consumer = Consumer("referrals", running.bus, running.database, {"hub.partners.service.*": Handler(apply)})
    facts = [_message("hub.partners.service.changed", name=str(number)) for number in range(20)]
    # Also where the first three have been met by it for hours, and are parked: the others wait.
    for nth, became in ((40, "again in 5.0 s"), (2_000, "again in 5.0 s")):
        asked.clear()
        message = _Delivered(nth, *facts)
        await consumer._take([message])  # type: ignore[list-item]  # as the broker's client gives it
        assert message.became == [became]
        assert len(asked) <= 4


def _message(subject: str, **data: Any) -> tuple[str, bytes]:
    service = subject.split(".")[1]
    document = {
        "id": str(new_id()),
        "subject": str(new_id()),
        "aggregateversion": 1,
        "placeid": str(new_id()),
        "time": "2026-01-01T00:00:00Z",
        "source": f"/services/{service}",
        "type": f"{subject}.v1",
        "data": data,
    }
    return subject, json.dumps(document).encode()


async def test_the_worker_carries_a_fact_from_one_service_to_another(toy_service: Any, fresh_nats: Any) -> None:
    received: asyncio.Queue[str] = asyncio.Queue()

    async def apply(unit: Any, event: Received, _: Any) -> None:
        await received.put(event.subject)

    running = toy_service.running
    families = Bus("families", fresh_nats.url("families"))
    consumer = Consumer("families", families, running.database, {"hub.referrals.request.*": Handler(apply)})
    loops = [asyncio.create_task(running.work()), asyncio.create_task(consumer.run())]
    await toy_service.client.post("/notes", json=NOTE, headers=toy_service.worker() | key_header())
    assert await asyncio.wait_for(received.get(), 10) == "hub.referrals.request.submitted"
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    await families.close()


async def test_old_rows_go_and_young_ones_stay(toy_service: Any) -> None:
    await toy_service.client.post("/notes", json=NOTE, headers=toy_service.worker() | key_header())
    running = toy_service.running
    connection = await asyncpg.connect(running.settings.database_url)
    assert await remove_old(running.database, "referrals", "idempotency_key") == 0
    await connection.execute("UPDATE idempotency_key SET created_at = now() - interval '25 hours'")
    assert await remove_old(running.database, "referrals", "idempotency_key") == 1
    long_ago = first_id_at(datetime.now(UTC) - timedelta(days=36))
    await connection.execute("UPDATE outbox SET published_at = now() - interval '36 days', feed_position = 1")
    assert await remove_old(running.database, "referrals", "outbox") == 0, "made just now, whatever else it says"
    await connection.execute("UPDATE outbox SET event_id = $1", long_ago)
    assert await remove_old(running.database, "referrals", "outbox") == 1
    await connection.execute("INSERT INTO inbox (event_id) VALUES ($1), ($2)", long_ago, new_id())
    assert await remove_old(running.database, "referrals", "inbox") == 0, "received just now"
    await connection.execute("UPDATE inbox SET received_at = now() - interval '36 days'")
    assert await remove_old(running.database, "referrals", "inbox") == 1
    await connection.close()


async def test_what_happened_since_can_be_published_again(toy_service: Any) -> None:
    await toy_service.client.post("/notes", json=NOTE, headers=toy_service.worker() | key_header())
    running = toy_service.running
    connection = await asyncpg.connect(running.settings.database_url)
    await connection.execute("UPDATE outbox SET published_at = now()")
    assert await running.relay.republish_since(datetime.now(UTC) + timedelta(minutes=1)) == 0
    assert await running.relay.republish_since(datetime.now(UTC) - timedelta(minutes=1)) == 1
    assert await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL") == 1
    await connection.close()


async def test_a_worker_is_ready_only_with_the_broker(toy_service: Any) -> None:
    running = toy_service.running
    with pytest.raises(Unavailable):
        await running.ready_to_work()


async def test_who_only_answers_requests_wakes_the_worker_of_another_process(toy_service: Any) -> None:
    running, worker = toy_service.running, asyncio.Event()
    other = Bus("referrals", running.settings.nats_url)
    await other.on_wake(worker)
    await (await other.connect()).flush()

    async def connected() -> bool:
        return (await running.ready())["broker"] == "connected"

    await eventually("the readiness finds the broker", connected)
    await toy_service.client.post("/notes", json=NOTE, headers=toy_service.worker() | key_header())
    await asyncio.wait_for(worker.wait(), 10)
    await other.close()


async def test_a_broker_that_was_never_there_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "_CONNECT_SECONDS", 0.3)
    with pytest.raises(OSError):  # noqa: PT011 - the time-out is one, and so is a refusal
        await Bus("partners", "nats://nobody:none@127.0.0.1:9").connect()
