"""Request bodies, counted while they pass: a limit that trusts Content-Length alone is none for chunked bodies."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from connective.gateway.api.answers import Message, Receive
from connective.kit.problems import TooLarge

LIMIT_BYTES = 1 << 20


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"This request may have at most {limit >> 20} MiB; documents go by their own route.")


class ClientGone(Exception):
    """The client closed the connection before it had sent the whole body."""


def refuse_too_large(declared: bytes | None, limit: int = LIMIT_BYTES) -> None:
    """Raise TooLarge for a Content-Length above the limit, before anything is read."""
    if declared is not None and int(declared) > limit:
        raise _too_large(limit)


@dataclass(frozen=True, slots=True)
class Body:
    """A body to pass on: whole when it fitted into the first message, else in pieces as they come."""

    whole: bytes | None
    pieces: AsyncIterator[bytes] | None


async def take_body(receive: Receive, limit: int = LIMIT_BYTES) -> Body:
    """Read the first piece. Most bodies are one piece and are sent on at once, without a stream."""
    first = await receive()
    piece = _piece(first)
    if len(piece) > limit:
        raise _too_large(limit)
    if not first.get("more_body"):
        return Body(piece, None)
    return Body(None, _pieces(piece, receive, limit))


async def _pieces(first: bytes, receive: Receive, limit: int) -> AsyncIterator[bytes]:
    total = len(first)
    yield first
    more = True
    while more:
        message = await receive()
        piece = _piece(message)
        more = bool(message.get("more_body"))
        total += len(piece)
        if total > limit:
            raise _too_large(limit)
        if piece:
            yield piece


def counted(receive: Receive) -> Receive:
    """The same messages for an application within; more than the limit raises TooLarge in its reading."""
    total = 0

    async def count() -> Message:
        nonlocal total
        message = await receive()
        if message["type"] == "http.request":
            total += len(message.get("body", b""))
            if total > LIMIT_BYTES:
                raise _too_large(LIMIT_BYTES)
        return message

    return count


def _piece(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientGone
    piece: bytes = message.get("body", b"")
    return piece
