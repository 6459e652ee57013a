"""What the place's registers say about those whom an agreement names, read at once."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement_terms import Terms
from connective.consent.domain.agreement_text import excluded_teams, mentioned
from connective.consent.domain.memorandum import MemorandumState
from connective.consent.domain.registers import MemorandumLine, Register
from connective.consent.storage.arrangements import arrangements_among
from connective.consent.storage.entities import load_entities
from connective.consent.storage.memoranda import load_memorandum
from connective.consent.storage.organisation_names import names_of
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
        organisations=await teams_named(connection, terms),
    )


async def teams_named(connection: AsyncConnection, *several: Terms) -> dict[UUID, str]:
    """The names of the organisations that any of these terms exclude; nothing is asked where none is."""
    excluded = frozenset[UUID]().union(*map(excluded_teams, several))
    return await names_of(connection, excluded) if excluded else {}


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
