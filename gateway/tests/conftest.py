"""Makes the helpers of these tests importable; their names are theirs alone, as all tests run in one process."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from connective.kit.migrations import migrate
from connective.local.nats import NatsServer
from connective.local.testing import MakeDatabase

sys.path.insert(0, str(Path(__file__).parent))

from gateway_hub import Hub, hub_on


async def migrate_gateway(owner_url: str) -> None:
    await migrate("gateway", owner_url)


@pytest_asyncio.fixture(loop_scope="session")
async def hub(service_database: MakeDatabase, nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Hub]:
    """A gateway on a fresh database."""
    database = await service_database("gateway", migrate_gateway)
    async with hub_on(
        tmp_path, app_url=database.app_url, reader_url=database.reader_url, nats_url=nats_server.url("gateway")
    ) as made:
        yield made
