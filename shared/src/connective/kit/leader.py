"""One worker at a time does a thing: whoever holds an advisory lock of the database.

The lock ends with its connection, so that the end of a process, in order or not, hands the work on at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

_TRY_AGAIN_SECONDS = 2.0


class Lead:
    """Proof of being the one; `hold` says whether that is still so."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    async def hold(self) -> None:
        """Make sure the lock is still held. Raises an error of the driver's when its connection has ended."""
        await self._connection.fetchval("SELECT 1")


@asynccontextmanager
async def leading(url: str, lock: int) -> AsyncIterator[Lead]:
    """Wait until the lock is ours, and hold it. Raises OSError or an error of the driver's without a database."""
    connection = await asyncpg.connect(url, timeout=3, command_timeout=10)
    try:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock):  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(_TRY_AGAIN_SECONDS)
        yield Lead(connection)
    finally:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.close(timeout=2)
