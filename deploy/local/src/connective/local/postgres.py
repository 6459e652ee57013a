"""The PostgreSQL server of one machine, from the wheel's programs, with a cluster of our own making."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from connective.local.accounts import database_account, programs_for
from connective.local.cluster import COMMON, DURABLE, FAST, SUPERUSER, environment, make_cluster, write_settings
from connective.local.databases import RolePasswords, Superuser, close_server, database_url, provide_service
from connective.local.folders import digest, lend, own_folder, place_for, trust
from connective.local.ports import free_port, require_free
from connective.local.processes import Child, LineSink, Program, ProgramEndedError, start

# A crash may leave minutes of log to replay; a start that takes longer than this says so.
_START_SECONDS = 60.0
_STILL_CLOSING = re.compile(r"pre-existing shared memory block|lock file .* already exists")


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
        self._output: Path | LineSink = output or self.folder / "postgres.log"
        # A sink of lines writes the time itself.
        prefix = "%m [%p] %q%u@%d " if isinstance(self._output, Path) else "%q%u@%d "
        own = {"log_line_prefix": prefix}
        self._settings = {**COMMON, **(DURABLE if durable else FAST), **own, **(settings or {})}
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
        # initdb takes a second, in which other servers can start.
        programs = await asyncio.to_thread(self._prepare)
        await self._wait_for_predecessor()
        if self.port:
            require_free("postgres", self.port)
        self.port = self.port or free_port()
        self._configure()
        for _ in range(20):
            self.child = await start(self._program(programs), self._output)
            if await self._answers(self.child):
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

    def _prepare(self) -> Path:
        """The folder of the programs, once there is a cluster that may be trusted."""
        # Others may pass through to the cluster's folder (the account that runs it must) but not list this one.
        own_folder(self.folder, 0o700 if self.account is None else 0o711)
        self._programs = self._programs or programs_for(self.account)
        if not self.data.exists():
            make_cluster(self.folder, self._programs / "initdb", self.account, durable=self.durable)
        trust(self.data, self._owner)
        return self._programs

    def _program(self, programs: Path) -> Program:
        argv = (str(programs / "postgres"), "-D", str(self.data), "-c", f"config_file={self._settings_file}")
        # SIGINT is its fast stop. SIGTERM would wait for every client to leave.
        stop = signal.SIGINT
        return Program("postgres", argv, environment(), self.account, stop_signal=stop, orphan_signal=stop)

    def _configure(self) -> None:
        sockets = self._sockets()
        try:
            sockets.mkdir(mode=0o700)
            lend(self.account, sockets)
        except FileExistsError:
            trust(sockets, self._owner)
        place = {"port": str(self.port), "unix_socket_directories": str(sockets)}
        write_settings(self._settings_file, {**self._settings, **place})

    @property
    def _owner(self) -> int:
        return self.account.uid if self.account else os.geteuid()

    @property
    def _settings_file(self) -> Path:
        return self.folder / "postgresql.conf"

    def _sockets(self) -> Path:
        # A socket's whole path may have 107 bytes, which a project's folder soon exceeds.
        return Path(tempfile.gettempdir()) / f"connective-pg-{os.geteuid()}-{digest(str(self.folder))}"

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
            return os.fsencode(self.data) in Path(f"/proc/{number}/cmdline").read_bytes()
        return False

    async def _answers(self, child: Child) -> bool:
        """Wait until it takes connections; False when it has ended instead."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _START_SECONDS
        while child.alive:
            try:
                connection = await self.connect()
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError) as problem:
                if loop.time() > deadline:
                    await child.stop()
                    raise ProgramEndedError(f"PostgreSQL did not answer in {_START_SECONDS:.0f} s.") from problem
                await asyncio.sleep(0.02)
            else:
                await connection.close()
                return True
        return False
