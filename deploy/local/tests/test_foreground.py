"""The stack as a person runs it: in the foreground, stopped or killed from outside."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from connective.kit.testing import PATIENCE_SECONDS, eventually
from connective.local.__main__ import main
from connective.local.state import running

HERE = Path(__file__).parent
ProcessesOf = Callable[[Path], dict[int, str]]
RunStack = Callable[[], Awaitable[asyncio.subprocess.Process]]


@pytest_asyncio.fixture(loop_scope="session")
async def run_stack(state_folder: Path, processes_of: ProcessesOf) -> AsyncIterator[RunStack]:
    started: list[asyncio.subprocess.Process] = []

    async def run() -> asyncio.subprocess.Process:
        argv = (sys.executable, str(HERE / "run_stack.py"), str(state_folder), "families", "consent")
        with (state_folder.parent / "console").open("ab") as console:
            process = await asyncio.create_subprocess_exec(*argv, stdout=console, stderr=console)
        started.append(process)
        await eventually("its addresses", lambda: (found := running(state_folder)) and found.addresses)
        return process

    yield run
    for process in started:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    await eventually("the end of its processes", lambda: not processes_of(state_folder))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_everything_in_order(
    run_stack: RunStack, state_folder: Path, processes_of: ProcessesOf, number: signal.Signals
) -> None:
    process = await run_stack()
    process.send_signal(number)
    assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0
    assert processes_of(state_folder) == {}
    said = (state_folder.parent / "console").read_text(encoding="utf-8")
    assert "families   http://127.0.0.1:" in said
    assert said.index("families  | stopped in order") < said.index("database system is shut down")
    assert "Traceback" not in said


async def test_a_killed_supervisor_leaves_nothing_running_and_can_start_again(
    run_stack: RunStack, state_folder: Path, processes_of: ProcessesOf
) -> None:
    process = await run_stack()
    # The supervisor, two services, NATS, PostgreSQL and its helpers.
    assert len(processes_of(state_folder)) > 6
    process.kill()
    await process.wait()
    await eventually("the end of its children", lambda: not processes_of(state_folder))
    assert running(state_folder) is None
    await run_stack()


async def test_a_killed_supervisor_can_be_followed_at_once(run_stack: RunStack, state_folder: Path) -> None:
    process = await run_stack()
    process.kill()
    await process.wait()
    second = await run_stack()
    found = running(state_folder)
    assert found is not None
    assert (found.pid, second.returncode) == (second.pid, None)


async def test_a_second_start_says_what_runs(
    run_stack: RunStack, state_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = await run_stack()
    for verb in ("up", "status"):
        assert await asyncio.to_thread(main, [verb, "--state", str(state_folder)]) == 0
        said = capsys.readouterr().out
        assert f"running (process {process.pid})" in said
        assert said.count("ready") == 2


async def test_down_stops_it_and_reset_removes_it(
    run_stack: RunStack, state_folder: Path, processes_of: ProcessesOf, capsys: pytest.CaptureFixture[str]
) -> None:
    process = await run_stack()
    assert await asyncio.to_thread(main, ["down", "--state", str(state_folder)]) == 0
    assert await process.wait() == 0
    assert processes_of(state_folder) == {}
    await run_stack()
    assert await asyncio.to_thread(main, ["reset", "--state", str(state_folder)]) == 0
    assert running(state_folder) is None
    said = capsys.readouterr().out
    assert "is stopped" in said
    assert f"Removed {state_folder}" in said


_HELD = """
import fcntl, json, os, pathlib, signal, sys
folder = pathlib.Path(sys.argv[1])
folder.mkdir(mode=0o700)
lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX)
(folder / "running.json").write_text(json.dumps({"pid": os.getpid(), "addresses": {}}))
print("held", flush=True)
signal.pause()
"""


async def test_down_stops_a_demo_too_which_says_that_it_does(
    state_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The demo runs from a folder of its own: whoever stops what runs need not know it."""
    monkeypatch.setenv("CONNECTIVE_STATE", str(state_folder))
    folder = state_folder.with_name(f"{state_folder.name}-demo")
    argv = (sys.executable, "-c", _HELD, str(folder))
    demo = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    assert demo.stdout is not None
    assert await demo.stdout.readline() == b"held\n"
    assert await asyncio.to_thread(main, ["status"]) == 0
    assert await asyncio.to_thread(main, ["down"]) == 0
    assert await demo.wait() == -signal.SIGTERM
    said = capsys.readouterr().out
    assert f"The Hub is starting (process {demo.pid}) from {folder}." in said
    assert "The Hub is stopped." in said
    assert await asyncio.to_thread(main, ["status"]) == 3


@pytest.mark.parametrize(
    ("verb", "code", "words"),
    [
        ("status", 3, "The Hub is not running."),
        ("down", 0, "The Hub was not running."),
        ("reset", 0, "There was nothing to remove."),
    ],
)
def test_where_nothing_runs_each_verb_says_so(
    state_folder: Path, capsys: pytest.CaptureFixture[str], verb: str, code: int, words: str
) -> None:
    assert main([verb, "--state", str(state_folder)]) == code
    assert capsys.readouterr().out.strip() == words
    assert not state_folder.exists()


def test_reset_leaves_a_folder_alone_that_is_no_state_folder(
    state_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state_folder.mkdir(mode=0o700)
    (state_folder / "letter").touch()
    assert main(["reset", "--state", str(state_folder)]) == 1
    assert "nothing was removed" in capsys.readouterr().err
    assert (state_folder / "letter").exists()


def test_a_port_is_given_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["up", "--port", "familie=1"])
    assert "is not NAME=PORT" in capsys.readouterr().err
