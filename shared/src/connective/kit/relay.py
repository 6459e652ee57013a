"""The relay: takes the outbox to the broker, one relay per database, in batches, and marks what was acknowledged.

A crash between publishing and marking makes it publish again; the broker knows the ids for two hours and every
consumer for ever, so each fact still takes effect once.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from math import exp
from typing import Any

import asyncpg
from nats.errors import Error as NatsError

from connective.kit.bundle import bundles
from connective.kit.bus import BATCH_LIMIT, BatchRefused, Bus
from connective.kit.logs import log

_LEADER = 0x6F757462  # "outb": the advisory lock that one relay per database holds.
_POLL_FIRST_SECONDS = 0.2
_POLL_LONGEST_SECONDS = 1.0
_LEADER_RETRY_SECONDS = 2.0
_CLAIM = """
SELECT id, event_id, subject, type, aggregate_id, aggregate_version, place_id, data, traceparent, occurred_at,
       feed_position
FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1
"""
_NUMBER = """
WITH rows AS (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM unnest($1::bigint[]) AS id),
     head AS (UPDATE outbox_head SET position = position + cardinality($1::bigint[]) RETURNING position)
UPDATE outbox SET feed_position = head.position - cardinality($1::bigint[]) + rows.nth
FROM rows, head WHERE outbox.id = rows.id
"""
_FINISH = """
WITH new AS (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM unnest($2::bigint[]) AS id),
     head AS (UPDATE outbox_head SET position = position + cardinality($2::bigint[]) RETURNING position),
     rows AS (SELECT id, head.position - cardinality($2::bigint[]) + new.nth AS position
              FROM head, unnest($1::bigint[]) AS id LEFT JOIN new USING (id))
UPDATE outbox SET published_at = now(), feed_position = coalesce(rows.position, feed_position)
FROM rows WHERE outbox.id = rows.id
"""
"""Both in one statement: every change of a row that several indexes know costs one more entry in each of them."""
_PLAN_ONCE = {"plan_cache_mode": "force_generic_plan"}
"""Its statements find their rows by key; planning anew for the arrays of each batch was half of what a batch cost."""
_UNNUMBERED = "SELECT id FROM outbox WHERE published_at IS NULL AND feed_position IS NULL ORDER BY id LIMIT 5000"
_UNMARK = "UPDATE outbox SET published_at = NULL WHERE occurred_at >= $1"


_GATHER_SECONDS = 0.008
_GATHER_LONGER_SECONDS = 0.05
_MANY_A_SECOND = 300.0
_SEEN_SECONDS = 0.3


class Pace:
    """How long others gather after a batch before the next one; a lone fact waits for none.

    A batch costs the relay, the broker and each consumer much the same whatever its size, so under load the next one is
    to hold several commits. How many come in a second decides, never how many a batch held: that grows with the wait,
    and a wait that grew with it fed itself.
    """

    def __init__(self) -> None:
        self._weight = 0.0
        self._at = 0.0

    def after(self, drained: int, now: float) -> float:
        """Seconds to wait after a batch of so many facts; `now` is any clock's that does not go back.

        They count as if they had come evenly since the last batch: after a stall, many at once are no higher pace.
        """
        past = max(now - self._at, 1e-6) / _SEEN_SECONDS
        faded = exp(-past)
        self._weight = self._weight * faded + drained * (1 - faded) / past
        self._at = now
        return _GATHER_LONGER_SECONDS if self._weight >= _MANY_A_SECOND * _SEEN_SECONDS else _GATHER_SECONDS


class Relay:
    """Publishes one database's outbox."""

    def __init__(self, service: str, database_url: str, bus: Bus) -> None:
        self._service = service
        self._url = database_url
        self._bus = bus
        self.wake = asyncio.Event()
        self.published = 0

    async def run(self) -> None:
        """Relay until cancelled; whatever fails is tried again."""
        while True:
            try:
                await self._lead()
            except (OSError, NatsError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log().warning("relay_interrupted", error=type(error).__name__)
            await asyncio.sleep(_LEADER_RETRY_SECONDS / 4)

    async def _lead(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=3, command_timeout=10, server_settings=_PLAN_ONCE)
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LEADER):  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(_LEADER_RETRY_SECONDS)
            await self._drain_for_ever(connection)
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=2)

    async def _drain_for_ever(self, connection: "asyncpg.Connection[Any]") -> None:
        pause, pace = _POLL_FIRST_SECONDS, Pace()
        while True:
            self.wake.clear()
            drained = await self.drain(connection)
            if drained == BATCH_LIMIT:
                continue
            if drained:
                pause = _POLL_FIRST_SECONDS
                await asyncio.sleep(pace.after(drained, asyncio.get_running_loop().time()))
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), pause)
                pause = _POLL_FIRST_SECONDS / 2
            pause = min(pause * 2, _POLL_LONGEST_SECONDS)

    async def republish_since(self, since: datetime) -> int:
        """Mark what happened since then as unpublished, after the broker's storage was lost; answers how many rows."""
        connection = await asyncpg.connect(self._url, timeout=3)
        try:
            done: str = await connection.execute(_UNMARK, since)
        finally:
            await connection.close()
        return int(done.rsplit(maxsplit=1)[-1])

    async def drain(self, connection: "asyncpg.Connection[Any]") -> int:
        """Publish one batch, number it in the feed and mark it; answers its size. The feed goes on without a broker."""
        rows = await connection.fetch(_CLAIM, BATCH_LIMIT)
        if not rows:
            return 0
        unnumbered = [row["id"] for row in rows if row["feed_position"] is None]
        try:
            await self._publish(rows)
        except (OSError, NatsError, TimeoutError):
            # All of them, not this batch alone: without a broker the same batch is claimed again and again.
            while waiting := [row["id"] for row in await connection.fetch(_UNNUMBERED)]:
                await connection.execute(_NUMBER, waiting)
            raise
        await connection.execute(_FINISH, [row["id"] for row in rows], unnumbered)
        self.published += len(rows)
        return len(rows)

    async def _publish(self, rows: Sequence[Any]) -> None:
        batch = bundles(rows, f"/services/{self._service}")
        try:
            await self._bus.publish_batch(batch)
        except BatchRefused as refused:
            # One id that is stored already refuses the whole batch; singly, a duplicate counts as published.
            log().info("batch_refused", code=refused.code, count=len(batch))
            await asyncio.gather(*(self._bus.publish_one(message) for message in batch))
