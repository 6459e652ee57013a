"""What tests of the whole system share: every service as a real process, on real servers, on any free ports.

A stack takes seconds to start, so each is started once per test process, and the files that share one run in one
process (`pytest_xdist_make_scheduler`). After the last of them it is stopped. Tests that use one are coroutines: while
a test blocks the loop, nobody reads what the services print.
"""

import os
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from pyreqwest.client import ClientBuilder
from pyreqwest.compatibility.httpx import HttpxTransport
from xdist.scheduler import LoadFileScheduling

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent / "matrix"))

from matrix_askers import Mint
from matrix_members import ELSEWHERE, Members
from matrix_operations import Operation, operations_of
from matrix_records import make_records
from matrix_samples import Records
from whole_hub import LoadedHub, loaded, started

from connective.local.plain import NO_TLS
from connective.local.services import GATEWAY
from connective.local.stack import Stack

_TOGETHER = {
    "tests/journeys/test_partners": "tests/hub",
    "tests/journeys/test_persons": "tests/hub",
    "tests/journeys/test_places": "tests/hub",
    "tests/matrix/": "tests/hub",
    "tests/pages/": "tests/pages",
    "tests/fuzz/": "tests/hub",
    "tests/faults/": "tests/faults",
}
_STARTED = ("hub", "loaded_hub", "browser_if_any", "ground")
"""The fixtures that keep processes running for such files."""
_LONGEST = ("tests/pages", "tests/hub", "tests/faults", "tests/journeys/", "deploy/local/")
"""Begun first where tests are distributed, in this order of how long the files that share a Hub take together: begun
last, one process would end them while the others have nothing to do. Within such files the order stays as it is."""
_GIVES_WAY = pytest.StashKey[bool]()
_NICER = 3
"""By so much do the other processes, with the servers they start, give way to the one of the longest piece."""
_REST = "tests/pages/test_every_page.py"
"""Looks at the pages that nobody else looked at, and so has least to do after all others."""
_AFTER = "tests/fuzz/"
_LAST = "tests/matrix/test_canary.py"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hub(quick_folder: Path) -> AsyncIterator[Stack]:
    """All five services, empty."""
    async with started(quick_folder / "hub") as stack:
        yield stack


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def loaded_hub(hub: Stack) -> AsyncIterator[LoadedHub]:
    """The same Hub with the demo's place in it."""
    async with loaded(hub) as found:
        yield found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def documents(hub: Stack) -> dict[str, dict[str, Any]]:
    """The OpenAPI document of each service at its own port, and the merged one of the gateway."""
    found = {}
    async with httpx.AsyncClient(timeout=60, verify=NO_TLS) as client:
        for service, address in hub.addresses.items():
            path = "/api/v1/openapi.json" if service == GATEWAY else "/openapi.json"
            answer = await client.get(address + path)
            assert answer.status_code == 200, f"{service}: {answer.text[:300]}"
            found[service] = answer.json()
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def operations(documents: dict[str, dict[str, Any]]) -> list[Operation]:
    """Every operation of every service behind the gateway."""
    return [
        operation
        for service, document in documents.items()
        if service != GATEWAY
        for operation in operations_of(service, document)
    ]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def outside(documents: dict[str, dict[str, Any]]) -> list[Operation]:
    """Every operation that exists outside, by its outside path: the merged document."""
    return list(operations_of(GATEWAY, documents[GATEWAY]))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mint(hub: Stack) -> Mint:
    """Makes identities under the stack's own keys."""
    return Mint(hub.state.keys)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def records(loaded_hub: LoadedHub, mint: Mint) -> Records:
    """One record of each kind."""
    return await make_records(loaded_hub.stack, loaded_hub.world, mint)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def members(loaded_hub: LoadedHub, records: Records) -> Members:
    """Who signs in to the gateway: an account of each role and a client of each scope."""
    organisations = [records.organisations[key] for key in ("larder", "brookside", "crossroads")]
    found = Members(loaded_hub.world.base, UUID(records.ids["place"]), ELSEWHERE, organisations)
    await found.provide(loaded_hub.stack, loaded_hub.world.folder)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def doors(hub: Stack) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """A client for each service's own port."""
    clients = {
        name: httpx.AsyncClient(base_url=address, timeout=60, transport=HttpxTransport(_wire().build()))
        for name, address in hub.addresses.items()
    }
    yield clients
    for client in clients.values():
        await client.aclose()


def _wire() -> ClientBuilder:
    """How the doors are asked: a third of the cost of httpx's own connections, and the matrix asks 15,000 times."""
    wire = ClientBuilder().no_proxy().follow_redirects(False).http1_only().max_connections(16)
    # Shorter than a service keeps an idle connection, so that none is used at the moment the other end closes it.
    return wire.pool_idle_timeout(timedelta(seconds=3))


def _group(nodeid: str) -> str | None:
    """The files with which this one shares a running Hub."""
    return next((group for folder, group in _TOGETHER.items() if nodeid.startswith(folder)), None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the longest piece have the processors first: it ended a minute after the others, who cannot help."""
    config = item.config
    if not hasattr(config, "workerinput") or config.stash.get(_GIVES_WAY, False) or _rank(item.nodeid) == 0:
        return
    config.stash[_GIVES_WAY] = True
    os.nice(_NICER)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Stop a Hub after the last test that shares it: three that idle to the end took a tenth of a processor."""
    group = _group(item.nodeid)
    if group is None or nextitem is None or _group(nextitem.nodeid) == group or not _is_last(item, group):
        return
    for name in _STARTED:
        for fixture in item.session._fixturemanager.getfixturedefs(name, item) or ():
            fixture.finish(item._request)  # type: ignore[attr-defined]  # what the session's end would do, and no later


def _is_last(item: pytest.Item, group: str) -> bool:
    """Whether no test of the group comes after this one, here: where tests are distributed, a group is one piece."""
    if hasattr(item.config, "workerinput"):
        return True
    items = item.session.items
    return not any(_group(each.nodeid) == group for each in items[items.index(item) + 1 :])


class _Together(LoadFileScheduling):  # type: ignore[misc]  # xdist publishes no types
    """One file to one process, and files that share a running Hub to the same one."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid) or nodeid.split("::", 1)[0]


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Keep files that share a Hub together and the longest first, where tests are distributed by file."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return _Together(config, log)


def _rank(nodeid: str) -> int:
    name = _group(nodeid) or nodeid
    return next((rank for rank, each in enumerate(_LONGEST) if name.startswith(each)), len(_LONGEST))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The search for traces of the canary family comes last: by then everything has been done to it."""
    items.sort(key=lambda item: item.nodeid.startswith(_AFTER) + 2 * item.nodeid.startswith(_LAST))
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: (_rank(item.nodeid), item.nodeid.startswith(_REST)))


def pytest_configure(config: pytest.Config) -> None:
    """Markers of the whole system's tests."""
    config.addinivalue_line("markers", "faults: ends real processes and servers under load, about 20 s each.")
