"""The broker: connect, refuse weak settings, publish in atomic batches, and pull from the service's own durable.

Services create nothing: deployment makes the stream and the durables. PostgreSQL is the source of truth; losing the
broker's storage loses nothing, because the outbox can publish again.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

from connective.kit.ids import new_id
from connective.kit.logs import log
from connective.kit.pull import Pull

STREAM = "EVENTS"
DOMAIN = "hub"
"""The JetStream domain of the account that holds the stream."""
CONTENT_TYPE = "application/cloudevents+json"
BUNDLE_TYPE = "application/cloudevents-batch+json"
BATCH_LIMIT = 500
_MIN_DUPLICATE_WINDOW_SECONDS = 7200
_ALREADY_STORED = 10201
_ACK_TIMEOUT_SECONDS = 5.0
_CONNECT_SECONDS = 3.0


class WeakBroker(Exception):
    """The stream's settings would lose or forget events: the service refuses to work with it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to publish: its subject, its id (for the duplicate window), and its body."""

    subject: str
    id: str
    body: bytes
    content_type: str = CONTENT_TYPE


class BatchRefused(Exception):
    """The server refused a whole atomic batch; `code` is JetStream's error code."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code

    @property
    def already_stored(self) -> bool:
        """Whether one id of the batch is known already, which refuses all of them."""
        return self.code == _ALREADY_STORED


def refuse_weak_stream(config: StreamConfig) -> None:
    """Raise WeakBroker for a stream that keeps too little; whether every write is synced is deployment's to prove."""
    wrong = [
        name
        for name, fine in {
            "storage is not file": config.storage == StorageType.FILE,
            "old messages are discarded": config.discard == DiscardPolicy.NEW,
            "messages go when consumed": config.retention in (None, RetentionPolicy.LIMITS),
            "the duplicate window is under two hours": (config.duplicate_window or 0) >= _MIN_DUPLICATE_WINDOW_SECONDS,
            "atomic batches are off": bool(config.allow_atomic),
            "messages can be deleted": bool(config.deny_delete) and bool(config.deny_purge),
        }.items()
        if not fine
    ]
    if wrong:
        raise WeakBroker(f"Stream {STREAM}: {'; '.join(wrong)}.")


class Bus:
    """One service's connection to the broker, under its own account."""

    def __init__(self, service: str, url: str) -> None:
        self.service = service
        self._url = url
        self._client: Client | None = None
        self._connecting = asyncio.Lock()

    @property
    def connected(self) -> bool:
        """Whether the broker can be reached now."""
        return self._client is not None and self._client.is_connected

    async def connect(self) -> Client:
        """The connection, made when first asked for; raises OSError (a time-out is one) or a NATS error without it."""
        async with self._connecting:
            if self._client is not None and not self._client.is_closed:
                return self._client
            parts = urlsplit(self._url)
            # A client that may reconnect for ever would also try for ever to connect at first, and hold its caller.
            async with asyncio.timeout(_CONNECT_SECONDS):
                self._client = await nats.connect(
                    servers=[f"nats://{parts.hostname}:{parts.port}"],
                    user=parts.username,
                    password=parts.password,
                    name=f"connective-{self.service}",
                    inbox_prefix=f"_INBOX.{self.service}".encode(),
                    reconnect_time_wait=0.1,
                    max_reconnect_attempts=-1,
                    connect_timeout=2,
                    allow_reconnect=True,
                    error_cb=self._note_error,
                )
            return self._client

    async def reach(self) -> None:
        """Connect, unless it is done or being tried; a failure does not matter, for whoever asks next tries again."""
        if self.connected or self._connecting.locked():
            return
        with suppress(NatsError, OSError):
            await self.connect()

    async def _note_error(self, error: Exception) -> None:
        # A refused publish surfaces elsewhere as a time-out only; here is where its reason can be seen.
        log().warning("broker_error", error=type(error).__name__)

    async def jetstream(self) -> JetStreamContext:
        """The JetStream context, after the stream's settings were found strong enough."""
        client = await self.connect()
        context = client.jetstream(domain=DOMAIN, timeout=_ACK_TIMEOUT_SECONDS)
        info = await context.stream_info(STREAM)
        refuse_weak_stream(info.config)
        return context

    async def publish_batch(self, batch: Sequence[Outgoing]) -> None:
        """Publish up to 1,000 messages as one: all are stored and synced, or none.

        Raises BatchRefused with the server's code, or a NATS error when no answer came.
        """
        if len(batch) == 1:
            await self.publish_one(batch[0])
            return
        client = await self.connect()
        batch_id = new_id().hex
        last = len(batch)
        for number, message in enumerate(batch, start=1):
            headers = {
                "Nats-Msg-Id": message.id,
                "Nats-Batch-Id": batch_id,
                "Nats-Batch-Sequence": str(number),
                "Content-Type": message.content_type,
            }
            if number == last:
                headers["Nats-Batch-Commit"] = "1"
            if number in (1, last):
                _raise_refusal(
                    await client.request(message.subject, message.body, _ACK_TIMEOUT_SECONDS, headers=headers)
                )
            else:
                await client.publish(message.subject, message.body, headers=headers)

    async def publish_one(self, message: Outgoing) -> None:
        """Publish one message; one that is stored already counts as published."""
        client = await self.connect()
        headers = {"Nats-Msg-Id": message.id, "Content-Type": message.content_type}
        _raise_refusal(await client.request(message.subject, message.body, _ACK_TIMEOUT_SECONDS, headers=headers))

    async def wake(self) -> None:
        """Tell this service's worker, wherever it runs, that there is something to relay; a failure does not matter."""
        if self._client is not None and self._client.is_connected:
            try:
                await self._client.publish(f"wake.{self.service}", b"")
            except (NatsError, OSError):
                return

    async def on_wake(self, wake: asyncio.Event) -> None:
        """Set `wake` whenever any process of this service asks to be relayed."""

        async def heard(_: Msg) -> None:
            wake.set()

        client = await self.connect()
        await client.subscribe(f"wake.{self.service}", cb=heard)

    async def durable(self) -> Pull:
        """The service's pull consumer, which deployment has made."""
        await self.jetstream()
        return Pull(await self.connect(), f"$JS.{DOMAIN}.API.CONSUMER.MSG.NEXT.{STREAM}.{self.service}")

    async def close(self) -> None:
        """Close the connection."""
        if self._client is not None and not self._client.is_closed:
            await self._client.close()


def _raise_refusal(answer: Msg) -> None:
    if not answer.data:
        return
    error = json.loads(answer.data).get("error")
    if error:
        raise BatchRefused(int(error.get("err_code", 0)), str(error.get("description", "")))
