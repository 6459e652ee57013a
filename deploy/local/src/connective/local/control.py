"""Starting, stopping and looking at the Hub of one state folder, for a person at a terminal."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx

from connective.local.plain import NO_TLS
from connective.local.stack import Stack
from connective.local.state import Running, StateInUseError, remove_state, running

_STOP_SECONDS = 60.0


async def run_until_told(stack: Stack, then: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
    """Run a stack in the foreground until SIGINT, SIGTERM, or the end of a part of it (ProgramEndedError).

    `then` is done once it is up, unless the word to stop comes first.
    """
    told = _told_to_stop()
    if not await _unless(told, stack.start()):
        return
    try:
        print(describe(stack.addresses, stack.state.folder), flush=True)
        if then is None or await _unless(told, then()):
            await _unless(told, stack.supervisor.failure())
    finally:
        print("Stopping.", flush=True)
        await stack.stop()


def describe(addresses: dict[str, str], folder: Path) -> str:
    """Where everything answers, and how to stop it."""
    lines = [f"  {name:<10} {url}" for name, url in addresses.items()]
    end = f"Log: {folder / 'connective.log'}\nStop it with Ctrl-C here, or with `python -m connective.local down`."
    return "\n".join(["The Hub is up:", *lines, end])


def describe_running(found: Running, folder: Path) -> str:
    """What a second start, or `status`, says about the one that runs."""
    if not found.addresses:
        return f"The Hub is starting (process {found.pid}) from {folder}."
    lines = [f"  {name:<10} {url:<24} {_readiness(url)}" for name, url in found.addresses.items()]
    return "\n".join([f"The Hub is running (process {found.pid}) from {folder}:", *lines])


def stop_running(folder: Path) -> bool:
    """Stop what runs from the folder and wait for its end. False if nothing does.

    Raises StateInUseError when it is still there after a minute.
    """
    found = running(folder)
    if found is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(found.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while running(folder) is not None:
        if time.monotonic() > deadline:
            raise StateInUseError(f"Process {found.pid} did not stop in {_STOP_SECONDS:.0f} s: look at its log.")
        time.sleep(0.05)
    return True


def reset(folder: Path) -> bool:
    """Stop what runs from the folder and delete everything in it. False if there was nothing."""
    stop_running(folder)
    return remove_state(folder)


def _told_to_stop() -> asyncio.Event:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    return told


async def _unless(told: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do the work, unless the word to stop comes first: it is then called off, cleans up, and the answer is False."""
    doing, waiting = asyncio.create_task(work), asyncio.create_task(told.wait())
    await asyncio.wait((doing, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not doing.done():
        doing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await doing
        return False
    await doing
    return True


def _readiness(url: str) -> str:
    try:
        answer = httpx.get(f"{url}/readyz", timeout=2.0, trust_env=False, verify=NO_TLS)
    except httpx.TransportError:
        return "does not answer"
    return "ready" if answer.status_code == 200 else f"not ready ({answer.status_code})"
