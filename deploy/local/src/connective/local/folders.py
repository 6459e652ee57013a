"""Folders that may be trusted, and folders that another account can reach."""

import hashlib
import os
import stat
import subprocess
import tempfile
from pathlib import Path

from connective.local.processes import Account, switch_to


class UnsafeFolderError(RuntimeError):
    """A folder belongs to somebody else, or others may write in it: its content cannot be trusted."""


def own_folder(path: Path, mode: int) -> Path:
    """Make the folder with this mode, or check that it is ours alone to write in. Raises UnsafeFolderError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    trust(path, os.geteuid())
    # After the check, as nobody else may write here; mkdir's own mode is cut by the umask.
    path.chmod(mode)
    return path


def trust(path: Path, owner: int) -> None:
    """Raise UnsafeFolderError unless `path` is a true folder of this owner that nobody else may write in."""
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise UnsafeFolderError(f"{path} is not a folder. Move it away and try again.")
    if found.st_uid != owner:
        raise UnsafeFolderError(
            f"{path} belongs to user {found.st_uid}, not {owner}. Move it away, or choose another folder."
        )
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UnsafeFolderError(f"Others may write in {path}. Look at what is there, then `chmod go-w` it.")


def reachable(path: Path, account: Account | None) -> bool:
    """Whether the account may step into this folder (through all of its parents)."""
    if account is None:
        return os.access(path, os.X_OK)
    probe = ["test", "-x", str(path)]
    return subprocess.run(probe, cwd="/", check=False, **switch_to(account)).returncode == 0


def stand_in(path: Path) -> Path:
    """The folder that stands in for `path` when the database's account cannot reach that one.

    It is named by a digest of the path, so that the same project finds its data again, and lies in the
    temporary folder that survives a restart of the machine.
    """
    return shared_place() / f"connective-{os.geteuid()}-{digest(str(path))}"


def shared_place() -> Path:
    """A folder that every account may reach and that survives a restart where the system has one."""
    persistent = Path("/var/tmp")  # noqa: S108 - what is made in it is checked by `own_folder`.
    return persistent if persistent.is_dir() else Path(tempfile.gettempdir())


def digest(text: str) -> str:
    """A short name for a longer text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def place_for(folder: Path, account: Account | None) -> Path:
    """The wanted folder, or its stand-in when the account that runs the server cannot reach it."""
    wanted = folder.absolute()
    existing = next(parent for parent in wanted.parents if parent.exists())
    return wanted if reachable(existing, account) else stand_in(wanted)


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner may read; an existing one is refused (FileExistsError)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def lend(account: Account | None, *paths: Path) -> None:
    """Give files or folders to the account that works in them."""
    if account is not None:
        for path in paths:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
