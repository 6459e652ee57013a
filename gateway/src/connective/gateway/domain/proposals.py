"""Changes that one administrator proposes and another approves: who may do what, keys, and whom to phone.

Nobody gives themselves or their friend a way in alone (trust rules: changes of roles and keys need four eyes). Taking a
way in *away* needs one administrator, at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

LIFE = timedelta(days=7)
"""Nobody approves what was thought right a month ago."""


class ProposalKind(StrEnum):
    """What is to change."""

    ACCOUNT_FACTORS = "account_factors"
    """Somebody's second factors are to be taken away, since they have lost them."""
    ACCOUNT_OPENED = "account_opened"
    """A disabled account is to be opened again, with the roles it had."""
    ACCOUNT_ROLES = "account_roles"
    CLIENT_CHANGE = "client_change"
    CLIENT_CREDENTIAL = "client_credential"
    INVITATION = "invitation"
    PLACE_SAFEGUARDING = "place_safeguarding"
    """Whom to phone where somebody may be harmed: a wrong number is not one administrator's slip."""
    PROVIDER = "provider"


class ProposalState(StrEnum):
    """Where a proposal stands."""

    APPROVED = "approved"
    EXPIRED = "expired"
    OPEN = "open"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class OwnProposal(Exception):
    """Who proposes a change may not be the one who approves it."""


class NotOpen(Exception):
    """The proposal was decided, or its time is over."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change, and who proposed it."""

    id: UUID
    place_id: UUID
    organisation_id: UUID | None
    """Whose system or member it is about; None for what is the whole place's to decide."""
    kind: ProposalKind
    subject_id: UUID
    subject_version: int
    """The version that the proposer saw: what changed since then must be proposed anew."""
    change: Mapping[str, Any]
    proposed_by: UUID
    proposed_at: datetime
    state: ProposalState
    decided_by: UUID | None
    decided_at: datetime | None
    version: int

    @property
    def expires_at(self) -> datetime:
        """Until when it may be approved."""
        return self.proposed_at + LIFE

    def state_at(self, now: datetime) -> ProposalState:
        """Where it stands, its time considered."""
        over = self.state is ProposalState.OPEN and now >= self.expires_at
        return ProposalState.EXPIRED if over else self.state

    def allowed_actions(self, account_id: UUID, now: datetime) -> list[str]:
        """What somebody who administers its subject may do with it."""
        if self.state_at(now) is not ProposalState.OPEN:
            return []
        return ["withdraw"] if account_id == self.proposed_by else ["approve", "reject"]

    def check(self, decision: ProposalState, account_id: UUID, now: datetime) -> None:
        """Raise NotOpen, or OwnProposal for a decision on one's own (and a withdrawal of another's)."""
        if self.state_at(now) is not ProposalState.OPEN:
            raise NotOpen
        own = account_id == self.proposed_by
        if own != (decision is ProposalState.WITHDRAWN):
            raise OwnProposal
