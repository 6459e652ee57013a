"""Agreements as they are answered."""

from datetime import date, datetime
from uuid import UUID

from connective.consent.api.deps import Answer
from connective.consent.api.terms import AgreementTerms, show_terms
from connective.consent.domain.agreement import State
from connective.consent.domain.findings import Weight
from connective.consent.queries.agreements import AgreementLine, VersionView
from connective.contracts.categories import Purpose


class VersionLineOut(Answer):
    """One version in an agreement's history."""

    number: int
    state: State
    title: str
    starts_on: date
    ends_on: date
    text_hash: str


class AgreementOut(Answer):
    """An agreement; `version_in_force` is null while none is. State, days, parties and purposes are that version's,
    or else the latest's.
    """

    id: UUID
    reference: str
    title: str
    lead_entity_id: UUID
    latest_version: int
    version_in_force: int | None
    state: State
    starts_on: date
    review_on: date
    ends_on: date
    party_ids: list[UUID]
    purposes: list[Purpose]
    versions: list[VersionLineOut]


class FindingOut(Answer):
    """What an officer would say: one that `stops` keeps it a draft, one that `warns` does not."""

    weight: Weight
    code: str
    pointer: str
    sentence: str


class ReviewOut(Answer):
    """What a party's data protection officer said."""

    legal_entity_id: UUID
    reviewer_id: str
    approved: bool
    note: str
    at: datetime


class SignatureOut(Answer):
    """A party's signature over the hash of the text."""

    legal_entity_id: UUID
    signatory_id: str
    name: str
    position: str
    text_hash: str
    at: datetime


class VersionOut(Answer):
    """One version of an agreement."""

    agreement_id: UUID
    reference: str
    number: int
    lead_entity_id: UUID
    state: State
    state_reason: str
    terms: AgreementTerms
    text: str
    text_hash: str
    findings: list[FindingOut]
    reviews: list[ReviewOut]
    signatures: list[SignatureOut]
    awaits_signature_of: list[UUID]
    allowed_actions: list[str]
    changed_at: datetime
    revision: int


def show_agreement(line: AgreementLine) -> AgreementOut:
    """The agreement as it is answered: its state is that of the version in force, or else of the latest."""
    in_force = line.in_force
    shown = in_force or line.latest
    return AgreementOut(
        id=line.id,
        reference=line.reference,
        title=shown.title,
        lead_entity_id=line.lead_entity_id,
        latest_version=line.latest.number,
        version_in_force=in_force.number if in_force else None,
        state=State(shown.state),
        starts_on=shown.starts_on,
        review_on=shown.review_on,
        ends_on=shown.ends_on,
        party_ids=list(shown.party_ids),
        purposes=[Purpose(each) for each in shown.purposes],
        versions=[VersionLineOut.model_validate(version) for version in line.versions],
    )


def show_view(view: VersionView) -> VersionOut:
    """The version as it is answered."""
    version = view.version
    unsigned = [p.legal_entity_id for p in version.terms.parties if p.legal_entity_id not in version.signed_by]
    return VersionOut(
        agreement_id=version.agreement_id,
        reference=version.reference,
        number=version.number,
        lead_entity_id=version.lead_entity_id,
        state=version.state,
        state_reason=version.state_reason,
        terms=show_terms(version.terms),
        text=version.text,
        text_hash=version.text_hash,
        findings=[FindingOut.model_validate(f) for f in view.findings],
        reviews=[ReviewOut.model_validate(r) for r in version.reviews],
        signatures=[SignatureOut.model_validate(s) for s in version.signatures],
        awaits_signature_of=unsigned if version.state is State.AWAITING_SIGNATURES else [],
        allowed_actions=list(view.allowed_actions),
        changed_at=version.changed_at,
        revision=version.revision,
    )
