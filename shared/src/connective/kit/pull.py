"""Taking from a durable with one request that stands: messages come as they are announced, and nobody asks for each.

The usual client asks once for the first message and once for those behind it. At a referral's pace that was two
requests, through two accounts of the broker, for every batch of three; one request now lasts for a hundred messages.
"""

import asyncio
import json
from contextlib import suppress
from types import TracebackType

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js.api import Header
from nats.js.errors import APIError

AT_ONCE = 100
_STANDS_SECONDS = 5.0
_ANSWERED_WITHIN_SECONDS = 1.0
_STRAGGLER_SECONDS = 0.05
"""How long to wait for messages that are known to wait; another worker of the service may have taken them."""
_ENDED = frozenset({"404", "408"})
"""The request has come to its end, with fewer messages than it asked for."""


class Pull:
    """Messages of one durable. Those that came are kept until they are taken; what is not acknowledged comes again."""

    def __init__(self, client: Client, subject: str) -> None:
        self._client = client
        self._subject = subject
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._came: list[Msg] = []
        self._stirred = asyncio.Event()
        self._owed = 0
        self._refusal: Msg | None = None

    async def __aenter__(self) -> "Pull":
        self._subscription = await self._client.subscribe(self._inbox, cb=self._receive)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._subscription is not None:
            # The connection may be what failed; a new one knows nothing of this subscription.
            with suppress(NatsError, OSError):
                await self._subscription.unsubscribe()

    async def _receive(self, message: Msg) -> None:
        status = message.headers.get(Header.STATUS) if message.headers else None
        if status is None:
            self._owed -= 1
            self._came.append(message)
        else:
            self._owed = 0
            self._refusal = None if status in _ENDED else message
        self._stirred.set()

    async def batch(self) -> list[Msg]:
        """What has come, with what is known to wait behind it; waits for the first. Raises APIError when refused."""
        while not self._came:
            if self._owed <= 0:
                await self._ask()
            if not await self._stir(_STANDS_SECONDS + _ANSWERED_WITHIN_SECONDS):
                # Not even its end was told: the connection was lost meanwhile, and the request with it.
                self._owed = 0
            if self._refusal is not None:
                refusal, self._refusal = self._refusal, None
                APIError.from_msg(refusal)
        while self._owed > 0 and self._came[-1].metadata.num_pending and await self._stir(_STRAGGLER_SECONDS):
            pass
        came, self._came = self._came, []
        return came

    async def _ask(self) -> None:
        asked = {"batch": AT_ONCE, "expires": int(_STANDS_SECONDS * 1e9)}
        self._owed = AT_ONCE
        await self._client.publish(self._subject, json.dumps(asked).encode(), self._inbox)

    async def _stir(self, seconds: float) -> bool:
        """Wait for anything to come; False when nothing did."""
        try:
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            return False
        self._stirred.clear()
        return True
