"""The folder in which one deployment on one machine keeps everything: data, secrets, log, and who is running it."""

import contextlib
import fcntl
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from connective.local.accounts import database_account
from connective.local.folders import own_folder, place_for, trust
from connective.local.keys import KeyStore

_MARK = "connective-state"
_RECORD = "running.json"


class StateInUseError(RuntimeError):
    """Something is running from this state folder."""


@dataclass(frozen=True)
class Running:
    """What runs from a state folder now. Addresses are empty until it is ready."""

    pid: int
    addresses: dict[str, str] = field(default_factory=dict)


def default_folder() -> Path:
    """`$CONNECTIVE_STATE`, else `.state` under the root of the repository, else under the current folder."""
    if chosen := os.environ.get("CONNECTIVE_STATE"):
        return Path(chosen)
    for root in Path(__file__).resolve().parents:
        if (root / "deploy" / "local" / "pyproject.toml").is_file():
            return root / ".state"
    return Path.cwd() / ".state"


class State:
    """A state folder that was checked: it is ours, and nobody else may write in it.

    As root, other accounts may pass through it (the one that runs PostgreSQL has its data below), but not list it.
    """

    def __init__(self, folder: Path) -> None:
        account = database_account()
        self.folder = own_folder(folder.absolute(), 0o711 if account else 0o700)
        (self.folder / _MARK).touch(mode=0o600)
        self.keys = KeyStore(self.folder / "secrets")
        self._claim: int | None = None

    @property
    def log(self) -> Path:
        """The one log of everything that runs."""
        return self.folder / "connective.log"

    def claim(self) -> bool:
        """Take the folder for this process, until `release` or its end. False if another has it."""
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._claim = descriptor
        self.record({})
        return True

    def release(self) -> None:
        """Give the folder back."""
        (self.folder / _RECORD).unlink(missing_ok=True)
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None

    def record(self, addresses: dict[str, str]) -> None:
        """Tell others which process has the folder, and where it answers."""
        draft = self.folder / f"{_RECORD}.draft"
        draft.write_text(json.dumps({"pid": os.getpid(), "addresses": addresses}), encoding="utf-8")
        draft.replace(self.folder / _RECORD)

    def remove(self) -> None:
        """Delete everything. Raises StateInUseError while something runs from here."""
        if not self.claim():
            raise StateInUseError(f"Something still runs from {self.folder}. Stop it first.")
        remove_cluster(self.folder)
        self.release()
        shutil.rmtree(self.folder)


def running(folder: Path) -> Running | None:
    """What runs from this folder now; None too for a folder that was never used. Changes nothing."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        # The lock is what counts: a process that was killed leaves its record behind, but never its lock.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_record(folder)
    else:
        return None
    finally:
        os.close(descriptor)


def remove_state(folder: Path) -> bool:
    """Delete a state folder. False if there is none; a folder that is not one is left alone (StateInUseError)."""
    if not folder.exists():
        return False
    trust(folder, os.geteuid())
    if not (folder / _MARK).is_file():
        raise StateInUseError(f"{folder} is no state folder of ours, so nothing was removed.")
    State(folder).remove()
    return True


def postgres_folder(folder: Path) -> Path:
    """Where the cluster of a state folder is asked to lie; see `folders.place_for` for where it then does."""
    return folder.absolute() / "postgres"


def remove_cluster(folder: Path) -> None:
    """Delete the cluster where it lies outside the state folder."""
    place = place_for(postgres_folder(folder), database_account())
    if folder.absolute() not in place.parents and place.exists():
        trust(place, os.geteuid())
        shutil.rmtree(place)


def _read_record(folder: Path) -> Running | None:
    with contextlib.suppress(OSError, ValueError, KeyError):
        found = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        return Running(int(found["pid"]), dict(found["addresses"]))
    return None
