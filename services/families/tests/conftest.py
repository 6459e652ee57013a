import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parent))

from families_room import NOW, PLACES_FILE, Room, StandInConsent

from connective.families.app import SERVICE, compose_with
from connective.families.settings import FamiliesSettings
from connective.kit.clock import SetClock
from connective.kit.migrations import migrate
from connective.kit.service import Running
from connective.kit.testing import Identities, calling
from connective.local.nats import NatsServer
from connective.local.testing import MakeDatabase


async def migrate_families(owner_url: str) -> None:
    await migrate("families", owner_url)


@pytest_asyncio.fixture
async def room(service_database: MakeDatabase, fresh_nats: NatsServer, tmp_path: Path) -> AsyncIterator[Room]:
    database = await service_database("families", migrate_families)
    identities = Identities(tmp_path)
    places = tmp_path / "places.yaml"
    places.write_text(PLACES_FILE, encoding="utf-8")
    settings = FamiliesSettings(
        **identities.settings(
            "families", app_url=database.app_url, reader_url=database.reader_url, nats_url=fresh_nats.url("families")
        ),
        places=places,
        consent_url="http://127.0.0.1:9",
        synthetic_people=True,
    )
    consent = StandInConsent(identities)
    service = replace(SERVICE, compose=lambda s, ground: compose_with(s, ground, consent))
    running = Running(service, settings, SetClock(NOW))
    async with calling(running.app()) as client:
        yield Room(running, client, identities, database, consent)


@pytest_asyncio.fixture
async def owner(room: Room) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(room.database.owner_url)
    yield connection
    await connection.close()
