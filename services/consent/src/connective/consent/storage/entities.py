"""The register of legal entities and their processing agreements."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.legal_entities import EntityKind, LegalEntity
from connective.consent.storage.tables import legal_entity, processing_agreement
from connective.kit.actor import Actor
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


def _registered(place_id: UUID) -> ColumnElement[bool]:
    """The one predicate: everybody in the place who reads the register reads all of it."""
    return legal_entity.c.place_id == place_id


def _entity(row: Row[Any]) -> LegalEntity:
    return LegalEntity(
        id=row.id,
        name=row.name,
        kind=EntityKind(row.kind),
        ico_registration=row.ico_registration,
        ico_registered_until=row.ico_registered_until,
        training_valid_until=row.training_valid_until,
        dpo_contact=row.dpo_contact,
        processing_agreement_signed_at=row.processing_signed_at,
        processing_agreement_ends_on=row.processing_ends_on,
        version=row.version,
    )


def _columns(entity: LegalEntity) -> dict[str, Any]:
    return {
        "name": entity.name,
        "kind": entity.kind.value,
        "ico_registration": entity.ico_registration,
        "ico_registered_until": entity.ico_registered_until,
        "training_valid_until": entity.training_valid_until,
        "dpo_contact": entity.dpo_contact,
        "processing_signed_at": entity.processing_agreement_signed_at,
        "processing_ends_on": entity.processing_agreement_ends_on,
        "version": entity.version,
    }


async def add_entity(connection: AsyncConnection, actor: Actor, entity: LegalEntity, at: datetime) -> None:
    """Put a new entity on the register. Raises IntegrityError when its id or name is taken."""
    values = {"id": entity.id, "place_id": actor.place, "created_at": at, **_columns(entity)}
    await connection.execute(insert(legal_entity).values(values))


async def load_entity(connection: AsyncConnection, actor: Actor, entity_id: UUID, *, lock: bool = False) -> LegalEntity:
    """One entity of the actor's place. Raises NotFound."""
    wanted = select(legal_entity).where(legal_entity.c.id == entity_id, _registered(actor.place))
    row = (await connection.execute(wanted.with_for_update() if lock else wanted)).first()
    if row is None:
        raise NotFound
    return _entity(row)


async def load_entities(connection: AsyncConnection, place_id: UUID, ids: Iterable[UUID]) -> dict[UUID, LegalEntity]:
    """Those of these entities that are on the place's register."""
    wanted = select(legal_entity).where(legal_entity.c.id.in_(list(ids)), _registered(place_id))
    return {row.id: _entity(row) for row in await connection.execute(wanted)}


async def list_entities(connection: AsyncConnection, actor: Actor, after: UUID | None, limit: int) -> list[LegalEntity]:
    """The place's register, in the order of entry."""
    wanted = select(legal_entity).where(_registered(actor.place))
    if after is not None:
        wanted = wanted.where(legal_entity.c.id > after)
    return [_entity(row) for row in await connection.execute(wanted.order_by(legal_entity.c.id).limit(limit))]


async def save_entity(connection: AsyncConnection, entity: LegalEntity) -> None:
    """Store a changed entity, whose row the caller has locked."""
    await connection.execute(update(legal_entity).where(legal_entity.c.id == entity.id).values(_columns(entity)))


async def add_processing_agreement(
    connection: AsyncConnection,
    actor: Actor,
    entity_id: UUID,
    *,
    document_reference: str,
    confirms: frozenset[str],
    refrains_from: frozenset[str],
    ends_on: date | None,
    at: datetime,
) -> None:
    """Keep who signed the processing agreement, when, and what it settles."""
    values = {
        "id": new_id(),
        "place_id": actor.place,
        "legal_entity_id": entity_id,
        "document_reference": document_reference,
        "confirms": sorted(confirms),
        "refrains_from": sorted(refrains_from),
        "signed_by": actor.id,
        "signed_at": at,
        "ends_on": ends_on,
    }
    await connection.execute(insert(processing_agreement).values(values))
