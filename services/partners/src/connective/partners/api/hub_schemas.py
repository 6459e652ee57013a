"""What is given of a hub's members and of its board."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from connective.partners.domain.codes import OrganisationKind, OrganisationState


class MemberOut(BaseModel):
    """An organisation that is a member of a hub, or was."""

    organisation_id: UUID
    name: str
    kind: OrganisationKind
    state: OrganisationState
    joined_at: datetime
    left_at: datetime | None
    """Null while it is a member."""


class SupplyOut(BaseModel):
    """What a hub's members offer of one kind of service."""

    kind: str
    services: int
    taking_requests: int
    with_room: int
    full: int
    not_known: int
    """Told nothing lately, or sensitive: those tell nobody."""
    gap: bool
    """Nobody of this kind is known to have room."""


class BoardOut(BaseModel):
    """A hub's board: counts of services, and members whose assurance lapsed. Nothing of any family is in it.

    What was looked for and not found is at `/hubs/{id}/unmet-needs`; how requests go is at `/requests/progress`.
    """

    hub_id: UUID
    members: int
    lapsed_organisation_ids: list[UUID]
    supplies: list[SupplyOut]
