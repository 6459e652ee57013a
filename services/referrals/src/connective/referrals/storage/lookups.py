"""What else of an organisation's own requests matters when it makes new ones: those waiting, and those to replace."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import fetch
from connective.referrals.domain.states import State
from connective.referrals.storage.seeing import sent_by
from connective.referrals.storage.tables import request

_WAITING = """
SELECT asked.service_id,
       (SELECT r.reference FROM request AS r
        WHERE r.family_id = $4 AND r.service_id = asked.service_id AND r.is_open
          AND r.place_id = $2 AND r.referrer_organisation_id = $3
        LIMIT 1) AS reference
FROM unnest($1::uuid[]) AS asked (service_id)
"""
"""One for each service is enough, and keeps the look-up constant however long a family's history grows."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Open requests of the same family by service, and the state of each request that is to be replaced."""

    waiting: dict[UUID, str]
    replaced: dict[UUID, State]
    replaced_already: frozenset[UUID]


async def look_up(
    connection: AsyncConnection,
    actor: Actor,
    family_id: UUID,
    service_ids: Collection[UUID],
    replaced_ids: Collection[UUID],
) -> Lookups:
    """Only the actor's own organisation's requests are looked at."""
    asked = (list(service_ids), actor.place, actor.organisation, family_id)
    waiting = await fetch(connection, _WAITING, asked)
    references = {row.service_id: row.reference for row in waiting if row.reference is not None}
    if not replaced_ids:
        return Lookups(references, {}, frozenset())
    states = await connection.execute(
        select(request.c.id, request.c.state).where(
            sent_by(actor), request.c.family_id == family_id, request.c.id.in_(replaced_ids)
        )
    )
    taken = await connection.execute(select(request.c.replaces).where(request.c.replaces.in_(replaced_ids)))
    return Lookups(references, {row.id: State(row.state) for row in states}, frozenset(taken.scalars()))
