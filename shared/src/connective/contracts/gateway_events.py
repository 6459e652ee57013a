"""What the gateway announces of accounts, sessions and credentials."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts.event import Event
from connective.contracts.permissions import Role


class AccountEvent(Event):
    """Base of facts about accounts."""

    about: ClassVar[str] = "account_id"
    account_id: UUID


class AccountCreated(AccountEvent):
    """A person may sign in."""

    subject: ClassVar[str] = "hub.gateway.account.created"


class MembershipsSet(AccountEvent):
    """For which organisations somebody works, as it is now."""

    subject: ClassVar[str] = "hub.gateway.account.memberships_set"
    organisation_ids: tuple[UUID, ...]


class AccountDisabled(AccountEvent):
    """A person may no longer sign in; their tokens are refused within seconds."""

    subject: ClassVar[str] = "hub.gateway.account.disabled"


class TokenRevoked(Event):
    """A session's tokens are refused from now on, before they expire."""

    subject: ClassVar[str] = "hub.gateway.token.revoked"
    about: ClassVar[str] = "session_id"
    session_id: UUID
    until: datetime
    """When the last token of the session expires by itself."""


class CredentialRevoked(Event):
    """An API client's credential may no longer be used."""

    subject: ClassVar[str] = "hub.gateway.credential.revoked"
    about: ClassVar[str] = "client_id"
    client_id: UUID


class SigninFailedRepeatedly(AccountEvent):
    """Somebody tried an account's password too often."""

    subject: ClassVar[str] = "hub.gateway.signin.failed_repeatedly"


class PlaceChanged(Event):
    """A place has changed its settings: those that services use, all of them public and none about a person."""

    subject: ClassVar[str] = "hub.gateway.place.changed"
    about: ClassVar[str] = "place_id"
    place_id: UUID
    changed: tuple[str, ...]
    """Which settings, by name."""
    front_door_name: str
    """What the front door is called: an office, not a person."""
    front_door_number: str
    out_of_hours_number: str
    adults_number: str
    listings_checked_within_days: int


class GatewayAudited(Event):
    """A change of accounts, roles, clients or keys: by whom, and whose."""

    subject: ClassVar[str] = "hub.gateway.audit.recorded"
    about: ClassVar[str] = "act_id"
    act_id: UUID
    act: str
    actor_id: str
    organisation_id: UUID | None
    at: datetime
    account_id: UUID | None = None
    client_id: UUID | None = None
    provider_id: UUID | None = None
    """The outside provider that it is about, or that brought it about."""
    roles: tuple[Role, ...] = ()
    """Held from now on, where the act gave any."""
    place_version: int | None = None
    """Which version of the place's settings came of it, where the act changed them."""
    changed: tuple[str, ...] = ()
    """Which settings of the place changed, by name; their values stand in the gateway's history."""
    text_version: int | None = None
    """Which version of a text was accepted, where the act accepted one."""
