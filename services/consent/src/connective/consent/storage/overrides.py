from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.storage.tables import one_off_disclosure, safeguarding_override
from connective.kit.actor import Actor
from connective.kit.problems import NotFound


async def add_override(connection: AsyncConnection, actor: Actor, values: dict[str, Any]) -> None:
    """An override by the actor, for the actor's organisation."""
    whose = {"place_id": actor.place, "organisation_id": actor.organisation, "used_by": actor.id}
    await connection.execute(insert(safeguarding_override).values(values | whose))


async def load_override(
    connection: AsyncConnection, actor: Actor, override_id: UUID, *, lock: bool = False
) -> RowMapping:
    """One override of the actor's own organisation. Raises NotFound."""
    o = safeguarding_override.c
    wanted = select(safeguarding_override).where(
        o.id == override_id, o.place_id == actor.place, o.organisation_id == actor.organisation
    )
    row = (await connection.execute(wanted.with_for_update() if lock else wanted)).mappings().first()
    if row is None:
        raise NotFound
    return row


async def list_overrides(connection: AsyncConnection, actor: Actor, after: UUID | None, limit: int) -> list[RowMapping]:
    """The overrides of the actor's own organisation, oldest first."""
    o = safeguarding_override.c
    wanted = select(safeguarding_override).where(o.place_id == actor.place, o.organisation_id == actor.organisation)
    if after is not None:
        wanted = wanted.where(o.id > after)
    return list((await connection.execute(wanted.order_by(o.id).limit(limit))).mappings().all())


async def save_review(connection: AsyncConnection, row: RowMapping, **values: Any) -> None:  # noqa: ANN401 - columns
    """Store a review or a second confirmation of an override whose row the caller has locked."""
    changing = update(safeguarding_override).where(safeguarding_override.c.id == row["id"])
    await connection.execute(changing.values(**values, version=row["version"] + 1))


async def add_one_off(connection: AsyncConnection, actor: Actor, values: dict[str, Any], at: datetime) -> None:
    """A one-off disclosure decided by the actor, for the actor's organisation."""
    whose = {"place_id": actor.place, "organisation_id": actor.organisation, "decided_by": actor.id, "decided_at": at}
    await connection.execute(insert(one_off_disclosure).values(values | whose))
