"""Legal entities: the controllers in law who are parties to agreements and sign processing agreements."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from connective.consent.domain.agreement_terms import ProhibitedUse


class EntityKind(StrEnum):
    """What a legal entity is in law, as far as its choice of lawful basis depends on it."""

    ACADEMY_TRUST = "academy_trust"
    CHARITY = "charity"
    COMPANY = "company"
    COUNCIL = "council"
    HOUSING_ASSOCIATION = "housing_association"
    MAINTAINED_SCHOOL = "maintained_school"
    NHS_BODY = "nhs_body"
    OTHER = "other"


PUBLIC_AUTHORITIES = frozenset(
    {EntityKind.ACADEMY_TRUST, EntityKind.COUNCIL, EntityKind.MAINTAINED_SCHOOL, EntityKind.NHS_BODY}
)
"""Public authorities (Data Protection Act 2018 s7): recognised and legitimate interests are closed to their tasks."""


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """A controller in law, as the register of the place keeps it."""

    id: UUID
    name: str
    kind: EntityKind
    ico_registration: str
    """Registration number at the Information Commissioner's Office, for example `ZA123456`."""
    ico_registered_until: date
    training_valid_until: date
    """When the data-protection training of its staff is next due."""
    dpo_contact: str
    processing_agreement_signed_at: datetime | None
    processing_agreement_ends_on: date | None
    """None while no end was agreed."""
    version: int

    @property
    def is_public_authority(self) -> bool:
        """May it rely on its public task, and must it not rely on legitimate interests for it?"""
        return self.kind in PUBLIC_AUTHORITIES


PROCESSING_AGREEMENT_PARTS = frozenset({"instructions", "sub_processors", "location", "breach", "audit", "return"})
"""What a processing agreement must settle (UK GDPR Article 28(3)); signing confirms each by name."""
PROHIBITED_TO_ALL = frozenset(ProhibitedUse)
"""What nobody who works in the Hub uses families' data for; research only under an agreement that has it as purpose."""
