"""`webhook.isolation`: how long messages of healthy partners take while another partner hangs, fails or answers slowly.

Facts are rows of the referrals outbox, copied from a real one: of each tick one goes to each healthy partner and one to
the partner in trouble. Counted from the instant that PostgreSQL gives the row to its arrival at an HTTP server in this
process: one machine, so one clock. The limit is the same with everybody well.
"""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import nats

from connective.kit.outbox import OUTBOX_COLUMNS
from connective.local.bench.hub import Hub
from connective.local.bench.measure import Result
from connective.local.story.narrator import expect
from connective.local.story.signing_in import Asker, system_with_secret

HEALTHY = ("larder", "harbour")
TROUBLED = "salt"
_TROUBLES = ("hangs", "fails", "slow")
_EVENT = "hub.referrals.request.submitted"
_EVERY_SECONDS = 0.1
_TICKS = 80
_WARM_UP_TICKS = 10
_LATEST_SECONDS = 30.0
_SLOW_SECONDS = 5.0
_PATTERN = f"SELECT subject, type, place_id, data, traceparent FROM outbox WHERE subject = '{_EVENT}' LIMIT 1"  # noqa: S608 - a constant
_TELL = f"INSERT INTO outbox ({OUTBOX_COLUMNS}) VALUES ($1, $2, $3, $4, 1, $5, $6, $7) RETURNING clock_timestamp()"  # noqa: S608 - constants


class MessagesLost(Exception):
    """Messages of a healthy partner never came: then their delay is not a figure."""


@dataclass
class Receiver:
    """A partner's system: when each message came, by its id, and how it behaves now."""

    behaves: str = "well"
    came: dict[str, float] = field(default_factory=dict)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one message, as a partner would."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
            headers = dict(line.split(": ", 1) for line in head[1:] if line)
            await reader.readexactly(int(headers["content-length"]))
            self.came.setdefault(headers["webhook-id"], time.time())
            if self.behaves == "hangs":
                await reader.read()  # Until whoever waits for an answer has given up.
            elif self.behaves == "slow":
                await asyncio.sleep(_SLOW_SECONDS)
            status = b"500 No" if self.behaves == "fails" else b"204 No Content"
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


async def webhook_isolation(hub: Hub) -> Result:
    """The 95th percentile of the healthy, with everybody well and with one partner in each kind of trouble."""
    found: dict[str, float] = {}
    async with _listening() as receivers:
        for name, receiver in receivers.items():
            await _subscribe(hub, name, receiver)
        for behaviour in ("well", *_TROUBLES):
            receivers[TROUBLED].behaves = behaviour
            delays = await _delays(hub, receivers)
            found[behaviour] = round(statistics.quantiles(delays, n=20)[18], 1)
            print(f"webhook.isolation, one partner {behaviour}: p95 of the others {found[behaviour]} ms", flush=True)
    worst = max(found[each] for each in _TROUBLES)
    return Result("webhook.isolation", worst, found["well"], "ms at p95", "<= 2", found)


@asynccontextmanager
async def _listening() -> AsyncIterator[dict[str, Receiver]]:
    receivers = {name: Receiver() for name in (*HEALTHY, TROUBLED)}
    servers = []
    for receiver in receivers.values():
        server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
        receiver.port = server.sockets[0].getsockname()[1]
        servers.append(server)
    try:
        yield receivers
    finally:
        for server in servers:
            server.close()


async def _subscribe(hub: Hub, name: str, receiver: Receiver) -> None:
    """Let a partner's own system set up its webhook, as any partner would."""
    system = await _system(hub, hub.world.cast.organisations[name])
    body = {"url": f"http://127.0.0.1:{receiver.port}/hook", "events": [f"{_EVENT}.v1"]}
    expect(await system.post("/webhooks", body), 201)
    await system.client.aclose()


async def _system(hub: Hub, organisation_id: str) -> Asker:
    name = "A bench's receiver"
    client = {
        "name": name,
        "organisation_id": organisation_id,
        "authentication": "client_secret_basic",
        "scopes": ["webhooks:manage"],
    }
    made = await hub.world.register_system(client)
    return await system_with_secret(hub.world.base, name, made["client_id"], made["client_secret"])


async def _delays(hub: Hub, receivers: Mapping[str, Receiver]) -> list[float]:
    """Milliseconds of each message to a healthy partner, from the fact to its arrival."""
    told: dict[str, dict[str, float]] = {name: {} for name in receivers}
    broker = await nats.connect(hub.stack.nats.url("referrals"))
    connection = await asyncpg.connect(hub.stack.databases("referrals").app)
    try:
        admin = await hub.superuser("referrals")
        pattern = await admin.fetchrow(_PATTERN)
        await admin.close()
        for tick in range(_WARM_UP_TICKS + _TICKS):
            for name in receivers:
                event, at = await _tell(connection, pattern, UUID(hub.world.cast.organisations[name]))
                if tick >= _WARM_UP_TICKS:
                    told[name][event] = at
            await broker.publish("wake.referrals", b"")
            await asyncio.sleep(_EVERY_SECONDS)
    finally:
        await connection.close()
        await broker.close()
    delays = []
    for name in HEALTHY:
        await _all_came(receivers[name], told[name])
        delays += [(receivers[name].came[event] - at) * 1000 for event, at in told[name].items()]
    return delays


async def _tell(connection: "asyncpg.Connection[Any]", pattern: Any, recipient: UUID) -> tuple[str, float]:  # noqa: ANN401 - a row of the driver
    request, event = uuid4(), uuid4()
    data = json.loads(pattern["data"]) | {"request_id": str(request), "recipient_organisation_id": str(recipient)}
    row = (event, pattern["subject"], pattern["type"], request, pattern["place_id"], json.dumps(data))
    at = await connection.fetchval(_TELL, *row, pattern["traceparent"])
    return str(event), at.timestamp()


async def _all_came(receiver: Receiver, told: Mapping[str, float]) -> None:
    deadline = asyncio.get_running_loop().time() + _LATEST_SECONDS
    while not told.keys() <= receiver.came.keys():
        if asyncio.get_running_loop().time() > deadline:
            raise MessagesLost(f"{len(told.keys() - receiver.came.keys())} of {len(told)} messages never came")
        await asyncio.sleep(0.1)
