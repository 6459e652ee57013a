"""One service composed from its own parts: its application, and its worker.

On one machine `serve --with-work` runs both halves in one process; in a cluster they are two deployments.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from fastapi import APIRouter, FastAPI
from sqlalchemy import text

from connective.kit import logs
from connective.kit.actor import ANONYMOUS, Actor, ActorKind, service_actor
from connective.kit.app import BodyLimit, Translations, anonymous, build_app, no_larger
from connective.kit.bus import Bus
from connective.kit.clock import Clock, system_clock
from connective.kit.conditions import Conditions, none
from connective.kit.database import Database
from connective.kit.description import examples_of, fields_of
from connective.kit.express import Express, Place
from connective.kit.housekeeping import keep_house
from connective.kit.http import Outgoing, Peer
from connective.kit.inbox import AnyHandler, Consumer
from connective.kit.newest import Following
from connective.kit.problems import Unauthenticated, Unavailable
from connective.kit.relay import Relay
from connective.kit.revisions import head_revision
from connective.kit.scheduler import Job, Scheduler
from connective.kit.settings import ServiceSettings
from connective.kit.tokens import (
    CALLER_HEADER,
    CALLER_TYPE,
    IDENTITY_HEADER,
    IDENTITY_TYPE,
    INTERNAL_AUDIENCE,
    KeyRing,
    Signer,
)

_LOOP_AGAIN_SECONDS = 1.0
_IDENTITY = IDENTITY_HEADER.encode()
_CALLER = CALLER_HEADER.encode()
_ACTORS_KEPT = 20_000
Settings = TypeVar("Settings", bound=ServiceSettings)
Grants = Callable[[frozenset[str], frozenset[str]], frozenset[str]]
"""From roles and scopes to permissions; the tables are the contracts', not the kit's."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the kit gives a service to build on."""

    name: str
    database: Database
    bus: Bus
    keys: KeyRing
    signer: Signer
    outgoing: Outgoing
    clock: Clock
    wake: Callable[[], None]

    def peer(self, name: str, base_url: str) -> Peer:
        """Another service to ask."""
        return Peer(name, base_url, self.outgoing, self.signer)


@dataclass(frozen=True, slots=True)
class Composition:
    """What a service is made of: its routes, what it listens to, what it does by the clock, and its parts for deps."""

    routers: Sequence[APIRouter]
    parts: object
    """Kept at `app.state.parts`: what the routes call."""
    handlers: Mapping[str, AnyHandler] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    background: Sequence[Callable[[], Awaitable[None]]] = ()
    """Loops of the worker besides relay, consumer and jobs (for example consent's sealer)."""
    following: Sequence[Following] = ()
    """What each process keeps at what was heard last, serving or working."""
    express: Mapping[Place, Express] = field(default_factory=dict)
    """The hottest operations, answered without the web framework; see `connective.kit.express`."""
    translations: Translations = field(default_factory=dict)
    """How refusals of the service's own rules become problem documents, where its commands do not translate them."""
    conditions: Conditions = none
    """What must go on besides requests; `/readyz` and `/metrics` show it."""
    larger: BodyLimit = no_larger
    """Which requests bring files, and how large they may be."""


@dataclass(frozen=True, slots=True)
class Service(Generic[Settings]):
    """The definition of one service; `connective.<name>.app` makes it, `__main__` runs it."""

    name: str
    title: str
    version: str
    settings: Callable[[], Settings]
    compose: Callable[[Settings, Ground], Composition]
    grants: Grants
    service_permissions: Mapping[str, frozenset[str]]
    """What each calling service may ask, by its name."""


class Running(Generic[Settings]):
    """A composed service: its application, and its worker."""

    def __init__(self, service: Service[Settings], settings: Settings, clock: Clock = system_clock) -> None:
        self.service = service
        self.settings = settings
        self.bus = Bus(service.name, settings.nats_url)
        self.database = Database(service.name, settings)
        self.relay = Relay(service.name, settings.database_url, self.bus)
        self.keys = KeyRing.load(settings.trusted_keys)
        self.outgoing = Outgoing()
        self._aside: set[asyncio.Task[None]] = set()
        self.database.after_commit = self.wake
        signer = Signer.load(service.name, settings.signing_key)
        ground = Ground(service.name, self.database, self.bus, self.keys, signer, self.outgoing, clock, self.wake)
        self.composition = service.compose(settings, ground)
        self.consumer = Consumer(service.name, self.bus, self.database, self.composition.handlers)
        self.scheduler = Scheduler(self.composition.jobs, clock)
        self.attempt_key = settings.key("idempotency")
        self._with_work = False
        self._known: dict[tuple[bytes | None, bytes | None], tuple[float, Actor]] = {}

    def wake(self) -> None:
        """Tell the relay, here or in the worker's process, that something was committed."""
        self.relay.wake.set()
        if not self._with_work:
            self._do_aside(self.bus.wake())

    def _do_aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    def app(self, *, with_work: bool = False) -> FastAPI:
        """The application; with `with_work` its lifespan runs the worker beside it."""
        self._with_work = with_work

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(self.outgoing)
                stack.push_async_callback(self.close)
                await self._follow(stack)
                worker = asyncio.create_task(self.work()) if with_work else None
                yield
                if worker is not None:
                    worker.cancel()
                    await asyncio.gather(worker, return_exceptions=True)

        app = build_app(
            self.service.title,
            version=self.service.version,
            identify=self.identify,
            routers=self.composition.routers,
            ready=self.ready,
            lifespan=lifespan,
            conditions=self.composition.conditions,
            express=self.composition.express,
            translations=self.composition.translations,
            larger=self.composition.larger,
            examples=partial(examples_of, f"connective.{self.service.name}.api"),
            fields=partial(fields_of, f"connective.{self.service.name}.api"),
        )
        app.state.parts = self.composition.parts
        app.state.running = self
        return app

    def worker_app(self) -> FastAPI:
        """What a process that only works answers: its health, for whoever restarts it."""

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            async with self.outgoing, AsyncExitStack() as stack:
                await self._follow(stack)
                worker = asyncio.create_task(self.work())
                yield
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)
            await self.close()

        return build_app(
            f"{self.service.title}: worker",
            version=self.service.version,
            identify=anonymous,
            routers=(),
            ready=self.ready_to_work,
            lifespan=lifespan,
            conditions=self.composition.conditions,
        )

    async def _follow(self, stack: AsyncExitStack) -> None:
        for each in self.composition.following:
            await stack.enter_async_context(each.kept())

    async def work(self) -> None:
        """The worker: relay, consumer, jobs and the service's own loops, until cancelled."""
        loops: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            ("relay", self.relay.run),
            ("housekeeping", partial(keep_house, self.database, self.service.name)),
            # Whoever commits in another process, an import for example, wakes the relay by the broker.
            ("wakes", self._listen_for_wakes),
        ]
        if self.composition.handlers:
            loops.append(("consumer", self.consumer.run))
        if self.composition.jobs:
            loops.append(("scheduler", self.scheduler.run))
        loops += [(f"background-{number}", loop) for number, loop in enumerate(self.composition.background)]
        async with asyncio.TaskGroup() as group:
            for name, loop in loops:
                group.create_task(_keep_going(name, loop))

    async def _listen_for_wakes(self) -> None:
        await self.bus.on_wake(self.relay.wake)

    async def close(self) -> None:
        """Close connections."""
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)
        await self.bus.close()
        await self.database.close()

    def identify(self, headers: Mapping[bytes, bytes]) -> Actor:
        """The actor of a request: from `Hub-Identity`, and from `Hub-Caller` where a service carries it.

        Whom a pair of tokens names is remembered for as long as both are valid.
        """
        signed = (headers.get(_IDENTITY), headers.get(_CALLER))
        known = self._known.get(signed)
        if known is not None and known[0] > time.time():
            return known[1]
        until, actor = self._verify(*signed)
        if len(self._known) >= _ACTORS_KEPT:
            self._known.clear()
        self._known[signed] = (until, actor)
        return actor

    def _verify(self, identity: bytes | None, caller: bytes | None) -> tuple[float, Actor]:
        """Until when, and who. Raises Unauthenticated."""
        name: str | None = None
        held: frozenset[str] = frozenset()
        until = float("inf")
        if caller is not None:
            audience = self.service.name
            claims = self.keys.verify(caller.decode("latin-1"), token_type=CALLER_TYPE, audience=audience)
            name, until = str(claims["iss"]), claims["exp"]
            held = self.service.service_permissions.get(name, frozenset())
        if identity is None:
            if name is None:
                return until, ANONYMOUS
            actor = Actor(ActorKind.SERVICE, f"service:{name}", permissions=held, caller=name, caller_permissions=held)
            return until, actor
        token = identity.decode("latin-1")
        claims = self.keys.verify(token, token_type=IDENTITY_TYPE, audience=INTERNAL_AUDIENCE, issuer="gateway")
        return min(until, claims["exp"]), self._actor(claims, token, name, held)

    def _actor(self, claims: dict[str, Any], token: str, caller: str | None, held: frozenset[str]) -> Actor:
        roles = frozenset(claims.get("roles", ()))
        scopes = frozenset(str(claims.get("scope", "")).split())
        try:
            person = claims["sub"] != claims.get("client_id")
            return Actor(
                kind=ActorKind.PERSON if person else ActorKind.CLIENT,
                id=str(UUID(claims["sub"])),
                place_id=UUID(claims["place"]),
                organisation_id=UUID(claims["org"]) if claims.get("org") else None,
                roles=roles,
                permissions=self.service.grants(roles, frozenset() if person else scopes),
                session_id=claims.get("sid"),
                authenticated_at=claims.get("auth_time"),
                caller=caller,
                caller_permissions=held,
                token=token,
            )
        except (KeyError, ValueError) as error:
            raise Unauthenticated("The identity lacks what this service needs.") from error

    async def ready(self) -> dict[str, Any]:
        """Whether requests can be answered: the database answers and is migrated.

        The broker's state and alarms are shown, and never decide. A process that only answers requests asks the broker
        for nothing but to wake the worker's relay: it has its connection from here, and after an outage again.
        """
        async with self.database.reading(service_actor(self.service.name)) as connection:
            found = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()
        if found != head_revision(self.service.name):
            raise Unavailable("The database is not migrated to this release.")
        if not self.bus.connected:
            self._do_aside(self.bus.reach())
        going_on = {each.name: each.word for each in await self.composition.conditions()}
        return {"status": "ready", "broker": "connected" if self.bus.connected else "degraded", **going_on}

    async def ready_to_work(self) -> dict[str, Any]:
        """Whether the worker can work: it needs the broker too."""
        if not self.bus.connected:
            raise Unavailable("The broker cannot be reached; events wait in the database.")
        return await self.ready()


async def _keep_going(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Run one of the worker's loops; a fault of it is logged and must not stop the others, nor itself for good."""
    while True:
        try:
            await loop()
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the loop is begun again
            logs.log().error("loop_failed", job=name, error=type(error).__name__)
            await asyncio.sleep(_LOOP_AGAIN_SECONDS)
        else:
            return
