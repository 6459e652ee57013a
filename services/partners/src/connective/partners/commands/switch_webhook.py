"""Disable a webhook by wish, and enable one again, however it came to be disabled."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.partners.commands.refusals import AlreadySo
from connective.partners.commands.webhook_means import WebhookMeans
from connective.partners.domain.webhooks import WebhookState
from connective.partners.storage.sending import set_aside_waiting
from connective.partners.storage.webhooks import find_webhook, save_webhook

BY_REQUEST = "by_request"


async def switch_webhook(
    means: WebhookMeans, actor: Actor, attempt: Attempt, webhook_id: UUID, *, on: bool, now: datetime
) -> Done:
    """Enable it, or disable it with what waits set aside. Raises NotFound and AlreadySo."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        before = await find_webhook(unit.connection, actor, webhook_id, hold=True)
        if (before.state is WebhookState.ACTIVE) is on:
            raise AlreadySo("It is enabled already." if on else "It is disabled already.")
        after = replace(
            before,
            state=WebhookState.ACTIVE if on else WebhookState.DISABLED,
            disabled_reason=None if on else BY_REQUEST,
            disabled_at=None if on else now,
            failing_since=None,
            version=before.version + 1,
            changed_at=now,
        )
        await save_webhook(unit, after)
        if not on:
            await set_aside_waiting(unit, webhook_id, now)
        return await remember(unit, attempt, Done(webhook_id, 200))
