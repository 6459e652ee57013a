"""Makes the builders beside this file importable, and starts the service for tests that call it."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parent))

from consent_room import LEDGER_JWK, PLACE, Room, the_family
from stand_in_keepers import StandInKeepers

from connective.consent.app import SERVICE
from connective.consent.commands.seal_ledger import Sealer
from connective.consent.domain.checkpoints import LedgerKey
from connective.consent.settings import ConsentSettings
from connective.kit.clock import SetClock
from connective.kit.migrations import migrate
from connective.kit.service import Running
from connective.kit.testing import Identities, calling
from connective.local.nats import NatsServer
from connective.local.testing import MakeDatabase, ServiceDatabase


async def migrate_consent(owner_url: str) -> None:
    await migrate("consent", owner_url)


@pytest_asyncio.fixture
async def database(
    service_database: MakeDatabase, nats_server: NatsServer, request: pytest.FixtureRequest, tmp_path: Path
) -> ServiceDatabase:
    """A fresh database of the service, migrated; with the place in order in it where the test asks for a `room`.

    The place is put in order once, over HTTP as it would be in life; each test begins with a copy.
    """
    if "room" not in request.fixturenames:
        return await service_database("consent", migrate_consent)

    async def settle(template: ServiceDatabase) -> None:
        async with open_room(template, nats_server, tmp_path) as room:
            await room.settle()

    return await service_database("consent", migrate_consent, variant="settled", prepare=settle)


@asynccontextmanager
async def open_room(database: ServiceDatabase, nats_server: NatsServer, folder: Path) -> AsyncIterator[Room]:
    """The service on `database`, in this process."""
    identities = Identities(folder)
    ledger_key = folder / "ledger.jwk.json"
    ledger_key.write_text(LEDGER_JWK, encoding="utf-8")
    settings = ConsentSettings(
        **identities.settings(
            "consent", app_url=database.app_url, reader_url=database.reader_url, nats_url=nats_server.url("consent")
        ),
        ledger_key=ledger_key,
        families_url="http://127.0.0.1:9",
        partners_url="http://127.0.0.1:9",
        referrals_url="http://127.0.0.1:9",
        host_name="Ambridge Hosting (invented)",
        host_contact="dpo@host.example.org",
    )
    # Late in the evening it stands after midnight: otherwise it would be tomorrow already in London on those days to
    # which tests move on that have summer time.
    now = datetime.now(UTC)
    clock = SetClock(now + timedelta(hours=3) if now.hour >= 21 else now)
    running = Running(SERVICE, settings, clock)
    families, keepers = the_family(), StandInKeepers()
    parts = replace(running.composition.parts, families=families, keepers=keepers)
    running.composition = replace(running.composition, parts=parts)
    sealer = Sealer(running.database, LedgerKey(LEDGER_JWK), clock, timedelta(seconds=2))
    async with calling(running.app()) as client:
        yield Room(running, client, identities, database, clock, families, sealer, keepers)


@pytest_asyncio.fixture
async def room(database: ServiceDatabase, nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Room]:
    """The service with organisations and legal entities in order."""
    async with open_room(database, nats_server, tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture
async def owner(database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the database's owner, whom the policies bind too, at the service's own work in the place."""
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(
        "SELECT set_config('app.place', $1, false), set_config('app.kind', 'service', false)", str(PLACE)
    )
    yield connection
    await connection.close()
