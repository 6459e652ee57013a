"""A partner's system that takes messages: an HTTP server in this process, which answers as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from connective.kit.testing import PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came, and how to answer: `answer(nth)` gives the head after `HTTP/1.1 `; `hang` holds every answer back."""

    port: int = 0
    arrived: list[Arrived] = field(default_factory=list)
    answer: Callable[[int], str] = lambda _: "204 No Content"
    hang: asyncio.Event | None = None
    more: asyncio.Event = field(default_factory=asyncio.Event)
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.arrived.append(Arrived(head[0].split(" ")[1], headers, body))
            self.more.set()
            if self.hang is not None:
                await self.hang.wait()
            writer.write(f"HTTP/1.1 {self.answer(len(self.arrived))}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def came(self, count: int, seconds: float = PATIENCE_SECONDS) -> list[Arrived]:
        """Wait until so many came."""
        async with asyncio.timeout(seconds):
            while len(self.arrived) < count:
                self.more.clear()
                await self.more.wait()
        return self.arrived


@asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None, **told: Any) -> AsyncIterator[Receiver]:
    """A receiver that listens on a free port."""
    receiver = Receiver(**told, scheme="http" if tls is None else "https")
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        if receiver.hang is not None:
            receiver.hang.set()
        server.close()
        await server.wait_closed()
