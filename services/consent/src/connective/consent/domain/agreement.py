"""The life of one version of a data-sharing agreement (§6).

draft → in_review → awaiting_signatures → active → (suspended ⇄ active) → expired | terminated | superseded.
The text is frozen once it leaves draft. Each party's data protection officer reviews it and its signatory signs the
hash of the text seen. A version becomes active by itself, when the founding parties have signed and its start day has
come; the version before it is then superseded.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from connective.consent.domain.agreement_terms import Flow, Terms
from connective.consent.domain.days import Standing, day_of, standing
from connective.consent.domain.documents import Document, as_text
from connective.consent.domain.findings import Finding
from connective.consent.domain.refusals import Incomplete, NotNow, NotYours, Unacceptable


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    AWAITING_SIGNATURES = "awaiting_signatures"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"


class Action(StrEnum):
    """What a person can do to a version."""

    EDIT = "edit"
    SUBMIT = "submit"
    REVIEW = "review"
    SIGN = "sign"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    TERMINATE = "terminate"


ALLOWED: dict[State, tuple[Action, ...]] = {
    State.DRAFT: (Action.EDIT, Action.SUBMIT, Action.TERMINATE),
    State.IN_REVIEW: (Action.REVIEW, Action.TERMINATE),
    State.AWAITING_SIGNATURES: (Action.SIGN, Action.TERMINATE),
    State.ACTIVE: (Action.SIGN, Action.SUSPEND, Action.TERMINATE),
    State.SUSPENDED: (Action.SIGN, Action.REINSTATE, Action.TERMINATE),
    State.EXPIRED: (),
    State.TERMINATED: (),
    State.SUPERSEDED: (),
}
IN_FORCE = frozenset({State.ACTIVE, State.SUSPENDED})
LAPSED = "The review of its impact assessment has been overdue for more than 28 days."
FINAL = frozenset({State.EXPIRED, State.TERMINATED, State.SUPERSEDED})
BEFORE_FORCE = frozenset({State.DRAFT, State.IN_REVIEW, State.AWAITING_SIGNATURES})


@dataclass(frozen=True, slots=True)
class Review:
    """What one party's data protection officer said of the text."""

    legal_entity_id: UUID
    reviewer_id: str
    approved: bool
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """One party's signature over the hash of the text its signatory saw."""

    legal_entity_id: UUID
    signatory_id: str
    text_hash: str
    at: datetime
    name: str = ""
    """The signatory as the printed agreement names them."""
    position: str = ""
    """In which position they sign, for example `Chief executive`."""


@dataclass(frozen=True, slots=True)
class AgreementVersion:
    """One version: its terms, where it stands, and who has reviewed and signed it."""

    agreement_id: UUID
    reference: str
    number: int
    lead_entity_id: UUID
    """Who drafts it: a party, or a broker that is none."""
    state: State
    terms: Terms
    document: Document | None
    """The frozen words; None while it is a draft."""
    text_hash: str
    reviews: tuple[Review, ...]
    signatures: tuple[Signature, ...]
    state_reason: str
    changed_at: datetime
    revision: int
    """Counts every change, for `ETag` and `If-Match`."""

    @property
    def text(self) -> str:
        """The frozen words as plain text; empty while it is a draft."""
        return as_text(self.document) if self.document else ""

    @property
    def signed_by(self) -> frozenset[UUID]:
        """The legal entities that have signed."""
        return frozenset(s.legal_entity_id for s in self.signatures)

    @property
    def approved_by(self) -> frozenset[UUID]:
        """The legal entities whose latest review approves."""
        latest = {r.legal_entity_id: r.approved for r in self.reviews}
        return frozenset(entity for entity, approved in latest.items() if approved)


def new_draft(
    agreement_id: UUID, reference: str, number: int, *, lead_entity_id: UUID, terms: Terms, at: datetime
) -> AgreementVersion:
    """The draft of a version nobody has reviewed yet."""
    return AgreementVersion(
        agreement_id=agreement_id,
        reference=reference,
        number=number,
        lead_entity_id=lead_entity_id,
        state=State.DRAFT,
        terms=terms,
        document=None,
        text_hash="",
        reviews=(),
        signatures=(),
        state_reason="",
        changed_at=at,
        revision=1,
    )


def _demand(version: AgreementVersion, action: Action) -> None:
    allowed = ALLOWED[version.state]
    if action not in allowed:
        sentence = f"Version {version.number} is {version.state.value}, so this cannot be done to it."
        raise NotNow("illegal_transition", sentence, tuple(a.value for a in allowed))


def _demand_lead(version: AgreementVersion, entity_id: UUID) -> None:
    if entity_id != version.lead_entity_id:
        raise NotYours("not_the_lead", "Only the legal entity that leads the agreement may do this.")


def _demand_party(version: AgreementVersion, entity_id: UUID) -> None:
    if version.terms.party(entity_id) is None:
        raise NotYours("not_a_party", "Your legal entity is not a party to this agreement.")


def _changed(version: AgreementVersion, at: datetime, state: State, reason: str = "") -> AgreementVersion:
    return replace(version, state=state, state_reason=reason, changed_at=at, revision=version.revision + 1)


def edit(version: AgreementVersion, entity_id: UUID, terms: Terms, at: datetime) -> AgreementVersion:
    """Replace a draft's terms. Raises NotNow once it has left draft, NotYours for anybody but the lead."""
    _demand_lead(version, entity_id)
    _demand(version, Action.EDIT)
    return replace(_changed(version, at, State.DRAFT), terms=terms)


def submit(
    version: AgreementVersion,
    entity_id: UUID,
    *,
    document: Document,
    text_hash: str,
    stops: tuple[Finding, ...],
    at: datetime,
) -> AgreementVersion:
    """Freeze the text and ask for review. Raises Incomplete with the findings that stop it."""
    _demand_lead(version, entity_id)
    _demand(version, Action.SUBMIT)
    if stops:
        raise Incomplete("The agreement cannot go to review yet: see errors.", stops)
    return replace(_changed(version, at, State.IN_REVIEW), document=document, text_hash=text_hash)


def review(version: AgreementVersion, said: Review) -> AgreementVersion:
    """Record an officer's review; when every founding party approves, signatures are awaited.

    A review that asks for changes leaves the version in review: its text is frozen, so the lead drafts the next one.
    """
    _demand_party(version, said.legal_entity_id)
    _demand(version, Action.REVIEW)
    reviewed = replace(_changed(version, said.at, State.IN_REVIEW), reviews=(*version.reviews, said))
    founders = {p.legal_entity_id for p in version.terms.parties if not p.joins_late}
    if founders <= reviewed.approved_by:
        return replace(reviewed, state=State.AWAITING_SIGNATURES)
    return reviewed


def sign(version: AgreementVersion, signature: Signature, today: date) -> AgreementVersion:
    """Add one party's signature; the last founding party's makes the version active if its start day has come.

    Raises Unacceptable when the hash is not that of the frozen text: something else was read.
    """
    _demand_party(version, signature.legal_entity_id)
    _demand(version, Action.SIGN)
    if signature.text_hash != version.text_hash:
        raise Unacceptable("other_text", "The hash is not that of this version's text: read it again before signing.")
    if signature.legal_entity_id in version.signed_by:
        raise NotNow("already_signed", "Your legal entity has signed this version already.")
    signed = replace(
        _changed(version, signature.at, version.state, version.state_reason),
        signatures=(*version.signatures, signature),
    )
    return activate_if_due(signed, today, signature.at)


def activate_if_due(version: AgreementVersion, today: date, at: datetime) -> AgreementVersion:
    """The version, active if it awaits nothing but its start day and that has come; otherwise unchanged."""
    founders = {p.legal_entity_id for p in version.terms.parties if not p.joins_late}
    due = version.state is State.AWAITING_SIGNATURES and founders <= version.signed_by
    if due and version.terms.starts_on <= today <= version.terms.ends_on:
        return _changed(version, at, State.ACTIVE)
    return version


def suspend(version: AgreementVersion, entity_id: UUID, reason: str, at: datetime) -> AgreementVersion:
    """Stop all sharing under it at once; any party may, with a reason."""
    _demand_party(version, entity_id)
    _demand(version, Action.SUSPEND)
    return _changed(version, at, State.SUSPENDED, reason)


def reinstate(version: AgreementVersion, entity_id: UUID, reason: str, at: datetime) -> AgreementVersion:
    """Let sharing go on after a suspension. Raises NotNow while its impact assessment has lapsed."""
    _demand_party(version, entity_id)
    _demand(version, Action.REINSTATE)
    if assessment_has_lapsed(version, day_of(at)):
        sentence = "Its impact assessment has lapsed: draft the next version on a renewed one."
        raise NotNow("assessment_lapsed", sentence, (Action.TERMINATE.value,))
    return _changed(version, at, State.ACTIVE, reason)


def terminate(version: AgreementVersion, entity_id: UUID, reason: str, at: datetime) -> AgreementVersion:
    """End it for good. The lead may give up a version not yet in force; any party may end one that is."""
    if version.state in BEFORE_FORCE:
        _demand_lead(version, entity_id)
    else:
        _demand_party(version, entity_id)
    _demand(version, Action.TERMINATE)
    return _changed(version, at, State.TERMINATED, reason)


def supersede(version: AgreementVersion, at: datetime) -> AgreementVersion:
    """A later version took its place. Raises NotNow for one that is final already."""
    if version.state in FINAL:
        raise NotNow("illegal_transition", "A version that has ended cannot be superseded.")
    return _changed(version, at, State.SUPERSEDED)


def is_review_due(version: AgreementVersion, today: date) -> bool:
    """Whether a version in force has reached the day its parties agreed to review it by."""
    return version.state in IN_FORCE and version.terms.review_on <= today


def mark_review_due(version: AgreementVersion, at: datetime) -> AgreementVersion:
    """The version after it was announced that its review is due: it stays in force, one revision later."""
    return _changed(version, at, version.state, version.state_reason)


def assessment_has_lapsed(version: AgreementVersion, today: date) -> bool:
    """Whether the impact assessment's review is overdue for longer than a lapse only warns (rule 2)."""
    dpia = version.terms.dpia
    return dpia is not None and standing(dpia.review_due_on, today) is Standing.OUT_OF_DATE


def suspend_if_lapsed(version: AgreementVersion, today: date, at: datetime) -> AgreementVersion:
    """The version, suspended if it is active on an assessment that has lapsed; otherwise unchanged."""
    if version.state is State.ACTIVE and assessment_has_lapsed(version, today):
        return _changed(version, at, State.SUSPENDED, LAPSED)
    return version


def expire_if_due(version: AgreementVersion, today: date, at: datetime) -> AgreementVersion:
    """The version, expired if its last day has passed; otherwise unchanged."""
    if version.state in IN_FORCE | {State.AWAITING_SIGNATURES} and version.terms.ends_on < today:
        return _changed(version, at, State.EXPIRED)
    return version


def flow_is_signed(version: AgreementVersion, flow: Flow) -> bool:
    """Have both ends of this flow signed? A late joiner holds up only the flows that touch it."""
    return {flow.from_entity_id, flow.to_entity_id} <= version.signed_by


def allowed_actions(version: AgreementVersion, entity_id: UUID) -> tuple[str, ...]:
    """What this legal entity could do to the version now, given the right role."""
    actions = set(ALLOWED[version.state])
    if entity_id != version.lead_entity_id:
        actions -= {Action.EDIT, Action.SUBMIT}
        actions -= {Action.TERMINATE} if version.state in BEFORE_FORCE else set()
    if version.terms.party(entity_id) is None:
        actions -= {Action.REVIEW, Action.SIGN, Action.SUSPEND, Action.REINSTATE}
        actions -= {Action.TERMINATE} if version.state not in BEFORE_FORCE else set()
    if entity_id in version.signed_by:
        actions -= {Action.SIGN}
    return tuple(sorted(actions))
