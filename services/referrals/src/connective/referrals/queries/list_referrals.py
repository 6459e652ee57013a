"""The organisation's own referrals, newest first, each with the states of its requests."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.referrals.storage.seeing import referral_seen_by
from connective.referrals.storage.tables import referral, request


async def list_referrals(
    database: Database, actor: Actor, after: UUID | None, limit: int, family_id: UUID | None = None
) -> list[Row[Any]]:
    """One more row than the limit, if there is one; of one family, where it is named.

    `states` lists the requests' states in the order asked.
    """
    states = select(func.array_agg(request.c.state)).where(request.c.referral_id == referral.c.id).scalar_subquery()
    query = (
        select(referral.c.id, referral.c.family_id, referral.c.made_at, states.label("states"))
        .where(referral_seen_by(actor))
        .order_by(referral.c.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(referral.c.id < after)
    if family_id is not None:
        query = query.where(referral.c.family_id == family_id)
    async with database.reading(actor) as connection:
        return list(await connection.execute(query))
