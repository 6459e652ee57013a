"""The NATS server of one machine, from the wheel's program, with one account per service."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from nats.aio.client import Client

from connective.kit.stream import provide_stream
from connective.local.binaries import nats_server
from connective.local.broker_accounts import ADMIN, Subscriptions, accounts, quoted
from connective.local.folders import own_folder
from connective.local.plain import NO_TLS
from connective.local.ports import LOOPBACK, free_port, require_free
from connective.local.processes import Child, LineSink, Program, ProgramEndedError, start
from connective.local.stream import recreate_stream

_START_SECONDS = 30.0


class NatsServer:
    """One broker with its stream on disk, every accepted event synced before it is acknowledged.

    `passwords` has one entry for each service of `subscriptions` and one for `admin`. Port 0 takes any free one at
    the first start and keeps it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        subscriptions: Subscriptions,
        passwords: Mapping[str, str],
        port: int = 0,
        monitor_port: int = 0,
        output: Path | LineSink | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.monitor_port = monitor_port
        self.subscriptions = subscriptions
        self.child: Child | None = None
        self._passwords = passwords
        self._output: Path | LineSink = output or self.folder / "nats.log"

    def url(self, user: str) -> str:
        """The address for one service, with its password."""
        return f"nats://{user}:{quote(self._passwords[user], safe='')}@{LOOPBACK}:{self.port}"

    @property
    def admin_url(self) -> str:
        """The administrator's address, in the account that holds the stream."""
        return self.url(ADMIN)

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[Client]:
        """A client of the administrator."""
        client = Client()
        await client.connect(self.admin_url, connect_timeout=5, allow_reconnect=False)
        try:
            yield client
        finally:
            await client.close()

    async def start(self) -> None:
        """Start it, wait until its stored streams are up, and make the stream and the durables.

        Raises PortTakenError, or ProgramEndedError with the server's last words.
        """
        own_folder(self.folder, 0o700)
        # One of our own choice is looked at as it is chosen: a second look is one more moment to meet somebody else's.
        for name, port in (("nats", self.port), ("nats-monitor", self.monitor_port)):
            if port:
                require_free(name, port)
        self.port = self.port or free_port()
        self.monitor_port = self.monitor_port or free_port()
        self._write_settings()
        self.child = await start(self._program(), self._output)
        await self._wait_until_healthy(self.child)
        async with self.admin() as client:
            await provide_stream(client, self.subscriptions)

    async def stop(self) -> None:
        """End it in order."""
        if self.child is not None:
            await self.child.stop()
            self.child = None

    async def kill(self) -> None:
        """End it as a power cut would; `start` then finds every acknowledged event again."""
        if self.child is not None:
            await self.child.kill()
            self.child = None

    async def reset_stream(self) -> None:
        """Begin with an empty stream and fresh durables, between tests."""
        async with self.admin() as client:
            await recreate_stream(client, self.subscriptions)

    def _program(self) -> Program:
        environment = {name: value for name, value in os.environ.items() if name in ("PATH", "TZ", "TMPDIR")}
        argv = (str(nats_server()), "--config", str(self._settings_file))
        return Program("nats", argv, environment)

    @property
    def _settings_file(self) -> Path:
        return self.folder / "nats.conf"

    def _write_settings(self) -> None:
        """Write the whole configuration anew. It holds passwords: only we may read it."""
        store = quoted(str(self.folder / "store"))
        text = (
            "# Written at every start; changes here are lost.\n"
            "server_name: connective\n"
            # A sink of lines writes the time itself.
            f"logtime: {str(isinstance(self._output, Path)).lower()}\n"
            f"listen: {LOOPBACK}:{self.port}\n"
            f"http: {LOOPBACK}:{self.monitor_port}\n"
            # An acknowledged event is on disk; the default would sync every two minutes only.
            f"jetstream {{ store_dir: {store}, sync_interval: always }}\n"
            f"{accounts(self.subscriptions, self._passwords)}"
        )
        descriptor = os.open(self._settings_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    async def _wait_until_healthy(self, child: Child) -> None:
        """Poll before any client connects: the client's own wait after a first failure is long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _START_SECONDS
        async with httpx.AsyncClient(verify=NO_TLS, trust_env=False, timeout=1.0) as http:
            while child.alive and loop.time() < deadline:
                if await _healthy(http, f"http://{LOOPBACK}:{self.monitor_port}/healthz"):
                    return
                await asyncio.sleep(0.02)
        await child.kill()
        raise ProgramEndedError(f"NATS did not start. Its last words:\n{child.tail()}")


async def _healthy(http: httpx.AsyncClient, url: str) -> bool:
    try:
        answer = await http.get(url)
    except httpx.TransportError:
        return False
    return answer.status_code == 200
