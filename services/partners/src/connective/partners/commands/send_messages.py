"""The sender: takes each webhook's messages to its address, so that nobody waits for anybody else's receiver.

Every webhook has a queue of its own, worked off by one task at a time and a few messages at once. Receivers that were
slow or silent at their last try share a lane of their own: however many of them hang, those that answer do not wait.
What is to be sent, what came of it and when to try again are rows; a process that ends loses nothing, and the next one
goes on. A message may arrive twice, never not at all.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from connective.contracts.webhook_events import WebhookDisabled
from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.database import Database
from connective.kit.leader import Lead, leading
from connective.kit.logs import log
from connective.kit.outward import NoAnswer, Outside, OutsideAnswer
from connective.kit.problems import Refusal
from connective.kit.sealing import NotSealedHere, Seal
from connective.partners.domain.signatures import signed_headers
from connective.partners.domain.webhooks import Webhook, next_try, pause
from connective.partners.storage.deliveries import Delivery
from connective.partners.storage.sending import Outcome, disable_webhook, due_webhooks, keep_outcomes, next_messages
from connective.partners.storage.webhooks import SealedSecrets

_SENDER = service_actor("partners")
_LOCK = 0x77656268  # "webh": the advisory lock that one sender per database holds.
_LOOK_SECONDS = 0.25
_AGAIN_SECONDS = 1.0
_AT_ONCE = 4
"""Messages to one receiver at a time."""
_QUEUES, _SLOW_QUEUES = 64, 32
_SLOW_SECONDS = 2.0
_USER_AGENT = "Connective-Webhooks/1"
_TROUBLES = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, Refusal, TimeoutError)


class Sender:
    """The worker's loop that delivers; any number may run, one at a time holds the lock."""

    def __init__(self, database: Database, lock_url: str, outside: Outside, seal: Seal, clock: Clock) -> None:
        self._database, self._lock_url, self._outside, self._seal, self._clock = (
            database,
            lock_url,
            outside,
            seal,
            clock,
        )
        self._busy: set[UUID] = set()
        self._slow: set[UUID] = set()
        self._lanes = {False: asyncio.Semaphore(_QUEUES), True: asyncio.Semaphore(_SLOW_QUEUES)}
        self._chance: Callable[[], float] = random.random

    async def run(self) -> None:
        """Deliver until cancelled; whatever fails is tried again."""
        while True:
            try:
                async with leading(self._lock_url, _LOCK) as lead:
                    await self._lead(lead)
            except* _TROUBLES as errors:
                log().warning("sender_interrupted", error=type(errors.exceptions[0]).__name__)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _lead(self, lead: Lead) -> None:
        async with asyncio.TaskGroup() as queues:
            while True:
                await lead.hold()
                for webhook_id in await self._due():
                    self._busy.add(webhook_id)
                    queues.create_task(self._work_off(webhook_id))
                await asyncio.sleep(_LOOK_SECONDS)

    async def send_due(self) -> None:
        """Send what is due now, and wait for the answers (tests, operators)."""
        due = await self._due()
        self._busy.update(due)
        await asyncio.gather(*map(self._work_off, due))

    async def _due(self) -> list[UUID]:
        async with self._database.unit(_SENDER) as unit:
            return await due_webhooks(unit, self._clock(), list(self._busy), _QUEUES + _SLOW_QUEUES)

    async def _work_off(self, webhook_id: UUID) -> None:
        """Send one webhook's due messages until there are none, or it gives trouble."""
        try:
            async with self._lanes[webhook_id in self._slow]:
                while await self._send_some(webhook_id):
                    pass
        except _TROUBLES as error:
            log().warning("webhook_interrupted", error=type(error).__name__)
            await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            self._busy.discard(webhook_id)

    async def _send_some(self, webhook_id: UUID) -> bool:
        """Send the next few at once; answers whether to go on."""
        async with self._database.unit(_SENDER) as unit:
            found = await next_messages(unit, webhook_id, self._clock(), _AT_ONCE)
        if found is None or not found[2]:
            return False
        webhook, sealed, deliveries = found
        try:
            secrets = self._open(webhook.id, sealed)
        except NotSealedHere:
            log().error("webhook_secret_unreadable", code=str(webhook_id))
            secrets = []
        outcomes = await asyncio.gather(*(self._send(webhook, secrets, each) for each in deliveries))
        await self._keep(webhook, outcomes)
        slow = any(not each.delivered or each.took_ms > _SLOW_SECONDS * 1000 for each in outcomes)
        (self._slow.add if slow else self._slow.discard)(webhook_id)
        return not slow

    def _open(self, webhook_id: UUID, sealed: SealedSecrets) -> list[bytes]:
        """The secrets that sign: the present one, and the former while both are good."""
        return [self._seal.open(each, webhook_id.bytes) for each in (sealed.current, sealed.old) if each is not None]

    async def _send(self, webhook: Webhook, secrets: Sequence[bytes], delivery: Delivery) -> Outcome:
        at, body = self._clock(), delivery.body.encode()
        if not secrets:
            return self._failed(delivery, at, NoAnswer("secret_unreadable"), 0)
        headers = signed_headers(secrets, str(delivery.event_id), at, body)
        started = asyncio.get_running_loop().time()
        try:
            answer = await self._outside.post(
                webhook.url, {"content-type": "application/json", "user-agent": _USER_AGENT, **headers}, body
            )
        except NoAnswer as error:
            return self._failed(delivery, at, error, round((asyncio.get_running_loop().time() - started) * 1000))
        return self._answered(delivery, at, answer)

    def _failed(self, delivery: Delivery, at: datetime, error: NoAnswer, took_ms: int) -> Outcome:
        again = next_try(delivery.tries + 1, self._clock(), self._chance())
        return Outcome(delivery, at, error.code, None, took_ms, delivered=False, next_at=again)

    def _answered(self, delivery: Delivery, at: datetime, answer: OutsideAnswer) -> Outcome:
        """2xx delivers; 410 ends the webhook; anything else, a redirect too, is tried again."""
        if 200 <= answer.status < 300:
            return Outcome(delivery, at, "delivered", answer.status, answer.took_ms, delivered=True, next_at=None)
        now = self._clock()
        until = pause(answer.status, answer.retry_after, now)
        again = next_try(delivery.tries + 1, now, self._chance())
        if again is not None and until is not None:
            again = max(again, until)
        gone = answer.status == HTTPStatus.GONE
        outcome = "redirected" if 300 <= answer.status < 400 else "refused"
        return Outcome(delivery, at, outcome, answer.status, answer.took_ms, False, again, until, gone)

    async def _keep(self, webhook: Webhook, outcomes: Sequence[Outcome]) -> None:
        now = self._clock()
        async with self._database.unit(_SENDER) as unit:
            await keep_outcomes(unit, webhook.id, outcomes, now)
            reason = _reason_to_end(webhook, outcomes)
            ended = await disable_webhook(unit, webhook.id, reason, now) if reason else None
            if ended is not None:
                event = WebhookDisabled(
                    webhook_id=ended.id, organisation_id=ended.organisation_id, reason_code=str(reason), at=now
                )
                unit.tell(event, version=ended.version, place_id=ended.place_id)
                log().warning("webhook_disabled", code=reason)


def _reason_to_end(webhook: Webhook, outcomes: Sequence[Outcome]) -> str | None:
    """Why nothing more is sent there: it says that it is gone, or nothing arrived since the lost message was new."""
    if any(each.gone for each in outcomes):
        return "gone"
    if any(each.delivered for each in outcomes):
        return None
    lost = [each.delivery.created_at for each in outcomes if each.given_up]
    if lost and (webhook.last_success_at is None or webhook.last_success_at < min(lost)):
        return "no_success_for_three_days"
    return None
