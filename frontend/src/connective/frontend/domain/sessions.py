"""Who has signed in in a browser, and how long that lasts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

LONGEST = timedelta(hours=12)
"""A working day, as the gateway's own sessions; after it somebody signs in again."""
KEPT_AFTER = timedelta(days=1)
"""How long an ended session is remembered, so that a page left open finds its owner's draft."""
_EARLY = timedelta(seconds=20)
"""Tokens are renewed this long before they end, so that none ends on its way."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who has signed in, and for which organisation."""

    id: UUID
    name: str
    place_id: UUID
    organisation_id: UUID | None
    organisation_name: str | None
    roles: frozenset[str]
    permissions: frozenset[str]
    organisations: int
    """In how many organisations they work: only then is there anything to change to."""

    def may(self, permission: str) -> bool:
        """Whether a role of theirs opens this; the API decides, pages only leave out what it would refuse."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the API is asked with. It never leaves the server."""

    access: str
    refresh: str
    until: datetime

    def stale(self, now: datetime) -> bool:
        """Whether they must be renewed before they are used."""
        return now >= self.until - _EARLY


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which somebody has signed in."""

    id: bytes
    """The digest of the secret in the browser's cookie."""
    person: Person
    tokens: Tokens
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None

    def live(self, now: datetime, idle: timedelta) -> bool:
        """Whether it still counts: not ended, not left alone for too long, not older than a working day."""
        return self.ended_at is None and now < self.seen_at + idle and now < self.begun_at + LONGEST

    def with_tokens(self, tokens: Tokens) -> "Session":
        """The same session, with renewed tokens."""
        return replace(self, tokens=tokens)


def to_document(session: Session) -> dict[str, Any]:
    """What is sealed of a session, as JSON."""
    person = session.person
    return {
        "person": {
            **asdict(person),
            "id": str(person.id),
            "place_id": str(person.place_id),
            "organisation_id": person.organisation_id and str(person.organisation_id),
            "roles": sorted(person.roles),
            "permissions": sorted(person.permissions),
        },
        "tokens": {**asdict(session.tokens), "until": session.tokens.until.isoformat()},
    }


def person_of(document: Mapping[str, Any]) -> Person:
    """A person from the JSON of a session. Raises KeyError, ValueError."""
    organisation = document["organisation_id"]
    return Person(
        id=UUID(document["id"]),
        name=document["name"],
        place_id=UUID(document["place_id"]),
        organisation_id=UUID(organisation) if organisation else None,
        organisation_name=document["organisation_name"],
        roles=frozenset(document["roles"]),
        permissions=frozenset(document["permissions"]),
        organisations=int(document["organisations"]),
    )


def tokens_of(document: Mapping[str, Any]) -> Tokens:
    """Tokens from the JSON of a session. Raises KeyError, ValueError."""
    return Tokens(document["access"], document["refresh"], datetime.fromisoformat(document["until"]))
