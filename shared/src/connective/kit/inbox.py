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
_AWAY_ENOUGH = 3
"""After so many events of a message the rest waits with them: they are of one kind, and need the same."""
_AT_ONCE = 100
"""How many events make a transaction at the least, when more wait; a message is never divided among two."""
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
    """What many events do here at once, in one statement however many; for histories, which do not mind the order.

    Its statements find their rows by key, so that one plan will do for all values.
    """

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
    """The event of a body that holds one. Raises Unreadable."""
    return _event(subject, _document(body))


def _document(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON was sent
    try:
        return pydantic_core.from_json(body)
    except ValueError:
        return None


def _event(subject: str, document: Any) -> Received:  # noqa: ANN401 - whatever JSON was sent
    try:
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


@dataclass(frozen=True, slots=True)
class _Came:
    """An event with the document it came as, which is what is kept of it when it is parked."""

    event: Received
    document: Any


def _read(subject: str, body: bytes) -> list[_Came]:
    """The events of a message: of a bundle, or the one that it is; what cannot be read of it is said, and left out."""
    carried = _document(body)
    came: list[_Came] = []
    for document in carried if isinstance(carried, list) else [carried]:
        try:
            came.append(_Came(_event(subject, document), document))
        except Unreadable:
            log().error("unreadable_event", subject=subject)
    return came


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
        portion: list[tuple[Msg, list[_Came]]] = []
        events = 0
        for message in messages:
            came = _read(message.subject, message.data)
            portion.append((message, came))
            events += len(came)
            if events >= _AT_ONCE:
                await self._take_portion(portion)
                portion, events = [], 0
        await self._take_portion(portion)

    async def _take_portion(self, portion: list[tuple[Msg, list[_Came]]]) -> None:
        try:
            await self._apply([each for _, came in portion for each in came])
        except Exception as error:  # noqa: BLE001 - any failure of many is tried again one by one
            log().warning("batch_failed", consumer=self._service, error=type(error).__name__, count=len(portion))
            for message, came in portion:
                await self._take_one(message, came)
            return
        for message, _ in portion:
            await message.ack()

    async def _take_one(self, message: Msg, came: list[_Came]) -> None:
        """Each event of a message by itself. It is asked for again until each has taken effect or is parked."""
        deliveries = message.metadata.num_delivered
        waiting = away = 0
        for each in came:
            if away >= _AWAY_ENOUGH:
                waiting += 1
                break
            try:
                await self._apply([each])
            except Exception as error:  # noqa: BLE001 - one event's failure must not stop those about other records
                away += isinstance(error, _AWAY)
                if deliveries < (_PARK_AFTER_OUTAGES if isinstance(error, _AWAY) else _PARK_AFTER_DELIVERIES):
                    waiting += 1
                else:
                    await self._park(each, type(error).__name__, deliveries)
        if waiting:
            await message.nak(delay=min(_RETRY_AFTER_SECONDS * deliveries, _LONGEST_RETRY_SECONDS))
        else:
            await message.ack()

    async def apply(self, messages: list[tuple[str, bytes]]) -> None:
        """Let messages take effect in one transaction; events seen before have none."""
        await self._apply([each for subject, body in messages for each in _read(subject, body)])

    async def _apply(self, came: list[_Came]) -> None:
        once = {each.event.id: each for each in came}
        if not once:
            return
        events = [each.event for each in once.values()]
        prepared = {event.id: await self._prepare(event) for event in events}
        by_key = all(isinstance(self._handler(event.subject), BatchHandler) for event in events)
        async with self._database.unit(service_actor(self._service), by_key=by_key) as unit:
            blocked = {row.event_id: row.blocked for row in await _enter(unit, events)}
            fresh = [event for event in events if event.id in blocked]
            for event in fresh:
                if blocked[event.id]:
                    await _park(unit, once[event.id], "waits for an earlier event of its record", 0)
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

    async def _park(self, came: _Came, reason: str, deliveries: int) -> None:
        event = came.event
        log().error("event_parked", subject=event.subject, event_id=str(event.id), error=reason)
        async with self._database.unit(service_actor(self._service)) as unit:
            await _enter(unit, [event])
            await _park(unit, came, reason, deliveries)


async def _enter(unit: Unit, events: Sequence[Received]) -> list[Any]:
    """Enter these into the inbox; answers those that are new, and whether an earlier event of their record waits."""
    return await unit.fetch(_NEW, ([event.id for event in events], [event.aggregate_id for event in events]))


async def _park(unit: Unit, came: _Came, reason: str, attempts: int) -> None:
    event, body = came.event, pydantic_core.to_json(came.document).decode()
    await unit.run(_PARK, (event.id, event.subject, event.aggregate_id, body, reason, attempts))
