"""The consumer: takes batches from the durable, and makes each event take effect exactly once.

Inbox row and effect are one transaction; the acknowledgement follows the commit. A message that keeps failing is
parked with its reason, and parks only what follows about the same record.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from uuid import UUID

import pydantic_core
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text, Uuid, func
from sqlalchemy.exc import SQLAlchemyError

from connective.kit.actor import service_actor
from connective.kit.bus import Bus
from connective.kit.context import current_trace, new_trace
from connective.kit.database import Database, Unit
from connective.kit.logs import log
from connective.kit.problems import Refusal, Unavailable

_PARK_AFTER_DELIVERIES = 8
_PARK_AFTER_OUTAGES = 2_000
"""While the database or another service is away the event is not to blame: it is set aside after some hours only."""
_AWAY = (Unavailable, OSError, TimeoutError)
_RETRY_AFTER_SECONDS = 0.5
_LONGEST_RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Received:
    """One event as a handler sees it."""

    id: UUID
    subject: str
    service: str
    """The service that announced it, checked against the subject."""
    aggregate_id: UUID
    aggregate_version: int
    place_id: UUID
    at: datetime
    data: Mapping[str, Any]
    traceparent: str


@dataclass(frozen=True, slots=True)
class Handler:
    """What one kind of event does here: `prepare` may ask other services before the transaction; `apply` writes."""

    apply: Callable[[Unit, Received, Any], Awaitable[None]]
    prepare: Callable[[Received], Awaitable[Any]] | None = None


@dataclass(frozen=True, slots=True)
class BatchHandler:
    """What many events do here at once, in one statement however many; for histories, which do not mind the order."""

    apply_all: Callable[[Unit, Sequence[Received]], Awaitable[None]]


AnyHandler = Handler | BatchHandler


class Unreadable(Exception):
    """The message is not an event of ours: wrong shape, or its source is not its subject's service."""


def inbox_tables(metadata: MetaData) -> tuple[Table, Table]:
    """The inbox and the table of parked messages, for a service's metadata."""
    inbox = Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    parked = Table(
        "parked_event",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("subject", Text, nullable=False),
        Column("aggregate_id", Uuid, nullable=False),
        Column("body", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("parked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("replayed_at", DateTime(timezone=True)),
        Index("parked_event_aggregate", "aggregate_id"),
    )
    return inbox, parked


def read_event(subject: str, body: bytes) -> Received:
    """The event a message carries. Raises Unreadable."""
    try:
        document = pydantic_core.from_json(body)
        service = subject.split(".")[1]
        event = Received(
            id=UUID(document["id"]),
            subject=subject,
            service=service,
            aggregate_id=UUID(document["subject"]),
            aggregate_version=int(document["aggregateversion"]),
            place_id=UUID(document["placeid"]),
            at=datetime.fromisoformat(document["time"]),
            data=document["data"],
            traceparent=document.get("traceparent", ""),
        )
        fits = document["source"] == f"/services/{service}" and document["type"] == f"{subject}.v1"
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Unreadable("not an event of the Hub") from error
    if not fits:
        raise Unreadable("source or type is not its subject's")
    return event


_NEW = """
WITH new AS (INSERT INTO inbox (event_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id)
SELECT event_id, EXISTS (
    SELECT FROM parked_event AS p WHERE p.aggregate_id = e.aggregate_id AND p.replayed_at IS NULL) AS blocked
FROM unnest($1::uuid[], $2::uuid[]) AS e (event_id, aggregate_id) JOIN new USING (event_id)
"""
_PARK = """
INSERT INTO parked_event (event_id, subject, aggregate_id, body, reason, attempts)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""

_REPLAYED = "UPDATE parked_event SET replayed_at = now() WHERE event_id = $1 AND replayed_at IS NULL"


class Consumer:
    """Feeds one service's handlers from its durable."""

    def __init__(self, service: str, bus: Bus, database: Database, handlers: Mapping[str, AnyHandler]) -> None:
        self._service = service
        self._bus = bus
        self._database = database
        self._handlers = handlers
        self._found: dict[str, AnyHandler | None] = {}
        self.handled = 0

    def _handler(self, subject: str) -> AnyHandler | None:
        """Who handles this kind of event; looked for once, because the durable brings few kinds and many events."""
        if subject not in self._found:
            exact = self._handlers.get(subject)
            fitting = (h for pattern, h in self._handlers.items() if fnmatchcase(subject, pattern))
            self._found[subject] = exact if exact is not None else next(fitting, None)
        return self._found[subject]

    async def run(self) -> None:
        """Consume until cancelled; whatever fails is delivered again."""
        while True:
            try:
                async with await self._bus.durable() as pull:
                    while True:
                        await self._take(await pull.batch())
            except (OSError, NatsError, TimeoutError, Refusal, SQLAlchemyError) as error:
                log().warning("consumer_interrupted", consumer=self._service, error=type(error).__name__)
                await asyncio.sleep(_RETRY_AFTER_SECONDS)

    async def _take(self, messages: list[Msg]) -> None:
        try:
            await self.apply([(m.subject, m.data) for m in messages])
        except Exception as error:  # noqa: BLE001 - any failure of a batch is tried again message by message
            log().warning("batch_failed", consumer=self._service, error=type(error).__name__, count=len(messages))
            for message in messages:
                await self._take_one(message)
            return
        for message in messages:
            await message.ack()

    async def _take_one(self, message: Msg) -> None:
        try:
            await self.apply([(message.subject, message.data)])
        except Exception as error:  # noqa: BLE001 - one message's failure must not stop those about other records
            deliveries = message.metadata.num_delivered
            if deliveries < (_PARK_AFTER_OUTAGES if isinstance(error, _AWAY) else _PARK_AFTER_DELIVERIES):
                await message.nak(delay=min(_RETRY_AFTER_SECONDS * deliveries, _LONGEST_RETRY_SECONDS))
                return
            await self._park(message, type(error).__name__)
        await message.ack()

    async def apply(self, messages: list[tuple[str, bytes]]) -> None:
        """Let a batch take effect in one transaction; events seen before have none."""
        events: dict[UUID, Received] = {}
        bodies: dict[UUID, bytes] = {}
        for subject, body in messages:
            try:
                event = read_event(subject, body)
            except Unreadable:
                log().error("unreadable_event", subject=subject)
                continue
            events[event.id], bodies[event.id] = event, body
        if not events:
            return
        prepared = {event.id: await self._prepare(event) for event in events.values()}
        async with self._database.unit(service_actor(self._service)) as unit:
            blocked = {row.event_id: row.blocked for row in await _enter(unit, list(events.values()))}
            fresh = [event for event in events.values() if event.id in blocked]
            for event in fresh:
                if blocked[event.id]:
                    await _park(unit, event, bodies[event.id], "waits for an earlier event of its record", 0)
            await self._apply_fresh(unit, [event for event in fresh if not blocked[event.id]], prepared)
        self.handled += len(fresh)

    async def replay(self, subject: str, body: bytes) -> bool:
        """Let one parked event take effect now, and mark it replayed; False when somebody else was quicker.

        Its inbox row stays from when it was parked, so that a late delivery of it has no second effect.
        """
        event = read_event(subject, body)
        prepared = await self._prepare(event)
        async with self._database.unit(service_actor(self._service)) as unit:
            marked = await unit.run(_REPLAYED, (event.id,)) == 1
            if marked:
                await self._apply_fresh(unit, [event], {event.id: prepared})
        return marked

    async def _apply_fresh(self, unit: Unit, events: Sequence[Received], prepared: Mapping[UUID, Any]) -> None:
        together: dict[Callable[[Unit, Sequence[Received]], Awaitable[None]], list[Received]] = {}
        for event in events:
            handler = self._handler(event.subject)
            if isinstance(handler, BatchHandler):
                together.setdefault(handler.apply_all, []).append(event)
            elif handler is not None:
                current_trace.set(new_trace(event.id.hex, event.traceparent))
                await handler.apply(unit, event, prepared[event.id])
        for apply_all, batch in together.items():
            await apply_all(unit, batch)

    async def _prepare(self, event: Received) -> Any:  # noqa: ANN401 - whatever the handler's own `apply` takes
        handler = self._handler(event.subject)
        if not isinstance(handler, Handler) or handler.prepare is None:
            return None
        return await handler.prepare(event)

    async def _park(self, message: Msg, reason: str) -> None:
        event = read_event(message.subject, message.data)
        log().error("event_parked", subject=event.subject, event_id=str(event.id), error=reason)
        async with self._database.unit(service_actor(self._service)) as unit:
            await _enter(unit, [event])
            await _park(unit, event, message.data, reason, message.metadata.num_delivered)


async def _enter(unit: Unit, events: Sequence[Received]) -> list[Any]:
    """Enter these into the inbox; answers those that are new, and whether an earlier event of their record waits."""
    return await unit.fetch(_NEW, ([event.id for event in events], [event.aggregate_id for event in events]))


async def _park(unit: Unit, event: Received, body: bytes, reason: str, attempts: int) -> None:
    values = (event.id, event.subject, event.aggregate_id, body.decode(), reason, attempts)
    await unit.run(_PARK, values)
