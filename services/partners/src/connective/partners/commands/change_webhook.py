"""Change where a webhook sends, of what, or whom to write to when it fails."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.partners.commands.webhook_means import WebhookMeans, refuse_unfit
from connective.partners.domain.webhooks import Webhook
from connective.partners.storage.webhooks import find_webhook, remove_webhook, save_webhook


async def change_webhook(
    means: WebhookMeans, actor: Actor, webhook_id: UUID, *, based_on: int, changes: Mapping[str, Any], now: datetime
) -> Webhook:
    """Apply the changes to the version they are based on. Raises NotFound, Stale and RulesBroken."""
    async with means.database.unit(actor) as unit:
        before = await find_webhook(unit.connection, actor, webhook_id, hold=True)
        refuse_stale(based_on, before.version)
        wanted = replace(before, **changes)
        refuse_unfit(means, wanted.url, wanted.events)
        if wanted == before:
            return before
        after = replace(wanted, version=before.version + 1, changed_at=now)
        await save_webhook(unit, after)
        return after


async def end_webhook(means: WebhookMeans, actor: Actor, webhook_id: UUID, *, based_on: int) -> None:
    """Remove a webhook with its messages and its log. Raises NotFound and Stale."""
    async with means.database.unit(actor) as unit:
        before = await find_webhook(unit.connection, actor, webhook_id, hold=True)
        refuse_stale(based_on, before.version)
        await remove_webhook(unit, webhook_id)
