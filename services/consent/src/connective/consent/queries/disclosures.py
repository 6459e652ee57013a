"""What officers read of decisions and disclosures: everything but who the people are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextClause, and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.ledger import pseudonym
from connective.consent.storage import audit_scope
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.tables import (
    agreement,
    agreement_version,
    decision,
    disclosure,
    person_key,
    undelivered,
)
from connective.contracts.sharing import Decision as Answer
from connective.contracts.sharing import DecisionsAnswered, RecordedDecision
from connective.kit.actor import Actor
from connective.kit.problems import NotFound

Record = dict[str, Any]
ERASED = "erased"
"""What stands for a person whose key was destroyed."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of disclosures may be narrowed to."""

    agreement_id: UUID | None = None
    organisation_id: UUID | None = None
    purpose: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    undelivered: bool | None = None
    """True: only those of which nothing reached the reader; False: only those that did, as far as is known."""


def _audited(entity_id: UUID) -> Select[tuple[UUID]]:
    """Agreements whose audit clause, or whose parties, name this entity."""
    v = agreement_version.c
    return select(v.agreement_id).where(v.state != "draft", v.seen_by.contains([entity_id]))


def _visible(place_id: UUID, entity_id: UUID) -> ColumnElement[bool]:
    """The one predicate of disclosures: made or received by the legal entity, or open to it by their agreement."""
    d = disclosure.c
    own = or_(d.discloser_entity_id == entity_id, d.recipient_entity_id == entity_id)
    return and_(d.place_id == place_id, or_(own, d.agreement_id.in_(_audited(entity_id))))


_SCOPE = audit_scope.DECISIONS.replace("$2::uuid", "CAST(:entity AS uuid)").replace("$2", ":entity")
_DECISION_VISIBLE = f"EXISTS (SELECT FROM decision AS d WHERE d.id = decision.id AND {_SCOPE.replace('$1', ':place')})"


def decision_visible(place_id: UUID, entity_id: UUID) -> TextClause:
    """The one predicate of decisions for officers, as the list under `/audit` has it: what is listed can be read."""
    return text(_DECISION_VISIBLE).bindparams(place=place_id, entity=entity_id)


async def pseudonyms(connection: AsyncConnection, people: list[UUID]) -> dict[UUID, str]:
    """How these people appear to officers."""
    rows: Any = await connection.execute(select(person_key).where(person_key.c.person_id.in_(people)))
    known = {row.person_id: pseudonym(row.person_id, row.key) for row in rows}
    return {person: known.get(person, ERASED) for person in people}


def _filtered(wanted: Select[Any], filters: Filters) -> Select[Any]:
    d = disclosure.c
    if filters.agreement_id is not None:
        wanted = wanted.where(d.agreement_id == filters.agreement_id)
    if filters.organisation_id is not None:
        either = (d.discloser_organisation_id, d.recipient_organisation_id)
        wanted = wanted.where(or_(*(column == filters.organisation_id for column in either)))
    if filters.purpose is not None:
        wanted = wanted.where(d.purpose == filters.purpose)
    if filters.since is not None:
        wanted = wanted.where(d.disclosed_at >= filters.since)
    if filters.until is not None:
        wanted = wanted.where(d.disclosed_at < filters.until)
    if filters.undelivered is not None:
        marked = undelivered.c.disclosure_id.is_not(None)
        wanted = wanted.where(marked if filters.undelivered else ~marked)
    return wanted


_COLUMNS = (
    disclosure,
    agreement.c.reference.label("agreement_reference"),
    decision.c.outcome,
    undelivered.c.failed_at.label("undelivered_at"),
    undelivered.c.reason_code.label("undelivered_reason"),
)
_JOINED = (
    disclosure.join(decision, decision.c.id == disclosure.c.decision_id)
    .outerjoin(agreement, agreement.c.id == disclosure.c.agreement_id)
    .outerjoin(undelivered, undelivered.c.disclosure_id == disclosure.c.id)
)


async def list_disclosures(
    connection: AsyncConnection, actor: Actor, filters: Filters, before: UUID | None, limit: int
) -> list[Record]:
    """Disclosures the actor's legal entity made, received or may audit, newest first."""
    entity_id = await entity_of(connection, actor)
    wanted = select(*_COLUMNS).select_from(_JOINED).where(_visible(actor.place, entity_id))
    if before is not None:
        wanted = wanted.where(disclosure.c.id < before)
    wanted = _filtered(wanted, filters).order_by(disclosure.c.id.desc()).limit(limit)
    return await _with_pseudonyms(connection, list((await connection.execute(wanted)).mappings().all()))


async def _with_pseudonyms(connection: AsyncConnection, rows: list[Any]) -> list[Record]:
    people = {person for row in rows for person in row["person_ids"]}
    names = await pseudonyms(connection, sorted(people))
    return [{**row, "people": [names[p] for p in row["person_ids"]]} for row in rows]


async def read_disclosure(connection: AsyncConnection, actor: Actor, disclosure_id: UUID) -> Record:
    """One disclosure. Raises NotFound."""
    entity_id = await entity_of(connection, actor)
    wanted = (
        select(*_COLUMNS).select_from(_JOINED).where(disclosure.c.id == disclosure_id, _visible(actor.place, entity_id))
    )
    row = (await connection.execute(wanted)).mappings().first()
    if row is None:
        raise NotFound
    return (await _with_pseudonyms(connection, [row]))[0]


async def read_decision(connection: AsyncConnection, actor: Actor, decision_id: UUID) -> Record:
    """One decision, for an officer of a legal entity that was part of it or may audit it. Raises NotFound."""
    entity_id = await entity_of(connection, actor)
    wanted = select(decision).where(decision.c.id == decision_id, decision_visible(actor.place, entity_id))
    row = (await connection.execute(wanted)).mappings().first()
    if row is None:
        raise NotFound
    names = await pseudonyms(connection, list(row["person_ids"]))
    answer = Answer.model_validate(row["answer"])
    return {
        **row,
        "answer": answer,
        "permitted": {names[s.person_id]: sorted(s.categories) for s in answer.subjects},
        "refusals": [(r, names.get(r.person_id) if r.person_id else None) for r in answer.refusals],
    }


async def read_batch(connection: AsyncConnection, actor: Actor, batch_id: UUID) -> DecisionsAnswered:
    """The decisions of one call, for the asker alone. Raises NotFound."""
    wanted = select(decision.c.id, decision.c.answer).where(
        decision.c.batch_id == batch_id, decision.c.asked_by == actor.id, decision.c.place_id == actor.place
    )
    rows = (await connection.execute(wanted.order_by(decision.c.nth))).all()
    if not rows:
        raise NotFound
    items = tuple(RecordedDecision(decision_id=row.id, decision=Answer.model_validate(row.answer)) for row in rows)
    return DecisionsAnswered(items=items)
