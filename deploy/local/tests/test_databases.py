"""What the database fixtures promise to the tests of every service."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from connective.local.testing import DatabaseFactory, MakeDatabase


async def make_table(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute("CREATE TABLE note (id int PRIMARY KEY, words text)")
        await connection.execute("GRANT SELECT, INSERT ON note TO families_app")
    finally:
        await connection.close()


async def test_a_migrated_database_is_cloned_for_each_test(service_database: MakeDatabase) -> None:
    first = await service_database("families", make_table, variant="one table")
    second = await service_database("families", make_table, variant="one table")
    connection = await asyncpg.connect(first.app_url)
    await connection.execute("INSERT INTO note VALUES (1, 'first')")
    await connection.close()
    connection = await asyncpg.connect(second.app_url)
    assert await connection.fetchval("SELECT count(*) FROM note") == 0
    await connection.close()


async def test_a_clone_is_quick(service_database: MakeDatabase) -> None:
    await service_database("families", make_table, variant="one table")
    loop = asyncio.get_running_loop()
    began = loop.time()
    await service_database("families", make_table, variant="one table")
    assert loop.time() - began < 2


async def test_a_failed_migration_leaves_no_template(database_factory: DatabaseFactory) -> None:
    async def fail(owner_url: str) -> None:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            await database_factory.create("families", fail, variant="failing")


async def test_roles_of_another_service_may_not_enter(service_database: MakeDatabase) -> None:
    mine = await service_database("families")
    other = await service_database("consent")
    for url in (other.app_url, other.reader_url, other.owner_url):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            await asyncpg.connect(url.rpartition("/")[0] + f"/{mine.name}")


@pytest.mark.parametrize("database", ["postgres", "template1"])
async def test_services_may_not_enter_the_servers_own_databases(service_database: MakeDatabase, database: str) -> None:
    mine = await service_database("families")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        await asyncpg.connect(mine.owner_url.rpartition("/")[0] + f"/{database}")


async def test_a_wrong_or_missing_password_is_refused(service_database: MakeDatabase, tmp_path: Path) -> None:
    mine = await service_database("families")
    port_and_name = mine.app_url.rpartition("@")[2]
    for login in ("families_app:wrong", "families_app"):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(f"postgresql://{login}@{port_and_name}", passfile=str(tmp_path / "none"))


async def test_roles_cannot_pass_by_row_security_or_make_others(service_database: MakeDatabase) -> None:
    mine = await service_database("families")
    for url in (mine.app_url, mine.reader_url, mine.owner_url):
        connection = await asyncpg.connect(url)
        row = await connection.fetchrow(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS mighty "
            "FROM pg_roles WHERE rolname = current_user"
        )
        await connection.close()
        assert row["mighty"] is False
