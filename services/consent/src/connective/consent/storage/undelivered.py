"""Disclosures of which nothing reached the reader: marked beside the record, which itself is never changed."""

from uuid import UUID

from connective.contracts.people_events import CaseReadingUndelivered
from connective.contracts.referral_events import DisclosureUndelivered
from connective.kit.database import Unit

_MARK = """
INSERT INTO undelivered_disclosure (disclosure_id, place_id, reason_code, failed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""


async def mark_undelivered(unit: Unit, place_id: UUID, told: DisclosureUndelivered | CaseReadingUndelivered) -> None:
    """Keep the mark, also where no such disclosure is recorded yet: its transaction may commit after its time."""
    await unit.run(_MARK, (told.disclosure_id, place_id, str(told.reason_code), told.at))
