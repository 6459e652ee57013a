"""What families announces of families, restrictions, and readings of its own."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts.event import Event


class _FamilyEvent(Event):
    about: ClassVar[str] = "family_id"
    family_id: UUID
    organisation_id: UUID


class FamilyRegistered(_FamilyEvent):
    """A family's record was opened by an organisation."""

    subject: ClassVar[str] = "hub.families.family.registered"
    person_ids: tuple[UUID, ...]


class FamilyChanged(_FamilyEvent):
    """Something of a family's record changed: who is in it, how they relate, where they are, what they need."""

    subject: ClassVar[str] = "hub.families.family.changed"
    changed: tuple[str, ...]
    """Codes of what changed: `people`, `relationships`, `address`, `contact`, `needs`, `strengths`, `case`, `team`."""


class RestrictionChanged(Event):
    """A restriction on a person began, was lifted, or names others."""

    subject: ClassVar[str] = "hub.families.restriction.changed"
    about: ClassVar[str] = "person_id"
    person_id: UUID
    kind: str
    active: bool
    named_organisation_ids: tuple[UUID, ...]
    named_actor_ids: tuple[str, ...] = ()
    """Accounts that may still see (whereabouts), or may not see at all (own record, conflict)."""


class FamiliesAudited(Event):
    """Somebody looked at or searched family records: who, what kind of act, which record; no content."""

    subject: ClassVar[str] = "hub.families.audit.recorded"
    about: ClassVar[str] = "act_id"
    act_id: UUID
    act: str
    actor_id: str
    organisation_id: UUID
    family_id: UUID | None
    person_ids: tuple[UUID, ...]
    purpose: str | None
    hits: int | None
    relation: str | None = None
    """What the reader was to the record: `keeper`, `team`, …; absent where the act is not about one record."""
    family_ids: tuple[UUID, ...] = ()
    """The families that a list showed, each by its name: whoever pages through a place is seen to."""
    at: datetime
