"""The whole Hub on one machine: servers, migrations and services, started in order and stopped in order."""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import TextIO

import httpx

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.kit.migrations import migrate
from connective.local.broker_accounts import ADMIN, Subscriptions
from connective.local.databases import DatabaseUrls, service_urls
from connective.local.nats import NatsServer
from connective.local.pages import write_registration
from connective.local.plain import NO_TLS
from connective.local.ports import listen, require_free
from connective.local.postgres import PostgresServer
from connective.local.processes import Child, Program, ProgramEndedError, start
from connective.local.services import (
    EXAMPLE_PLACES,
    GATEWAY,
    PAGES,
    PORTS,
    SERVICES,
    Service,
    Surroundings,
    address,
    public_address,
)
from connective.local.state import State, StateInUseError, postgres_folder
from connective.local.supervisor import MergedLog, OnDeath, Supervisor

_READY_SECONDS = 60.0
_SERVERS = ("postgres", "nats", "nats-monitor")


class Stack:
    """Everything that runs, from one state folder. One use: start, stop.

    `ports` overrides the usual ports by name (0 = any free one); `services` are names or stand-ins; `environment`
    is added to that of every service. The sockets of services are opened here and handed on, so that a port that
    is taken is known before anything starts, and a restarted service loses no connection that waits.
    """

    def __init__(
        self,
        folder: Path,
        *,
        services: Iterable[str | Service] = SERVICES,
        ports: Mapping[str, int] | None = None,
        places: Path = EXAMPLE_PLACES,
        environment: Mapping[str, str] | None = None,
        subscriptions: Subscriptions = SUBSCRIPTIONS,
        console: TextIO | None = sys.stdout,
        on_death: OnDeath = OnDeath.STOP,
        durable: bool = True,
        database_settings: Mapping[str, str] | None = None,
    ) -> None:
        named = [Service(each) if isinstance(each, str) else each for each in services]
        self.services = {service.name: service for service in named}
        self.state = State(folder)
        self.log = MergedLog(self.state.log, console)
        self.supervisor = Supervisor(self.log, on_death)
        wanted = {**PORTS, **(ports or {})}
        self.ports = {name: wanted.get(name, 0) for name in (*self.services, *_SERVERS)}
        self.postgres = PostgresServer(
            postgres_folder(self.state.folder),
            port=self.ports["postgres"],
            durable=durable,
            settings=database_settings,
            output=self.log,
        )
        self.nats = self._broker(subscriptions)
        self._surroundings = Surroundings(
            tuple(named), self.ports, self.state.keys, places.absolute(), environment or {}
        )
        self._sockets: dict[str, socket.socket] = {}
        self._claimed = False

    @property
    def addresses(self) -> dict[str, str]:
        """The base URL of every service; the gateway's and the pages' are those that people know them by."""
        known_by = {name: public_address if name in {GATEWAY, PAGES} else address for name in self.services}
        return {name: known_by[name](self.ports[name]) for name in self.services}

    def databases(self, service: str) -> DatabaseUrls:
        """How the roles of a service reach its database."""
        return service_urls(self.postgres.port, service, self.state.keys.service(service).roles)

    def environment(self, service: str, *, owner: bool = False) -> dict[str, str]:
        """The environment of a service; with `owner`, that of its migrations and imports."""
        known = self.services[service]
        make = self._surroundings.with_owner if owner else self._surroundings.of
        broker = self.nats.url(service) if service != PAGES else ""
        return make(known, self.databases(service), broker)

    async def start(self) -> None:
        """Start everything and wait until every service says that it is ready.

        Whatever goes wrong, what was started is stopped again. Raises StateInUseError, PortTakenError,
        ProgramEndedError.
        """
        if not self.state.claim():
            raise StateInUseError(f"Something runs from {self.state.folder} already.")
        self._claimed = True
        self.log.open()
        try:
            self._take_ports()
            await self._start_servers()
            await self._migrate()
            await self._each(self.start_service)
            await self._each(self.wait_until_ready)
            await self._make_pages_known()
        except BaseException:
            await self.stop()
            raise
        self.state.record(self.addresses)

    async def stop(self) -> None:
        """Stop everything in order: services, broker, database. Safe to repeat, and after a start that failed."""
        await self._each(self.stop_service)
        await self.supervisor.let_go("nats")
        await self.nats.stop()
        await self.supervisor.let_go("postgres")
        await self.postgres.stop()
        for opened in self._sockets.values():
            opened.close()
        if self._claimed:
            self.state.release()
            self._claimed = False
        self.log.close()

    async def run(self, service: str, *arguments: str) -> str:
        """Run a command of a service (an import, say) to its end, as the owner of its database.

        Answers its last lines. Raises ProgramEndedError with its last words if it fails.
        """
        program = Program(
            f"{service} {arguments[0]}",
            (*self.services[service].argv, *arguments),
            self.environment(service, owner=True),
            folder=Path.cwd(),
        )
        child = await start(program, self.log)
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            await child.kill()
            raise
        if code != 0:
            raise ProgramEndedError(f"{program.name} failed with exit code {code}:\n{child.tail()}")
        return child.tail()

    async def start_service(self, service: str) -> None:
        """Start a service, or start it again after `kill_service`, on the socket that was kept open for it."""
        self.supervisor.watch(await self._serve(service), again=lambda: self._serve(service))

    async def stop_service(self, service: str) -> None:
        """Stop a service in order; nobody reports its end."""
        if child := await self.supervisor.let_go(service):
            await child.stop()

    async def kill_service(self, service: str) -> None:
        """End a service as a crash would; nobody reports its end."""
        if child := await self.supervisor.let_go(service):
            await child.kill()

    async def wait_until_ready(self, service: str) -> None:
        """Wait until a service answers /readyz with 200. Raises ProgramEndedError if it ends or never does."""
        deadline = asyncio.get_running_loop().time() + _READY_SECONDS
        said = "nothing"
        async with httpx.AsyncClient(verify=NO_TLS, trust_env=False, timeout=2.0) as http:
            while asyncio.get_running_loop().time() < deadline:
                child = self.supervisor.child(service)
                if child is None or not child.alive:
                    break
                try:
                    answer = await http.get(f"{address(self.ports[service])}/readyz")
                except httpx.TransportError as problem:
                    said = repr(problem)
                else:
                    if answer.status_code == 200:
                        return
                    said = answer.text
                await asyncio.sleep(0.05)
        words = child.tail() if child else ""
        raise ProgramEndedError(f"{service} is not ready: it said {said}. Its last words:\n{words}")

    async def _make_pages_known(self) -> None:
        """Register the web pages at the gateway, as the program through which people sign in; again changes nothing."""
        if PAGES in self.services and GATEWAY in self.services:
            key = self.state.keys.signing_key(PAGES)
            await self.run(GATEWAY, "seed", str(write_registration(self.state.folder, key, self.addresses[PAGES])))

    def _broker(self, subscriptions: Subscriptions) -> NatsServer:
        # An account for every service that is named anywhere, so that one which is added later finds its events kept.
        hearing = (name for name in (*subscriptions, *self.services) if name != PAGES)
        subjects = {name: subscriptions.get(name, ()) for name in hearing}
        passwords = {name: self.state.keys.service(name).nats for name in subjects}
        return NatsServer(
            self.state.folder / "nats",
            subscriptions=subjects,
            passwords={**passwords, ADMIN: self.state.keys.broker_admin()},
            port=self.ports["nats"],
            monitor_port=self.ports["nats-monitor"],
            output=self.log,
        )

    def _take_ports(self) -> None:
        """Open the services' sockets and look at the servers' ports, before anything starts."""
        for name in self.services:
            self._sockets[name] = listen(name, self.ports[name])
            self.ports[name] = self._sockets[name].getsockname()[1]
        for name in _SERVERS:
            require_free(name, self.ports[name])

    async def _start_servers(self) -> None:
        await _all((self.postgres.start(), self.nats.start()))
        ports = {"postgres": self.postgres.port, "nats": self.nats.port, "nats-monitor": self.nats.monitor_port}
        self.ports.update(ports)
        for server in (self.postgres, self.nats):
            if server.child is not None:
                self.supervisor.watch(server.child)
        await self.postgres.provide({name: self.state.keys.service(name).roles for name in self.services})

    async def _migrate(self) -> None:
        """Bring every database to this release: here, one after another, because a process each costs seconds."""
        for name, service in self.services.items():
            if service.command:
                await self.run(name, "migrate")
            else:
                await migrate(name, self.databases(name).owner)

    async def _serve(self, service: str) -> Child:
        descriptor = self._sockets[service].fileno()
        argv = (*self.services[service].argv, "serve", "--with-work", "--fd", str(descriptor))
        program = Program(
            service, argv, self.environment(service), folder=Path.cwd(), passed_fds=(descriptor,), stop_seconds=15.0
        )
        return await start(program, self.log)

    async def _each(self, act: Callable[[str], Awaitable[None]]) -> None:
        await _all(act(service) for service in self.services)


async def _all(waits: Iterable[Awaitable[None]]) -> None:
    """Wait for all, and only then raise the first problem: nothing is left half started behind its back."""
    outcomes = await asyncio.gather(*waits, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
