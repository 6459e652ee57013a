"""A pytest plugin: real, throw-away servers for the tests of every package of this repository.

Session-wide servers, one set per test process; a fresh database, cloned from a migrated template, per test that asks.
The servers' folders lie outside pytest's own temporary folder, which is closed to the account PostgreSQL may need.
Servers that need not wait for the disk work in memory where there is room: each test clones a database of 9 MB.
"""

import asyncio
import gc
import itertools
import os
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.local.broker_accounts import ADMIN, Subscriptions
from connective.local.databases import (
    RolePasswords,
    Superuser,
    admit_roles,
    clone_database,
    drop_database,
    provide_roles,
    service_urls,
)
from connective.local.folders import own_folder
from connective.local.nats import NatsServer
from connective.local.postgres import PostgresServer

Migrate = Callable[[str], Awaitable[None]]
"""Brings the database at the owner's address to its newest shape, and leaves no connection open."""

_MEMORY = Path("/dev/shm")  # noqa: S108 - what is made in it is checked by `own_folder`.
_ROOM_BYTES = 4 * 2**30
"""What must be free for test servers to work in memory; they take up to a tenth of it."""
_LEFT_BEHIND = re.compile(r"^connective-test-(\d+)-")


@dataclass(frozen=True)
class ServiceDatabase:
    """A database of one service, and how its three roles reach it."""

    service: str
    name: str
    app_url: str
    reader_url: str
    owner_url: str


Prepare = Callable[[ServiceDatabase], Awaitable[None]]
"""Puts into a migrated template what every clone of it shall begin with, and leaves no connection open."""


class DatabaseFactory:
    """Makes databases of services on one server. The first of a service is migrated; later ones are its clones."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._passwords: dict[str, RolePasswords] = {}
        self._templates: dict[tuple[str, str], str] = {}
        self._numbers = itertools.count(1)
        self._superuser: Superuser | None = None
        self._one_at_a_time = asyncio.Lock()

    async def create(
        self,
        service: str,
        migrate: Migrate | None = None,
        *,
        variant: str = "newest",
        prepare: Prepare | None = None,
    ) -> ServiceDatabase:
        """A fresh database. `variant` names the template, for tests that migrate or prepare one in several ways."""
        template = await self._template(service, migrate, variant, prepare)
        name = f"{service}_{next(self._numbers)}"
        async with self._connection() as connection:
            await clone_database(connection, service, template, name)
        return self._answer(service, name)

    async def drop(self, database: ServiceDatabase) -> None:
        """Remove a database, with whatever is still connected to it."""
        async with self._connection() as connection:
            await drop_database(connection, database.name)

    async def close(self) -> None:
        """Leave the server."""
        if self._superuser is not None:
            await self._superuser.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Superuser]:
        """The superuser's, kept between tests: its password is stretched, which takes 6 ms of each connecting."""
        async with self._one_at_a_time:
            if self._superuser is None:
                self._superuser = await self._server.connect()
            yield self._superuser

    async def _template(self, service: str, migrate: Migrate | None, variant: str, prepare: Prepare | None) -> str:
        if migrate is None:
            variant = "empty"
        if (service, variant) not in self._templates:
            name = f"{service}_template_{variant}"
            await self._make_empty(service, name)
            if migrate is not None:
                await migrate(self._answer(service, name).owner_url)
            if prepare is not None:
                await prepare(self._answer(service, name))
            # Kept only now: a failed migration must fail every test that needs it, not clone half a schema.
            self._templates[service, variant] = name
        return self._templates[service, variant]

    async def _make_empty(self, service: str, name: str) -> None:
        async with self._connection() as connection:
            if service not in self._passwords:
                self._passwords[service] = RolePasswords(*(secrets.token_urlsafe(16) for _ in range(3)))
                await provide_roles(connection, service, self._passwords[service])
            await drop_database(connection, name)
            await clone_database(connection, service, "template0", name)
            await admit_roles(connection, service, name)

    def _answer(self, service: str, name: str) -> ServiceDatabase:
        urls = service_urls(self._server.port, service, self._passwords[service], name)
        return ServiceDatabase(service, name, urls.app, urls.reader, urls.owner)


class MakeDatabase(Protocol):
    """What the fixture `service_database` answers."""

    async def __call__(
        self,
        service: str,
        migrate: Migrate | None = None,
        *,
        variant: str = "newest",
        prepare: Prepare | None = None,
    ) -> ServiceDatabase:
        """A fresh database that is dropped when the test ends."""
        ...


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Look for no garbage while tests are collected: nearly nothing is, and looking took half of the time."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Set aside what was loaded, which lives as long as the process, and look for garbage again."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_configure() -> None:
    """Let Hypothesis judge what the code does, and never how long a busy machine takes to try it.

    httpcore looks for sniffio several times in each request; where there is none, through every folder of modules.
    """
    if find_spec("sniffio") is None:
        sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # Python's own way to say: there is none
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder on disk that every account may pass through, removed with everything in it when the session ends."""
    yield from _throw_away(Path(tempfile.gettempdir()))


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """The same in memory, where there is room: for servers that no test takes the power from."""
    yield from _throw_away(_MEMORY if _has_room(_MEMORY) else Path(tempfile.gettempdir()))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_server(quick_folder: Path) -> AsyncIterator[PostgresServer]:
    """The session's PostgreSQL. It does not wait for the disk: tests that pull a plug start their own."""
    server = PostgresServer(quick_folder / "postgres", durable=False)
    await server.start()
    await server.provide({})
    yield server
    await server.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database_factory(postgres_server: PostgresServer) -> AsyncIterator[DatabaseFactory]:
    """Databases that outlive one test: whoever creates one here drops it, or leaves it to the session's end."""
    factory = DatabaseFactory(postgres_server)
    yield factory
    await factory.close()


@pytest_asyncio.fixture(loop_scope="session")
async def service_database(database_factory: DatabaseFactory) -> AsyncIterator[MakeDatabase]:
    """A factory of databases that are dropped when the test ends."""
    made: list[ServiceDatabase] = []

    async def make(
        service: str,
        migrate: Migrate | None = None,
        *,
        variant: str = "newest",
        prepare: Prepare | None = None,
    ) -> ServiceDatabase:
        made.append(await database_factory.create(service, migrate, variant=variant, prepare=prepare))
        return made[-1]

    yield make
    for database in made:
        await database_factory.drop(database)


@pytest.fixture(scope="session")
def subscriptions() -> Subscriptions:
    """Which service listens to what on the session's broker. Override it to try others."""
    return SUBSCRIPTIONS


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def nats_server(quick_folder: Path, subscriptions: Subscriptions) -> AsyncIterator[NatsServer]:
    """The session's broker, with stream, accounts and durables as in production."""
    passwords = {name: secrets.token_urlsafe(16) for name in (*subscriptions, ADMIN)}
    server = NatsServer(quick_folder / "nats", subscriptions=subscriptions, passwords=passwords)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def fresh_nats(nats_server: NatsServer) -> NatsServer:
    """The session's broker with an empty stream and fresh durables."""
    await nats_server.reset_stream()
    return nats_server


def _throw_away(parent: Path) -> Iterator[Path]:
    _remove_left_behind(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"connective-test-{os.getpid()}-", dir=parent))
    own_folder(folder, 0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _has_room(memory: Path) -> bool:
    """Whether a file system in memory is here, is ours to write in, and neither it nor the machine is short of room."""
    try:
        found = os.statvfs(memory)
        known = dict(line.split(":") for line in Path("/proc/meminfo").read_text(encoding="utf-8").splitlines())
        available = int(known["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return False
    return os.access(memory, os.W_OK | os.X_OK) and min(found.f_bavail * found.f_frsize, available) >= _ROOM_BYTES


def _remove_left_behind(parent: Path) -> None:
    """Remove the folders of test processes that were killed before they could do it themselves."""
    for folder in parent.iterdir():
        found = _LEFT_BEHIND.match(folder.name)
        if found and not Path("/proc", found[1]).exists() and folder.lstat().st_uid == os.geteuid():
            shutil.rmtree(folder, ignore_errors=True)
