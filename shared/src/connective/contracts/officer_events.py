"""What consent announces of officers' acts: contracts with the host, corrections that recipients confirm."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts.event import Event


class CorrectionAnnounced(Event):
    """Something an organisation was shown has been corrected: its officers read what, and confirm (Article 19)."""

    subject: ClassVar[str] = "hub.consent.correction.announced"
    about: ClassVar[str] = "correction_id"
    correction_id: UUID
    recipient_organisation_id: UUID
    at: datetime


class ProcessingAgreementSigned(Event):
    """A legal entity signed the host's contract: people of its organisations may have accounts."""

    subject: ClassVar[str] = "hub.consent.processing_agreement.signed"
    about: ClassVar[str] = "legal_entity_id"
    legal_entity_id: UUID
    ends_on: date | None


class OverrideReviewOverdue(Event):
    """Nobody reviewed a safeguarding override within its working days: the safeguarding lead is asked at once."""

    subject: ClassVar[str] = "hub.consent.override.review_overdue"
    about: ClassVar[str] = "override_id"
    override_id: UUID
    organisation_id: UUID
    review_by: datetime
    at: datetime
