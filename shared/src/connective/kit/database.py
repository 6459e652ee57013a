"""The database: two roles, one context per transaction, and the unit of work.

Every transaction tells PostgreSQL who asks (`app.place`, `app.organisation`, `app.actor`, `app.kind`, `app.permit`),
in the same round trip as BEGIN, so that row-level security can hold where a query forgot its WHERE. The settings end
with the transaction (SET LOCAL); a plain SET would outlive it and leak into the next one there.
"""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import pydantic_core
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from connective.kit.actor import Actor
from connective.kit.context import trace
from connective.kit.ids import new_id
from connective.kit.outbox import INSERT_FACTS, Announceable, Fact, fact_arrays
from connective.kit.problems import Unavailable
from connective.kit.settings import ServiceSettings

_SAFE = re.compile(r"^[a-z0-9:_-]{0,80}$")
_STATEMENT_TIMEOUT_MS = "10000"
_POOL_TIMEOUT_SECONDS = 3
_ROLLBACK_SECONDS = 3
_STATEMENTS_KEPT = 300
"""Prepared statements of a connection; a service has fewer kinds than this."""
_UNREACHABLE = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    asyncpg.InterfaceError,
    # What the driver says when the server's last words arrive between two statements.
    asyncpg.InternalClientError,
    ConnectionError,
    TimeoutError,
)
_DRIVER = "hub_driver"
"""Where a pooled connection keeps the driver's own."""


class NothingCommitted(Exception):
    """A transaction went on after one of its statements had failed: PostgreSQL undid all of it."""


class Row(asyncpg.Record):  # type: ignore[misc]  # asyncpg publishes no types
    """A row whose columns are read as attributes."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a column of any type
        """The column of that name. Raises AttributeError when the statement has none."""
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def context_sql(actor: Actor, permit_keeper: UUID | None = None) -> str:
    """The statement that sets who asks. Only UUIDs and short codes may enter it: it is sent without parameters."""
    values = {
        "app.place": str(actor.place_id or ""),
        "app.organisation": str(actor.organisation_id or ""),
        "app.actor": actor.id.lower(),
        "app.kind": str(actor.kind),
        "app.permit": str(permit_keeper or ""),
    }
    for value in values.values():
        if not _SAFE.fullmatch(value):
            raise ValueError("a context value is not an identifier")
    # SET LOCAL is neither planned nor answered with a row: half the time of set_config, measured.
    return "".join(f"SET LOCAL {name}='{value}';" for name, value in values.items())


def _plans(by_key: bool) -> str:
    """Planning again for each set of values costs more than such statements themselves, policies being part of them."""
    return "SET LOCAL plan_cache_mode=force_generic_plan;" if by_key else ""


def make_engine(url: str, service: str, pool_size: int) -> AsyncEngine:
    """An engine whose transactions are opened and ended here; a full pool answers after three seconds, not never.

    The driver's own connection runs BEGIN, COMMIT and every hand-written statement: measured, that takes a third of the
    time the same statements take through the engine, and both share the transaction (docs/adr).
    """
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        isolation_level="AUTOCOMMIT",
        # No overflow: a connection beyond the pool is thrown away after one use, and making one costs ten requests.
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_POOL_TIMEOUT_SECONDS,
        # Every transaction here ends itself, and a connection left inside one is thrown away at its next use.
        pool_reset_on_return=None,
        json_deserializer=pydantic_core.from_json,
        connect_args={
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
                "timezone": "UTC",
            },
        },
    )
    event.listen(engine.sync_engine, "connect", _remember_driver)
    event.listen(engine.sync_engine, "checkout", _refuse_unusable)
    return engine


def _remember_driver(adapter: Any, record: Any) -> None:  # noqa: ANN401 - the pool's event
    record.info[_DRIVER] = adapter.driver_connection


def _refuse_unusable(adapter: Any, _record: Any, _proxy: Any) -> None:  # noqa: ANN401 - the pool's event
    """Have the pool replace a connection that the server closed, or that somebody left inside a transaction."""
    driver = adapter.driver_connection
    if driver.is_closed() or driver.is_in_transaction():
        raise DisconnectionError("the connection cannot be used again")


def _driver(connection: AsyncConnection) -> Any:  # noqa: ANN401 - asyncpg publishes no types
    return connection.info[_DRIVER]


async def fetch(connection: AsyncConnection, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
    """Run one hand-written statement with `$1` parameters in the transaction at hand, and answer its rows.

    Arrays go as one parameter, by unnest. Raises IntegrityError for what a constraint refuses.
    """
    try:
        found: list[Any] = await _driver(connection).fetch(statement, *parameters)
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(statement, None, error) from error
    return found


async def fetch_one(connection: AsyncConnection, statement: str, parameters: Sequence[Any] = ()) -> Any:  # noqa: ANN401 - a row of any shape
    """The first row of a hand-written statement, or None."""
    found = await fetch(connection, statement, parameters)
    return found[0] if found else None


@asynccontextmanager
async def _transaction(engine: AsyncEngine, opening: str) -> AsyncIterator[AsyncConnection]:
    """BEGIN with its context in one round trip; COMMIT after a clean end, else ROLLBACK."""
    async with _reachable(), engine.connect() as connection:
        driver = _driver(connection)
        try:
            await driver.execute(opening)
            yield connection
            await _commit(driver)
        except BaseException:
            await _undo(driver)
            raise


async def _commit(driver: Any) -> None:  # noqa: ANN401 - asyncpg publishes no types
    """Commit. The server answers ROLLBACK to a COMMIT after a failed statement; silence would lose what was written."""
    if await driver.execute("COMMIT") != "COMMIT":
        raise NothingCommitted("a statement failed, its error was passed over, and the transaction went on")


async def _undo(driver: Any) -> None:  # noqa: ANN401 - asyncpg publishes no types
    """Leave the connection fit for the next user, or unfit beyond doubt: the pool then replaces it."""
    try:
        if driver.is_in_transaction():
            await driver.execute("ROLLBACK", timeout=_ROLLBACK_SECONDS)
    except (asyncpg.PostgresError, *_UNREACHABLE):
        driver.terminate()


class Unit:
    """One transaction of one command: what it writes, and what it tells the other services, stand or fall together."""

    def __init__(self, connection: AsyncConnection, actor: Actor) -> None:
        self.connection = connection
        self.actor = actor
        self._facts: list[Fact] = []
        self.told = False

    def tell(self, event: Announceable, *, version: int, place_id: UUID | None = None) -> Fact:
        """Announce a fact about version `version` of a record; it is stored at the end of the unit."""
        fact = Fact(
            id=new_id(),
            subject=event.subject,
            type=event.type_name(),
            aggregate_id=event.aggregate_id,
            aggregate_version=version,
            place_id=place_id or self.actor.place,
            data=event.model_dump_json(),
            traceparent=trace().traceparent,
        )
        self._facts.append(fact)
        self.told = True
        return fact

    def take_facts(self) -> list[Fact]:
        """The facts told so far, for a command that writes them in its own statement; they are then its to store."""
        facts, self._facts = self._facts, []
        return facts

    async def fetch(self, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Run one hand-written statement in this transaction; see `fetch`."""
        return await fetch(self.connection, statement, parameters)

    async def fetch_one(self, statement: str, parameters: Sequence[Any] = ()) -> Any:  # noqa: ANN401 - a row of any shape
        """The first row of a hand-written statement, or None."""
        return await fetch_one(self.connection, statement, parameters)

    async def run(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """Run one hand-written statement that answers no rows; how many it changed."""
        try:
            status: str = await _driver(self.connection).execute(statement, *parameters)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise IntegrityError(statement, None, error) from error
        number = status.rsplit(maxsplit=1)[-1]
        return int(number) if number.isdigit() else 0

    async def finish(self) -> None:
        """Store what was told and not taken."""
        facts = self.take_facts()
        if not facts:
            return
        try:
            await self.run(INSERT_FACTS, fact_arrays(facts))
        except asyncpg.PostgresError as error:
            # An act that cannot be told is one that cannot be recorded: no row, no data.
            raise Unavailable("This cannot be recorded right now, so nothing was done or shown.") from error


class Units(Protocol):
    """What commands need of the database."""

    def unit(self, actor: Actor) -> Any: ...  # noqa: ANN401, D102 - see Database.unit

    def reading(self, actor: Actor) -> Any: ...  # noqa: ANN401, D102 - see Database.reading


class Database:
    """The service's two roles: one that writes, and one that the database itself keeps from writing."""

    def __init__(self, service: str, settings: ServiceSettings) -> None:
        self.writer = make_engine(settings.database_url, service, settings.pool_size)
        self.reader = make_engine(settings.reader_url, service, settings.pool_size)
        self.after_commit: Callable[[], None] = _nothing

    @asynccontextmanager
    async def unit(self, actor: Actor, *, by_key: bool = False) -> AsyncIterator[Unit]:
        """One transaction as `actor`; its clean end commits, and only then is anybody woken.

        `by_key` promises that each statement finds its rows by key, so that one plan for all values will do.
        """
        async with _transaction(self.writer, f"BEGIN; {_plans(by_key)}{context_sql(actor)}") as connection:
            unit = Unit(connection, actor)
            yield unit
            await unit.finish()
        if unit.told:
            self.after_commit()

    @asynccontextmanager
    async def reading(
        self, actor: Actor, *, permit_keeper: UUID | None = None, by_key: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """A transaction that cannot write: READ ONLY, as a role with SELECT alone.

        `permit_keeper` is the organisation whose records a verified permit opens to the actor in this transaction;
        `by_key` is as in `unit`.
        """
        opening = f"BEGIN READ ONLY; {_plans(by_key)}{context_sql(actor, permit_keeper)}"
        async with _transaction(self.reader, opening) as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self.writer.dispose()
        await self.reader.dispose()


def _nothing() -> None:
    return None


@asynccontextmanager
async def _reachable() -> AsyncIterator[None]:
    """Turn a database that cannot be reached into 503: nothing is accepted into memory only."""
    try:
        yield
    except _UNREACHABLE as error:
        raise Unavailable("The database cannot be reached; nothing was changed. Try again shortly.") from error
    except (DBAPIError, asyncpg.PostgresError) as error:
        if _is_gone(error):
            raise Unavailable("The database could not finish; try again with the same Idempotency-Key.") from error
        raise


def _is_gone(error: DBAPIError | asyncpg.PostgresError) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error.orig, OSError) or _says_gone(error.orig)
    return _says_gone(error)


def _says_gone(error: BaseException | None) -> bool:
    """Whether the server cannot serve now: connection, shutdown, resources, or the time a statement has."""
    state = getattr(error, "sqlstate", None) or ""
    return state.startswith(("08", "57", "53", "25006"))


def as_reader_of(actor: Actor, place_id: UUID) -> Actor:
    """The same actor in a given place, for background work that serves many places."""
    return replace(actor, place_id=place_id)
