"""Where reference data are, and the parts of the product that many tests read with."""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parent))

from partners_room import NOW, PLACES_FILE, Room

from connective.kit.clock import SetClock
from connective.kit.migrations import migrate
from connective.kit.service import Running
from connective.kit.testing import Identities, calling
from connective.local.nats import NatsServer
from connective.local.testing import MakeDatabase
from connective.partners.app import SERVICE
from connective.partners.settings import PartnersSettings
from connective.partners.storage.postcodes import PostcodeDirectory, packaged_directory

_ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of third-party reference files, which the repository does not hold."""
    folder = Path(os.environ.get("REFERENCE_DATA", _ROOT / ".." / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("reference data are not here: set REFERENCE_DATA to their folder to run this test")
    return folder


@pytest.fixture(scope="session")
def postcodes() -> PostcodeDirectory:
    """The packaged postcode directory; letters stay read for the whole session."""
    return packaged_directory()


async def migrate_partners(owner_url: str) -> None:
    await migrate("partners", owner_url)


@pytest_asyncio.fixture
async def room(service_database: MakeDatabase, nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Room]:
    """The service on a fresh database, in this process."""
    database = await service_database("partners", migrate_partners)
    identities = Identities(tmp_path)
    places = tmp_path / "places.yaml"
    places.write_text(PLACES_FILE, encoding="utf-8")
    settings = PartnersSettings(
        **identities.settings(
            "partners", app_url=database.app_url, reader_url=database.reader_url, nats_url=nats_server.url("partners")
        ),
        places=places,
        # Receivers of tests listen on this machine, without a certificate.
        webhooks_anywhere=True,
        webhook_seconds=10.0,
    )
    clock = SetClock(NOW)
    running = Running(SERVICE, settings, clock)
    async with calling(running.app()) as client:
        yield Room(running, client, identities, database, clock)


@pytest_asyncio.fixture
async def owner(room: Room) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the database's owner, who sees what row-level security lets through for a set place."""
    connection = await asyncpg.connect(room.database.owner_url)
    yield connection
    await connection.close()
