"""What several tests of the gateway need: a service to forward to, a served application, and a raw client."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import uvicorn

from connective.gateway.api.connections import BoundedConnection
from connective.gateway.tokens.claims import AccessClaims

ORGANISATION = UUID("01970000-0000-7000-8000-0000000000a1")
PLACE = UUID("01970000-0000-7000-8000-0000000000b1")
ACCOUNT = UUID("01970000-0000-7000-8000-0000000000c1")
SESSION = UUID("01970000-0000-7000-8000-0000000000d1")
CLIENT = UUID("01970000-0000-7000-8000-0000000000e1")


def claims(**changes: Any) -> AccessClaims:
    """Claims of a support worker's token, valid now."""
    now = int(time.time())
    values: dict[str, Any] = {
        "subject": str(ACCOUNT),
        "client_id": str(CLIENT),
        "organisation_id": ORGANISATION,
        "place_id": PLACE,
        "roles": ("support_worker",),
        "scope": "",
        "session_id": SESSION,
        "token_id": "token-1",
        "issued_at": now,
        "expires_at": now + 300,
    }
    return AccessClaims(**(values | changes))


@dataclass
class Seen:
    """One request as the service received it, byte for byte."""

    head: bytes
    body: bytes = b""

    @property
    def line(self) -> bytes:
        return self.head.split(b"\r\n", 1)[0]

    def header(self, name: str) -> list[str]:
        """Every value of a header."""
        lines = [line.partition(b":") for line in self.head.split(b"\r\n")[1:]]
        return [value.strip().decode() for key, _, value in lines if key.lower() == name.lower().encode()]


Behaviour = Callable[["Service", Seen, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def say_ok(service: "Service", seen: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read the body whole and answer 200."""
    seen.body = await read_body(seen, reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")


async def read_body(seen: Seen, reader: asyncio.StreamReader) -> bytes:
    """The whole body, by its length or its chunks."""
    if length := seen.header("content-length"):
        return await reader.readexactly(int(length[0]))
    if not seen.header("transfer-encoding"):
        return b""
    body = b""
    while size := int((await reader.readline()).strip(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


@dataclass
class Service:
    """A service that the gateway forwards to: it keeps what it received and answers as the test says."""

    behave: Behaviour = say_ok
    seen: list[Seen] = field(default_factory=list)
    port: int = 0
    connections: int = 0

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                seen = Seen(await reader.readuntil(b"\r\n\r\n"))
                self.seen.append(seen)
                await self.behave(self, seen, reader, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator["Service"]:
        """Listen while the block runs."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Listen no more."""
        self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def served(
    application: Any, listening: socket.socket | None = None, connection: type[BoundedConnection] = BoundedConnection
) -> AsyncIterator[int]:
    """The application behind the server it has in production; answers the port."""
    listening = listening or socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application,
        http=connection,
        loop="asyncio",
        log_config=None,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody when it has started
        await asyncio.sleep(0.01)
    try:
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        await task


@dataclass
class Raw:
    """An answer as it came over the wire."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> list[str]:
        return Seen(self.head).header(name)


async def send_raw(port: int, request: bytes) -> Raw:
    """Send bytes as they are, and read the answer until the connection ends or the answer is whole."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
        answer = Raw(int(head.split(b" ", 2)[1]), head, b"")
        if length := answer.header("content-length"):
            answer.body = b"" if request.startswith(b"HEAD") else await reader.readexactly(int(length[0]))
        elif answer.header("transfer-encoding"):
            answer.body = await read_body(Seen(head), reader)
        return answer
    finally:
        writer.close()


def get(path: str, token: str | None = None, *more: str) -> bytes:
    """A GET as bytes."""
    lines = [f"GET {path} HTTP/1.1", "Host: hub.example.org", *more]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
