"""The limit of a read: the very statements that one call of ours sends, replayed by asyncpg with nothing around them.

They are read from PostgreSQL's own log of one call, so the limit cannot fall behind the product. Which transactions
are the call's is known by the actor that each names together with its BEGIN.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from connective.local.bench.hub import Hub
from connective.local.bench.measure import CONNECTIONS, Work

_SETTLED_SECONDS = 0.5
_LOGGED = "SELECT size FROM pg_stat_file(pg_current_logfile('jsonlog'))"
_READ = "SELECT pg_read_file(pg_current_logfile('jsonlog'), $1, $2)"
_PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")
_EXECUTED = re.compile(r"^(?:execute [^:]*|statement): (.*)$", re.DOTALL)

_ALONE = "SELECT page.* FROM (SELECT set_config("


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as it was sent: its text, and its parameters as the driver takes them."""

    sql: str
    arguments: tuple[Any, ...]

    def anew(self, ids: dict[UUID, UUID]) -> tuple[Any, ...]:
        """The parameters with every id that the call made replaced by another fresh one."""
        return tuple(_anew(argument, ids) for argument in self.arguments)


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction of the call: in which database, as which role, and what was sent."""

    database: str
    role: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    session: str
    database: str
    role: str
    sql: str
    parameters: tuple[str | None, ...]


async def statements_of(hub: Hub, call: Work, actor: str) -> list[Transaction]:
    """The transactions that one call makes in the name of `actor`, in the order they began."""
    admin = await hub.superuser("postgres")
    try:
        before = await admin.fetchval(_LOGGED)
        await _log_statements(admin, "all")
        await call()
        await _log_statements(admin, "none")
        length = await admin.fetchval(_LOGGED) - before
        text = await admin.fetchval(_READ, before, length)
    finally:
        await admin.close()
    lines = [line for line in map(_read, text.splitlines()) if line is not None]
    return [await _typed(hub, each) for each in _transactions(lines) if _is_of(each[0], actor)]


def _is_of(first: _Line, actor: str) -> bool:
    """Whether a transaction names the actor: with its BEGIN, or among the values of a statement that is all of it."""
    return actor in first.sql or (first.sql.startswith(_ALONE) and actor in first.parameters)


async def _log_statements(admin: "asyncpg.Connection[Any]", which: str) -> None:
    await admin.execute(f"ALTER SYSTEM SET log_statement = '{which}'")
    await admin.execute("SELECT pg_reload_conf()")
    await asyncio.sleep(_SETTLED_SECONDS)


def _read(line: str) -> _Line | None:
    entry = json.loads(line)
    executed = _EXECUTED.match(entry.get("message", ""))
    if executed is None or "dbname" not in entry:
        return None
    values = {int(number): value for number, value in _PARAMETER.findall(entry.get("detail", ""))}
    parameters = tuple(
        None if values[number] == "NULL" else values[number][1:-1].replace("''", "'") for number in sorted(values)
    )
    return _Line(entry["session_id"], entry["dbname"], entry["user"], executed.group(1), parameters)


def _transactions(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Cut what each session sent into transactions; a statement that says itself who asks is one of its own."""
    running: dict[str, list[_Line]] = {}
    done: list[list[_Line]] = []
    for line in lines:
        if line.sql.startswith("BEGIN"):
            running[line.session] = [line]
            done.append(running[line.session])
        elif line.sql.startswith(_ALONE):
            done.append([line])
        elif line.session in running:
            running[line.session].append(line)
            if line.sql.startswith(("COMMIT", "ROLLBACK")):
                del running[line.session]
    return done


async def _typed(hub: Hub, lines: list[_Line]) -> Transaction:
    """Read the logged texts back into the driver's values, by the types that PostgreSQL itself finds."""
    database, role = lines[0].database, lines[0].role
    connection = await hub.superuser(database)
    try:
        statements = []
        for line in lines:
            if not line.parameters:
                statements.append(Statement(line.sql, ()))
                continue
            kinds = (await connection.prepare(line.sql)).get_parameters()
            arguments = [
                await connection.fetchval(f"SELECT $1::text::{_name(kind)}", text)
                for kind, text in zip(kinds, line.parameters, strict=True)
            ]
            statements.append(Statement(line.sql, tuple(arguments)))
    finally:
        await connection.close()
    return Transaction(database, role, tuple(statements))


def _name(kind: "asyncpg.Type") -> str:
    return kind.name if kind.schema == "pg_catalog" or kind.name.endswith("[]") else f'"{kind.schema}"."{kind.name}"'


def _anew(value: Any, ids: dict[UUID, UUID]) -> Any:  # noqa: ANN401 - any parameter
    if isinstance(value, list):
        return [_anew(each, ids) for each in value]
    if isinstance(value, UUID) and value in ids:
        return ids[value]
    if isinstance(value, str):
        for old, new in ids.items():
            value = value.replace(str(old), str(new))
    return value


def ids_made(transactions: Sequence[Transaction], since_ms: int) -> frozenset[UUID]:
    """The ids that the call made: our ids begin with the millisecond of their making (RFC 9562, version 7)."""
    text = "".join(str(s.arguments) for t in transactions for s in t.statements)
    found = {UUID(each) for each in re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", text)}
    return frozenset(each for each in found if each.int >> 80 >= since_ms)


class Replay:
    """Sends the same transactions again under fresh ids, each over the connections of its role."""

    def __init__(self, hub: Hub, transactions: Sequence[Transaction], made: frozenset[UUID]) -> None:
        self._transactions = transactions
        self._made = made
        self._pools: dict[tuple[str, str], asyncpg.Pool] = {}
        self._hub = hub

    async def __aenter__(self) -> Work:
        for each in self._transactions:
            if (each.database, each.role) not in self._pools:
                urls = self._hub.stack.databases(each.database)
                url = getattr(urls, each.role.rpartition("_")[2])
                self._pools[each.database, each.role] = await asyncpg.create_pool(
                    url, min_size=CONNECTIONS, max_size=CONNECTIONS, reset=_leave_as_it_is
                )
        return self._once

    async def __aexit__(self, *_: object) -> None:
        for pool in self._pools.values():
            await pool.close()

    async def _once(self) -> None:
        ids = {old: uuid4() for old in self._made}
        for transaction in self._transactions:
            async with self._pools[transaction.database, transaction.role].acquire() as connection:
                for statement in transaction.statements:
                    if statement.arguments:
                        await connection.fetch(statement.sql, *statement.anew(ids))
                    else:
                        await connection.execute(statement.sql)


async def _leave_as_it_is(_: "asyncpg.Connection[Any]") -> None:
    """A pool's own tidying would be another round trip, which is not part of the limit."""
