"""Replaying what was parked: each record's events in their order, straight from what was kept, without the broker.

A record is replayed until nothing of it waits or one of its events fails again; that one and those behind it stay
parked, and other records go on. An event takes effect and is marked replayed in one transaction, so a crash, or two
operators at once, make none take effect twice.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from connective.kit.actor import service_actor
from connective.kit.database import Database, fetch
from connective.kit.inbox import Consumer
from connective.kit.logs import log

_RECORDS = """
SELECT aggregate_id FROM parked_event
WHERE replayed_at IS NULL
  AND ($1::uuid IS NULL OR aggregate_id = (SELECT aggregate_id FROM parked_event WHERE event_id = $1))
GROUP BY aggregate_id ORDER BY min(parked_at), aggregate_id
"""
_NEXT = """
SELECT event_id, subject, body FROM parked_event WHERE aggregate_id = $1 AND replayed_at IS NULL
ORDER BY (body::json ->> 'aggregateversion')::int, event_id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many events took effect, and on how many records one failed again."""

    events: int
    records_failed: int


async def replay_parked(service: str, database: Database, consumer: Consumer, event_id: UUID | None = None) -> Replayed:
    """Replay everything that waits, or only the record that one event is about, with whatever waits behind it."""
    done = failed = 0
    for row in await _rows(service, database, _RECORDS, event_id):
        while waiting := await _rows(service, database, _NEXT, row.aggregate_id):
            first = waiting[0]
            try:
                done += await consumer.replay(first.subject, first.body.encode())
            except Exception as error:  # noqa: BLE001 - whatever it is, the record stays parked and others go on
                log().error(
                    "replay_failed", subject=first.subject, event_id=str(first.event_id), error=type(error).__name__
                )
                failed += 1
                break
    return Replayed(done, failed)


async def _rows(service: str, database: Database, statement: str, about: UUID | None) -> list[Any]:
    async with database.reading(service_actor(service)) as connection:
        return await fetch(connection, statement, (about,))
