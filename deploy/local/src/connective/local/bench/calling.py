"""The load: calls through pyreqwest, because the usual client would measure itself (performance.md)."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from pyreqwest.client import Client, ClientBuilder

from connective.local.bench.measure import Work


class CallFailed(Exception):
    """An answer had another status than the one that is measured: the figure would be of something else."""


_POOL_IDLE = timedelta(seconds=3)
"""Shorter than a service keeps an idle connection, so that none is used at the moment the other end closes it."""


@asynccontextmanager
async def caller() -> AsyncIterator[Client]:
    """A client without redirects and without the environment's proxies."""
    builder = ClientBuilder().http1_only().no_proxy().follow_redirects(False).pool_idle_timeout(_POOL_IDLE)
    async with builder.build() as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    """The header that carries an access token."""
    return {"authorization": f"Bearer {token}"}


def getting(client: Client, url: str, headers: Mapping[str, str]) -> Work:
    """Reads one address. Raises CallFailed for anything but 200."""

    async def get() -> None:
        response = await client.get(url).headers(dict(headers)).build().send()
        body = await response.bytes()
        if response.status != 200:
            raise CallFailed(f"GET {url}: {response.status} {bytes(body)[:600]!r}")

    return get


def asking(client: Client, url: str, headers: Mapping[str, str], body: bytes) -> Work:
    """Puts one service's question to another. Raises CallFailed for anything but 200."""

    async def ask() -> None:
        sent = {**headers, "content-type": "application/json"}
        response = await client.post(url).headers(sent).body_bytes(body).build().send()
        answer = await response.bytes()
        if response.status != 200:
            raise CallFailed(f"POST {url}: {response.status} {bytes(answer)[:600]!r}")

    return ask


def posting(client: Client, url: str, headers: Mapping[str, str], body: Callable[[], bytes]) -> Work:
    """Makes one record under a fresh Idempotency-Key. Raises CallFailed for anything but 201."""

    async def post() -> None:
        sent = {**headers, "content-type": "application/json", "idempotency-key": str(uuid4())}
        response = await client.post(url).headers(sent).body_bytes(body()).build().send()
        answer = await response.bytes()
        if response.status != 201:
            raise CallFailed(f"POST {url}: {response.status} {bytes(answer)[:600]!r}")

    return post
