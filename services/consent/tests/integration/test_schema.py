"""The migrations and the tables that queries are built from are the same; history cannot be rewritten by the app."""

import asyncpg
import pytest
from consent_room import PLACE, Room

from connective.consent.storage import arrangement_tables, statement_tables, tables
from connective.kit.migrations import migrate
from connective.local.testing import ServiceDatabase

KINDS = {"UUID": "uuid", "TEXT": "text", "INTEGER": "int4", "BIGINT": "int8", "BOOLEAN": "bool", "DATE": "date"}
LEDGER = ("ledger_entry", "ledger_pending", "ledger_leaf", "ledger_node", "ledger_head", "checkpoint", "ledger_key")
KINDS |= {"DATETIME": "timestamptz", "JSONB": "jsonb", "BLOB": "bytea", "CHAR(32)": "uuid"}


async def test_tables_are_what_the_migrations_make(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "SELECT table_name, column_name, udt_name, is_nullable = 'YES' AS nullable FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
    )
    made: dict[str, list[tuple[str, bool]]] = {}
    for row in rows:
        made.setdefault(row["table_name"], []).append((row["column_name"], row["nullable"]))
    assert arrangement_tables.memorandum.metadata is tables.decision.metadata
    assert statement_tables.consent_record.metadata is tables.decision.metadata
    for name, table in tables.decision.metadata.tables.items():
        assert made[name] == [(c.name, bool(c.nullable)) for c in table.columns], name


async def test_down_and_up_again(database: ServiceDatabase) -> None:
    await migrate("consent", database.owner_url, to="base", down=True)
    connection = await asyncpg.connect(database.owner_url)
    left = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    assert left == 1, "only Alembic's own table is left"
    await migrate("consent", database.owner_url)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET body = ''",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_leaf SET seq = seq + 1",
        "DELETE FROM ledger_node",
        "UPDATE decision SET outcome = 'permit'",
        "DELETE FROM disclosure",
        "UPDATE checkpoint SET size = 0",
        "DELETE FROM consent_record",
        "UPDATE consent_subject SET authority = 'own'",
        "DELETE FROM agreement_act",
        "DELETE FROM checkpoint",
        "UPDATE ledger_key SET x = ''",
        "DELETE FROM ledger_head",
        *(f"TRUNCATE {table}" for table in LEDGER),
        "UPDATE memorandum_act SET progress = 'done'",
        "DELETE FROM joint_arrangement_act",
        "DELETE FROM memorandum",
    ],
)
async def test_the_application_cannot_rewrite_history(database: ServiceDatabase, statement: str) -> None:
    connection = await asyncpg.connect(database.app_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()


async def test_another_places_rows_are_not_seen(room: Room) -> None:
    connection = await asyncpg.connect(room.database.app_url)
    counts = {}
    for place in (str(PLACE), "00000000-0000-0000-0000-000000000071", ""):
        await connection.execute("SELECT set_config('app.place', $1, false)", place)
        counts[place] = await connection.fetchval("SELECT count(*) FROM legal_entity")
    await connection.close()
    assert list(counts.values()) == [3, 0, 0]
