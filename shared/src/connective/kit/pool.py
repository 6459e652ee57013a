"""The connections of one role: kept open, handed out last in, first out, and checked before each use.

SQLAlchemy opens them, so that Core statements run on them, but its own pool does not keep them: taking a connection
out and putting it back went through a greenlet twice, a tenth of the cost of a short transaction (measured).
"""

import asyncio
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import asyncpg
import pydantic_core
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

_STATEMENT_TIMEOUT_MS = "10000"
_WAIT_SECONDS = 3
"""A full pool answers after so long, not never."""
_STATEMENTS_KEPT = 300
"""Prepared statements of a connection; a service has fewer kinds than this."""
_DRIVER = "hub_driver"
"""Where a connection keeps the driver's own."""


class Row(asyncpg.Record):  # type: ignore[misc]  # asyncpg publishes no types
    """A row whose columns are read as attributes."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a column of any type
        """The column of that name. Raises AttributeError when the statement has none."""
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg publishes no types
    """The driver's connection, which asks once, not anew over each connection, what `uuid[]` and its like are made of.

    The driver knows few array types by itself, and the question is the longest that a service asks: 8 ms of the first
    statement over each connection, most of them PostgreSQL's own (measured). The answer is the same in every database
    for the types whose numbers are written into PostgreSQL's sources; nothing is kept of others.
    """

    async def _introspect_types(self, typeoids: Iterable[int], timeout: float) -> tuple[Sequence[Any], Any]:  # noqa: ASYNC109 - the driver's own form
        asked = frozenset(typeoids)
        if max(asked) >= _FIRST_NUMBER_OF_OTHERS:
            answered: tuple[Sequence[Any], Any] = await super()._introspect_types(typeoids, timeout)
            return answered
        if asked not in _BUILT_IN:
            _BUILT_IN[asked], _ = await super()._introspect_types(typeoids, timeout)
        return _BUILT_IN[asked], _NOTHING_ASKED


_FIRST_NUMBER_OF_OTHERS = 10_000
"""Lower object identifiers are assigned by hand and never change (PostgreSQL's documentation, "OID Assignment")."""
_BUILT_IN: dict[frozenset[int], Sequence[Any]] = {}
_NOTHING_ASKED = SimpleNamespace(name="kept")
"""Stands for the driver's statement of that question: a named one, which takes no other's place."""


def _engine(url: str, service: str, *, read_only: bool) -> AsyncEngine:
    """What opens connections; transactions on them are opened and ended by `kit/database.py` alone."""
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        json_deserializer=pydantic_core.from_json,
        connect_args={
            "connection_class": _Connection,
            "record_class": Row,
            "statement_cache_size": _STATEMENTS_KEPT,
            "max_cached_statement_lifetime": 0,
            "timeout": 3,
            "server_settings": {
                "application_name": f"connective-{service}",
                "statement_timeout": _STATEMENT_TIMEOUT_MS,
                # Our statements are short: compiling one costs more than it ever saves.
                "jit": "off",
                "idle_in_transaction_session_timeout": "15000",
                "default_transaction_read_only": "on" if read_only else "off",
                # A statement alone cannot say before it is planned that one plan for all values will do: planning one
                # with its policies takes longer than running it. Readings that are no such statement take it back.
                "plan_cache_mode": "force_generic_plan" if read_only else "auto",
                # Instants are also written by the server, into JSON (kit/json_sql.py).
                "timezone": "UTC",
            },
        },
    )
    event.listen(engine.sync_engine, "connect", _remember_driver)
    return engine


def _remember_driver(adapter: Any, record: Any) -> None:  # noqa: ANN401 - the pool's event
    record.info[_DRIVER] = adapter.driver_connection


def driver_of(connection: AsyncConnection | Connection) -> Any:  # noqa: ANN401 - asyncpg publishes no types
    """The driver's own connection, which runs BEGIN, COMMIT and every hand-written statement.

    Measured, that takes a third of the time the same statements take through the engine, and both share the
    transaction (docs/adr).
    """
    return connection.info[_DRIVER]


class Pool:
    """At most `size` connections; whoever finds none free waits three seconds, then TimeoutError is raised."""

    def __init__(self, url: str, service: str, size: int, *, read_only: bool = False) -> None:
        self._engine = _engine(url, service, read_only=read_only)
        self._places = asyncio.Semaphore(size)
        self._idle: list[AsyncConnection] = []
        self._closed = False

    async def take(self) -> AsyncConnection:
        """A connection that can be used; put it back with `give_back`."""
        if self._places.locked():
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if _usable(connection):
                    return connection
                await _discard(connection)
            return await self._engine.connect()
        except BaseException:
            self._places.release()
            raise

    async def give_back(self, connection: AsyncConnection) -> None:
        """Let the next one have it. Whether it is still fit is looked at when it is taken."""
        try:
            if connection.in_transaction():
                # Core statements make the engine believe in a transaction of its own; nothing is sent to the server.
                await connection.rollback()
            self._idle.append(connection)
            if self._closed:
                await self.close()
        finally:
            self._places.release()

    async def close(self) -> None:
        """Close the connections: those in use when they are given back."""
        self._closed = True
        while self._idle:
            await _discard(self._idle.pop())


def _usable(connection: AsyncConnection) -> bool:
    """Not one that the server closed, nor one that somebody left inside a transaction."""
    if connection.invalidated:
        return False
    driver = driver_of(connection)
    return not driver.is_closed() and not driver.is_in_transaction()


async def _discard(connection: AsyncConnection) -> None:
    if not connection.invalidated:
        driver_of(connection).terminate()
    try:
        await connection.close()
    except (DBAPIError, asyncpg.InterfaceError, OSError):
        # It was unfit; nothing of it is left to close.
        return
