"""Memoranda on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from connective.consent.api.deps import Answer, Body
from connective.consent.api.words import Line, Text
from connective.consent.domain.canonical import plain
from connective.consent.domain.memorandum import (
    CommitmentKind,
    Memorandum,
    MemorandumState,
    Progress,
    allowed_actions,
    is_overdue,
)


class CommitmentBody(Body):
    """What one partner will do, and by when."""

    legal_entity_id: UUID
    kind: CommitmentKind
    what: Line
    due_on: date


class MemorandumBody(Body):
    """Everything a memorandum states. A draft may leave words empty; submitting it says what is missing."""

    title: Line
    aims: Text
    governance: Text
    party_ids: Annotated[list[UUID], Field(max_length=50)]
    commitments: Annotated[list[CommitmentBody], Field(max_length=200)]
    starts_on: date
    review_on: date
    ends_on: date


class CommitmentOut(Answer):
    """A commitment and how it stands; `progress` is null until somebody has reported."""

    number: int
    legal_entity_id: UUID
    kind: CommitmentKind
    what: str
    due_on: date
    progress: Progress | None
    note: str
    reported_at: datetime | None
    overdue: bool


class MemorandumSignature(Answer):
    """A party's signature."""

    legal_entity_id: UUID
    signatory_id: str
    name: str
    position: str
    text_hash: str
    at: datetime


class MemorandumOut(Answer):
    """A memorandum."""

    id: UUID
    reference: str
    lead_entity_id: UUID
    state: MemorandumState
    terms: MemorandumBody
    commitments: list[CommitmentOut]
    text: str
    text_hash: str
    signatures: list[MemorandumSignature]
    allowed_actions: list[str]
    changed_at: datetime
    revision: int


def _commitments(one: Memorandum, today: date) -> list[CommitmentOut]:
    shown = []
    for number, commitment in enumerate(one.terms.commitments, start=1):
        latest = one.latest(number)
        shown.append(
            CommitmentOut(
                number=number,
                legal_entity_id=commitment.legal_entity_id,
                kind=commitment.kind,
                what=commitment.what,
                due_on=commitment.due_on,
                progress=latest.progress if latest else None,
                note=latest.note if latest else "",
                reported_at=latest.at if latest else None,
                overdue=is_overdue(one, number, today),
            )
        )
    return shown


def show_memorandum(one: Memorandum, entity_id: UUID, today: date) -> MemorandumOut:
    """The memorandum as this legal entity is answered."""
    return MemorandumOut(
        id=one.id,
        reference=one.reference,
        lead_entity_id=one.lead_entity_id,
        state=one.state,
        terms=MemorandumBody.model_validate(plain(one.terms)),
        commitments=_commitments(one, today),
        text=one.text,
        text_hash=one.text_hash,
        signatures=[MemorandumSignature.model_validate(s) for s in one.signatures],
        allowed_actions=list(allowed_actions(one, entity_id)),
        changed_at=one.changed_at,
        revision=one.revision,
    )
