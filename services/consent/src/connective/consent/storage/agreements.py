"""Agreements and their versions: the text of record, who has reviewed and signed it, and the lines decisions read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, and_, delete, insert, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement import (
    IN_FORCE,
    AgreementVersion,
    Review,
    Signature,
    State,
    flow_is_signed,
)
from connective.consent.domain.agreement_terms import Terms
from connective.consent.domain.agreement_text import mentioned
from connective.consent.domain.canonical import plain
from connective.consent.domain.documents import Document, recovered
from connective.consent.storage.tables import agreement, agreement_act, agreement_flow, agreement_version
from connective.kit.actor import Actor
from connective.kit.ids import new_id
from connective.kit.problems import NotFound

_TERMS = TypeAdapter(Terms)
_DOCUMENT = TypeAdapter(Document)
_SHOWN_WITH_STATE = IN_FORCE | {State.EXPIRED, State.TERMINATED}
"""States whose lines stay readable, so that a decision can say why the agreement does not carry it."""


def terms_from(document: Any) -> Terms:  # noqa: ANN401 - the JSON of a jsonb column
    """Terms as they are stored. Raises pydantic.ValidationError for a document that is none."""
    return _TERMS.validate_python(document)


def visible(entity_id: UUID) -> ColumnElement[bool]:
    """The one predicate for seeing a version: its lead always; parties and auditors once it has left draft."""
    seen = and_(agreement_version.c.state != State.DRAFT.value, agreement_version.c.seen_by.contains([entity_id]))
    return or_(agreement.c.lead_entity_id == entity_id, seen)


_JOINED = agreement_version.join(agreement, agreement.c.id == agreement_version.c.agreement_id)
_COLUMNS = (agreement_version, agreement.c.reference, agreement.c.lead_entity_id)


async def _acts(connection: AsyncConnection, agreement_id: UUID, number: int) -> Sequence[Row[Any]]:
    wanted = select(agreement_act).where(
        agreement_act.c.agreement_id == agreement_id,
        agreement_act.c.number == number,
        agreement_act.c.act.in_(["reviewed", "signed"]),
    )
    return (await connection.execute(wanted.order_by(agreement_act.c.at, agreement_act.c.id))).all()


def _signature(act: Row[Any]) -> Signature:
    return Signature(act.legal_entity_id, act.actor_id, act.text_hash, act.at, act.signer_name, act.signer_position)


def _document(row: Row[Any]) -> Document | None:
    """The frozen words; those frozen before their sections were kept are read back from the text itself."""
    if row.document is not None:
        return _DOCUMENT.validate_python(row.document)
    return recovered(row.text, row.reference, row.number) if row.text else None


def _version(row: Row[Any], acts: Sequence[Row[Any]]) -> AgreementVersion:
    reviews = [a for a in acts if a.act == "reviewed"]
    signatures = [a for a in acts if a.act == "signed"]
    return AgreementVersion(
        agreement_id=row.agreement_id,
        reference=row.reference,
        number=row.number,
        lead_entity_id=row.lead_entity_id,
        state=State(row.state),
        terms=terms_from(row.terms),
        document=_document(row),
        text_hash=row.text_hash,
        reviews=tuple(Review(a.legal_entity_id, a.actor_id, a.approved, a.note, a.at) for a in reviews),
        signatures=tuple(_signature(a) for a in signatures),
        state_reason=row.state_reason,
        changed_at=row.changed_at,
        revision=row.revision,
    )


async def load_version(
    connection: AsyncConnection, entity_id: UUID, agreement_id: UUID, number: int, *, lock: bool = False
) -> AgreementVersion:
    """One version that this legal entity may see. Raises NotFound."""
    wanted = (
        select(*_COLUMNS)
        .select_from(_JOINED)
        .where(
            agreement_version.c.agreement_id == agreement_id, agreement_version.c.number == number, visible(entity_id)
        )
    )
    row = (await connection.execute(wanted.with_for_update(of=agreement_version) if lock else wanted)).first()
    if row is None:
        raise NotFound
    return _version(row, await _acts(connection, agreement_id, number))


async def load_any_version(connection: AsyncConnection, agreement_id: UUID, number: int) -> AgreementVersion:
    """One version, locked, for the clock, which sees all. Raises NotFound."""
    wanted = (
        select(*_COLUMNS)
        .select_from(_JOINED)
        .where(agreement_version.c.agreement_id == agreement_id, agreement_version.c.number == number)
    )
    row = (await connection.execute(wanted.with_for_update(of=agreement_version))).first()
    if row is None:
        raise NotFound
    return _version(row, await _acts(connection, agreement_id, number))


async def other_versions(
    connection: AsyncConnection, agreement_id: UUID, number: int, states: frozenset[State]
) -> list[AgreementVersion]:
    """The other versions of an agreement in these states, for a change that ends them."""
    wanted = (
        select(*_COLUMNS)
        .select_from(_JOINED)
        .where(
            agreement_version.c.agreement_id == agreement_id,
            agreement_version.c.number != number,
            agreement_version.c.state.in_([s.value for s in states]),
        )
    )
    rows = (await connection.execute(wanted.order_by(agreement_version.c.number))).all()
    return [_version(row, await _acts(connection, agreement_id, row.number)) for row in rows]


async def add_agreement(
    connection: AsyncConnection, actor: Actor, agreement_id: UUID, *, reference: str, lead_entity_id: UUID, at: datetime
) -> None:
    """A new agreement without versions. Raises IntegrityError when the reference is taken."""
    values = {
        "id": agreement_id,
        "place_id": actor.place,
        "reference": reference,
        "lead_entity_id": lead_entity_id,
        "created_at": at,
    }
    await connection.execute(insert(agreement).values(values))


def _words(version: AgreementVersion) -> dict[str, Any]:
    """The words, unless they are frozen and could not be read back into sections: then they stay as they are stored."""
    if version.document is None and version.text_hash:
        return {}
    return {"text": version.text, "document": plain(version.document) if version.document else null()}


def _columns(version: AgreementVersion) -> dict[str, Any]:
    terms = version.terms
    return {
        "state": version.state.value,
        "title": terms.title,
        "terms": plain(terms),
        **_words(version),
        "text_hash": version.text_hash,
        "state_reason": version.state_reason,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "review_on": terms.review_on,
        "seen_by": sorted(mentioned(terms)),
        "changed_at": version.changed_at,
        "revision": version.revision,
    }


async def add_version(connection: AsyncConnection, place_id: UUID, version: AgreementVersion) -> None:
    """A new version of an agreement."""
    key = {"agreement_id": version.agreement_id, "number": version.number, "place_id": place_id}
    await connection.execute(insert(agreement_version).values(key | _columns(version)))


async def save_version(connection: AsyncConnection, place_id: UUID, version: AgreementVersion) -> None:
    """Store a changed version, whose row the caller has locked, and bring the lines decisions read in step."""
    await connection.execute(
        update(agreement_version)
        .where(agreement_version.c.agreement_id == version.agreement_id, agreement_version.c.number == version.number)
        .values(_columns(version))
    )
    await connection.execute(
        delete(agreement_flow).where(
            agreement_flow.c.agreement_id == version.agreement_id, agreement_flow.c.version == version.number
        )
    )
    if version.state in _SHOWN_WITH_STATE and version.signatures:
        await connection.execute(insert(agreement_flow), _flow_rows(place_id, version))


def _flow_rows(place_id: UUID, version: AgreementVersion) -> list[dict[str, Any]]:
    terms = version.terms
    excluded = sorted({o for p in terms.parties for o in p.excluded_organisation_ids})
    assert terms.dpia is not None  # noqa: S101 - a version without one cannot leave draft
    return [
        {
            "agreement_id": version.agreement_id,
            "version": version.number,
            "line": line,
            "place_id": place_id,
            "from_entity_id": flow.from_entity_id,
            "to_entity_id": flow.to_entity_id,
            "purpose": flow.purpose.value,
            "reference": version.reference,
            "state": version.state.value,
            "signed": flow_is_signed(version, flow),
            "starts_on": terms.starts_on,
            "ends_on": terms.ends_on,
            "dpia_review_due_on": terms.dpia.review_due_on,
            "categories": sorted(c.value for c in flow.categories),
            "methods": sorted(m.value for m in flow.methods),
            "people_covered": terms.people_covered.value,
            "excluded_organisation_ids": excluded,
            "discloser_basis": plain(terms.basis(flow.from_entity_id, flow.purpose)),
            "recipient_basis": plain(terms.basis(flow.to_entity_id, flow.purpose)),
        }
        for line, flow in enumerate(terms.flows)
    ]


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person or the clock did to a version, kept for good."""

    name: str
    legal_entity_id: UUID | None
    actor_id: str
    at: datetime
    note: str = ""
    approved: bool | None = None
    text_hash: str | None = None
    signer_name: str = ""
    signer_position: str = ""


async def add_act(connection: AsyncConnection, place_id: UUID, version: AgreementVersion, act: Act) -> None:
    """Add to a version's history."""
    values = {
        "id": new_id(),
        "place_id": place_id,
        "agreement_id": version.agreement_id,
        "number": version.number,
        "act": act.name,
        "legal_entity_id": act.legal_entity_id,
        "actor_id": act.actor_id,
        "approved": act.approved,
        "text_hash": act.text_hash,
        "note": act.note,
        "signer_name": act.signer_name,
        "signer_position": act.signer_position,
        "at": act.at,
    }
    await connection.execute(insert(agreement_act).values(values))
