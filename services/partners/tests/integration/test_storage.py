"""The database itself: migrations, row-level security, grants, and that a search uses its index."""

import asyncpg
import pytest
from partners_room import OTHER_PLACE, PLACE, Room

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.kit.ids import new_id
from connective.kit.migrations import migrate
from connective.local.testing import MakeDatabase


async def test_migrations_go_up_and_down(service_database: MakeDatabase) -> None:
    database = await service_database("partners")
    await migrate("partners", database.owner_url)
    await migrate("partners", database.owner_url, to="base", down=True)
    connection = await asyncpg.connect(database.owner_url)
    left = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    assert [row["tablename"] for row in left] == ["alembic_version"]
    await migrate("partners", database.owner_url)


async def test_a_place_is_all_that_a_connection_sees(room: Room) -> None:
    await room.service()
    connection = await asyncpg.connect(room.database.app_url)
    tables = ("organisation", "service", "directory_entry")
    for place, expected in ((None, 0), (OTHER_PLACE, 0), (PLACE, 1)):
        await connection.execute("SELECT set_config('app.place', $1, false)", str(place) if place else "")
        for table in tables:
            count = await connection.fetchval(f"SELECT count(DISTINCT place_id) FROM {table}")
            assert (table, count) == (table, expected)
    await connection.close()


async def test_a_row_cannot_be_written_into_another_place(room: Room) -> None:
    connection = await asyncpg.connect(room.database.app_url)
    await connection.execute("SELECT set_config('app.place', $1, false)", str(OTHER_PLACE))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("INSERT INTO hub VALUES ($1, $2, 'Hub', '{}', NULL, '{}', 1, now())", new_id(), PLACE)
    await connection.close()


@pytest.mark.parametrize("table", ["organisation_state", "service_capacity"])
async def test_what_was_said_cannot_be_altered(room: Room, table: str) -> None:
    connection = await asyncpg.connect(room.database.app_url)
    for statement in (f"UPDATE {table} SET version = 9", f"DELETE FROM {table}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_a_search_among_many_services_reads_an_index(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.service()
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    await owner.execute(
        """INSERT INTO directory_entry
           SELECT $1, 'need_' || n % 10, 'grid:1:' || n, $2, n, n FROM generate_series(1, 50000) n
           ON CONFLICT DO NOTHING""",
        PLACE,
        made["id"],
    )
    await owner.execute("ANALYZE directory_entry")
    connection = await asyncpg.connect(room.database.app_url)
    await connection.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    plan = await connection.fetch(
        """EXPLAIN SELECT service_id FROM directory_entry
           WHERE place_id = $1 AND need IN ('need_1', 'need_2') AND cell IN ('grid:1:1', 'grid:1:2', 'outward:TA20')""",
        PLACE,
    )
    await connection.close()
    text = "\n".join(row[0] for row in plan)
    assert "directory_entry_search" in text, text
    assert "Seq Scan" not in text


async def test_every_subject_told_is_heard_or_known(room: Room) -> None:
    heard = {pattern for patterns in SUBSCRIPTIONS.values() for pattern in patterns}
    assert "hub.partners.organisation.*" in heard
    assert "hub.partners.service.*" in heard
