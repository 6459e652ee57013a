"""The database: two roles, one context per transaction, and the unit of work.

Every transaction tells PostgreSQL who asks (`app.place`, `app.organisation`, `app.actor`, `app.kind`, `app.permit`)
and, where it reaches past the asker's own organisation, for which work (`app.work`), in the same round trip as BEGIN,
so that row-level security can hold where a query forgot its WHERE. The settings end with the transaction (SET LOCAL);
a plain SET would outlive it and leak into the next one there.
"""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.context import trace
from connective.kit.ids import new_id
from connective.kit.outbox import INSERT_FACTS, Announceable, Fact, fact_arrays
from connective.kit.pool import Pool, driver_of
from connective.kit.problems import Unavailable
from connective.kit.settings import StoreSettings

_SAFE = re.compile(r"^[a-z0-9:_-]{0,80}$")
_ROLLBACK_SECONDS = 3
_UNREACHABLE = (
    OperationalError,
    InterfaceError,
    asyncpg.InterfaceError,
    # What the driver says when the server's last words arrive between two statements.
    asyncpg.InternalClientError,
    ConnectionError,
    TimeoutError,
)
_FAILED = (*_UNREACHABLE, DBAPIError, asyncpg.PostgresError)
_CONTEXT = ("app.place", "app.organisation", "app.actor", "app.kind", "app.permit")
_CONTEXTS_KEPT = 4096
_PARAMETER = re.compile(r"\$(\d+)")


class NothingCommitted(Exception):
    """A transaction went on after one of its statements had failed: PostgreSQL undid all of it."""


class _UndoneError(Exception):
    """Ends a transaction that was only rehearsed."""


@lru_cache(maxsize=_CONTEXTS_KEPT)
def _context(
    place: UUID | None, organisation: UUID | None, who: str, kind: str, keeper: UUID | None
) -> tuple[str, ...]:
    """The values of `_CONTEXT`; kept, because checking them took longer than sending them."""
    values = (str(place or ""), str(organisation or ""), who.lower(), kind, str(keeper or ""))
    for value in values:
        if not _SAFE.fullmatch(value):
            raise ValueError("a context value is not an identifier")
    return values


def _context_of(actor: Actor, permit_keeper: UUID | None) -> tuple[str, ...]:
    return _context(actor.place_id, actor.organisation_id, actor.id, str(actor.kind), permit_keeper)


@lru_cache(maxsize=_CONTEXTS_KEPT)
def _setting(values: tuple[str, ...]) -> str:
    # SET LOCAL is neither planned nor answered with a row: half the time of set_config, measured.
    return "".join(f"SET LOCAL {name}='{value}';" for name, value in zip(_CONTEXT, values, strict=True))


@cache
def _work(work: str) -> str:
    if not _SAFE.fullmatch(work):
        raise ValueError("the name of a work is not a code")
    return f"SET LOCAL app.work='{work}';" if work else ""


def context_sql(actor: Actor, permit_keeper: UUID | None = None, work: str = "") -> str:
    """The statement that sets who asks. Only UUIDs and short codes may enter it: it is sent without parameters.

    `work` is a code of the service's own for what the transaction is for; its policies say what that opens. None sets
    nothing, which opens nothing: what an earlier transaction of the connection set ended with it.
    """
    return _setting(_context_of(actor, permit_keeper)) + _work(work)


@cache
def alone(statement: str) -> str:
    """A SELECT that says by itself who asks, and so needs no BEGIN before it; its own parameters come after those five.

    The statement is the inner side of a join that depends on the row in which the context is set. PostgreSQL can only
    run that as a nested loop: the context is set, then the first row is looked for, and only then are the policies'
    sub-selects evaluated. Were it otherwise, nothing would be seen: outside of a transaction no context is set.
    """
    told = ", ".join(f"set_config('{name}', ${place}, true) AS c{place}" for place, name in enumerate(_CONTEXT, 1))
    moved = _PARAMETER.sub(lambda found: f"${int(found[1]) + len(_CONTEXT)}", statement)
    return f"""SELECT page.* FROM (SELECT {told} OFFSET 0) AS asker CROSS JOIN LATERAL (
SELECT * FROM ({moved}) AS found WHERE asker.c1 IS NOT NULL OFFSET 0) AS page"""  # noqa: S608 - a constant statement


ASKER = "asker"
"""What the common table expression is called in which a writing statement says who asks; see `asker_sql`."""
ASKER_SIZE = len(_CONTEXT)


def asker_sql(first: int) -> str:
    """`asker` as a common table expression, for the one statement of `Database.unit_alone`.

    Its parameters begin at number `first`; see `Unit.asker`. Everything that the statement writes must follow from the
    row of this expression, so that the context is set before a policy is evaluated. What did not would be refused: on
    its own such a statement begins without a context, which opens nothing.
    """
    told = ", ".join(f"set_config('{name}', ${first + place}, true)" for place, name in enumerate(_CONTEXT))
    return f"{ASKER} AS MATERIALIZED (SELECT {told})"


def _plans(by_key: bool) -> str:
    """Planning again for each set of values costs more than such statements themselves, policies being part of them."""
    return f"SET LOCAL plan_cache_mode={'force_generic_plan' if by_key else 'auto'};"


async def fetch(connection: AsyncConnection | Connection, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
    """Run one hand-written statement with `$1` parameters in the transaction at hand, and answer its rows.

    Arrays go as one parameter, by unnest. Raises IntegrityError for what a constraint refuses.
    """
    try:
        found: list[Any] = await driver_of(connection).fetch(statement, *parameters)
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(statement, None, error) from error
    return found


async def fetch_one(connection: AsyncConnection, statement: str, parameters: Sequence[Any] = ()) -> Any:  # noqa: ANN401 - a row of any shape
    """The first row of a hand-written statement, or None."""
    found = await fetch(connection, statement, parameters)
    return found[0] if found else None


def fetch_within(connection: Connection, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
    """`fetch` for synchronous code that runs inside `AsyncConnection.run_sync`, as a library's own core does."""
    adapted: Any = connection.connection.dbapi_connection
    found: list[Any] = adapted.run_async(lambda _: fetch(connection, statement, parameters))
    return found


@asynccontextmanager
async def _transaction(pool: Pool, opening: str) -> AsyncIterator[AsyncConnection]:
    """BEGIN with its context in one round trip; COMMIT after a clean end, else ROLLBACK."""
    try:
        connection = await pool.take()
        driver = driver_of(connection)
        try:
            await driver.execute(opening)
            yield connection
            await _commit(driver)
        except BaseException as error:
            await _undo(driver, error)
            raise
        finally:
            await pool.give_back(connection)
    except _FAILED as error:
        _refuse(error)
        raise


@asynccontextmanager
async def _lent(pool: Pool) -> AsyncIterator[AsyncConnection]:
    """A connection for one statement that is a transaction of its own."""
    try:
        connection = await pool.take()
        try:
            yield connection
        except BaseException as error:
            await _undo(driver_of(connection), error)
            raise
        finally:
            await pool.give_back(connection)
    except _FAILED as error:
        _refuse(error)
        raise


async def _commit(driver: Any) -> None:  # noqa: ANN401 - asyncpg publishes no types
    """Commit. The server answers ROLLBACK to a COMMIT after a failed statement; silence would lose what was written."""
    if await driver.execute("COMMIT") != "COMMIT":
        raise NothingCommitted("a statement failed, its error was passed over, and the transaction went on")


async def _undo(driver: Any, error: BaseException) -> None:  # noqa: ANN401 - asyncpg publishes no types
    """Leave the connection fit for the next user, or unfit beyond doubt: the pool then replaces it."""
    try:
        if driver.is_in_transaction():
            await driver.execute("ROLLBACK", timeout=_ROLLBACK_SECONDS)
        elif not isinstance(error, Exception):
            # Cut off in the middle of its first statement: the server may still be at it.
            driver.terminate()
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

    def asker(self) -> tuple[str, ...]:
        """The parameters of `asker_sql`, in their order."""
        return _context_of(self.actor, None)

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
            status: str = await driver_of(self.connection).execute(statement, *parameters)
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

    def __init__(self, service: str, settings: StoreSettings) -> None:
        self.writer = Pool(settings.database_url, service, settings.pool_size)
        self.reader = Pool(settings.reader_url, service, settings.pool_size, read_only=True)
        self.after_commit: Callable[[], None] = _nothing

    @asynccontextmanager
    async def unit(self, actor: Actor, *, by_key: bool = False, first: str = "", work: str = "") -> AsyncIterator[Unit]:
        """One transaction as `actor`; its clean end commits, and only then is anybody woken.

        `by_key` promises that each statement finds its rows by key, so that one plan for all values will do. `first` is
        sent along with BEGIN, after the context is set: a statement without parameters or rows of interest, as one that
        takes locks is. Only ids and constants may enter it. `work` is as in `context_sql`.
        """
        opening = f"BEGIN; {_plans(by_key)}{context_sql(actor, work=work)}{first}"
        async with _transaction(self.writer, opening) as connection:
            unit = Unit(connection, actor)
            yield unit
            await unit.finish()
        if unit.told:
            self.after_commit()

    @asynccontextmanager
    async def unit_alone(self, actor: Actor) -> AsyncIterator[Unit]:
        """A unit of one statement, which is its transaction: one round trip instead of three.

        The statement says itself who asks (`asker_sql`) and stores the facts it took; it commits as it ends. For the
        hottest commands, which store all they write in one statement.
        """
        async with _lent(self.writer) as connection:
            unit = Unit(connection, actor)
            yield unit
        if unit.take_facts():
            raise NothingCommitted("facts were told beside a unit's one statement")
        if unit.told:
            self.after_commit()

    @asynccontextmanager
    async def rehearsing(self, actor: Actor) -> AsyncIterator[Unit]:
        """A transaction as `actor` that is always undone: what an act would change is counted by doing it."""
        with suppress(_UndoneError):
            async with _transaction(self.writer, f"BEGIN; {context_sql(actor)}") as connection:
                yield Unit(connection, actor)
                raise _UndoneError

    def reading(
        self, actor: Actor, *, permit_keeper: UUID | None = None, by_key: bool = False, work: str = ""
    ) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that cannot write: READ ONLY, as a role with SELECT alone.

        `permit_keeper` is the organisation whose records a verified permit opens to the actor in this transaction;
        `by_key` and `work` are as in `unit`.
        """
        opening = f"BEGIN READ ONLY; {_plans(by_key)}{context_sql(actor, permit_keeper, work)}"
        return _transaction(self.reader, opening)

    async def read_alone(
        self, actor: Actor, statement: str, parameters: Sequence[Any] = (), *, permit_keeper: UUID | None = None
    ) -> list[Any]:
        """The rows of one SELECT that is a transaction of its own, read-only as `reading` is.

        One round trip instead of three: BEGIN and COMMIT took half of the time of a short reading, here and in the
        server (measured). For hot readings of one statement, for which one plan for all values will do; see `alone`.
        `permit_keeper` is as in `reading`.
        """
        async with _lent(self.reader) as connection:
            return await fetch(connection, alone(statement), (*_context_of(actor, permit_keeper), *parameters))

    async def close(self) -> None:
        """Close every connection."""
        await self.writer.close()
        await self.reader.close()


def _nothing() -> None:
    return None


def _refuse(error: Exception) -> None:
    """Raise Unavailable where the database cannot be reached: nothing is accepted into memory only."""
    if isinstance(error, _UNREACHABLE):
        raise Unavailable("The database cannot be reached; nothing was changed. Try again shortly.") from error
    if isinstance(error, DBAPIError | asyncpg.PostgresError) and _is_gone(error):
        raise Unavailable("The database could not finish; try again with the same Idempotency-Key.") from error


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
