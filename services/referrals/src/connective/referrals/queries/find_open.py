"""Which families still have open requests: their records are not at their end, whatever the schedule says."""

from connective.contracts.retention import OpenAnswered, OpenAsked
from connective.kit.actor import Actor
from connective.kit.database import Database, fetch

_OPEN = """
SELECT DISTINCT family_id FROM request WHERE place_id = $1 AND family_id = ANY($2::uuid[]) AND is_open
ORDER BY family_id
"""


async def find_open(database: Database, actor: Actor, asked: OpenAsked) -> OpenAnswered:
    """Those of these families that have an open request, drafts among them."""
    async with database.reading(actor) as connection:
        rows = await fetch(connection, _OPEN, (asked.place_id, list(asked.family_ids)))
    return OpenAnswered(family_ids=tuple(row.family_id for row in rows))
