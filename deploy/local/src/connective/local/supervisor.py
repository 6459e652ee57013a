"""Watching what runs: one readable log of all of it, and somebody told when a part ends by itself."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from connective.local.processes import Child, ProgramEndedError

_LARGEST_LOG = 20 << 20
_NAME_WIDTH = 9
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


class OnDeath(StrEnum):
    """What follows when a service ends by itself."""

    STOP = "stop"
    RESTART = "restart"
    REPORT = "report"


class MergedLog:
    """Every line of every program, with the time (UTC) and the program's name, in a file and on the console.

    The file of a former run is kept until it is large, then kept once more as `.1`.
    """

    def __init__(self, path: Path, console: TextIO | None = sys.stdout) -> None:
        self.path = path
        self._console = console
        self._file: TextIO | None = None

    def open(self) -> None:
        """Begin to write. Whoever does so is the only one that runs."""
        if self.path.exists() and self.path.stat().st_size > _LARGEST_LOG:
            self.path.replace(self.path.with_name(self.path.name + ".1"))
        self._file = self.path.open("a", encoding="utf-8", buffering=1)
        self.path.chmod(0o600)

    def __call__(self, name: str, text: str) -> None:
        """Write one line."""
        now = datetime.now(UTC).strftime("%H:%M:%S.%f")[:-3]
        line = f"{now} {name:<{_NAME_WIDTH}} | {text}\n"
        if self._file is not None:
            self._file.write(line)
        if self._console is not None:
            # Whoever read the console may have gone; the file stays.
            with contextlib.suppress(OSError, ValueError):
                self._console.write(line)
                self._console.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


StartAgain = Callable[[], Awaitable[Child]]


class Supervisor:
    """Watches children until each is let go on purpose, and does what `on_death` says when one ends by itself."""

    def __init__(self, log: MergedLog, on_death: OnDeath = OnDeath.STOP) -> None:
        self._log = log
        self._on_death = on_death
        self._watches: dict[str, asyncio.Task[None]] = {}
        self._children: dict[str, Child] = {}
        self._problem: ProgramEndedError | None = None
        self._failed = asyncio.Event()

    def watch(self, child: Child, again: StartAgain | None = None) -> None:
        """Watch a child. `again` starts it anew, where that may be done without the others."""
        name = child.program.name
        self._children[name] = child
        self._watches[name] = asyncio.create_task(self._watch(child, again), name=f"watch {name}")

    def child(self, name: str) -> Child | None:
        """The child of this name that is watched now."""
        return self._children.get(name)

    async def let_go(self, name: str) -> Child | None:
        """Stop watching, so that its end is nobody's surprise. Answers the child, if it was watched."""
        if watch := self._watches.pop(name, None):
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
        return self._children.pop(name, None)

    async def failure(self) -> None:
        """Wait until a part has ended by itself and everything should stop: then raises its ProgramEndedError."""
        await self._failed.wait()
        if self._problem is not None:
            raise self._problem

    async def _watch(self, child: Child, again: StartAgain | None) -> None:
        name, pause = child.program.name, _FIRST_PAUSE
        while True:
            code = await child.wait()
            self._log("local", f"{name} ended by itself with exit code {code}.")
            if self._on_death is OnDeath.REPORT:
                return
            if self._on_death is OnDeath.STOP or again is None:
                self._fail(ProgramEndedError(f"{name} ended by itself with exit code {code}:\n{child.tail()}"))
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            child = self._children[name] = await again()

    def _fail(self, problem: ProgramEndedError) -> None:
        self._problem = self._problem or problem
        self._failed.set()
