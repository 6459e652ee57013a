"""What anybody may know of a place's sharing: the agreements in force, in plain English; no person is named."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement import State
from connective.consent.domain.agreement_terms import Terms
from connective.consent.domain.agreement_text import basis_in_words, in_words, listed, mentioned
from connective.consent.storage.agreements import terms_from
from connective.consent.storage.tables import agreement, agreement_version, legal_entity


@dataclass(frozen=True, slots=True)
class PublicFlow:
    """One line of what is shared, in words."""

    giver: str
    taker: str
    purpose: str
    what: str


@dataclass(frozen=True, slots=True)
class PublicBasis:
    """On what one party relies for one purpose, in words."""

    party: str
    purpose: str
    basis: str


@dataclass(frozen=True, slots=True)
class PublicAgreement:
    """An agreement in force, as anybody may read it."""

    id: UUID
    place_id: UUID
    reference: str
    version: int
    terms: Terms
    parties: tuple[str, ...]
    flows: tuple[PublicFlow, ...]
    bases: tuple[PublicBasis, ...]


async def places_of_register(connection: AsyncConnection) -> list[UUID]:
    """Every place whose register names a legal entity: usually the one that the Hub serves."""
    wanted = select(legal_entity.c.place_id).distinct().order_by(legal_entity.c.place_id)
    return list((await connection.execute(wanted)).scalars())


async def agreements_in_force(
    connection: AsyncConnection, today: date, *, place_id: UUID | None, after: UUID | None, limit: int
) -> list[PublicAgreement]:
    """Active, in-date agreements of every place, or of one, in the order of drafting."""
    v = agreement_version.c
    wanted = (
        select(v.agreement_id, v.place_id, v.number, v.terms, agreement.c.reference)
        .select_from(agreement_version.join(agreement, agreement.c.id == v.agreement_id))
        .where(v.state == State.ACTIVE.value, v.starts_on <= today, v.ends_on >= today)
    )
    if place_id is not None:
        wanted = wanted.where(v.place_id == place_id)
    if after is not None:
        wanted = wanted.where(v.agreement_id > after)
    rows = (await connection.execute(wanted.order_by(v.agreement_id).limit(limit))).all()
    read = [(row, terms_from(row.terms)) for row in rows]
    names = await _names(connection, {entity for _, terms in read for entity in mentioned(terms)})
    return [_public(row, terms, names) for row, terms in read]


async def _names(connection: AsyncConnection, entities: set[UUID]) -> dict[UUID, str]:
    wanted = select(legal_entity.c.id, legal_entity.c.name).where(legal_entity.c.id.in_(entities))
    return {row.id: row.name for row in await connection.execute(wanted)}


def _public(row: Any, terms: Terms, names: dict[UUID, str]) -> PublicAgreement:  # noqa: ANN401 - a driver row
    unknown = "an organisation"
    flows = tuple(
        PublicFlow(
            names.get(flow.from_entity_id, unknown),
            names.get(flow.to_entity_id, unknown),
            in_words(flow.purpose),
            listed(flow.categories),
        )
        for flow in terms.flows
    )
    parties = tuple(names.get(party.legal_entity_id, unknown) for party in terms.parties)
    bases = tuple(
        PublicBasis(names.get(basis.legal_entity_id, unknown), in_words(basis.purpose), basis_in_words(basis))
        for basis in terms.bases
    )
    return PublicAgreement(row.agreement_id, row.place_id, row.reference, row.number, terms, parties, flows, bases)
