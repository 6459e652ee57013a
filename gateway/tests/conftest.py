"""Makes the helpers of these tests importable; their names are theirs alone, as all tests run in one process."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from connective.kit.migrations import migrate
from connective.local.nats import NatsServer
from connective.local.testing import DatabaseFactory, MakeDatabase

sys.path.insert(0, str(Path(__file__).parent))

from gateway_hub import Hub, hub_on


async def migrate_gateway(owner_url: str) -> None:
    await migrate("gateway", owner_url)


MakeHub = Callable[..., AbstractAsyncContextManager[Hub]]


@pytest_asyncio.fixture(loop_scope="session")
async def make_hub(service_database: MakeDatabase, nats_server: NatsServer, tmp_path: Path) -> MakeHub:
    """Gateways on fresh databases, with settings of the test's own."""

    @asynccontextmanager
    async def make(**changes: Any) -> AsyncIterator[Hub]:
        database = await service_database("gateway", migrate_gateway)
        folder = tmp_path / database.name
        folder.mkdir()
        urls = {"app_url": database.app_url, "reader_url": database.reader_url, "nats_url": nats_server.url("gateway")}
        async with hub_on(folder, **urls, **changes) as made:
            yield made

    return make


@pytest_asyncio.fixture(loop_scope="session")
async def hub(make_hub: MakeHub) -> AsyncIterator[Hub]:
    """A gateway on a fresh database."""
    async with make_hub() as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_hub(
    database_factory: DatabaseFactory, nats_server: NatsServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Hub]:
    """One gateway for all tests that only try what must be refused: making a database takes most of a second."""
    database = await database_factory.create("gateway", migrate_gateway)
    async with hub_on(
        tmp_path_factory.mktemp("gateway"),
        app_url=database.app_url,
        reader_url=database.reader_url,
        nats_url=nats_server.url("gateway"),
    ) as made:
        yield made
    await database_factory.drop(database)
