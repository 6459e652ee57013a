"""P4: without NATS referrals are accepted, and shown as queued; once it is back each arrives, once.

`CONNECTIVE_BROKER_AWAY=60 pytest --log-cli-level=INFO tests/faults/test_broker_away.py` keeps it away for the whole
minute, and says how many were sent and came.
"""

import asyncio
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import invariants
from fault_reading import Reading
from standardwebhooks.webhooks import Webhook

from connective.kit.testing import eventually
from connective.local.stack import Stack

AWAY_SECONDS = float(os.environ.get("CONNECTIVE_BROKER_AWAY", "2"))
_FEWEST = 3


@dataclass
class Partner:
    """The food bank's own system: an HTTP server in this process that takes what it is sent."""

    url: str = ""
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        self.arrived.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    def requests(self, secret: str) -> Counter[str]:
        """How often each request came, after an independent verifier has looked at every message."""
        return Counter(Webhook(secret).verify(body, headers)["data"]["id"] for headers, body in self.arrived)


@asynccontextmanager
async def _listening() -> AsyncIterator[Partner]:
    partner = Partner()
    server = await asyncio.start_server(partner.serve, "127.0.0.1", 0)
    partner.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield partner
    finally:
        server.close()


async def _listen(reading: Reading, larder: UUID, partner: Partner) -> str:
    """Subscribe the food bank's system; answers the secret it verifies with."""
    body = {"url": partner.url, "events": ["hub.referrals.request.submitted.v1"]}
    made = await reading.ask("partner_admin", larder, "partners", "POST", "/webhooks", body)
    assert made.status_code == 201, made.text
    return str(made.json()["secret"])


async def _while_away(reading: Reading) -> list[str]:
    """Refer families for as long as the broker is away; answers their requests."""
    over = asyncio.get_running_loop().time() + AWAY_SECONDS
    sent: list[str] = []
    while len(sent) < _FEWEST or asyncio.get_running_loop().time() < over:
        sent.append(await reading.refer())
        await asyncio.sleep(0.2)
    return sent


async def _queued(reading: Reading, sent: list[str]) -> dict[str, bool]:
    """What the referrer is shown of these requests."""
    school = reading.ground.school
    shown = {}
    for each in sent:
        answer = await reading.ask("support_worker", school, "referrals", "GET", f"/requests/{each}")
        assert answer.status_code == 200, answer.text
        shown[each] = bool(answer.json()["queued"])
    return shown


async def _told(reading: Reading, larder: UUID) -> Counter[str]:
    """How often the food bank's feed says of each request that it was submitted."""
    found: Counter[str] = Counter()
    cursor = ""
    while True:
        path = f"/requests/changes?limit=200&fact=submitted{cursor}"
        part = (await reading.ask("partner_worker", larder, "referrals", "GET", path)).json()
        found.update(item["request_id"] for item in part["items"])
        if not part["more"]:
            return found
        cursor = f"&cursor={part['next_cursor']}"


async def test_with_the_broker_away_referrals_are_accepted_shown_as_queued_and_arrive_once(ground: Any) -> None:
    stack: Stack = ground.stack
    reading = Reading(ground)
    larder, _ = await reading.prepare()
    await invariants.settled(stack)
    async with _listening() as partner:
        secret = await _listen(reading, larder, partner)
        await stack.supervisor.let_go("nats")
        await stack.nats.kill()
        sent = await _while_away(reading)
        assert all((await _queued(reading, sent)).values()), "sent, and not announced yet"
        assert not set(partner.requests(secret)) & set(sent)
        there = await eventually("the feed without a broker", lambda: _all_told(reading, larder, sent))
        assert {there[each] for each in sent} == {1}, "the feed goes on without it"
        await stack.nats.start()
        assert stack.nats.child is not None
        stack.supervisor.watch(stack.nats.child)
        await eventually("every message", lambda: set(sent) <= set(partner.requests(secret)))
        await invariants.settled(stack)
        assert not any((await _queued(reading, sent)).values())
        arrived, again = partner.requests(secret), await _told(reading, larder)
    logging.getLogger(__name__).info("away for %s s: %s sent, %s arrived", AWAY_SECONDS, len(sent), len(arrived))
    assert {arrived[each] for each in sent} == {again[each] for each in sent} == {1}
    assert await invariants.broken(stack) == []
    await reading.worker.close()


async def _all_told(reading: Reading, larder: UUID, sent: list[str]) -> Counter[str] | None:
    told = await _told(reading, larder)
    return told if set(sent) <= set(told) else None
