"""A service of one noun, to test the kit with: it stands in the place of referrals on the broker."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import httpx
import pytest_asyncio
from fastapi import Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from connective.contracts.grants import SERVICES, permissions_of
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.database import Database
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.migrations import create_kit_tables
from connective.kit.policy import Access, operation
from connective.kit.revisions import head_revision
from connective.kit.service import Composition, Ground, Running, Service
from connective.kit.settings import ServiceSettings
from connective.kit.testing import Identities, calling
from connective.local.nats import NatsServer
from connective.local.testing import MakeDatabase

_NOTES = """
CREATE TABLE note (id uuid PRIMARY KEY, organisation_id uuid NOT NULL, words text NOT NULL, version int NOT NULL);
"""
_POLICY = """
ALTER TABLE note ENABLE ROW LEVEL SECURITY; ALTER TABLE note FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (
  organisation_id = (SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)
);
"""


def _create(connection: Connection) -> None:
    service = "referrals"
    for role, rights in (("app", "SELECT, INSERT, UPDATE, DELETE"), ("reader", "SELECT")):
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {service}_{role}"))
        connection.execute(
            text(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON TABLES TO {service}_{role}")
        )
    connection.execute(text(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {service}_app"))
    create_kit_tables(connection)
    connection.execute(
        text("CREATE TABLE alembic_version AS SELECT CAST(:head AS text) AS version_num"),
        {"head": head_revision(service)},
    )
    for statement in (_NOTES + _POLICY).split(";"):
        if statement.strip():
            connection.execute(text(statement))


async def migrate_toy(owner_url: str) -> None:
    engine = create_async_engine(owner_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as connection:
        await connection.run_sync(_create)
    await engine.dispose()


class NoteWritten(BaseModel):
    model_config = ConfigDict(frozen=True)
    subject: ClassVar[str] = "hub.referrals.request.submitted"
    note_id: UUID

    @property
    def aggregate_id(self) -> UUID:
        return self.note_id

    @classmethod
    def type_name(cls) -> str:
        return f"{cls.subject}.v1"


class NoteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    words: str


class NoteOut(BaseModel):
    id: UUID
    words: str
    version: int


async def write_note(database: Database, actor: Any, attempt: Attempt, words: str) -> Done:
    async with database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        note_id = new_id()
        await unit.run("INSERT INTO note VALUES ($1, $2, $3, 1)", (note_id, actor.organisation, words))
        unit.tell(NoteWritten(note_id=note_id), version=1)
        return await remember(unit, attempt, Done(note_id, 201))


def compose(_: ServiceSettings, ground: Ground) -> Composition:
    routes = router()

    @routes.post("/notes", status_code=201, **operation(Permission.REFERRALS_REFERRAL_WRITE))
    async def create(body: NoteIn, actor: ActorDep, attempt: AttemptDep, response: Response) -> NoteOut:
        done = await write_note(ground.database, actor, attempt, body.words)
        show_done(response, done)
        return NoteOut(id=done.resource_id, words=body.words, version=1)

    @routes.get("/notes", **operation(Permission.REFERRALS_REFERRAL_READ))
    async def count(actor: ActorDep) -> dict[str, int]:
        async with ground.database.reading(actor) as connection:
            return {"count": (await connection.execute(text("SELECT count(*) FROM note"))).scalar_one()}

    @routes.put("/notes", **operation(Permission.REFERRALS_REFERRAL_WRITE))
    async def change(actor: ActorDep, version: VersionDep) -> dict[str, int]:
        refuse_stale(version, 2)
        return {"version": 2}

    @routes.post("/write-as-reader", **operation(Permission.REFERRALS_REFERRAL_WRITE))
    async def cheat(actor: ActorDep) -> None:
        async with ground.database.reading(actor) as connection:
            await connection.execute(text("DELETE FROM note"))

    @routes.get("/internal/x", **operation(Permission.CONSENT_DECISION_ASK, access=Access.INTERNAL))
    async def internal() -> dict[str, bool]:
        return {"ok": True}

    return Composition(routers=(routes,), parts=None)


def toy(settings: ServiceSettings) -> Service[ServiceSettings]:
    return Service("referrals", "Toy", "0", lambda: settings, compose, permissions_of, SERVICES)


@dataclass
class Toy:
    running: Running[Any]
    client: httpx.AsyncClient
    identities: Identities
    place: Any
    reader_url: str

    def worker(self, organisation: Any = None, roles: tuple[str, ...] = ("support_worker",)) -> dict[str, str]:
        return self.identities.person(place=self.place, organisation=organisation or new_id(), roles=roles)


@pytest_asyncio.fixture
async def toy_service(service_database: MakeDatabase, fresh_nats: NatsServer, tmp_path: Path) -> AsyncIterator[Toy]:
    database = await service_database("referrals", migrate_toy, variant="toy")
    identities = Identities(tmp_path)
    settings = ServiceSettings(
        **identities.settings(
            "referrals", app_url=database.app_url, reader_url=database.reader_url, nats_url=fresh_nats.url("referrals")
        )
    )
    running = Running(toy(settings), settings)
    async with calling(running.app()) as client:
        yield Toy(running, client, identities, new_id(), database.reader_url)
