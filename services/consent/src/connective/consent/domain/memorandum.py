"""Memoranda of understanding: what partners commit to do together. One permits no sharing (glossary).

draft → awaiting_signatures → in_force → ended. Each party's signatory signs the hash of the text; then each commitment
is tracked: who, what, by when, and how it stands. An agreement to share may name the memorandum it serves, but the two
are never one record.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from connective.consent.domain.agreement import Signature
from connective.consent.domain.findings import Finding
from connective.consent.domain.refusals import Incomplete, NotNow, NotYours, Unacceptable


class MemorandumState(StrEnum):
    """Where a memorandum stands."""

    DRAFT = "draft"
    AWAITING_SIGNATURES = "awaiting_signatures"
    IN_FORCE = "in_force"
    ENDED = "ended"


class CommitmentKind(StrEnum):
    """What a partner brings."""

    MONEY = "money"
    PEOPLE = "people"
    PREMISES = "premises"
    TIME = "time"


class Progress(StrEnum):
    """How a commitment stands, as the partner that made it says."""

    AT_RISK = "at_risk"
    DONE = "done"
    NOT_MET = "not_met"
    ON_TRACK = "on_track"


@dataclass(frozen=True, slots=True)
class Commitment:
    """What one partner will do, and by when."""

    legal_entity_id: UUID
    kind: CommitmentKind
    what: str
    due_on: date


@dataclass(frozen=True, slots=True)
class MemorandumTerms:
    """Everything a memorandum states."""

    title: str
    aims: str
    governance: str
    """Who meets, how often, and who settles what the partners cannot."""
    party_ids: tuple[UUID, ...]
    commitments: tuple[Commitment, ...]
    starts_on: date
    review_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Report:
    """How one commitment stood on a day; `commitment` counts from 1, in the order of the text."""

    commitment: int
    progress: Progress
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Memorandum:
    """One memorandum: its terms, where it stands, who has signed, and how its commitments go."""

    id: UUID
    reference: str
    lead_entity_id: UUID
    state: MemorandumState
    terms: MemorandumTerms
    text: str
    """Empty while it is a draft."""
    text_hash: str
    signatures: tuple[Signature, ...]
    reports: tuple[Report, ...]
    changed_at: datetime
    revision: int

    @property
    def signed_by(self) -> frozenset[UUID]:
        """The legal entities that have signed."""
        return frozenset(s.legal_entity_id for s in self.signatures)

    def latest(self, commitment: int) -> Report | None:
        """The last report on a commitment, if there was one."""
        return next((r for r in reversed(self.reports) if r.commitment == commitment), None)


def new_memorandum(
    memorandum_id: UUID, reference: str, lead_entity_id: UUID, terms: MemorandumTerms, *, at: datetime
) -> Memorandum:
    """The draft of a memorandum."""
    return Memorandum(
        memorandum_id,
        reference,
        lead_entity_id,
        MemorandumState.DRAFT,
        terms,
        "",
        "",
        (),
        (),
        changed_at=at,
        revision=1,
    )


def is_overdue(memorandum: Memorandum, commitment: int, today: date) -> bool:
    """Whether a commitment's day has passed without its being done; only while the memorandum is in force."""
    latest = memorandum.latest(commitment)
    settled = latest is not None and latest.progress in {Progress.DONE, Progress.NOT_MET}
    due = memorandum.terms.commitments[commitment - 1].due_on
    return memorandum.state is MemorandumState.IN_FORCE and not settled and due < today


def edit(memorandum: Memorandum, entity_id: UUID, terms: MemorandumTerms, at: datetime) -> Memorandum:
    """Replace a draft's terms."""
    _demand_lead(memorandum, entity_id)
    _demand(memorandum, MemorandumState.DRAFT)
    return replace(memorandum, terms=terms, changed_at=at, revision=memorandum.revision + 1)


def submit(
    memorandum: Memorandum, entity_id: UUID, *, text: str, text_hash: str, stops: tuple[Finding, ...], at: datetime
) -> Memorandum:
    """Freeze the text and ask for signatures. Raises Incomplete with the findings that stop it."""
    _demand_lead(memorandum, entity_id)
    _demand(memorandum, MemorandumState.DRAFT)
    if stops:
        raise Incomplete("The memorandum cannot be signed yet: see errors.", stops)
    frozen = replace(memorandum, text=text, text_hash=text_hash)
    return _changed(frozen, MemorandumState.AWAITING_SIGNATURES, at)


def sign(memorandum: Memorandum, signature: Signature) -> Memorandum:
    """Add one party's signature; the last one puts the memorandum in force."""
    _demand_party(memorandum, signature.legal_entity_id)
    _demand(memorandum, MemorandumState.AWAITING_SIGNATURES)
    if signature.text_hash != memorandum.text_hash:
        raise Unacceptable("other_text", "The hash is not that of this text: read it again before signing.")
    if signature.legal_entity_id in memorandum.signed_by:
        raise NotNow("already_signed", "Your legal entity has signed this memorandum already.")
    signed = replace(memorandum, signatures=(*memorandum.signatures, signature))
    whole = set(memorandum.terms.party_ids) <= signed.signed_by
    return _changed(signed, MemorandumState.IN_FORCE if whole else memorandum.state, signature.at)


def report(memorandum: Memorandum, entity_id: UUID, said: Report) -> Memorandum:
    """Say how a commitment stands: the partner that made it may, and the lead, who chases it."""
    _demand(memorandum, MemorandumState.IN_FORCE)
    if not 1 <= said.commitment <= len(memorandum.terms.commitments):
        raise Unacceptable("no_such_commitment", "The memorandum has no commitment of this number.", "/number")
    owner = memorandum.terms.commitments[said.commitment - 1].legal_entity_id
    if entity_id not in {owner, memorandum.lead_entity_id}:
        raise NotYours("not_your_commitment", "Only the partner that made the commitment, or the lead, reports on it.")
    return _changed(replace(memorandum, reports=(*memorandum.reports, said)), memorandum.state, said.at)


def end(memorandum: Memorandum, entity_id: UUID, at: datetime) -> Memorandum:
    """End it: its lead may give up one not yet in force; any party may end one that is."""
    if memorandum.state in {MemorandumState.DRAFT, MemorandumState.AWAITING_SIGNATURES}:
        _demand_lead(memorandum, entity_id)
    else:
        _demand_party(memorandum, entity_id)
        _demand(memorandum, MemorandumState.IN_FORCE)
    return _changed(memorandum, MemorandumState.ENDED, at)


def end_if_due(memorandum: Memorandum, today: date, at: datetime) -> Memorandum:
    """The memorandum, ended if its last day has passed; otherwise unchanged."""
    if memorandum.state is not MemorandumState.ENDED and memorandum.terms.ends_on < today:
        return _changed(memorandum, MemorandumState.ENDED, at)
    return memorandum


_VERBS: dict[MemorandumState, tuple[str, ...]] = {
    MemorandumState.DRAFT: ("edit", "submit", "end"),
    MemorandumState.AWAITING_SIGNATURES: ("sign", "end"),
    MemorandumState.IN_FORCE: ("report", "end"),
    MemorandumState.ENDED: (),
}


def allowed_actions(memorandum: Memorandum, entity_id: UUID) -> tuple[str, ...]:
    """What this legal entity could do to it now, given the right role."""
    leads, party = entity_id == memorandum.lead_entity_id, entity_id in memorandum.terms.party_ids
    owns = any(c.legal_entity_id == entity_id for c in memorandum.terms.commitments)
    in_force = memorandum.state is MemorandumState.IN_FORCE
    may = {
        "edit": leads,
        "submit": leads,
        "sign": party and entity_id not in memorandum.signed_by,
        "report": leads or owns,
        "end": party if in_force else leads,
    }
    return tuple(verb for verb in _VERBS[memorandum.state] if may[verb])


def _changed(memorandum: Memorandum, state: MemorandumState, at: datetime) -> Memorandum:
    return replace(memorandum, state=state, changed_at=at, revision=memorandum.revision + 1)


def _demand(memorandum: Memorandum, state: MemorandumState) -> None:
    if memorandum.state is not state:
        sentence = f"The memorandum is {memorandum.state.value}, so this cannot be done to it."
        raise NotNow("illegal_transition", sentence, _VERBS[memorandum.state])


def _demand_lead(memorandum: Memorandum, entity_id: UUID) -> None:
    if entity_id != memorandum.lead_entity_id:
        raise NotYours("not_the_lead", "Only the legal entity that leads the memorandum may do this.")


def _demand_party(memorandum: Memorandum, entity_id: UUID) -> None:
    if entity_id not in memorandum.terms.party_ids:
        raise NotYours("not_a_party", "Your legal entity is not a party to this memorandum.")
