"""The limit of a write: the very rows that one call of ours stores, written by pgbench as one transaction each.

The rows are taken from what a real call left behind, so the limit cannot fall behind the product.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import asyncpg

from connective.local.binaries import postgres_install

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
_COLUMNS = """
SELECT a.attname AS name, format_type(a.atttypid, NULL) AS kind, a.attidentity <> '' AS generated,
  EXISTS (SELECT 1 FROM pg_index i
          WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY(i.indkey)) AS unique
FROM pg_attribute a WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = '' ORDER BY a.attnum
"""
_NOT_THE_CALL = frozenset(
    {"outbox_head", "inbox", "parked_event", "ledger_head", "ledger_leaf", "ledger_node", "checkpoint"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column as it is written."""

    name: str
    kind: str
    unique: bool


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows that a call left in one table, in the order they were written."""

    table: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


async def horizon(connection: "asyncpg.Connection[Any]") -> int:
    """A point in time, in transactions: rows of later ones are new."""
    return int(await connection.fetchval("SELECT pg_current_xact_id()::text::bigint"))


async def rows_since(connection: "asyncpg.Connection[Any]", since: int) -> list[TableRows]:
    """Every row that a call wrote since then; the relay's and the sealer's own bookkeeping is not the call's."""
    found = []
    for record in await connection.fetch(_TABLES):
        table = record["tablename"]
        if table in _NOT_THE_CALL:
            continue
        columns = tuple(
            Column(row["name"], row["kind"], row["unique"])
            for row in await connection.fetch(_COLUMNS, table)
            if not row["generated"]
        )
        names = ", ".join(f'"{column.name}"' for column in columns)
        query = f"SELECT {names} FROM {table} WHERE xmin::text::bigint > $1 ORDER BY ctid"  # noqa: S608 - catalogue names
        rows = await connection.fetch(query, since)
        if rows:
            found.append(TableRows(table, columns, tuple(tuple(row) for row in rows)))
    return found


def plain_insert(tables: list[TableRows]) -> tuple[str, tuple[Any, ...]]:
    """One statement that writes these rows again, a parameter for each value."""
    arguments: list[Any] = []
    inserts = []
    for table in tables:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        rows = []
        for row in table.rows:
            first = len(arguments) + 1
            arguments += row
            values = (f"${first + n}::{column.kind}" for n, column in enumerate(table.columns))
            rows.append(f"({', '.join(values)})")
        inserts.append(f"INSERT INTO {table.table} ({names}) VALUES {', '.join(rows)}")  # noqa: S608 - a benchmark's own rows
    *before, last = inserts
    with_before = ", ".join(f"part{n} AS ({insert})" for n, insert in enumerate(before))
    return f"WITH {with_before} {last}" if before else last, tuple(arguments)


def pgbench_script(tables: list[TableRows], since_ms: int) -> str:
    """One transaction that writes these rows again, under fresh ids for those made at or after `since_ms`.

    Our ids begin with the millisecond of their making (RFC 9562, version 7).
    """
    variables: dict[UUID, str] = {}
    statements = [_insert(table, variables, since_ms) for table in tables]
    settings = [f"\\set {name} random(1, 9223372036854775807)" for name in ("salt", *variables.values())]
    return "\n".join([*settings, "BEGIN;", *statements, "COMMIT;", ""])


def _insert(table: TableRows, variables: dict[UUID, str], since_ms: int) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    rows = []
    for number, row in enumerate(table.rows):
        values = (
            _literal(column, value, number, variables, since_ms)
            for column, value in zip(table.columns, row, strict=True)
        )
        rows.append(f"({', '.join(values)})")
    return f"INSERT INTO {table.table} ({names}) VALUES {', '.join(rows)};"  # noqa: S608 - a benchmark's own rows


def _literal(column: Column, value: Any, number: int, variables: dict[UUID, str], since_ms: int) -> str:  # noqa: ANN401 - any column's value
    if value is None:
        return "NULL"
    if isinstance(value, UUID) and value.version == 7 and value.int >> 80 >= since_ms:
        name = variables.setdefault(value, f"id{len(variables)}")
        return f"lpad(to_hex(:{name}::bigint), 32, '0')::uuid"
    if column.unique and column.kind == "text":
        return f"to_hex(:salt::bigint) || '{number}'"
    if column.unique and column.kind == "bytea":
        return f"sha256((to_hex(:salt::bigint) || '{number}')::bytea)"
    return _quoted(column, value)


def _quoted(column: Column, value: Any) -> str:  # noqa: ANN401 - as above
    if isinstance(value, bytes | bytearray | memoryview):
        return f"'\\x{bytes(value).hex()}'::bytea"
    if isinstance(value, list):
        inner = ",".join('"' + str(each).replace("\\", "\\\\").replace('"', '\\"') + '"' for each in value)
        text = "{" + inner + "}"
    else:
        text = str(value)
    # pgbench takes a colon and a name for one of its variables, in a text too: hence the escape.
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{escaped}'::{column.kind}"


async def pgbench(url: str, script: Path, *, clients: int, seconds: float) -> float:
    """Transactions per second of a script, prepared, as the product's own connections are."""
    parts = urlsplit(url)
    program = postgres_install() / "bin" / "pgbench"
    argv = (
        str(program), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds))),
        "-f", str(script), "-h", str(parts.hostname), "-p", str(parts.port), "-U", str(parts.username),
        parts.path.removeprefix("/"),
    )  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PGPASSWORD": unquote(parts.password or "")},
    )
    out, err = await process.communicate()
    for line in out.decode().splitlines():
        if line.startswith("tps ="):
            return float(line.split()[2])
    raise RuntimeError(f"pgbench gave no figure: {err.decode()[-800:]}")
