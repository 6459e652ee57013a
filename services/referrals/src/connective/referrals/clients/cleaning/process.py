"""Making a file anew in a process of its own: what its reading could break is not ours."""

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress

from connective.referrals.clients.cleaning import making_anew
from connective.referrals.domain.attachments import Flaw, Flawed, Kind

_SECONDS = 60.0
_READ_BYTES = 64 * 1024


class CleaningProcess:
    """One process for each file, so that nothing of one is left for the next."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds

    @asynccontextmanager
    async def cleaning(self, kind: Kind, content: AsyncIterable[bytes]) -> AsyncIterator[AsyncIterator[bytes]]:
        """The file anew, piece by piece. Raises Flawed, from the reading too: half a file is none."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-B", "-m", making_anew.__name__, kind),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
        )
        feeding = asyncio.create_task(_feed(process, content))
        try:
            async with asyncio.timeout(self._seconds):
                await feeding
                yield await _answer(process)
        except TimeoutError as error:
            raise Flawed(Flaw.NOT_READABLE) from error
        finally:
            feeding.cancel()
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _feed(process: asyncio.subprocess.Process, content: AsyncIterable[bytes]) -> None:
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    # It may have given up already: its answer, or that there is none, says why.
    with suppress(ConnectionError):
        async for piece in content:
            process.stdin.write(piece)
            await process.stdin.drain()
    process.stdin.close()


async def _answer(process: asyncio.subprocess.Process) -> AsyncIterator[bytes]:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    sign = await process.stdout.read(1)
    if sign == b"+":
        return _rest(process, process.stdout)
    code = (await process.stdout.read(_READ_BYTES)).decode("ascii", "replace")
    known = sign == b"-" and code in set(Flaw)
    raise Flawed(Flaw(code) if known else Flaw.NOT_READABLE)


async def _rest(process: asyncio.subprocess.Process, out: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while piece := await out.read(_READ_BYTES):
        yield piece
    if await process.wait() != 0:
        raise Flawed(Flaw.NOT_READABLE)
