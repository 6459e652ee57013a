"""What is too slow, too long, too many or too deep is refused, and holds nobody else's place."""

import asyncio
from contextlib import nullcontext
from typing import Any

import pytest
from gateway_support import get, send_raw, served

from connective.gateway.api.connections import BoundedConnection
from connective.gateway.domain import routes
from connective.gateway.domain.screening import MAX_HEADERS, refusal_of_headers
from connective.kit.policy import DEEPEST, refuse_unstorable
from connective.kit.problems import Invalid


class Quick(BoundedConnection):
    head_seconds = 0.3
    head_bytes = 2_000


async def read_all(scope: Any, receive: Any, send: Any) -> None:
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] == "http.request":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


async def slowly(port: int, first: bytes, rest: bytes = b"") -> bytes:
    """Send bytes and then others one at a time; answers what came back until the connection ended."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(first)
        sending = asyncio.create_task(_trickle(writer, rest))
        said = await asyncio.wait_for(reader.read(), 30)
        sending.cancel()
        return said
    finally:
        writer.close()


async def _trickle(writer: asyncio.StreamWriter, rest: bytes) -> None:
    for each in rest:
        await asyncio.sleep(0.05)
        writer.write(bytes([each]))


async def test_who_is_slow_or_endless_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_BODY_SECONDS", 0.3)
    head = b"POST /api/v1/families HTTP/1.1\r\nHost: hub.example.org\r\n"
    body = head + b"Content-Length: 50\r\n\r\n{"
    async with served(read_all, connection=Quick) as port:
        silent, trickled, stalled, endless, dribbled = await asyncio.gather(
            slowly(port, b""),
            slowly(port, head, b"X-A: " + b"a" * 40),
            slowly(port, body),
            slowly(port, head + b"X-A: " + b"a" * 1_500, b"b" * 2_000),
            slowly(port, body, b" " * 40),
        )
        assert silent == b"", "nothing was asked, so nothing is answered"
        assert trickled.startswith(b"HTTP/1.1 408 ")
        assert stalled.startswith(b"HTTP/1.1 408 ")
        assert dribbled.startswith(b"HTTP/1.1 408 ")
        assert endless.startswith((b"HTTP/1.1 408 ", b"HTTP/1.1 431 "))
        assert (await slowly_too_long(port)).startswith(b"HTTP/1.1 431 ")
        assert (await send_raw(port, head + b"Content-Length: 2\r\n\r\n{}")).status == 200
        assert (await send_raw(port, get("/livez"))).status == 200


async def slowly_too_long(port: int) -> bytes:
    """A head in two pieces, the second of which makes it too long."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET / HTTP/1.1\r\nX-A: ")
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(b"a" * 3_000)
        return await asyncio.wait_for(reader.read(), 30)
    finally:
        writer.close()


def test_headers_are_bounded_in_number_and_size() -> None:
    many = [(b"x-%d" % number, b"1") for number in range(MAX_HEADERS)]
    assert refusal_of_headers(many) is None
    assert refusal_of_headers([*many, (b"x-one-more", b"1")]) == "There are too many headers."
    assert refusal_of_headers([(b"x-long", b"1" * 20_000)]) == "The headers are too large."


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b"[" * DEEPEST + b"]" * DEEPEST, False),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), True),
        (b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1), True),
        (b"[" * 500_000, True),
        (b"[" + b"[]," * 1_000 + b"{}]", False),
        (b'{"text": "' + b"[{" * 1_000 + b'"}', False),
        (b'"' + b'\\"[' * 1_000 + b'"', False),
        (b"[" * 40 + b'"' + b"]" * 80, True),
    ],
    ids=["deepest", "arrays", "objects", "openings", "wide", "text", "escaped", "unended"],
)
def test_json_is_read_to_a_depth_and_no_further(body: bytes, refused: bool) -> None:
    with pytest.raises(Invalid) if refused else nullcontext():
        refuse_unstorable(body)
