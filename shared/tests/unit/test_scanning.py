"""ClamAV's INSTREAM against daemons that speak it, break it, and lie: only the exact "OK" to the whole is clean."""

import asyncio
import os
import shutil
import struct
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from connective.kit.scanning import ClamdScanner, Finding, NotScanned, TestStringScanner
from connective.kit.testing import eventually

EICAR = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS", b"-TEST-FILE!$H+H*"))
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    for each in content:
        yield each


@asynccontextmanager
async def daemon(talk: Talk) -> AsyncIterator[str]:
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


def answering(reply: bytes, *, limit: int = 1 << 20) -> Talk:
    """A daemon as clamd(8) describes it: reads the command and the chunks, then answers and hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", await reader.readexactly(4))[0]:
            content += await reader.readexactly(size)
            if len(content) > limit:
                writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                await writer.drain()
                writer.close()
                return
        writer.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else reply)
        await writer.drain()
        writer.close()

    return talk


async def verdict(talk: Talk, *content: bytes, seconds: float = 5.0) -> str:
    async with daemon(talk) as address:
        try:
            return await ClamdScanner(address, seconds).scan(pieces(*content))
        except NotScanned as none:
            return none.code


async def test_a_daemon_that_keeps_to_its_protocol_is_believed() -> None:
    clean = answering(b"stream: OK\0")
    assert await verdict(clean, b"Dear Mrs Test,", b"", b" yours.") == Finding.CLEAN
    assert await verdict(clean, EICAR[:20], EICAR[20:]) == Finding.INFECTED
    assert await verdict(clean, b"") == Finding.CLEAN
    large = [bytes(65536)] * 64
    assert await verdict(answering(b"stream: OK\0", limit=100_000), *large) == "limit_of_the_scanner"


async def test_whatever_else_it_says_is_no_verdict() -> None:
    for reply in (
        *(b"stream: OK", b"stream: OK\n", b"OK\0", b"stream: ok\0", b"", b"\0", b"stream: OK ERROR\0"),
        *(b"x" * 9000, b"stream: Can't allocate memory ERROR\0", b"UNKNOWN COMMAND\0", b"stream: OK\r\0"),
    ):
        assert await verdict(answering(reply), b"content") == "unreadable_answer", reply


async def test_an_answer_before_the_end_a_silence_and_nobody_are_no_verdict() -> None:
    async def hasty(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"stream: OK\0")
        await writer.drain()
        while await reader.read(65536):
            pass
        writer.close()

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"content"
            await asyncio.sleep(0.05)

    async with daemon(hasty) as address:
        with pytest.raises(NotScanned, match="unreadable_answer"):
            await ClamdScanner(address, 5).scan(slowly())

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65536):
            pass
        writer.close()

    assert await verdict(silent, b"content", seconds=0.2) == "slow"

    async def rude(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    assert await verdict(rude, *[bytes(65536)] * 20) == "unreadable_answer"
    with pytest.raises(NotScanned, match="away"):
        await ClamdScanner("127.0.0.1:1").scan(pieces(b"content"))
    with pytest.raises(NotScanned, match="away"):
        await ClamdScanner("unix:/nowhere/clamd.sock").scan(pieces(b"content"))


async def test_the_demonstrations_scanner_finds_the_test_file_and_nothing_else() -> None:
    scanner = TestStringScanner()
    assert await scanner.scan(pieces(b"x" * 5000, EICAR[:30], EICAR[30:] + b"y")) is Finding.INFECTED
    assert await scanner.scan(pieces(b"MZ\x90", b"anything")) is Finding.CLEAN


CLAMD = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@pytest.mark.skipif(CLAMD is None, reason="ClamAV's daemon is not on this machine (Debian: clamav-daemon)")
async def test_the_real_daemon_agrees(tmp_path: Path) -> None:
    """With one signature of our own, the test file's: the real ones come over the network."""
    signatures, socket = tmp_path / "db", tmp_path / "clamd.sock"
    signatures.mkdir()
    (signatures / "test.ndb").write_text(f"Test.File:0:*:{EICAR.hex()}\n", encoding="ascii")
    settings = tmp_path / "clamd.conf"
    settings.write_text(
        f"LocalSocket {socket}\nDatabaseDirectory {signatures}\nForeground yes\nStreamMaxLength 1M\n", encoding="ascii"
    )
    assert CLAMD is not None
    daemon = subprocess.Popen([CLAMD, "--config-file", str(settings)], stdout=subprocess.DEVNULL)  # noqa: ASYNC220 - ours
    try:
        await eventually("clamd listens", socket.exists)
        scanner = ClamdScanner(f"unix:{socket}")
        assert await scanner.scan(pieces(b"Dear Mrs Test,", b" yours.")) is Finding.CLEAN
        assert await scanner.scan(pieces(b"before ", EICAR[:11], EICAR[11:])) is Finding.INFECTED
        # A daemon that hangs up in the middle of what we send may take its last words along: no verdict either way.
        with pytest.raises(NotScanned, match=r"limit_of_the_scanner|unreadable_answer"):
            await scanner.scan(pieces(*[bytes(65536)] * 40))
    finally:
        daemon.terminate()
        daemon.wait(30)
