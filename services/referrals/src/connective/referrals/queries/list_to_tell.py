"""Families that have not been told of a no yet, and whose task it is: the list that every decline stays on."""

from datetime import date
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database, fetch

_TO_TELL = """
SELECT id, reference, service_id, decline->>'code' AS code, (decline->>'tell_by')::date AS tell_by,
  (decline->>'tell_by')::date < $3 AS overdue, decline->>'front_door' AS front_door
FROM request
WHERE place_id = $1 AND state = 'declined' AND family_told IS NULL
  AND ((decline->>'tells' = 'lead_practitioner' AND referrer_organisation_id = $2)
    OR (decline->>'tells' = 'recipient' AND recipient_organisation_id = $2))
  AND ($4::date IS NULL OR ((decline->>'tell_by')::date, id) > ($4, $5::uuid))
ORDER BY tell_by, id LIMIT $6
"""


async def list_to_tell(
    database: Database, actor: Actor, today: date, after: tuple[date, UUID] | None, limit: int
) -> list[Any]:
    """What the actor's organisation has to tell, the most urgent first; one more than the limit, if there is one."""
    day, last = after or (None, None)
    async with database.reading(actor) as connection:
        return await fetch(connection, _TO_TELL, (actor.place, actor.organisation, today, day, last, limit + 1))
