"""Who asks: a person, an API client, or another service; and what they may open."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from connective.kit.problems import NotAllowed, Unauthenticated


class ActorKind(StrEnum):
    """What sort of asker."""

    ANONYMOUS = "anonymous"
    CLIENT = "client"
    PERSON = "person"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """The asker of one piece of work, as every repository method and row-level policy sees them."""

    kind: ActorKind
    id: str
    """`sub` of the identity: an account's or client's id, or `service:<name>`."""
    place_id: UUID | None = None
    organisation_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    session_id: str | None = None
    authenticated_at: int | None = None
    """When the person gave their second factor, in seconds since 1970; None for clients and services."""
    caller: str | None = None
    """The service that asks on the actor's behalf; None when the request came through the gateway."""
    caller_permissions: frozenset[str] = frozenset()
    token: str | None = field(default=None, repr=False, compare=False)
    """The signed identity, to pass on to another service."""

    @property
    def place(self) -> UUID:
        """The place the actor works in. Raises Unauthenticated for an actor without one."""
        if self.place_id is None:
            raise Unauthenticated("Sign in to a place first.")
        return self.place_id

    @property
    def organisation(self) -> UUID:
        """The organisation the actor acts for. Raises NotAllowed for an actor without one."""
        if self.organisation_id is None:
            raise NotAllowed("Choose the organisation you act for.")
        return self.organisation_id

    @property
    def account_id(self) -> UUID | None:
        """The person's account id; None for clients and services."""
        return UUID(self.id) if self.kind is ActorKind.PERSON else None

    def may(self, permission: str) -> bool:
        """Whether the actor's roles or scopes open this operation."""
        return permission in self.permissions


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS, id="anonymous")


def service_actor(name: str, place_id: UUID | None = None) -> Actor:
    """The actor of a service's own background work (clocks, consumers)."""
    return Actor(kind=ActorKind.SERVICE, id=f"service:{name}", place_id=place_id)
