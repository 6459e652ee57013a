"""What goes in and out where administrators invite people."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from connective.contracts.permissions import Role
from connective.gateway.api.schemas import Email, Name
from connective.gateway.commands.invite import Invited
from connective.gateway.domain.invitations import Invitation, InvitationState


class InvitationIn(BaseModel):
    """A person who is to work in an organisation."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    name: Annotated[Name, Field(description="As the one who approves knows them; they may write it otherwise.")]
    organisation_id: UUID
    organisation_name: Annotated[Name | None, Field(description="Needed while nobody works there yet.")] = None
    roles: Annotated[set[Role], Field(min_length=1)]

    def to_domain(self) -> Invited:
        """The same as the command takes it."""
        roles = frozenset(self.roles)
        return Invited(self.email, self.name, self.organisation_id, self.organisation_name, roles)


class InvitationOut(BaseModel):
    """An invitation, and where it stands. Whether its address has an account already is not told."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    roles: list[str]
    email: str
    name: str
    invited_by: UUID
    invited_at: datetime
    approved_at: datetime | None
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None
    state: InvitationState
    proposal_id: Annotated[UUID, Field(description="What another administrator approves.")]
    version: int
    allowed_actions: list[str]

    @classmethod
    def of(cls, invitation: Invitation, now: datetime) -> "InvitationOut":
        """An invitation as it is shown."""
        return cls(
            id=invitation.id,
            organisation_id=invitation.organisation_id,
            organisation_name=invitation.organisation_name,
            roles=list(invitation.roles),
            email=invitation.email,
            name=invitation.name,
            invited_by=invitation.invited_by,
            invited_at=invitation.invited_at,
            approved_at=invitation.approved_at,
            expires_at=invitation.expires_at,
            accepted_at=invitation.accepted_at,
            withdrawn_at=invitation.withdrawn_at,
            state=invitation.state(now),
            proposal_id=invitation.id,
            version=invitation.version,
            allowed_actions=invitation.allowed_actions(now),
        )
