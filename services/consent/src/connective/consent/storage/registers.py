"""What the place's registers say about those whom an agreement names, read at once."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement_terms import Terms
from connective.consent.domain.agreement_text import mentioned
from connective.consent.domain.memorandum import MemorandumState
from connective.consent.domain.registers import MemorandumLine, Register
from connective.consent.storage.arrangements import arrangements_among
from connective.consent.storage.entities import load_entities
from connective.consent.storage.memoranda import load_memorandum
from connective.kit.problems import NotFound


async def register_for(
    connection: AsyncConnection, place_id: UUID, lead_entity_id: UUID, terms: Terms, today: date
) -> Register:
    """The register as the checks of these terms need it; the memorandum as the lead may see it."""
    named = mentioned(terms)
    return Register(
        entities=await load_entities(connection, place_id, named),
        today=today,
        arrangements=await arrangements_among(connection, place_id, named),
        memorandum=await _memorandum(connection, place_id, lead_entity_id, terms.memorandum_id),
    )


async def _memorandum(
    connection: AsyncConnection, place_id: UUID, lead_entity_id: UUID, memorandum_id: UUID | None
) -> MemorandumLine | None:
    if memorandum_id is None:
        return None
    try:
        found = await load_memorandum(connection, place_id, lead_entity_id, memorandum_id)
    except NotFound:
        return None
    return MemorandumLine(found.reference, found.terms.title, found.state is MemorandumState.IN_FORCE)
