"""Send messages again that were sent, or set aside: under their former ids, so that a receiver knows them."""

from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.partners.commands.refusals import AlreadySo, WebhookIsDisabled
from connective.partners.commands.webhook_means import WebhookMeans
from connective.partners.domain.webhooks import WebhookState
from connective.partners.storage.deliveries import find_delivery, send_again, send_set_aside_again
from connective.partners.storage.webhooks import find_webhook


async def replay_message(
    means: WebhookMeans, actor: Actor, attempt: Attempt, webhook_id: UUID, delivery_id: UUID, *, now: datetime
) -> Done:
    """Queue one message again. Raises NotFound, WebhookIsDisabled, and AlreadySo for one that still waits."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await _refuse_disabled(unit, actor, webhook_id)
        await find_delivery(unit.connection, actor, webhook_id, delivery_id)
        if not await send_again(unit, actor, webhook_id, delivery_id, now):
            raise AlreadySo("It waits to be sent already.")
        return await remember(unit, attempt, Done(delivery_id, 202))


async def replay_set_aside(
    means: WebhookMeans, actor: Actor, attempt: Attempt, webhook_id: UUID, *, since: datetime, now: datetime
) -> Done:
    """Queue again whatever was set aside of what happened since then. Raises NotFound and WebhookIsDisabled."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await _refuse_disabled(unit, actor, webhook_id)
        await send_set_aside_again(unit, actor, webhook_id, since, now)
        return await remember(unit, attempt, Done(webhook_id, 202))


async def _refuse_disabled(unit: Unit, actor: Actor, webhook_id: UUID) -> None:
    webhook = await find_webhook(unit.connection, actor, webhook_id, hold=True)
    if webhook.state is WebhookState.DISABLED:
        raise WebhookIsDisabled
