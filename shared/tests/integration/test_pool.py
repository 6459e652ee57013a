"""The connections of a role: what is asked of the server once, and what over each of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from connective.kit.ids import new_id
from connective.kit.pool import Pool, driver_of
from connective.local.testing import MakeDatabase

_UNNEST = "SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::timestamptz[]) AS given (id, nth, at)"


@pytest.fixture
def asked_about(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[int]]:
    """The types that the driver asked the server about."""
    asked: list[frozenset[int]] = []
    ask = asyncpg.Connection._introspect_types

    async def told(self: asyncpg.Connection, numbers: list[int], timeout: float) -> object:  # noqa: ASYNC109 - the driver's own form
        asked.append(frozenset(numbers))
        return await ask(self, numbers, timeout)

    monkeypatch.setattr(asyncpg.Connection, "_introspect_types", told)
    return asked


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Any]:
    """The driver's side of a pool's first connection."""
    pool = Pool(url, "partners", 1)
    connection = await pool.take()
    yield driver_of(connection)
    await pool.give_back(connection)
    await pool.close()


async def there_and_back(driver: Any, ids: list[UUID]) -> list[UUID]:
    rows = await driver.fetch(_UNNEST, ids, [1] * len(ids), [None] * len(ids))
    return [row.id for row in rows]


async def test_built_in_array_types_are_asked_about_over_the_first_connection_alone(
    service_database: MakeDatabase, asked_about: list[frozenset[int]]
) -> None:
    one, another = await service_database("partners"), await service_database("families")
    ids = [new_id(), new_id()]
    async with opened(one.app_url) as driver:
        assert await there_and_back(driver, ids) == ids
    asked_about.clear()
    for url in (one.app_url, one.reader_url, another.app_url):
        async with opened(url) as driver:
            assert await there_and_back(driver, ids) == ids
    assert asked_about == []


async def test_types_of_a_database_of_its_own_are_asked_about_over_each_connection(
    service_database: MakeDatabase, asked_about: list[frozenset[int]]
) -> None:
    for words, stored in (("'calm', 'loud'", "calm"), ("'loud', 'calm', 'mute'", "mute")):
        urls = await service_database("partners")
        async with opened(urls.owner_url) as driver:
            await driver.execute(f"CREATE TYPE mood AS ENUM ({words})")
            assert await driver.fetchval("SELECT ARRAY[$1::text::mood]", stored) == [stored]
    assert len(asked_about) == 2
