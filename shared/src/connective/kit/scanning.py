"""Looking for malware, as a port: a scanner says clean or infected, or that it cannot say. Silence is never "clean"."""

import asyncio
import struct
from collections.abc import AsyncIterable
from contextlib import suppress
from enum import StrEnum
from typing import Protocol

from connective.kit.logs import log


class Finding(StrEnum):
    """What a scanner found."""

    CLEAN = "clean"
    INFECTED = "infected"


class NotScanned(Exception):
    """No verdict was had, so nothing may be released; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Scanner(Protocol):
    """Looks through content as it streams by. Raises NotScanned where it has no verdict."""

    async def scan(self, content: AsyncIterable[bytes]) -> Finding: ...  # noqa: D102 - as the class says


_END = struct.pack("!I", 0)
_CLEAN = b"stream: OK\0"
_LONGEST_ANSWER = 4096


class ClamdScanner:
    """ClamAV's daemon, over its INSTREAM command (clamd(8)): nothing is written where the daemon could read it.

    Only the exact answer `stream: OK` to the whole stream is clean. What else it says, or leaves unsaid, is no verdict:
    a limit of its own, a database that is loading, half an answer, an answer before the end.
    """

    def __init__(self, address: str, seconds: float = 60.0) -> None:
        self._address = address
        self._seconds = seconds

    async def scan(self, content: AsyncIterable[bytes]) -> Finding:
        """Stream it to the daemon and read its verdict. Raises NotScanned."""
        try:
            async with asyncio.timeout(self._seconds):
                reader, writer = await self._connect()
                try:
                    return await _ask(reader, writer, content)
                finally:
                    writer.close()
        except TimeoutError as error:
            raise NotScanned("slow") from error
        except OSError as error:
            raise NotScanned("away") from error

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.startswith("unix:"):
            return await asyncio.open_unix_connection(self._address.removeprefix("unix:"), limit=_LONGEST_ANSWER)
        host, _, port = self._address.rpartition(":")
        return await asyncio.open_connection(host, int(port), limit=_LONGEST_ANSWER)


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: AsyncIterable[bytes]) -> Finding:
    """Send, listening all the while: a daemon that has had enough says so at once and hangs up."""
    answer = asyncio.create_task(_answer(reader))
    whole = False
    try:
        with suppress(ConnectionError):
            writer.write(b"zINSTREAM\0")
            async for piece in content:
                if piece and not answer.done():
                    writer.write(struct.pack("!I", len(piece)) + piece)
                    await writer.drain()
            whole = not answer.done()
            writer.write(_END)
            await writer.drain()
        return _finding(await answer, whole=whole)
    finally:
        answer.cancel()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\0")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError) as error:
        raise NotScanned("unreadable_answer") from error


def _finding(answer: bytes, *, whole: bool) -> Finding:
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND\0"):
        return Finding.INFECTED
    if b"size limit exceeded" in answer:
        raise NotScanned("limit_of_the_scanner")
    if answer != _CLEAN or not whole:
        raise NotScanned("unreadable_answer")
    return Finding.CLEAN


_TEST_FILE = (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS", b"-TEST-FILE!$H+H*")
"""The test file of the European Institute for Computer Antivirus Research, in parts: whole it would be found here."""


class TestStringScanner:
    """Finds the harmless EICAR test file and nothing else: it protects nobody, and is for demonstrations alone."""

    __test__ = False  # Not a test, whatever pytest makes of its name.

    def __init__(self) -> None:
        log().warning("scanner_for_demonstration_only", code="finds_the_test_file_alone")
        self._sought = b"".join(_TEST_FILE)

    async def scan(self, content: AsyncIterable[bytes]) -> Finding:
        """Look for the test file, wherever a piece ends."""
        kept = b""
        found = False
        async for piece in content:
            kept = kept[-len(self._sought) :] + piece
            found = found or self._sought in kept
        return Finding.INFECTED if found else Finding.CLEAN
