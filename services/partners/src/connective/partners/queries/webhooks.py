"""Reading one's own webhooks, and what became of their messages."""

from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.partners.domain.webhooks import DeliveryState, Webhook
from connective.partners.storage.deliveries import Delivery, Try, find_delivery, page_of_deliveries, tries_of
from connective.partners.storage.webhooks import find_webhook, page_of_webhooks


async def webhook(database: Database, actor: Actor, webhook_id: UUID) -> Webhook:
    """One webhook of the actor's organisation. Raises NotFound."""
    async with database.reading(actor) as connection:
        return await find_webhook(connection, actor, webhook_id)


async def webhooks(database: Database, actor: Actor, *, after: UUID | None, limit: int) -> list[Webhook]:
    """A page of the organisation's webhooks in the order they were set up."""
    async with database.reading(actor) as connection:
        return await page_of_webhooks(connection, actor, after=after, limit=limit)


async def deliveries(
    database: Database, actor: Actor, webhook_id: UUID, *, state: DeliveryState | None, after: UUID | None, limit: int
) -> list[Delivery]:
    """A page of a webhook's messages, newest first. Raises NotFound."""
    async with database.reading(actor) as connection:
        await find_webhook(connection, actor, webhook_id)
        return await page_of_deliveries(connection, actor, webhook_id, state=state, after=after, limit=limit)


async def delivery(database: Database, actor: Actor, webhook_id: UUID, delivery_id: UUID) -> tuple[Delivery, list[Try]]:
    """One message with every try. Raises NotFound."""
    async with database.reading(actor) as connection:
        found = await find_delivery(connection, actor, webhook_id, delivery_id)
        return found, await tries_of(connection, delivery_id)
