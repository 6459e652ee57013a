"""Processing of a person's data is restricted, or no longer, as an officer decided in consent (UK GDPR Article 18)."""

from datetime import date
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.writing import move_families_on
from connective.kit.database import Unit

_MARK = """
WITH RECURSIVE up AS (
  SELECT id, merged_into FROM person WHERE id = $1 AND place_id = $3
  UNION SELECT p.id, p.merged_into FROM person p JOIN up ON p.id = up.merged_into
), same AS (
  SELECT id FROM up WHERE merged_into IS NULL UNION SELECT p.id FROM person p JOIN same s ON p.merged_into = s.id
)
UPDATE person SET processing_restricted = $2, version = version + 1
WHERE id IN (SELECT id FROM same) AND processing_restricted <> $2
RETURNING id, place_id, organisation_id
"""


async def store_only(unit: Unit, means: Means, place_id: UUID, person_id: UUID, *, active: bool, day: date) -> None:
    """Keep it at the record that the id leads to, and at those merged into it.

    From now on nobody reads, adds to or finds them, or may again. Nothing is announced: consent, which said it, tells
    every service. Twice changes nothing.
    """
    for row in await unit.fetch(_MARK, (person_id, active, place_id)):
        families = await move_families_on(unit, row.id)
        await refresh(unit, Keeper(row.place_id, row.organisation_id), families, means.search_key, day)
