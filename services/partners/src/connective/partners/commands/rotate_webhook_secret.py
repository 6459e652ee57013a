"""Give a webhook a new secret, while the former one goes on signing beside it for a time."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.partners.commands.webhook_means import WebhookMeans
from connective.partners.domain.signatures import SECRET_BYTES, shown_secret
from connective.partners.storage.webhooks import find_webhook, save_new_secret


async def rotate_webhook_secret(
    means: WebhookMeans, actor: Actor, attempt: Attempt, webhook_id: UUID, *, overlap: timedelta, now: datetime
) -> tuple[Done, str | None]:
    """A new secret, shown once. Without an overlap the former one ends now: it leaked. Raises NotFound."""
    secret = secrets.token_bytes(SECRET_BYTES)
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done, None
        before = await find_webhook(unit.connection, actor, webhook_id, hold=True)
        until = now + overlap if overlap else None
        after = replace(before, old_secret_until=until, changed_at=now)
        await save_new_secret(unit, after, means.seal.close(secret, webhook_id.bytes))
        return await remember(unit, attempt, Done(webhook_id, 200)), shown_secret(secret)
