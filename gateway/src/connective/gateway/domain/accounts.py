"""Who may sign in, and for whom they may act."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in one organisation."""

    organisation_id: UUID
    organisation_name: str
    """How the organisation is shown when a person chooses for whom they act; partners holds the record itself."""
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in."""

    id: UUID
    place_id: UUID
    email: str
    """What they sign in with, lower-case; it identifies nobody beyond this deployment."""
    name: str
    memberships: tuple[Membership, ...]
    disabled_at: datetime | None
    version: int

    def membership(self, organisation_id: UUID) -> Membership | None:
        """What they are in an organisation; None when they are nothing there."""
        return next((m for m in self.memberships if m.organisation_id == organisation_id), None)


def sign_in_name(text: str) -> str:
    """An e-mail address as it is compared: people do not mind case or stray spaces."""
    return text.strip().lower()
