"""Joint-controller arrangements, and who confirmed each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.canonical import plain
from connective.consent.domain.joint_arrangements import ArrangementState, ArrangementTerms, JointArrangement
from connective.consent.storage.arrangement_tables import joint_arrangement, joint_arrangement_act
from connective.kit.actor import Actor
from connective.kit.ids import new_id
from connective.kit.problems import NotFound

_TERMS = TypeAdapter(ArrangementTerms)
_CONFIRMED = (
    select(func.coalesce(func.array_agg(joint_arrangement_act.c.legal_entity_id), []))
    .where(joint_arrangement_act.c.arrangement_id == joint_arrangement.c.id, joint_arrangement_act.c.act == "confirmed")
    .scalar_subquery()
    .label("confirmed_by")
)
_ENDED_BECAUSE = (
    select(joint_arrangement_act.c.note)
    .where(joint_arrangement_act.c.arrangement_id == joint_arrangement.c.id, joint_arrangement_act.c.act == "ended")
    .order_by(joint_arrangement_act.c.at.desc())
    .limit(1)
    .scalar_subquery()
    .label("ended_because")
)


def arrangement_terms_from(document: Any) -> ArrangementTerms:  # noqa: ANN401 - the JSON of a jsonb column
    """Terms as they are stored or sent. Raises pydantic.ValidationError for a document that is none."""
    return _TERMS.validate_python(document)


def _visible(actor: Actor, entity_id: UUID) -> ColumnElement[bool]:
    """The one predicate: the joint controllers see their own arrangement."""
    return (joint_arrangement.c.place_id == actor.place) & joint_arrangement.c.entity_ids.contains([entity_id])


def _arrangement(row: Row[Any]) -> JointArrangement:
    return JointArrangement(
        id=row.id,
        reference=row.reference,
        proposed_by_entity_id=row.proposed_by_entity_id,
        state=ArrangementState(row.state),
        terms=arrangement_terms_from(row.terms),
        confirmed_by=frozenset(row.confirmed_by),
        changed_at=row.changed_at,
        version=row.version,
        ended_because=row.ended_because or "",
    )


async def add_arrangement(connection: AsyncConnection, actor: Actor, arrangement: JointArrangement) -> None:
    """A new arrangement. Raises IntegrityError when its reference is taken."""
    values = {
        "id": arrangement.id,
        "place_id": actor.place,
        "reference": arrangement.reference,
        "proposed_by_entity_id": arrangement.proposed_by_entity_id,
        "state": arrangement.state.value,
        "terms": plain(arrangement.terms),
        "entity_ids": sorted(arrangement.terms.entity_ids),
        "created_at": arrangement.changed_at,
        "changed_at": arrangement.changed_at,
        "version": arrangement.version,
    }
    await connection.execute(insert(joint_arrangement).values(values))


async def load_arrangement(
    connection: AsyncConnection, actor: Actor, entity_id: UUID, arrangement_id: UUID, *, lock: bool = False
) -> JointArrangement:
    """One arrangement of the actor's legal entity. Raises NotFound."""
    wanted = select(joint_arrangement, _CONFIRMED, _ENDED_BECAUSE).where(
        joint_arrangement.c.id == arrangement_id, _visible(actor, entity_id)
    )
    row = (await connection.execute(wanted.with_for_update(of=joint_arrangement) if lock else wanted)).first()
    if row is None:
        raise NotFound
    return _arrangement(row)


async def list_arrangements(
    connection: AsyncConnection, actor: Actor, entity_id: UUID, after: UUID | None, limit: int
) -> list[JointArrangement]:
    """The arrangements of the actor's legal entity, in the order of proposal."""
    wanted = select(joint_arrangement, _CONFIRMED, _ENDED_BECAUSE).where(_visible(actor, entity_id))
    if after is not None:
        wanted = wanted.where(joint_arrangement.c.id > after)
    return [_arrangement(row) for row in await connection.execute(wanted.order_by(joint_arrangement.c.id).limit(limit))]


async def arrangements_among(
    connection: AsyncConnection, place_id: UUID, entities: frozenset[UUID]
) -> tuple[JointArrangement, ...]:
    """Arrangements that join any of these legal entities, for checking an agreement between them."""
    wanted = select(joint_arrangement, _CONFIRMED, _ENDED_BECAUSE).where(
        joint_arrangement.c.place_id == place_id, joint_arrangement.c.entity_ids.overlap(sorted(entities))
    )
    return tuple(_arrangement(row) for row in await connection.execute(wanted.order_by(joint_arrangement.c.id)))


async def save_arrangement(
    connection: AsyncConnection,
    actor: Actor,
    arrangement: JointArrangement,
    *,
    act: str,
    entity_id: UUID,
    note: str,
    at: datetime,
) -> None:
    """Store a changed arrangement, whose row the caller has locked, and keep the act."""
    changed = {"state": arrangement.state.value, "changed_at": at, "version": arrangement.version}
    await connection.execute(update(joint_arrangement).where(joint_arrangement.c.id == arrangement.id).values(changed))
    values = {
        "id": new_id(),
        "place_id": actor.place,
        "arrangement_id": arrangement.id,
        "act": act,
        "legal_entity_id": entity_id,
        "actor_id": actor.id,
        "note": note,
        "at": at,
    }
    await connection.execute(insert(joint_arrangement_act).values(values))
