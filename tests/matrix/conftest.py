"""Everything the sweeps need, made once: the operations of every service, one record of each kind, who may ask."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parent))

from matrix_askers import Mint
from matrix_operations import Operation, operations_of
from matrix_records import make_records
from matrix_samples import Records

from connective.local.services import GATEWAY
from connective.local.stack import Stack

_API = "/api/v1"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def documents(hub: Stack) -> dict[str, dict]:
    """The OpenAPI document of each service at its own port, and the merged one of the gateway."""
    found = {}
    async with httpx.AsyncClient(timeout=20) as client:
        for service, address in hub.addresses.items():
            path = f"{_API}/openapi.json" if service == GATEWAY else "/openapi.json"
            answer = await client.get(address + path)
            assert answer.status_code == 200, f"{service}: {answer.text[:300]}"
            found[service] = answer.json()
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def operations(documents: dict[str, dict]) -> list[Operation]:
    """Every operation of every service behind the gateway."""
    return [
        operation
        for service, document in documents.items()
        if service != GATEWAY
        for operation in operations_of(service, document)
    ]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def outside(documents: dict[str, dict]) -> list[Operation]:
    """Every operation that exists outside, by its outside path: the merged document."""
    return list(operations_of(GATEWAY, documents[GATEWAY]))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mint(hub: Stack) -> Mint:
    """Makes identities under the stack's own keys."""
    return Mint(hub.state.keys)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def records(loaded_hub: object, mint: Mint) -> Records:
    """One record of each kind."""
    return await make_records(loaded_hub.stack, loaded_hub.world, mint)  # type: ignore[attr-defined]  # a LoadedHub


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def doors(hub: Stack) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """A client for each service's own port."""
    limits = httpx.Limits(max_connections=16)
    clients = {
        name: httpx.AsyncClient(base_url=address, timeout=20, limits=limits) for name, address in hub.addresses.items()
    }
    yield clients
    for client in clients.values():
        await client.aclose()
