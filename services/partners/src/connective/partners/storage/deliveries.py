"""Messages to webhooks in the database: written with the inbox row of their event, ended by their receiver's answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.ids import new_id
from connective.kit.problems import NotFound
from connective.partners.domain.webhooks import DeliveryState, matching


@dataclass(frozen=True, slots=True)
class Message:
    """One fact as it is sent, and who is told: an organisation, or without one everybody of the place who asked.

    The body is written only for a webhook that asked for it: most facts have none.
    """

    event_id: UUID
    type: str
    body: Callable[[], str]
    place_id: UUID
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message for one webhook, and what became of it."""

    id: UUID
    webhook_id: UUID
    event_id: UUID
    type: str
    body: str
    state: DeliveryState
    tries: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Try:
    """One try to deliver a message; nothing of what was answered is kept but its status."""

    number: int
    at: datetime
    outcome: str
    status: int | None
    took_ms: int


_LISTENING = """
SELECT e.nth, w.id, w.place_id, w.organisation_id
FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[], $5::text[])
  AS e (nth, place_id, organisation_id, one, any_of)
JOIN webhook w ON w.place_id = e.place_id AND (e.organisation_id IS NULL OR w.organisation_id = e.organisation_id)
WHERE w.state = 'active' AND NOT w.held AND (e.one = ANY(w.events) OR e.any_of = ANY(w.events))
"""
_ADD = """
INSERT INTO webhook_delivery
  (id, webhook_id, place_id, organisation_id, event_id, type, body, state, created_at, next_at)
SELECT id, webhook_id, place_id, organisation_id, event_id, type, body, 'pending', $8, $8
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[])
  AS d (id, webhook_id, place_id, organisation_id, event_id, type, body)
ON CONFLICT (webhook_id, event_id) DO NOTHING
"""
_COLUMNS = "id, webhook_id, event_id, type, body, state, tries, created_at, next_at, ended_at"
_OWN = "place_id = $1 AND organisation_id = $2 AND webhook_id = $3"
_FIND = f"SELECT {_COLUMNS} FROM webhook_delivery WHERE {_OWN} AND id = $4"  # noqa: S608 - constants of this module
_PAGE = f"""
SELECT {_COLUMNS} FROM webhook_delivery
WHERE {_OWN} AND ($4::text IS NULL OR state = $4) AND ($5::uuid IS NULL OR id < $5) ORDER BY id DESC LIMIT $6
"""  # noqa: S608 - constants of this module
_TRIES = "SELECT number, at, outcome, status, took_ms FROM webhook_try WHERE delivery_id = $1 ORDER BY number"
_AGAIN = """
UPDATE webhook_delivery SET state = 'pending', tries = 0, next_at = $4, ended_at = NULL
WHERE place_id = $1 AND organisation_id = $2 AND webhook_id = $3
"""
_FORGET = """
DELETE FROM webhook_delivery WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM webhook_delivery WHERE state <> 'pending' AND ended_at < $1 LIMIT $2))
"""


async def add_messages(unit: Unit, messages: Sequence[Message], now: datetime) -> int:
    """Put each message into the queue of every webhook that asked for it, once; answers for how many."""
    listening = await unit.fetch(
        _LISTENING,
        (
            list(range(len(messages))),
            [each.place_id for each in messages],
            [each.organisation_id for each in messages],
            [each.type for each in messages],
            [matching(each.type)[1] for each in messages],
        ),
    )
    rows = [(row.id, row.place_id, row.organisation_id, messages[row.nth]) for row in listening]
    return await _add(unit, rows, now) if rows else 0


async def add_for_one(unit: Unit, webhook_id: UUID, message: Message, now: datetime) -> UUID:
    """Put one message into one webhook's queue, whatever it asked for; answers the delivery's id."""
    await _add(unit, [(webhook_id, message.place_id, message.organisation_id, message)], now)
    statement = "SELECT id FROM webhook_delivery WHERE webhook_id = $1 AND event_id = $2"
    found: UUID = (await unit.fetch_one(statement, (webhook_id, message.event_id))).id
    return found


async def _add(unit: Unit, rows: Sequence[tuple[UUID, UUID, UUID | None, Message]], now: datetime) -> int:
    return await unit.run(
        _ADD,
        (
            [new_id() for _ in rows],
            [webhook for webhook, _, _, _ in rows],
            [place for _, place, _, _ in rows],
            [organisation for _, _, organisation, _ in rows],
            [message.event_id for _, _, _, message in rows],
            [message.type for _, _, _, message in rows],
            [message.body() for _, _, _, message in rows],
            now,
        ),
    )


async def find_delivery(connection: AsyncConnection, actor: Actor, webhook_id: UUID, delivery_id: UUID) -> Delivery:
    """One message. Raises NotFound for one that is not the organisation's."""
    row = await fetch_one(connection, _FIND, (actor.place, actor.organisation, webhook_id, delivery_id))
    if row is None:
        raise NotFound
    return delivery_of(row)


async def page_of_deliveries(
    connection: AsyncConnection,
    actor: Actor,
    webhook_id: UUID,
    *,
    state: DeliveryState | None,
    after: UUID | None,
    limit: int,
) -> list[Delivery]:
    """A webhook's messages, newest first, at most `limit`."""
    wanted = None if state is None else str(state)
    rows = await fetch(connection, _PAGE, (actor.place, actor.organisation, webhook_id, wanted, after, limit))
    return [delivery_of(row) for row in rows]


async def tries_of(connection: AsyncConnection, delivery_id: UUID) -> list[Try]:
    """Every try to deliver a message, in order."""
    rows = await fetch(connection, _TRIES, (delivery_id,))
    return [Try(row.number, row.at, row.outcome, row.status, row.took_ms) for row in rows]


async def send_again(unit: Unit, actor: Actor, webhook_id: UUID, delivery_id: UUID, now: datetime) -> int:
    """Queue one ended message again, under its former id."""
    where = " AND id = $5 AND state <> 'pending'"
    return await unit.run(_AGAIN + where, (actor.place, actor.organisation, webhook_id, now, delivery_id))


async def send_set_aside_again(unit: Unit, actor: Actor, webhook_id: UUID, since: datetime, now: datetime) -> int:
    """Queue again whatever was set aside of what happened since then."""
    where = " AND state = 'set_aside' AND created_at >= $5"
    return await unit.run(_AGAIN + where, (actor.place, actor.organisation, webhook_id, now, since))


async def forget_ended(unit: Unit, before: datetime, at_once: int) -> int:
    """Remove a batch of messages that ended before a time, with their tries; answers how many."""
    return await unit.run(_FORGET, (before, at_once))


def delivery_of(row: Any) -> Delivery:  # noqa: ANN401 - a row of the columns above
    """A row as it is worked with."""
    return Delivery(
        id=row.id,
        webhook_id=row.webhook_id,
        event_id=row.event_id,
        type=row.type,
        body=row.body,
        state=DeliveryState(row.state),
        tries=row.tries,
        created_at=row.created_at,
        next_at=row.next_at,
        ended_at=row.ended_at,
    )
