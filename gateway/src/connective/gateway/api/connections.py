"""A client's connection, bounded: how long a request may take to arrive, and how much comes before its end is known.

uvicorn closes a connection on which nothing follows an answer for five seconds, and refuses what is no HTTP. It waits
without end for the first byte, for the rest of a request's head and for the rest of its body, and keeps whatever head
is sent; so a few thousand clients that send a byte a minute would hold every file handle (slow loris). What arrives
whole in one piece, as nearly every request does, costs no timer here.
"""

import asyncio
from enum import Enum
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from connective.gateway.domain.routes import body_seconds

_CLOSING = b"content-type: text/plain; charset=utf-8\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\n" + _CLOSING
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\n" + _CLOSING


class _Part(Enum):
    """What of a request is awaited."""

    HEAD = "head"
    BODY = "body"
    NOTHING = "nothing"


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's own, which gives up on what comes too slowly or at too great a length."""

    head_seconds: ClassVar[float] = 10.0
    """For a request's first line and headers, from the connection or the end of the request before."""
    head_bytes: ClassVar[int] = 32_768
    """What is kept of a head that has no end; the door takes half of it."""
    _part = _Part.HEAD
    _timed: _Part | None = None
    _timer: asyncio.TimerHandle | None = None
    _taken = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request."""
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._part = _Part.NOTHING
        self._watch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take the next bytes, unless they make a head too long."""
        if self._part is _Part.HEAD:
            self._taken += len(data)
        super().data_received(data)
        if self._part is _Part.HEAD and self._taken > self.head_bytes:
            self._give_up(_TOO_LARGE)
        self._watch()

    def on_message_begin(self) -> None:
        """A request has begun."""
        super().on_message_begin()
        self._part = _Part.HEAD

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._part, self._taken = _Part.BODY, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is whole: uvicorn itself minds what comes after the answer."""
        self._part = _Part.NOTHING
        super().on_message_complete()

    def _watch(self) -> None:
        """Let one timer run for the part that is awaited, from its beginning on."""
        if self._part is self._timed:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._timed = self._part
        if self._part is not _Part.NOTHING:
            self._timer = self.loop.call_later(self._seconds(), self._give_up, _TOO_LATE)

    def _seconds(self) -> float:
        if self._part is _Part.HEAD:
            return self.head_seconds
        scope: Any = self.scope
        return body_seconds(scope["method"], scope["raw_path"])

    def _give_up(self, answer: bytes) -> None:
        """Say why, where no answer has begun, and close: what waits for the rest learns that its client has gone."""
        said_nothing = self._part is _Part.HEAD and self._taken == 0
        self._part = _Part.NOTHING
        # uvicorn declares both as always there, and has neither before the first request and after the last.
        transport: Any = self.transport
        cycle: Any = self.cycle
        if transport is None or transport.is_closing():
            return
        if not said_nothing and (cycle is None or cycle.response_complete or not cycle.response_started):
            transport.write(answer)
        transport.close()
