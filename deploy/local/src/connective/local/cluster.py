"""Making a PostgreSQL cluster, and writing its configuration."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from connective.local.folders import lend, write_private
from connective.local.ports import LOOPBACK
from connective.local.processes import Account, ProgramEndedError, switch_to

SUPERUSER = "postgres"

COMMON: dict[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C.UTF-8",
    "log_checkpoints": "off",
    # Values belong to families; a slow or failing statement is logged without them.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# For tests that never pull the plug: a commit then costs no wait for the disk.
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "scram_iterations": "1"}
"""Nor is there a password to protect: stretching it takes half the time of each of their thousands of connections."""


def make_cluster(folder: Path, initdb: Path, account: Account | None, *, durable: bool) -> None:
    """Make `folder/data` and `folder/superuser_password`.

    initdb works beside the final folder and its result is moved there: a killed initdb leaves no half cluster.
    """
    draft = folder / "data.draft"
    shutil.rmtree(draft, ignore_errors=True)
    password = folder / "superuser_password"
    if not password.exists():
        write_private(password, secrets.token_urlsafe(32))
    draft.mkdir(mode=0o700)
    given = Path(tempfile.mkdtemp(prefix="initdb-", dir=folder)) / "password"
    try:
        write_private(given, password.read_text(encoding="utf-8"))
        lend(account, draft, given.parent, given)
        _run_initdb(initdb, draft, given, account, durable=durable)
    finally:
        shutil.rmtree(given.parent)
    draft.rename(folder / "data")


def write_settings(path: Path, settings: Mapping[str, str]) -> None:
    """Write the whole configuration anew, where the account that runs the server can read but not change it."""
    lines = [f"{name} = {_quoted(value)}\n" for name, value in settings.items()]
    path.write_text("# Written at every start; changes here are lost.\n" + "".join(lines), encoding="utf-8")
    path.chmod(0o644)


def environment() -> dict[str, str]:
    """PostgreSQL's environment: none of the PG* settings of whoever starts it."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "TZ", "TMPDIR")}
    return {**kept, "LC_ALL": "C.UTF-8"}


def _run_initdb(initdb: Path, target: Path, password: Path, account: Account | None, *, durable: bool) -> None:
    command = [str(initdb), "-D", str(target), "-U", SUPERUSER, f"--pwfile={password}", "-k", "-E", "UTF8"]
    command += ["--auth-host=scram-sha-256", "--auth-local=scram-sha-256"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not durable:
        command.append("--no-sync")
    outcome = subprocess.run(
        command, cwd="/", env=environment(), check=False, capture_output=True, text=True, **switch_to(account)
    )
    if outcome.returncode != 0:
        raise ProgramEndedError(f"initdb failed:\n{outcome.stdout}{outcome.stderr}")


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
