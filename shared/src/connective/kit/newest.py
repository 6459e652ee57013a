"""Of a fact of which only the newest counts: keep it in the service's own database, and have every process follow it.

The durable consumer tells one process of a service, and all of them must know: so the consumer writes a row, and each
process reads the rows every other second. A service uses what it has heard while whoever told it is away.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pydantic_core
from sqlalchemy.exc import SQLAlchemyError

from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit, fetch
from connective.kit.inbox import Received
from connective.kit.logs import log
from connective.kit.problems import Refusal

_EVERY_SECONDS = 2.0
_KEEP = """
INSERT INTO newest_fact (subject, about, place_id, version, data) VALUES ($1, $2, $3, $4, $5::jsonb)
ON CONFLICT (subject, about) DO UPDATE SET version = excluded.version, data = excluded.data
WHERE newest_fact.version < excluded.version
"""
_ALL = "SELECT version, data::text AS data FROM newest_fact WHERE subject = $1"
Take = Callable[[Mapping[str, Any], int], None]
"""What a process does with a fact's data and its version; raises ValueError for what it cannot read."""


async def keep_newest(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Keep what an event says, unless a newer one was heard. An event handler."""
    data = pydantic_core.to_json(dict(event.data)).decode()
    await unit.run(_KEEP, (event.subject, event.aggregate_id, event.place_id, event.aggregate_version, data))


class Following:
    """Keeps one process at what was heard last."""

    def __init__(self, database: Database, service: str, subject: str, take: Take) -> None:
        self._database = database
        self._actor = service_actor(service)
        self._subject = subject
        self._take = take

    async def refresh(self) -> None:
        """Read what was heard, once; what cannot be read is told, and what was known before stands."""
        async with self._database.reading(self._actor) as connection:
            rows = await fetch(connection, _ALL, (self._subject,))
        for row in rows:
            try:
                self._take(pydantic_core.from_json(row["data"]), row["version"])
            except ValueError as error:
                log().error("fact_not_readable", subject=self._subject, error=type(error).__name__)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Follow while the block runs: known before it begins, where the database can be asked."""
        await self._try()
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await self._try()

    async def _try(self) -> None:
        try:
            await self.refresh()
        except (Refusal, SQLAlchemyError, asyncpg.PostgresError, OSError) as error:
            log().warning("fact_not_followed", subject=self._subject, error=type(error).__name__)
