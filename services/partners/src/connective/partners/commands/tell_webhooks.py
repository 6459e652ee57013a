"""Queue what happened for every webhook that asked for it and whose organisation may know of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.inbox import Received
from connective.partners.domain.webhooks import audience, message
from connective.partners.storage.deliveries import Message, add_messages
from connective.partners.storage.organisations import organisations_of_entities


def messages_for(event: Received, organisations: Iterable[UUID | None]) -> list[Message]:
    """The message of one fact, once for each organisation that may know of it."""
    event_type = f"{event.subject}.v1"
    body = partial(
        message,
        event_id=event.id,
        event_type=event_type,
        service=event.service,
        record_id=event.aggregate_id,
        version=event.aggregate_version,
        at=event.at,
        data=event.data,
    )
    return [Message(event.id, event_type, body, event.place_id, each) for each in organisations]


async def tell_webhooks(unit: Unit, events: Sequence[Received], now: datetime) -> None:
    """Queue facts that say themselves which organisations they concern."""
    messages = [
        each
        for event in events
        for known in (audience(event.subject, event.data),)
        for each in messages_for(event, [None] if known.whole_place else known.organisations)
    ]
    if messages:
        await add_messages(unit, messages, now)


async def organisations_concerned(database: Database, event: Received) -> list[UUID]:
    """The organisations of the legal entities that a fact concerns: asked before the transaction that queues it."""
    entities = audience(event.subject, event.data).entities
    actor = service_actor("partners", event.place_id)
    async with database.reading(actor) as connection:
        return await organisations_of_entities(connection, actor, entities)


async def tell_organisations(unit: Unit, event: Received, organisations: Sequence[UUID], now: datetime) -> None:
    """Queue one fact for the webhooks of these organisations."""
    if organisations:
        await add_messages(unit, messages_for(event, organisations), now)
