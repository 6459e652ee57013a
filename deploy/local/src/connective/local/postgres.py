"""The PostgreSQL server of one machine, from the wheel's programs, with a cluster of our own making."""

import asyncio
import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from connective.local.accounts import database_account, programs_for
from connective.local.databases import RolePasswords, Superuser, close_server, database_url, provide_service
from connective.local.folders import digest, own_folder, reachable, stand_in, trust
from connective.local.ports import LOOPBACK, free_port, require_free
from connective.local.processes import Account, Child, LineSink, Program, ProgramEndedError, start, switch_to

SUPERUSER = "postgres"

# A crash may leave minutes of log to replay; a start that takes longer than this says so.
_START_SECONDS = 60.0
_STILL_CLOSING = re.compile(r"pre-existing shared memory block|lock file .* already exists")

_SETTINGS: dict[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C.UTF-8",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # Values belong to families; a slow or failing statement is logged without them.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# For tests that never pull the plug: a commit then costs no wait for the disk.
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class PostgresServer:
    """One PostgreSQL cluster in a folder of ours, listening on loopback and in a private folder only.

    `port` 0 takes any free one at the first start and keeps it, so that a restarted server is found again.
    `durable=False` is for throw-away test servers only.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
        output: Path | LineSink | None = None,
    ) -> None:
        self.port = port
        self.durable = durable
        self.account = database_account()
        self.folder = place_for(folder, self.account)
        self.child: Child | None = None
        self._settings = {**_SETTINGS, **(_DURABLE if durable else _FAST), **(settings or {})}
        self._output: Path | LineSink = output or self.folder / "postgres.log"
        self._programs: Path | None = None

    @property
    def data(self) -> Path:
        """The cluster's own folder, which belongs to the account that runs it."""
        return self.folder / "data"

    @property
    def password(self) -> str:
        """The superuser's password, readable by us alone."""
        return (self.folder / "superuser_password").read_text(encoding="utf-8")

    def url(self, database: str = "postgres") -> str:
        """The superuser's address of a database: for bootstrap and tests, never for a service."""
        return database_url(self.port, database, SUPERUSER, self.password)

    async def connect(self, database: str = "postgres") -> Superuser:
        """An asyncpg connection of the superuser. Close it."""
        connection: Superuser = await asyncpg.connect(self.url(database), timeout=10)
        return connection

    async def start(self) -> None:
        """Make the cluster if there is none, start it and wait until it answers.

        Raises PortTakenError, or ProgramEndedError with the server's last words.
        """
        self._prepare()
        if self.port == 0:
            self.port = free_port()
        await self._wait_for_predecessor()
        require_free("postgres", self.port)
        self._write_settings()
        for _ in range(20):
            self.child = await start(self._program(), self._output)
            if await self._answers():
                return
            await self.child.wait()
            # Backends of a server that was killed take a moment to notice and to let go of its memory.
            if not _STILL_CLOSING.search(self.child.tail()):
                break
            await asyncio.sleep(0.25)
        raise ProgramEndedError(f"PostgreSQL did not start. Its last words:\n{self.child.tail() if self.child else ''}")

    async def stop(self) -> None:
        """End it in order: open transactions are rolled back, clients are disconnected."""
        if self.child is not None:
            await self.child.stop()
            self.child = None
        shutil.rmtree(self._sockets(), ignore_errors=True)

    async def kill(self) -> None:
        """End it as a power cut would, without a word to its clients; `start` then recovers."""
        if self.child is not None:
            await self.child.kill()
            self.child = None

    async def provide(self, services: Mapping[str, RolePasswords]) -> None:
        """Make each service's roles and database, or bring them to these passwords. Safe to repeat."""
        connection = await self.connect()
        try:
            await close_server(connection)
            for service, passwords in services.items():
                await provide_service(connection, service, passwords)
        finally:
            await connection.close()

    def _prepare(self) -> None:
        # Others may pass through to the cluster's folder (the account that runs it must) but not list this one.
        own_folder(self.folder, 0o700 if self.account is None else 0o711)
        self._programs = self._programs or programs_for(self.account)
        if self.data.exists():
            trust(self.data, self.account.uid if self.account else os.geteuid())
        else:
            self._make_cluster()

    def _make_cluster(self) -> None:
        """Run initdb beside the final folder and move the result there: a killed initdb leaves no half cluster."""
        draft = self.folder / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        password = self.folder / "superuser_password"
        if not password.exists():
            write_private(password, secrets.token_urlsafe(32))
        draft.mkdir(mode=0o700)
        given = Path(tempfile.mkdtemp(prefix="initdb-", dir=self.folder)) / "password"
        try:
            write_private(given, password.read_text(encoding="utf-8"))
            self._lend(draft, given.parent, given)
            self._run_initdb(draft, given)
        finally:
            shutil.rmtree(given.parent)
        draft.rename(self.data)

    def _run_initdb(self, target: Path, password: Path) -> None:
        command = [str(self._program_path("initdb")), "-D", str(target), "-U", SUPERUSER, f"--pwfile={password}"]
        command += ["--auth-host=scram-sha-256", "--auth-local=scram-sha-256", "-k", "-E", "UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *([] if self.durable else ["--no-sync"])]
        outcome = subprocess.run(
            command, cwd="/", env=_environment(), check=False, capture_output=True, text=True, **switch_to(self.account)
        )
        if outcome.returncode != 0:
            raise ProgramEndedError(f"initdb failed:\n{outcome.stdout}{outcome.stderr}")

    def _program_path(self, name: str) -> Path:
        assert self._programs is not None  # noqa: S101 - `_prepare` found them.
        return self._programs / name

    def _program(self) -> Program:
        settings_file = self.folder / "postgresql.conf"
        argv = (str(self._program_path("postgres")), "-D", str(self.data), "-c", f"config_file={settings_file}")
        # SIGINT is its fast stop. SIGTERM would wait for every client to leave.
        return Program(
            "postgres", argv, _environment(), self.account, stop_signal=signal.SIGINT, orphan_signal=signal.SIGINT
        )

    def _write_settings(self) -> None:
        """Write the whole configuration anew, where the account that runs the server can read but not change it."""
        sockets = self._sockets()
        sockets.mkdir(mode=0o700, exist_ok=True)
        self._lend(sockets)
        settings = {**self._settings, "port": str(self.port), "unix_socket_directories": str(sockets)}
        lines = [f"{name} = {_quoted(value)}\n" for name, value in settings.items()]
        path = self.folder / "postgresql.conf"
        path.write_text("# Written at every start; changes here are lost.\n" + "".join(lines), encoding="utf-8")
        path.chmod(0o644)

    def _sockets(self) -> Path:
        # A socket's whole path may have 107 bytes, which a project's folder soon exceeds.
        return Path(tempfile.gettempdir()) / f"connective-pg-{os.geteuid()}-{digest(str(self.folder))}"

    def _lend(self, *paths: Path) -> None:
        if self.account is not None:
            for path in paths:
                os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)

    async def _wait_for_predecessor(self) -> None:
        """Wait while a server of the same cluster, orphaned a moment ago, closes; forget one that left only a note."""
        note = self.data / "postmaster.pid"
        for _ in range(100):
            if not note.exists() or not self._runs_here(note):
                break
            await asyncio.sleep(0.1)
        else:
            raise ProgramEndedError(f"Another PostgreSQL runs on {self.data}. Stop it first.")
        # PostgreSQL itself would refuse to start if another program has the number in the note by now.
        note.unlink(missing_ok=True)

    def _runs_here(self, note: Path) -> bool:
        """Whether the process named in the note is alive and is a PostgreSQL in our folder."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            number = int(note.read_text(encoding="utf-8").splitlines()[0])
            # A zombie has no command line, so that one which is only waiting to be collected does not count.
            return str(self.data).encode() in Path(f"/proc/{number}/cmdline").read_bytes()
        return False

    async def _answers(self) -> bool:
        """Wait until it takes connections; False when it has ended instead."""
        assert self.child is not None  # noqa: S101 - `start` set it.
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _START_SECONDS
        while self.child.alive:
            try:
                connection = await self.connect()
            except (OSError, asyncpg.CannotConnectNowError, TimeoutError) as problem:
                if loop.time() > deadline:
                    await self.child.stop()
                    raise ProgramEndedError(
                        f"PostgreSQL did not answer in {_START_SECONDS:.0f} s: {problem}"
                    ) from problem
                await asyncio.sleep(0.02)
            else:
                await connection.close()
                return True
        return False


def place_for(folder: Path, account: Account | None) -> Path:
    """The wanted folder, or its stand-in when the account that runs the server cannot reach it."""
    existing = next(parent for parent in folder.absolute().parents if parent.exists())
    if reachable(existing, account):
        return folder.absolute()
    return stand_in(folder.absolute())


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner may read; an existing one is refused (FileExistsError)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _environment() -> dict[str, str]:
    """PostgreSQL's environment: none of the PG* settings of whoever starts it."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "TZ", "TMPDIR")}
    return {**kept, "LC_ALL": "C.UTF-8"}


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
