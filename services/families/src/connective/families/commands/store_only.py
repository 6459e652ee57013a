"""Processing of a person's data is restricted, or no longer, as an officer decided in consent (UK GDPR Article 18)."""

from uuid import UUID

from connective.kit.database import Unit

_MARK = """
UPDATE person SET processing_restricted = $2, version = version + 1
WHERE (id = $1 OR merged_into = $1) AND place_id = $3 AND processing_restricted <> $2
"""


async def store_only(unit: Unit, place_id: UUID, person_id: UUID, *, active: bool) -> None:
    """Keep it at the record, and at those merged into it: from now on nobody reads or adds to them, or may again.

    Nothing is announced: consent, which said it, tells every service. Twice changes nothing.
    """
    await unit.run(_MARK, (person_id, active, place_id))
