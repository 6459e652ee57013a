"""Hops over real sockets: what is whole is answered, what is not fails, and no answer is taken for another's."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import uvloop

from connective.kit import hops
from connective.kit.hops import Address, AnsweredTooLate, Hops, Unanswered
from connective.kit.testing import eventually

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n"
DEADLINE = 1.0


class Neighbour:
    """A server that says what it was told, and keeps what it was asked and on which connection."""

    def __init__(self, say: Callable[[asyncio.StreamWriter, int], Awaitable[None]]) -> None:
        self.say = say
        self.asked: list[tuple[int, str]] = []
        self.connections = 0
        self.ended = 0
        self.address = Address("")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next(int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:"))
                body = (await reader.readexactly(length)).decode()
                self.asked.append((number, head + body))
                await self.say(writer, len(self.asked))
                await writer.drain()
        writer.close()
        self.ended += 1


def saying(*answers: bytes, hang_up: bool = False) -> Callable[[asyncio.StreamWriter, int], Awaitable[None]]:
    """One answer after the other, the last one for ever."""

    async def say(writer: asyncio.StreamWriter, number: int) -> None:
        for piece in answers[min(number, len(answers)) - 1].split(b"|"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        if hang_up:
            writer.close()

    return say


@asynccontextmanager
async def beside(say: Callable[[asyncio.StreamWriter, int], Awaitable[None]]) -> AsyncIterator[tuple[Hops, Neighbour]]:
    neighbour = Neighbour(say)
    server = await asyncio.start_server(neighbour.serve, "127.0.0.1", 0)
    neighbour.address = Address(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/root/")
    async with Hops(DEADLINE) as opened:
        yield opened, neighbour
    server.close()
    await eventually("the end of every connection", lambda: neighbour.ended == neighbour.connections)


async def nothing_usable(opened: Hops) -> None:
    """Wait until what the other end did to a kept connection has come here."""
    kept = opened._idle.values()
    await eventually("the end of the connection", lambda: not any(line.usable for lines in kept for line in lines))


async def test_questions_one_after_the_other_share_a_connection_and_are_sent_as_they_are() -> None:
    async with beside(saying(OK)) as (opened, neighbour):
        for body in (b"one", b"two"):
            answer = await opened.ask("POST", neighbour.address, "/path?a=b", {"hub-caller": "token"}, body)
            assert answer == (200, b"ok")
    port = neighbour.address.place[1]
    head = f"POST /root/path?a=b HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-length: 3\r\nhub-caller: token\r\n\r\n"
    assert neighbour.asked == [(1, f"{head}one"), (1, f"{head}two")]


async def test_questions_at_once_have_a_connection_each() -> None:
    async with beside(saying(OK)) as (opened, neighbour):
        answers = await asyncio.gather(*(opened.ask("GET", neighbour.address, "/", {}) for _ in range(5)))
        assert answers == [(200, b"ok")] * 5
        assert neighbour.connections == 5


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nfour\r\n|5\r\n five\r\n0\r\n\r\n",
            (200, b"four five"),
        ),
        (b"HTTP/1.1 40|4 Not Found\r\ncontent-le|ngth: 4\r\n\r\nno|ne", (404, b"none")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
        (b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n|" + OK, (200, b"ok")),
        (b"HTTP/1.1 302 Found\r\nlocation: http://elsewhere\r\ncontent-length: 0\r\n\r\n", (302, b"")),
    ],
)
async def test_an_answer_in_whatever_pieces_is_whole(answer: bytes, told: tuple[int, bytes]) -> None:
    async with beside(saying(answer)) as (opened, neighbour):
        assert await opened.ask("GET", neighbour.address, "/", {}) == told
        assert await opened.ask("GET", neighbour.address, "/", {}) == told
        assert neighbour.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nok",
        CHUNKED + b"\r\n4\r\nfour\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"",
    ],
)
async def test_what_ends_before_it_is_whole_is_no_answer(answer: bytes) -> None:
    async with beside(saying(answer, hang_up=True)) as (opened, neighbour):
        with pytest.raises(Unanswered):
            await opened.ask("POST", neighbour.address, "/", {}, b"x")
        assert len(neighbour.asked) == 1, "it may have been acted on: nobody asks again by himself"


@pytest.mark.parametrize("answer", [b"ICY 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\nok"])
async def test_what_is_no_http_is_no_answer(answer: bytes) -> None:
    async with beside(saying(answer)) as (opened, neighbour):
        with pytest.raises(Unanswered):
            await opened.ask("GET", neighbour.address, "/", {})


async def test_an_answer_beyond_all_measure_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hops, "_MOST_BYTES", 1)
    async with beside(saying(OK)) as (opened, neighbour):
        with pytest.raises(Unanswered):
            await opened.ask("GET", neighbour.address, "/", {})


async def test_a_late_answer_is_not_taken_for_the_next_questions() -> None:
    given_up = asyncio.Event()

    async def late_once(writer: asyncio.StreamWriter, number: int) -> None:
        if number == 1:
            await given_up.wait()
        writer.write(OK.replace(b"ok", b"%02d" % number))

    async with beside(late_once) as (opened, neighbour):
        began = time.monotonic()
        with pytest.raises(AnsweredTooLate):
            await opened.ask("GET", neighbour.address, "/", {})
        assert DEADLINE <= time.monotonic() - began < DEADLINE * 5
        given_up.set()
        assert await opened.ask("GET", neighbour.address, "/", {}) == (200, b"02")
        assert neighbour.connections == 2


async def test_who_stops_waiting_leaves_no_answer_behind() -> None:
    async def slow(writer: asyncio.StreamWriter, number: int) -> None:
        await asyncio.sleep(0.1)
        writer.write(OK.replace(b"ok", b"%02d" % number))

    async with beside(slow) as (opened, neighbour):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(opened.ask("GET", neighbour.address, "/", {}), 0.05)
        assert await opened.ask("GET", neighbour.address, "/", {}) == (200, b"02")


@pytest.mark.parametrize("more", [OK, b"\r\nHTTP/1.1 200 OK\r\n", b"|" + OK])
async def test_what_comes_unasked_ends_the_connection(more: bytes) -> None:
    async with beside(saying(OK + more, OK)) as (opened, neighbour):
        with suppress(Unanswered):
            assert await opened.ask("GET", neighbour.address, "/", {}) == (200, b"ok")
        await nothing_usable(opened)
        assert await opened.ask("GET", neighbour.address, "/second", {}) == (200, b"ok")
        assert neighbour.connections == 2


async def test_a_connection_that_is_to_be_closed_or_has_grown_old_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with beside(saying(OK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"), OK)) as (opened, neighbour):
        for _ in range(3):
            await opened.ask("GET", neighbour.address, "/", {})
        assert neighbour.connections == 2
        monkeypatch.setattr(hops, "IDLE_SECONDS", 0.0)
        await opened.ask("GET", neighbour.address, "/", {})
        assert neighbour.connections == 3


async def test_a_connection_that_the_other_end_closed_meanwhile_is_not_used_again() -> None:
    async with beside(saying(OK, hang_up=True)) as (opened, neighbour):
        for _ in range(3):
            assert await opened.ask("GET", neighbour.address, "/", {}) == (200, b"ok")
            await nothing_usable(opened)
        assert neighbour.connections == 3


@pytest.mark.parametrize("value", ["a\r\nhub-identity: forged", "a\nb", "a\rb", "a\0b", "ä"])
async def test_what_would_end_a_header_is_refused_before_anything_is_sent(value: str) -> None:
    async with beside(saying(OK)) as (opened, neighbour):
        for target, headers in (("/", {"x-request-id": value}), (f"/{value}", {}), ("/a HTTP/1.1", {})):
            with pytest.raises(ValueError, match=r"would end it|ordinal not in range"):
                await opened.ask("GET", neighbour.address, target, headers)
        assert neighbour.asked == []


async def test_nobody_there_and_nothing_open_are_errors_of_the_system() -> None:
    async with beside(saying(OK)) as (opened, neighbour):
        pass
    with pytest.raises(OSError, match="starting or stopping"):
        await opened.ask("GET", neighbour.address, "/", {})
    async with Hops(DEADLINE) as again:
        with pytest.raises(ConnectionRefusedError):
            await again.ask("GET", neighbour.address, "/", {})


def test_it_is_all_the_same_on_the_loop_that_services_run_on() -> None:
    async def tell() -> None:
        await test_questions_one_after_the_other_share_a_connection_and_are_sent_as_they_are()
        await test_questions_at_once_have_a_connection_each()
        await test_what_ends_before_it_is_whole_is_no_answer(OK[:-1])
        await test_a_late_answer_is_not_taken_for_the_next_questions()
        await test_who_stops_waiting_leaves_no_answer_behind()
        await test_what_comes_unasked_ends_the_connection(OK)
        await test_a_connection_that_the_other_end_closed_meanwhile_is_not_used_again()
        await test_nobody_there_and_nothing_open_are_errors_of_the_system()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(tell())
