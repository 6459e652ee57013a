import asyncpg

from connective.kit.migrations import migrate
from connective.local.testing import MakeDatabase


async def test_migrations_go_up_down_and_up_again(service_database: MakeDatabase) -> None:
    database = await service_database("families")
    await migrate("families", database.owner_url)
    await migrate("families", database.owner_url, to="base", down=True)
    connection = await asyncpg.connect(database.owner_url)
    left = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    await connection.close()
    assert [row["relname"] for row in left] == ["alembic_version"]
    await migrate("families", database.owner_url)
