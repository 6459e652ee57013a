import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connective.local.services import PORTS, Service
from connective.local.stack import Stack

HERE = Path(__file__).parent


@pytest.fixture
def state_folder(server_folder: Path) -> Iterator[Path]:
    """A state folder of its own, with a space and an accent on the way."""
    folder = Path(tempfile.mkdtemp(prefix="a place & café ", dir=server_folder))
    folder.chmod(0o711)
    yield folder / "state"
    shutil.rmtree(folder)


MakeStack = Callable[..., Stack]


@pytest.fixture
def make_stack(state_folder: Path) -> MakeStack:
    """Makes a stack of stand-ins on any free ports."""

    def make(*names: str, **changes: object) -> Stack:
        script = str(HERE / "stand_in.py")
        services = [Service(name, (sys.executable, script, name)) for name in names or ("families", "consent")]
        wanted = {"services": services, "ports": dict.fromkeys(PORTS, 0), "durable": False, "console": None}
        return Stack(state_folder, **{**wanted, **changes})  # type: ignore[arg-type]  # each test knows its own

    return make


@pytest.fixture
def processes_of() -> Callable[[Path], dict[int, str]]:
    """Finds the living processes that name a folder or stand in it, whoever their parent is."""

    def find(folder: Path) -> dict[int, str]:
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal() or int(entry.name) == os.getpid():
                continue
            try:
                words = (entry / "cmdline").read_bytes()
                state = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
                known = words + (entry / "environ").read_bytes() + os.fsencode((entry / "cwd").readlink())
            except OSError:
                continue
            # A zombie is over: it only waits for somebody to collect its exit code.
            if state != "Z" and os.fsencode(folder) in known:
                found[int(entry.name)] = words.replace(b"\0", b" ").decode("utf-8", "replace")
        return found

    return find
