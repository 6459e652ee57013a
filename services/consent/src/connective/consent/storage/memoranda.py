"""Memoranda of understanding: their text of record, signatures, and how their commitments go."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement import Signature
from connective.consent.domain.canonical import plain
from connective.consent.domain.memorandum import Memorandum, MemorandumState, MemorandumTerms, Progress, Report
from connective.consent.domain.memorandum_text import mentioned_in
from connective.consent.storage.arrangement_tables import memorandum, memorandum_act
from connective.kit.actor import Actor
from connective.kit.ids import new_id
from connective.kit.problems import NotFound

_TERMS = TypeAdapter(MemorandumTerms)


def memorandum_terms_from(document: Any) -> MemorandumTerms:  # noqa: ANN401 - the JSON of a jsonb column
    """Terms as they are stored or sent. Raises pydantic.ValidationError for a document that is none."""
    return _TERMS.validate_python(document)


def _visible(place_id: UUID, entity_id: UUID) -> ColumnElement[bool]:
    """The one predicate: within the place its lead always; the parties once it has left draft."""
    shown = and_(memorandum.c.state != MemorandumState.DRAFT.value, memorandum.c.seen_by.contains([entity_id]))
    return and_(memorandum.c.place_id == place_id, or_(memorandum.c.lead_entity_id == entity_id, shown))


async def _with_acts(connection: AsyncConnection, rows: list[Row[Any]]) -> list[Memorandum]:
    wanted = select(memorandum_act).where(
        memorandum_act.c.memorandum_id.in_([row.id for row in rows]), memorandum_act.c.act.in_(["signed", "reported"])
    )
    acts = (await connection.execute(wanted.order_by(memorandum_act.c.at, memorandum_act.c.id))).all()
    return [_memorandum(row, [act for act in acts if act.memorandum_id == row.id]) for row in rows]


def _memorandum(row: Row[Any], acts: list[Row[Any]]) -> Memorandum:
    return Memorandum(
        id=row.id,
        reference=row.reference,
        lead_entity_id=row.lead_entity_id,
        state=MemorandumState(row.state),
        terms=memorandum_terms_from(row.terms),
        text=row.text,
        text_hash=row.text_hash,
        signatures=tuple(
            Signature(a.legal_entity_id, a.actor_id, a.text_hash, a.at, a.signer_name, a.signer_position)
            for a in acts
            if a.act == "signed"
        ),
        reports=tuple(
            Report(a.commitment, Progress(a.progress), a.note, a.actor_id, a.at) for a in acts if a.act == "reported"
        ),
        changed_at=row.changed_at,
        revision=row.revision,
    )


def _columns(one: Memorandum) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "terms": plain(one.terms),
        "text": one.text,
        "text_hash": one.text_hash,
        "seen_by": sorted(mentioned_in(one.terms)),
        "ends_on": one.terms.ends_on,
        "changed_at": one.changed_at,
        "revision": one.revision,
    }


async def add_memorandum(connection: AsyncConnection, actor: Actor, one: Memorandum) -> None:
    """A new memorandum. Raises IntegrityError when its reference is taken."""
    head = {
        "id": one.id,
        "place_id": actor.place,
        "reference": one.reference,
        "lead_entity_id": one.lead_entity_id,
        "created_at": one.changed_at,
    }
    await connection.execute(insert(memorandum).values(head | _columns(one)))


async def load_memorandum(
    connection: AsyncConnection, place_id: UUID, entity_id: UUID, memorandum_id: UUID, *, lock: bool = False
) -> Memorandum:
    """One memorandum that this legal entity may see. Raises NotFound."""
    wanted = select(memorandum).where(memorandum.c.id == memorandum_id, _visible(place_id, entity_id))
    row = (await connection.execute(wanted.with_for_update() if lock else wanted)).first()
    if row is None:
        raise NotFound
    return (await _with_acts(connection, [row]))[0]


async def list_memoranda(
    connection: AsyncConnection, actor: Actor, entity_id: UUID, after: UUID | None, limit: int
) -> list[Memorandum]:
    """The memoranda this legal entity may see, in the order of drafting."""
    wanted = select(memorandum).where(_visible(actor.place, entity_id))
    if after is not None:
        wanted = wanted.where(memorandum.c.id > after)
    rows = (await connection.execute(wanted.order_by(memorandum.c.id).limit(limit))).all()
    return await _with_acts(connection, list(rows))


@dataclass(frozen=True, slots=True)
class MemorandumAct:
    """Something done to a memorandum, kept for good."""

    name: str
    legal_entity_id: UUID | None
    actor_id: str
    at: datetime
    note: str = ""
    signature: Signature | None = None
    report: Report | None = None


async def save_memorandum(
    connection: AsyncConnection, place_id: UUID, one: Memorandum, act: MemorandumAct | None = None
) -> None:
    """Store a changed memorandum, whose row the caller has locked, and keep the act."""
    await connection.execute(update(memorandum).where(memorandum.c.id == one.id).values(_columns(one)))
    if act is None:
        return
    signature, report = act.signature, act.report
    values = {
        "id": new_id(),
        "place_id": place_id,
        "memorandum_id": one.id,
        "act": act.name,
        "legal_entity_id": act.legal_entity_id,
        "actor_id": act.actor_id,
        "signer_name": signature.name if signature else "",
        "signer_position": signature.position if signature else "",
        "text_hash": signature.text_hash if signature else None,
        "commitment": report.commitment if report else None,
        "progress": report.progress.value if report else None,
        "note": report.note if report else act.note,
        "at": act.at,
    }
    await connection.execute(insert(memorandum_act).values(values))


async def memoranda_past(connection: AsyncConnection, today: date) -> list[tuple[UUID, UUID]]:
    """Place and id of the memoranda whose last day has passed, over every place, for the clock."""
    wanted = select(memorandum.c.place_id, memorandum.c.id).where(
        memorandum.c.state != MemorandumState.ENDED.value, memorandum.c.ends_on < today
    )
    rows = (await connection.execute(wanted.order_by(memorandum.c.id))).all()
    return [(row.place_id, row.id) for row in rows]


async def load_any_memorandum(connection: AsyncConnection, memorandum_id: UUID) -> Memorandum:
    """One memorandum, locked, for the clock, which sees all. Raises NotFound."""
    wanted = select(memorandum).where(memorandum.c.id == memorandum_id)
    row = (await connection.execute(wanted.with_for_update())).first()
    if row is None:
        raise NotFound
    return (await _with_acts(connection, [row]))[0]
