"""Set up a webhook: an address of an organisation's own system, to which messages about its records are sent."""

import secrets
from datetime import datetime

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.partners.commands.refusals import TooManyWebhooks
from connective.partners.commands.webhook_means import WebhookMeans, refuse_unfit
from connective.partners.domain.signatures import SECRET_BYTES, shown_secret
from connective.partners.domain.webhooks import Webhook, WebhookState
from connective.partners.storage.webhooks import add_webhook, count_webhooks

_MOST = 20
"""Of one organisation: a limit to what one fact can set off, not to what anybody needs."""


async def set_up_webhook(
    means: WebhookMeans,
    actor: Actor,
    attempt: Attempt,
    *,
    url: str,
    events: tuple[str, ...],
    description: str | None,
    notice_email: str | None,
    now: datetime,
) -> tuple[Done, str | None]:
    """Set it up for the actor's organisation; answers its secret too, once. Raises RulesBroken and TooManyWebhooks."""
    refuse_unfit(means, url, events)
    secret = secrets.token_bytes(SECRET_BYTES)
    webhook = Webhook(
        id=new_id(),
        place_id=actor.place,
        organisation_id=actor.organisation,
        url=url,
        description=description,
        notice_email=notice_email,
        events=tuple(dict.fromkeys(events)),
        state=WebhookState.ACTIVE,
        disabled_reason=None,
        disabled_at=None,
        old_secret_until=None,
        last_success_at=None,
        failing_since=None,
        version=1,
        changed_at=now,
    )
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done, None
        if await count_webhooks(unit, actor) >= _MOST:
            raise TooManyWebhooks
        await add_webhook(unit, webhook, means.seal.close(secret, webhook.id.bytes))
        return await remember(unit, attempt, Done(webhook.id, 201)), shown_secret(secret)
