"""What goes in and out where one administrator proposes a change and another approves it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from connective.contracts.places import Safeguarding
from connective.gateway.api.schemas import Keys, KeySetAddress, MembershipIn, Name, Networks, Scopes
from connective.gateway.api.schemas_providers import ProviderProposalIn
from connective.gateway.domain.clients import Authentication
from connective.gateway.domain.proposals import Proposal, ProposalKind, ProposalState


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RolesProposalIn(_In):
    """What an account's holder is to be, and in which organisations; nothing else from then on.

    A partner names its own organisation alone; what somebody is elsewhere stays.
    """

    kind: Literal[ProposalKind.ACCOUNT_ROLES]
    account_id: UUID
    memberships: Annotated[list[MembershipIn], Field(max_length=20)]


class AccountProposalIn(_In):
    """A disabled account is to be opened again; or somebody's lost second factors are to be taken away."""

    kind: Literal[ProposalKind.ACCOUNT_OPENED, ProposalKind.ACCOUNT_FACTORS]
    account_id: UUID


class ClientProposalIn(_In):
    """What is to change of a system: only what is given."""

    kind: Literal[ProposalKind.CLIENT_CHANGE]
    client_id: UUID
    name: Name | None = None
    scopes: Scopes | None = None
    networks: Networks | None = None


class CredentialProposalIn(_In):
    """New keys, another address of keys, or a new secret, which is shown in the answer alone."""

    kind: Literal[ProposalKind.CLIENT_CREDENTIAL]
    client_id: UUID
    authentication: Annotated[
        Literal[Authentication.PRIVATE_KEY_JWT, Authentication.CLIENT_SECRET_BASIC],
        Field(description="As the system is registered."),
    ]
    keys: Keys = []
    jwks_uri: KeySetAddress = None
    overlap_hours: Annotated[
        int, Field(ge=0, le=168, description="How long the credentials of before count beside it, once approved.")
    ] = 24


class SafeguardingProposalIn(_In):
    """Whom to phone in one's place from now on: all of it, as the places file would have it."""

    kind: Literal[ProposalKind.PLACE_SAFEGUARDING]
    safeguarding: Safeguarding


ProposalIn = Annotated[
    RolesProposalIn
    | AccountProposalIn
    | ClientProposalIn
    | CredentialProposalIn
    | ProviderProposalIn
    | SafeguardingProposalIn,
    Field(discriminator="kind"),
]


class ProposalOut(BaseModel):
    """A proposed change, and where it stands."""

    id: UUID
    kind: ProposalKind
    organisation_id: UUID | None
    subject_id: UUID
    change: dict[str, Any]
    proposed_by: UUID
    proposed_at: datetime
    expires_at: datetime
    state: ProposalState
    decided_by: UUID | None
    decided_at: datetime | None
    version: int
    allowed_actions: list[str]

    @classmethod
    def of(cls, proposal: Proposal, account_id: UUID, now: datetime) -> "ProposalOut":
        """A proposal as somebody sees it who may decide it; of a new secret only that there is one."""
        change = {name: value for name, value in proposal.change.items() if name != "sealed_secret"}
        if proposal.change.get("sealed_secret"):
            change["new_secret"] = True
        if "credentials" in change:
            hidden = {"secret_hash", "id"}
            change["credentials"] = [
                {name: value for name, value in each.items() if name not in hidden and value is not None}
                for each in change["credentials"]
            ]
        return cls(
            id=proposal.id,
            kind=proposal.kind,
            organisation_id=proposal.organisation_id,
            subject_id=proposal.subject_id,
            change=change,
            proposed_by=proposal.proposed_by,
            proposed_at=proposal.proposed_at,
            expires_at=proposal.expires_at,
            state=proposal.state_at(now),
            decided_by=proposal.decided_by,
            decided_at=proposal.decided_at,
            version=proposal.version,
            allowed_actions=proposal.allowed_actions(account_id, now),
        )


class ProposalMadeOut(ProposalOut):
    """A new proposal. A new secret is shown here alone, and counts from the approval on; a replay answers null."""

    client_secret: str | None
