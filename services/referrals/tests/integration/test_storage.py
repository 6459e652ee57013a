"""The tables: as migrations make them, as Core sees them, and as row security guards them."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import create_async_engine

from connective.kit.ids import new_id
from connective.kit.migrations import migrate
from connective.referrals.storage.tables import metadata


def sqlalchemy_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


async def test_core_sees_the_columns_that_migrations_made(world: Any) -> None:
    engine = create_async_engine(sqlalchemy_url(world.database.owner_url))
    async with engine.connect() as connection:
        made = await connection.run_sync(
            lambda sync: {
                table: {column["name"] for column in inspect(sync).get_columns(table)} for table in metadata.tables
            }
        )
    await engine.dispose()
    assert made == {name: set(table.columns.keys()) for name, table in metadata.tables.items()}


async def test_migrations_go_up_down_and_up(service_database: Any) -> None:
    async def up_down_up(owner_url: str) -> None:
        await migrate("referrals", owner_url)
        await migrate("referrals", owner_url, to="base", down=True)
        await migrate("referrals", owner_url)

    database = await service_database("referrals", up_down_up, variant="twice")
    connection = await asyncpg.connect(database.app_url)
    assert await connection.fetchval("SELECT count(*) FROM request") == 0
    await connection.close()


GUARDED = ("referral", "request", "request_content", "request_history", "request_note", "voucher")


_VOUCHER = """
INSERT INTO voucher SELECT $1, $2, 'VOU-1', $3, $1, $1, $5, $4, 'x', now(), now(), 1, '{}', '{}', 'issued', 1
"""


async def seen_as(world: Any, organisation: Any, place: Any, table: str) -> int:
    connection = await asyncpg.connect(world.database.app_url)
    try:
        async with connection.transaction():
            for name, value in (("app.organisation", organisation), ("app.place", place), ("app.kind", "person")):
                await connection.execute("SELECT set_config($1, $2, true)", name, str(value))
            return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))
    finally:
        await connection.close()


async def test_row_security_holds_where_a_query_forgets_its_where(world: Any) -> None:
    food = world.service("food_bank")
    made = await world.make(world.ask(food))
    await world.make(world.ask(food), submit=False)
    body = {"reported_to": "Front door", "reported_at": "2026-03-02T09:00:00Z", "reference": "CD-9"}
    await world.post(f"/requests/{made['requests'][0]['id']}/concern-reported", body, world.partner(food))
    await world.rows(
        _VOUCHER, new_id(), world.place, UUID(made["requests"][0]["id"]), food.organisation_id, world.school
    )
    seen = {
        "referrer": [await seen_as(world, world.school, world.place, table) for table in GUARDED],
        "recipient": [await seen_as(world, food.organisation_id, world.place, table) for table in GUARDED],
        "stranger": [await seen_as(world, new_id(), world.place, table) for table in GUARDED],
        "elsewhere": [await seen_as(world, world.school, new_id(), table) for table in GUARDED],
        "nobody": [await seen_as(world, "", "", table) for table in GUARDED],
    }
    assert seen == {
        "referrer": [2, 2, 2, 1, 1, 1],
        "recipient": [0, 1, 1, 1, 1, 1],
        "stranger": [0] * 6,
        "elsewhere": [0] * 6,
        "nobody": [0] * 6,
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE request_history SET fact = 'received'",
        "DELETE FROM request_history",
        "DELETE FROM request",
        "DELETE FROM referral",
        "UPDATE request_note SET kind = 'x'",
        "UPDATE request_content SET answers = '{}'",
        "DELETE FROM request_content",
        "ALTER TABLE request DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_the_service_cannot_rewrite_what_happened(world: Any, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await world.rows(statement)


async def test_no_event_holds_a_name_or_a_word_of_anybodys(world: Any) -> None:
    food = world.service("food_bank")
    words = {"text": "Canary Mara 07700 900123", "categories": ["needs"]}
    request = (await world.make(world.ask(food, free_text=words)))["requests"][0]
    partner = world.partner(food)
    await world.client.get(f"/requests/{request['id']}", headers=partner)
    await world.act(request, "ask", partner, {"text": "Canary question", "categories": ["needs"]})
    rows = await world.rows("SELECT data FROM outbox")
    assert len(rows) == 4
    assert not any(word in row["data"] for row in rows for word in ("Canary", "Mara", "07700", "benefit"))
