"""Children that end with their parent, and whose output somebody reads."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_LONGEST_LINE = 1 << 20
_KEPT_LINES = 40

# The C library is loaded here, before any fork: between fork and exec only what is already in memory is safe.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

LineSink = Callable[[str, str], None]
"""What receives one line of a child's output: the child's name and the text without its line end."""


@dataclass(frozen=True)
class Account:
    """The system account a program runs under, when that is not the account of this process."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """What to run and how to end it.

    `stop_signal` asks for an orderly end; `orphan_signal` is what the kernel sends when this process dies first.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    account: Account | None = None
    folder: Path = Path("/")
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    stop_seconds: float = 10.0
    passed_fds: tuple[int, ...] = ()


class ProgramEndedError(RuntimeError):
    """A program ended when it should be running; the message holds its last words."""


@dataclass
class Child:
    """A running program."""

    program: Program
    process: asyncio.subprocess.Process
    _reader: asyncio.Task[None] | None = None
    _tail: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT_LINES))
    _log: Path | None = None

    @property
    def alive(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.returncode is None

    def tail(self) -> str:
        """Its last lines, for the report of why it ended."""
        if self._log is None:
            return "\n".join(self._tail)
        with contextlib.suppress(OSError):
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
            return "\n".join(lines[-_KEPT_LINES:])
        return ""

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it alone; one that has already ended takes none."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    async def wait(self) -> int:
        """Wait for its end and for the last of its output. Answers its exit code."""
        code = await self.process.wait()
        if self._reader is not None:
            # Shielded: whoever gives up waiting must not end the reading with it.
            await asyncio.shield(self._reader)
        return code

    async def stop(self) -> int:
        """End it in order, and by force once `stop_seconds` have passed. Answers its exit code."""
        self.send(self.program.stop_signal)
        try:
            return await asyncio.wait_for(asyncio.shield(self.wait()), self.program.stop_seconds)
        except TimeoutError:
            return await self.kill()

    async def kill(self) -> int:
        """End it at once, with whatever it started. Answers its exit code."""
        # It leads its own session, so its number is also that of its process group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return await self.wait()


async def start(program: Program, output: Path | LineSink) -> Child:
    """Start a program that dies with this process.

    `output` is a file to append to, for a parent whose event loop does not always run, or a sink of lines.
    Call it from the main thread: the kernel sends the orphan's signal when the *thread* that started a child ends.
    """
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if isinstance(output, Path) else None
    try:
        process = await asyncio.create_subprocess_exec(
            *program.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if descriptor is None else descriptor,
            stderr=asyncio.subprocess.STDOUT,
            env=dict(program.environment),
            cwd=program.folder,
            start_new_session=True,
            pass_fds=program.passed_fds,
            limit=_LONGEST_LINE,
            preexec_fn=_tie_to_parent(program.orphan_signal),
            **switch_to(program.account),
        )
    finally:
        if descriptor is not None:
            os.close(descriptor)
    if isinstance(output, Path):
        return Child(program, process, _log=output)
    child = Child(program, process)
    child._reader = asyncio.create_task(_read_lines(child, output))  # noqa: SLF001 - the reader needs the child it fills.
    return child


def switch_to(account: Account | None) -> dict[str, Any]:
    """The subprocess arguments that run a program under another account, closed to everybody else."""
    if account is None:
        return {"umask": 0o077}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "umask": 0o077}


def _tie_to_parent(number: signal.Signals) -> Callable[[], None]:
    """What a child does between fork and exec so that it does not outlive its parent."""
    parent = os.getpid()

    def tie() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        # The parent may have died before the line above: nobody would send the signal any more.
        if os.getppid() != parent:
            os._exit(1)

    return tie


async def _read_lines(child: Child, sink: LineSink) -> None:
    stream = child.process.stdout
    assert stream is not None  # noqa: S101 - `start` asked for a pipe.
    while True:
        try:
            line = await stream.readuntil(b"\n")
        except asyncio.IncompleteReadError as end:
            line = end.partial
        except asyncio.LimitOverrunError as overrun:
            line = await stream.readexactly(overrun.consumed)
        if not line:
            return
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        child._tail.append(text)  # noqa: SLF001 - see `start`.
        sink(child.program.name, text)
