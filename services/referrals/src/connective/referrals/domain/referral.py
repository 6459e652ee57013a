"""One worker's ask on behalf of a family; its requests follow each on their own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.referrals.domain.safeguarding import SafeguardingCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """What is common to the requests made together. Its status is derived from theirs, never stored."""

    id: UUID
    place_id: UUID
    family_id: UUID
    organisation_id: UUID
    discloser_organisation_id: UUID
    made_by: str
    made_at: datetime
    check: SafeguardingCheck
