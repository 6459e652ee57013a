from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.storage.statement_tables import objection
from connective.consent.storage.tables import organisation
from connective.kit.actor import Actor
from connective.kit.problems import NotFound


async def add_objection(connection: AsyncConnection, actor: Actor, values: dict[str, Any]) -> None:
    """A new objection, open until an officer resolves it."""
    whose = {"place_id": actor.place, "organisation_id": actor.organisation, "recorded_by": actor.id}
    await connection.execute(insert(objection).values(values | whose))


def _visible(entity_id: UUID) -> ColumnElement[bool]:
    """The one predicate of objections: recorded by an organisation of the legal entity."""
    ours = select(organisation.c.id).where(organisation.c.legal_entity_id == entity_id)
    return objection.c.organisation_id.in_(ours)


async def load_objection(
    connection: AsyncConnection, entity_id: UUID, objection_id: UUID, *, lock: bool = False
) -> RowMapping:
    """One objection that an organisation of this legal entity recorded. Raises NotFound."""
    wanted = select(objection).where(objection.c.id == objection_id, _visible(entity_id))
    row = (await connection.execute(wanted.with_for_update() if lock else wanted)).mappings().first()
    if row is None:
        raise NotFound
    return row


async def list_objections(
    connection: AsyncConnection, entity_id: UUID, state: str | None, after: UUID | None, limit: int
) -> list[RowMapping]:
    """The objections that organisations of this legal entity recorded, oldest first."""
    wanted = select(objection).where(_visible(entity_id))
    if state is not None:
        wanted = wanted.where(objection.c.state == state)
    if after is not None:
        wanted = wanted.where(objection.c.id > after)
    return list((await connection.execute(wanted.order_by(objection.c.id).limit(limit))).mappings().all())


async def resolve(
    connection: AsyncConnection, row: RowMapping, *, state: str, by: str, words: str, at: datetime
) -> None:
    """Store what became of an objection whose row the caller has locked."""
    changing = update(objection).where(objection.c.id == row["id"])
    values = {"state": state, "resolved_by": by, "resolution": words, "resolved_at": at}
    await connection.execute(changing.values(**values, version=row["version"] + 1))
