"""Tries to reach a family, as both parties to the request may know of them: they are `progress`."""

from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database, fetch
from connective.referrals.storage.requests import load

_ATTEMPTS = """
SELECT at, details->>'method' AS method, coalesce((details->>'reached')::boolean, false) AS reached
FROM request_note WHERE request_id = $1 AND kind = 'contact_attempt' ORDER BY id
"""


async def list_attempts(database: Database, actor: Actor, request_id: UUID) -> list[Any]:
    """Oldest first. Raises NotFound."""
    async with database.reading(actor) as connection:
        await load(connection, actor, request_id)
        return await fetch(connection, _ATTEMPTS, (request_id,))
