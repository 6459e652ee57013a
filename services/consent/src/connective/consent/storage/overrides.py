from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, insert, literal, not_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.overrides import ReviewState
from connective.consent.storage.tables import safeguarding_override
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
    wanted = select(safeguarding_override).where(safeguarding_override.c.id == override_id, own_overrides(actor))
    row = (await connection.execute(wanted.with_for_update() if lock else wanted)).mappings().first()
    if row is None:
        raise NotFound
    return row


def own_overrides(actor: Actor) -> ColumnElement[bool]:
    """The one predicate of overrides: used by the actor's own organisation."""
    o = safeguarding_override.c
    return and_(o.place_id == actor.place, o.organisation_id == actor.organisation)


async def list_overrides(
    connection: AsyncConnection,
    actor: Actor,
    after: tuple[bool, UUID] | None,
    limit: int,
    *,
    state: ReviewState | None = None,
    now: datetime,
) -> list[RowMapping]:
    """The overrides of the actor's own organisation: first those whose review is overdue, then by age.

    `after` says of the last one seen whether it was overdue, and its id.
    """
    o = safeguarding_override.c
    wanted = select(safeguarding_override).where(own_overrides(actor))
    if state is ReviewState.REVIEWED:
        wanted = wanted.where(o.reviewed_at.is_not(None))
    elif state is not None:
        wanted = wanted.where(o.reviewed_at.is_(None))
    if state is ReviewState.OVERDUE:
        wanted = wanted.where(o.review_by < now)
    punctual = not_(and_(o.reviewed_at.is_(None), o.review_by < now))
    if after is not None:
        was_overdue, last_id = after
        wanted = wanted.where(tuple_(punctual, o.id) > tuple_(literal(not was_overdue), literal(last_id)))
    return list((await connection.execute(wanted.order_by(punctual, o.id).limit(limit))).mappings().all())


async def save_review(connection: AsyncConnection, row: RowMapping, **values: Any) -> None:  # noqa: ANN401 - columns
    """Store a review or a second confirmation of an override whose row the caller has locked."""
    changing = update(safeguarding_override).where(safeguarding_override.c.id == row["id"])
    await connection.execute(changing.values(**values, version=row["version"] + 1))
