"""What consent announces of statements, agreements, disclosures, overrides and the ledger."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts.categories import Category, Purpose
from connective.contracts.event import Event


class ConsentEvent(Event):
    """Base of every fact about a consent record (permission under data-protection law, or agreement to engage)."""

    about: ClassVar[str] = "consent_id"
    consent_id: UUID
    kind: str
    """`agreement_to_engage` or `consent`."""
    person_ids: tuple[UUID, ...]
    recipient_organisation_ids: tuple[UUID, ...]
    """Empty means every recipient."""
    service_kinds: tuple[str, ...]
    """Empty means every kind of service."""
    purposes: tuple[Purpose, ...]
    categories: tuple[Category, ...]


class ConsentGiven(ConsentEvent):
    """A yes was recorded."""

    subject: ClassVar[str] = "hub.consent.consent.given"


class ConsentRefused(ConsentEvent):
    """A no was recorded."""

    subject: ClassVar[str] = "hub.consent.consent.refused"


class ConsentWithdrawn(ConsentEvent):
    """An earlier yes ended: requests that relied on it are held, and their views close."""

    subject: ClassVar[str] = "hub.consent.consent.withdrawn"


class ConsentExpired(ConsentEvent):
    """An earlier yes ran out."""

    subject: ClassVar[str] = "hub.consent.consent.expired"


class ObjectionRaised(Event):
    """A person objects to sharing: denied until an officer resolves it."""

    subject: ClassVar[str] = "hub.consent.objection.raised"
    about: ClassVar[str] = "objection_id"
    objection_id: UUID
    person_id: UUID
    recipient_organisation_ids: tuple[UUID, ...]


class ObjectionResolved(ObjectionRaised):
    """An officer resolved an objection."""

    subject: ClassVar[str] = "hub.consent.objection.resolved"
    upheld: bool


class ProcessingRestrictionChanged(Event):
    """Processing of a person's data is restricted, or no longer (UK GDPR Article 18): stored, and not used."""

    subject: ClassVar[str] = "hub.consent.processing_restriction.changed"
    about: ClassVar[str] = "person_id"
    person_id: UUID
    active: bool
    at: datetime


class AgreementEvent(Event):
    """Base of every fact about a data-sharing agreement."""

    about: ClassVar[str] = "agreement_id"
    agreement_id: UUID
    version: int
    legal_entity_ids: tuple[UUID, ...]
    ends_on: date | None


class AgreementActivated(AgreementEvent):
    """A version, signed by its parties, is in force."""

    subject: ClassVar[str] = "hub.consent.agreement.activated"


class AgreementSuperseded(AgreementEvent):
    """A later version took its place."""

    subject: ClassVar[str] = "hub.consent.agreement.superseded"


class AgreementSuspended(AgreementEvent):
    """Nothing moves under it until it is reinstated."""

    subject: ClassVar[str] = "hub.consent.agreement.suspended"


class AgreementReinstated(AgreementEvent):
    """The suspension ended."""

    subject: ClassVar[str] = "hub.consent.agreement.reinstated"


class AgreementExpired(AgreementEvent):
    """Its end date passed."""

    subject: ClassVar[str] = "hub.consent.agreement.expired"


class AgreementTerminated(AgreementEvent):
    """The parties ended it."""

    subject: ClassVar[str] = "hub.consent.agreement.terminated"


class AgreementReviewDue(AgreementEvent):
    """The day has come by which its parties agreed to review it; it stays in force."""

    subject: ClassVar[str] = "hub.consent.agreement.review_due"


class DisclosureRecorded(Event):
    """Data were shown or sent to another organisation, under a recorded decision."""

    subject: ClassVar[str] = "hub.consent.disclosure.recorded"
    about: ClassVar[str] = "disclosure_id"
    disclosure_id: UUID
    decision_id: UUID
    request_id: UUID | None
    discloser_organisation_id: UUID
    recipient_organisation_id: UUID
    categories: tuple[Category, ...]
    purpose: Purpose
    at: datetime


class OverrideUsed(Event):
    """A safeguarding override stood instead of the rules; the safeguarding lead reviews it within a working day."""

    subject: ClassVar[str] = "hub.consent.override.used"
    about: ClassVar[str] = "override_id"
    override_id: UUID
    decision_id: UUID
    organisation_id: UUID
    recipient_organisation_id: UUID
    review_by: datetime


class CheckpointSigned(Event):
    """The size and root of a place's ledger, signed: whoever keeps it can detect later changes."""

    subject: ClassVar[str] = "hub.consent.checkpoint.signed"
    about: ClassVar[str] = "checkpoint_id"
    checkpoint_id: UUID
    size: int
    root: str
    signature: str
    key_id: str
    at: datetime
