"""Whose data are stored and not used (UK GDPR Article 18), as consent tells it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.database import Unit, fetch

_KEEP = "INSERT INTO stored_only (person_id, place_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_FORGET = "DELETE FROM stored_only WHERE person_id = ANY($1::uuid[])"
_CARRY = """
INSERT INTO stored_only (person_id, place_id)
SELECT $2, place_id FROM stored_only WHERE place_id = $1 AND person_id = $3
ON CONFLICT DO NOTHING
"""
_AMONG = "SELECT person_id FROM stored_only WHERE place_id = $1 AND person_id = ANY($2::uuid[])"


async def keep_stored_only(unit: Unit, place_id: UUID, person_id: UUID) -> None:
    """From now on they are stored only; twice changes nothing."""
    await unit.run(_KEEP, (person_id, place_id))


async def forget_stored_only(unit: Unit, people: Sequence[UUID]) -> int:
    """Nothing restricts the processing of these people's data any more, or they are erased; answers how many."""
    return await unit.run(_FORGET, (list(people),))


async def carry_stored_only(unit: Unit, place_id: UUID, stays: UUID, merged: UUID) -> None:
    """Whoever was stored only under the merged record is so under the one that stays; consent tells how it ends."""
    await unit.run(_CARRY, (place_id, stays, merged))


async def stored_among(connection: AsyncConnection, place_id: UUID, people: Sequence[UUID]) -> frozenset[UUID]:
    """Who of these people is stored only."""
    return frozenset(row.person_id for row in await fetch(connection, _AMONG, (place_id, list(people))))
