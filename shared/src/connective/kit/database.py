"""The database: two roles, one context per transaction, and the unit of work.

Every transaction tells PostgreSQL who asks (`app.place`, `app.organisation`, `app.actor`, `app.kind`, `app.permit`),
in the same round trip as BEGIN, so that row-level security can hold where a query forgot its WHERE. The settings end
with the transaction (`set_config(…, true)`); a plain SET would outlive it and leak into the next one there.
"""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from connective.kit.actor import Actor
from connective.kit.context import trace
from connective.kit.ids import new_id
from connective.kit.outbox import Announceable, Fact, insert_facts
from connective.kit.problems import Unavailable
from connective.kit.settings import ServiceSettings

_SAFE = re.compile(r"^[a-z0-9:_-]{0,80}$")
_STATEMENT_TIMEOUT_MS = "10000"
_POOL_TIMEOUT_SECONDS = 3


class ContextConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg publishes no types
    """A driver connection that sends the waiting context together with BEGIN."""

    __slots__ = ("context",)

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ANN401, ASYNC109 - the driver's signature
        """Run a statement; a BEGIN carries the context that waits, once."""
        context = getattr(self, "context", None)
        if context and not args and query.startswith("BEGIN"):
            self.context = None
            query = f"{query} {context}"
        status: str = await super().execute(query, *args, timeout=timeout)
        return status


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
    settings = ",".join(f"set_config('{name}','{value}',true)" for name, value in values.items())
    return f"SELECT {settings};"


def _send_context(connection: Connection) -> None:
    context = connection.get_execution_options().get("hub_context")
    if context is not None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, ContextConnection)  # noqa: S101 - engines of this module make no other
        driver.context = context


def make_engine(url: str, service: str, pool_size: int) -> AsyncEngine:
    """An engine whose transactions carry the context; a full pool answers after three seconds, not never."""
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        # No overflow: a connection beyond the pool is thrown away after one use, and making one costs ten requests.
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_POOL_TIMEOUT_SECONDS,
        pool_reset_on_return="rollback",
        connect_args={
            "connection_class": ContextConnection,
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
    event.listen(engine.sync_engine, "begin", _send_context)
    return engine


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

    async def sql(self, statement: str, parameters: Sequence[Any] = ()) -> Any:  # noqa: ANN401 - a cursor result of any row type
        """Run one hand-written statement with `$1` parameters in this transaction (hot paths; arrays go by unnest)."""
        return await self.connection.exec_driver_sql(statement, tuple(parameters))

    async def finish(self) -> None:
        """Store what was told and not taken."""
        facts = self.take_facts()
        if facts:
            await insert_facts(self.connection, facts)


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
    async def unit(self, actor: Actor) -> AsyncIterator[Unit]:
        """One transaction as `actor`; its clean end commits, and only then is anybody woken."""
        async with _reachable(), self.writer.connect() as connection:
            await connection.execution_options(hub_context=context_sql(actor))
            async with connection.begin():
                unit = Unit(connection, actor)
                yield unit
                await unit.finish()
        if unit.told:
            self.after_commit()

    @asynccontextmanager
    async def reading(self, actor: Actor, *, permit_keeper: UUID | None = None) -> AsyncIterator[AsyncConnection]:
        """A transaction that cannot write: READ ONLY, as a role with SELECT alone.

        `permit_keeper` is the organisation whose records a verified permit opens to the actor in this transaction.
        """
        async with _reachable(), self.reader.connect() as connection:
            await connection.execution_options(hub_context=context_sql(actor, permit_keeper), postgresql_readonly=True)
            async with connection.begin():
                yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self.writer.dispose()
        await self.reader.dispose()


def _nothing() -> None:
    return None


_UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout, ConnectionError, TimeoutError)


@asynccontextmanager
async def _reachable() -> AsyncIterator[None]:
    """Turn a database that cannot be reached into 503: nothing is accepted into memory only."""
    try:
        yield
    except _UNREACHABLE as error:
        raise Unavailable("The database cannot be reached; nothing was changed. Try again shortly.") from error
    except DBAPIError as error:
        if error.connection_invalidated or _is_gone(error):
            raise Unavailable("The database went away; try again shortly with the same Idempotency-Key.") from error
        raise


def _is_gone(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or ""
    return state.startswith(("08", "57P", "53", "25006")) or isinstance(error.orig, OSError)


def as_reader_of(actor: Actor, place_id: UUID) -> Actor:
    """The same actor in a given place, for background work that serves many places."""
    return replace(actor, place_id=place_id)
