"""One hop to another service: HTTP/1.1 on kept connections, in the event loop's own thread.

A client library with a thread of its own wakes two threads for each answer; between services, whose questions and
answers are small and whole, that cost more than the hop itself (docs/adr/0034). httptools reads the answers, as it
reads requests in the server; what is here opens connections, keeps them, and gives up in time. Nothing is followed,
decompressed or read from the environment. Files, browsers and addresses that others choose go elsewhere.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import cast
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

CONNECT_SECONDS = 1.0
IDLE_SECONDS = 3.0
"""Shorter than a service keeps an idle connection, so that none is used at the moment the other end closes it."""
_MOST_IDLE = 64
_MOST_BYTES = 64 * 1024 * 1024
"""Of one answer: more than any service has to say, and less than would fill the memory."""
Answer = tuple[int, bytes]


class Unanswered(Exception):
    """The connection ended, or what came on it was no HTTP, before an answer was whole."""


class AnsweredTooLate(Exception):
    """No whole answer came within the deadline."""


@dataclass(frozen=True)
class Address:
    """Where a service is asked: `http://families:8000`, perhaps with a path before every other."""

    url: str

    @cached_property
    def place(self) -> tuple[str, int, bool]:
        """Host, port, and whether TLS is spoken there."""
        parts = urlsplit(self.url)
        tls = parts.scheme == "https"
        return parts.hostname or "", parts.port or (443 if tls else 80), tls

    @cached_property
    def host(self) -> str:
        """What the Host header says."""
        return urlsplit(self.url).netloc

    @cached_property
    def root(self) -> str:
        """The path before every other."""
        return urlsplit(self.url).path.rstrip("/")


class Hops:
    """The kept connections of a process."""

    def __init__(self, deadline_seconds: float) -> None:
        self._deadline = deadline_seconds
        self._idle: dict[tuple[str, int, bool], list[_Line]] = {}
        self._open = False
        self._tls: ssl.SSLContext | None = None

    async def __aenter__(self) -> "Hops":
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._open = False
        for lines in self._idle.values():
            for line in lines:
                line.close()
        self._idle.clear()
        # A transport says that it has closed in the loop's next round, which must still come.
        await asyncio.sleep(0)

    async def ask(
        self, method: str, address: Address, target: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """The status and the whole body. Raises OSError, Unanswered or AnsweredTooLate; ValueError for unfit headers.

        Nothing is asked a second time: whether an unanswered question was acted on is not known here.
        """
        question = _head(method, address, target, headers, len(body)) + body
        line = self._at_hand(address) or await self._connect(address)
        answer = await line.ask(question, self._deadline)
        lines = self._idle.setdefault(address.place, [])
        if line.usable and self._open and len(lines) < _MOST_IDLE:
            lines.append(line)
        else:
            line.close()
        return answer

    def _at_hand(self, address: Address) -> "_Line | None":
        """The connection used last, so that those beyond what is needed grow old."""
        lines = self._idle.get(address.place)
        since = asyncio.get_running_loop().time() - IDLE_SECONDS
        while lines:
            line = lines.pop()
            if line.usable and line.idle_since > since:
                return line
            line.close()
        return None

    async def _connect(self, address: Address) -> "_Line":
        if not self._open:
            raise ConnectionAbortedError("starting or stopping")
        host, port, tls = address.place
        if tls and self._tls is None:
            self._tls = ssl.create_default_context()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, line = await loop.create_connection(_Line, host, port, ssl=self._tls if tls else None)
        except TimeoutError as error:
            raise ConnectionAbortedError("no connection in time") from error
        return line


class _Line(asyncio.Protocol):
    """One connection: one question at a time, and its answer whole."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._waiter: asyncio.Future[Answer] | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self.idle_since = 0.0
        self.usable = False
        """Whether another question may follow on it."""

    async def ask(self, question: bytes, seconds: float) -> Answer:
        """Ask once. A connection whose answer did not come whole is closed: what may still come is nobody's."""
        loop = asyncio.get_running_loop()
        self.usable = False
        self._waiter = loop.create_future()
        timer = loop.call_later(seconds, self._fail, AnsweredTooLate())
        try:
            self._transport.write(question)
            answer = await self._waiter
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()
            self._waiter = None
        self.idle_since = loop.time()
        return answer

    def close(self) -> None:
        """Hang up."""
        self.usable = False
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The other end has taken the call."""
        self._transport = cast(
            "asyncio.Transport", transport
        )  # As uvloop has it, which derives from no class of theirs.

    def connection_lost(self, _: Exception | None) -> None:
        """The other end has hung up, or we have."""
        self.usable = False
        self._fail(Unanswered("the connection ended"))

    def data_received(self, data: bytes) -> None:
        """Read on. What comes unasked would pass for the next answer, so it ends the connection."""
        if self._waiter is None or self._waiter.done():
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError:
            self._fail(Unanswered("what came is no answer"))
            self.close()

    def on_message_begin(self) -> None:
        """An answer begins; a second one behind the first was asked for by nobody."""
        if self._waiter is None or self._waiter.done():
            raise Unanswered("unasked")
        self._parts, self._size = [], 0

    def on_body(self, body: bytes) -> None:
        """Keep a piece of it."""
        self._size += len(body)
        if self._size > _MOST_BYTES:
            raise Unanswered("too long")
        self._parts.append(body)

    def on_message_complete(self) -> None:
        """It is whole."""
        status = self._parser.get_status_code()
        if status < 200:
            return  # An interim answer: the real one follows.
        self.usable = self._parser.should_keep_alive() and not self._transport.is_closing()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result((status, b"".join(self._parts)))

    def _fail(self, error: Exception) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)


def _head(method: str, address: Address, target: str, headers: Mapping[str, str], length: int) -> bytes:
    said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"{method} {address.root}{target} HTTP/1.1\r\nhost: {address.host}\r\ncontent-length: {length}\r\n{said}\r\n"
    lines = len(headers) + 4
    if head.count("\n") != lines or head.count("\r") != lines or "\0" in head or target.count(" "):
        raise ValueError("a header or an address holds what would end it")
    return head.encode("ascii")
