"""A whole Hub for tests: every service, with the demo's place in it where a test needs one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from matrix_members import ELSEWHERE

from connective.local.services import EXAMPLE_PLACES, PORTS, SERVICES
from connective.local.stack import Stack
from connective.local.story.cast import new_cast
from connective.local.story.loading import World, load_place
from connective.local.story.narrator import Narrator
from connective.local.supervisor import OnDeath

ENVIRONMENT = {
    "FAMILIES_SYNTHETIC_PEOPLE": "true",
    # At the usual cost, passwords take a third of the time in which a place is loaded.
    "GATEWAY_PASSWORD_COST": "least",
    # Tests ask thousands of questions from one address within a minute; the limits have tests of their own.
    "GATEWAY_ADDRESS_REQUESTS_PER_MINUTE": "1000000",
    "GATEWAY_CALLER_REQUESTS_PER_MINUTE": "1000000",
    "GATEWAY_ORGANISATION_REQUESTS_PER_MINUTE": "1000000",
}


@dataclass(frozen=True, slots=True)
class LoadedHub:
    """A running Hub with the demo's place in it."""

    stack: Stack
    world: World


def two_places(path: Path) -> Path:
    """Write a places file with the example and a second place, whose people must not know the first."""
    places = yaml.safe_load(EXAMPLE_PLACES.read_text(encoding="utf-8"))
    first = places["places"][0]
    places["places"].append({**first, "id": str(ELSEWHERE), "code": "elsewhere", "name": "Elsewhere"})
    path.write_text(yaml.safe_dump(places), encoding="utf-8")
    return path


@asynccontextmanager
async def started(folder: Path, more: Mapping[str, str] | None = None) -> AsyncIterator[Stack]:
    """All five services, empty, told `more`. It does not wait for the disk: tests that pull a plug start their own."""
    stack = Stack(
        folder,
        places=two_places(folder.with_suffix(".places.yaml")),
        ports=dict.fromkeys(PORTS, 0),
        services=SERVICES,
        environment=ENVIRONMENT | dict(more or {}),
        console=None,
        on_death=OnDeath.REPORT,
        durable=False,
    )
    await stack.start()
    yield stack
    await stack.stop()


@asynccontextmanager
async def loaded(stack: Stack) -> AsyncIterator[LoadedHub]:
    """The same with the demo's place: organisations, services, agreements in force, invented families."""
    world = World(stack.addresses["gateway"], new_cast(), stack, stack.state.folder)
    await load_place(world, Narrator(quiet=True))
    yield LoadedHub(stack, world)
    await world.close()
