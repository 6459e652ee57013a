"""Invitations: how a person of an organisation gets an account, or a role in one more organisation.

Nobody is given a password by somebody else: whoever reads the letter sets their own, and a second factor with it. And
nobody lets people in alone: an invitation is posted when a second administrator has approved it (ADR 0022).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from connective.contracts.permissions import Role

LIVES = timedelta(days=7)
"""From the letter on, and before it until somebody approves."""
MOST_LETTERS = 5
"""Letters that one invitation is worth: more would be a nuisance to whoever does not want it."""
KEPT = timedelta(days=90)
"""How long an invitation that came to nothing is kept, with the address it was for."""
PREFIX = "hubinvite_"
"""Says what it is, for scanners that look for leaked secrets."""
LONGEST_TOKEN = 100
OF_THE_PLACE = frozenset({Role.PLACE_ADMIN, Role.HUB_COORDINATOR, Role.AUDITOR})
"""Roles that reach beyond one organisation: only who looks after the place gives them."""


class InvitationState(StrEnum):
    """Where an invitation stands."""

    ACCEPTED = "accepted"
    EXPIRED = "expired"
    OPEN = "open"
    """Approved: a letter is on its way, or waits to be read."""
    PROPOSED = "proposed"
    """It waits for a second administrator."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody is asked to work here in these roles."""

    id: UUID
    place_id: UUID
    organisation_id: UUID
    organisation_name: str
    roles: tuple[str, ...]
    email: str
    name: str
    invited_by: UUID
    invited_at: datetime
    approved_at: datetime | None
    letters: int
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None
    version: int

    def state(self, now: datetime) -> InvitationState:
        """Where it stands, its time considered."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        if self.expires_at <= now:
            return InvitationState.EXPIRED
        return InvitationState.PROPOSED if self.approved_at is None else InvitationState.OPEN

    def allowed_actions(self, now: datetime) -> list[str]:
        """What an administrator may do with it: one whose letter ran out is posted again, and lives as long again."""
        state = self.state(now)
        again = self.approved_at is not None and self.letters < MOST_LETTERS
        if state is InvitationState.EXPIRED:
            return ["resend"] if again else []
        if state is InvitationState.OPEN:
            return ["resend", "withdraw"] if again else ["withdraw"]
        return ["withdraw"] if state is InvitationState.PROPOSED else []


def beyond_one_organisation(roles: frozenset[Role]) -> frozenset[Role]:
    """Which of these roles a partner's own administrator cannot give."""
    return roles & OF_THE_PLACE


def words(address: str, token: str) -> tuple[str, str]:
    """Subject and text of the letter. It names nobody, no organisation and no role: it may go to a wrong address."""
    text = (
        "You are invited to set up an account, or to use yours for one more organisation.\n\n"
        f"Open this address in your browser: {address}#{token}\n\n"
        f"If the page asks for a code, this is it: {token}\n\n"
        f"It works once, within {LIVES.days} days. You choose your own password; nobody will ask you for it. "
        "If you did not expect this, do nothing.\n"
    )
    return "Your invitation", text
