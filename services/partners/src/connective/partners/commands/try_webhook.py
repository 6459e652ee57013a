"""Send a webhook a message that means nothing, to see that messages arrive and their signatures are understood."""

from datetime import datetime
from functools import partial
from uuid import UUID

from connective.contracts.webhook_events import WebhookTested
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.partners.commands.refusals import WebhookIsDisabled
from connective.partners.commands.webhook_means import WebhookMeans
from connective.partners.domain.webhooks import WebhookState, message
from connective.partners.storage.deliveries import Message, add_for_one
from connective.partners.storage.webhooks import find_webhook


async def try_webhook(means: WebhookMeans, actor: Actor, attempt: Attempt, webhook_id: UUID, *, now: datetime) -> Done:
    """Queue the message as any other; answers the delivery's id. Raises NotFound and WebhookIsDisabled."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        webhook = await find_webhook(unit.connection, actor, webhook_id)
        if webhook.state is WebhookState.DISABLED:
            raise WebhookIsDisabled
        event_id = new_id()
        body = partial(
            message,
            event_id=event_id,
            event_type=WebhookTested.type_name(),
            service="partners",
            record_id=webhook.id,
            version=webhook.version,
            at=now,
            data={},
        )
        sent = Message(event_id, WebhookTested.type_name(), body, webhook.place_id, webhook.organisation_id)
        delivery_id = await add_for_one(unit, webhook.id, sent, now)
        return await remember(unit, attempt, Done(delivery_id, 202))
