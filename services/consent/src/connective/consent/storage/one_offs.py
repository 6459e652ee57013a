"""One-off decisions: written once, read by the safeguarding leads and the data protection officer of their entity."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.storage.organisations import entity_of
from connective.consent.storage.tables import one_off_disclosure, organisation
from connective.kit.actor import Actor
from connective.kit.problems import NotFound

Record = dict[str, Any]


async def add_one_off(
    connection: AsyncConnection, actor: Actor, organisation_id: UUID, values: Record, at: datetime
) -> None:
    """A one-off decision by the actor, for an organisation of the actor's legal entity."""
    whose = {"place_id": actor.place, "organisation_id": organisation_id, "decided_by": actor.id, "decided_at": at}
    await connection.execute(insert(one_off_disclosure).values(values | whose))


async def _visible(connection: AsyncConnection, actor: Actor) -> ColumnElement[bool]:
    """The one predicate of one-off decisions: made by an organisation of the actor's legal entity."""
    ours = select(organisation.c.id).where(organisation.c.legal_entity_id == await entity_of(connection, actor))
    o = one_off_disclosure.c
    return and_(o.place_id == actor.place, o.organisation_id.in_(ours))


async def read_one_off(connection: AsyncConnection, actor: Actor, one_off_id: UUID) -> Record:
    """One decision. Raises NotFound."""
    visible = await _visible(connection, actor)
    wanted = select(one_off_disclosure).where(one_off_disclosure.c.id == one_off_id, visible)
    row = (await connection.execute(wanted)).mappings().first()
    if row is None:
        raise NotFound
    return {**row}


async def list_one_offs(
    connection: AsyncConnection,
    actor: Actor,
    *,
    decision: str | None = None,
    recipient_id: UUID | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[Record]:
    """The decisions, oldest first."""
    o = one_off_disclosure.c
    wanted = select(one_off_disclosure).where(await _visible(connection, actor))
    if decision is not None:
        wanted = wanted.where(o.decision == decision)
    if recipient_id is not None:
        wanted = wanted.where(o.recipient_organisation_id == recipient_id)
    if after is not None:
        wanted = wanted.where(o.id > after)
    rows = await connection.execute(wanted.order_by(o.id).limit(limit))
    return [{**row} for row in rows.mappings()]
