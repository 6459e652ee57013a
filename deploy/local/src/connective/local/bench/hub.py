"""The Hub that is measured: durable, on free ports, in a throw-away folder, with the demo's place and one family."""

import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from connective.local.demo import INVENTED_PEOPLE
from connective.local.folders import own_folder
from connective.local.services import EVERYTHING, GATEWAY, PORTS
from connective.local.stack import Stack
from connective.local.story.cast import new_cast
from connective.local.story.loading import World
from connective.local.story.meeting_the_family import meet_the_family, open_the_place
from connective.local.story.narrator import Narrator
from connective.local.story.referring import make_the_referral
from connective.local.story.signing_in import Asker, sign_in, system_with_key

_QUOTAS = ("CALLER", "ORGANISATION", "ADDRESS")
_NO_QUOTA = {f"GATEWAY_{of}_REQUESTS_PER_MINUTE": "100000000" for of in _QUOTAS}
_RECEIVERS_HERE = {"PARTNERS_WEBHOOKS_ANYWHERE": "true"}
"""Partners' receivers are servers of the measuring process, on loopback."""
_SETTINGS = {
    # When a row was committed can then be asked; it costs next to nothing.
    "track_commit_timestamp": "on",
    # What one call asks of the databases is read from the server's own log; nothing is logged until it is asked for.
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_rotation_size": "0",
    "log_parameter_max_length": "-1",
    # The limits' own connections come on top of the services'.
    "max_connections": "300",
}
READER = "larder"
"""The partner's own system whose reading is measured."""


@dataclass(slots=True)
class Hub:
    """A running Hub with its place loaded."""

    stack: Stack
    world: World
    family: dict[str, str]
    requests: dict[str, str]
    ready_seconds: float
    grown: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)
    """What was measured while the requests grew: by what is read and how many there were, ours and the limit."""

    @property
    def gateway(self) -> str:
        """The base URL of the public API."""
        return self.stack.addresses[GATEWAY] + "/api/v1"

    async def worker_token(self) -> str:
        """A fresh access token of the family support worker: they live five minutes."""
        cast = self.world.cast
        asker = await sign_in(self.world.base, cast.name("worker"), cast.credentials("worker"))
        await asker.client.aclose()
        return asker.token

    async def reader(self) -> Asker:
        """The partner's own system, signed in anew."""
        system = self.world.cast.systems[READER]
        if system.private_key is None:
            raise TypeError("the reader's system signs with a key")
        return await system_with_key(self.world.base, system.name, str(system.client_id), system.private_key)

    async def reader_token(self) -> str:
        """A fresh access token of the partner's own system."""
        asker = await self.reader()
        await asker.client.aclose()
        return asker.token

    async def superuser(self, service: str) -> "asyncpg.Connection":
        """A connection to a service's database that passes by every grant: to fill and to look, never to measure."""
        return await asyncpg.connect(self.stack.postgres.url(service))


@asynccontextmanager
async def open_hub() -> AsyncIterator[Hub]:
    """Start it, load the place, tell the story as far as the first referral; stop and forget it at the end."""
    with tempfile.TemporaryDirectory(prefix="connective-bench-", ignore_cleanup_errors=True) as name:
        stack = Stack(
            own_folder(Path(name), 0o711) / "state",
            ports=dict.fromkeys(PORTS, 0),
            services=EVERYTHING,
            console=None,
            environment=INVENTED_PEOPLE | _NO_QUOTA | _RECEIVERS_HERE,
            database_settings=_SETTINGS,
        )
        started = time.monotonic()
        await stack.start()
        ready_seconds = time.monotonic() - started
        world = World(stack.addresses[GATEWAY], new_cast(), stack, stack.state.folder)
        try:
            family, requests = await _first_referral(world)
            yield Hub(stack, world, family, requests, ready_seconds)
        finally:
            await world.close()
            await stack.stop()


async def _first_referral(world: World) -> tuple[dict[str, str], dict[str, str]]:
    narrator = Narrator(quiet=True)
    await open_the_place(world, narrator)
    family = await meet_the_family(world, narrator)
    return family, await make_the_referral(world, narrator, family)
