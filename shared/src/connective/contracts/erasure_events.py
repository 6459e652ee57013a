"""The facts of an erasure: ordered by an officer, done or refused by families, and answered by each service.

Thin as all events are. An answer names the order and no id of anybody, so that what remains of an erasure, wherever it
is kept, says nothing of whom it was about.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts.event import Event


class ErasureOrdered(Event):
    """An officer ordered a family's record, or one person of it, erased in the version of the record that was seen."""

    subject: ClassVar[str] = "hub.consent.erasure.ordered"
    about: ClassVar[str] = "erasure_id"
    erasure_id: UUID
    family_id: UUID
    person_id: UUID | None = None
    """One person of the family alone; None for the whole record."""
    record_version: int
    at: datetime


class FamilyErased(Event):
    """A family's record was erased: who keeps anything of it forgets it. Who has another family is not among them."""

    subject: ClassVar[str] = "hub.families.family.erased"
    about: ClassVar[str] = "family_id"
    erasure_id: UUID
    """The order it was done under, which answers name: they need no id of anybody."""
    family_id: UUID
    person_ids: tuple[UUID, ...]
    at: datetime


class PersonErased(Event):
    """One person was erased, and every record merged into theirs; the rest of the family stays."""

    subject: ClassVar[str] = "hub.families.person.erased"
    about: ClassVar[str] = "person_id"
    erasure_id: UUID
    """The order it was done under, which answers name."""
    person_id: UUID
    """As the order named them."""
    family_ids: tuple[UUID, ...]
    """The families they were in, which stay."""
    person_ids: tuple[UUID, ...]
    """All ids that were the person's, the named one among them."""
    at: datetime


class ErasureDone(Event):
    """Base of each service's answer: what it kept of an erased record is gone."""

    about: ClassVar[str] = "erasure_id"
    erasure_id: UUID
    removed: int
    """How many rows were removed."""
    kept: int
    """How many stay, about nobody any more."""
    at: datetime


class FamiliesErased(ErasureDone):
    """Families has erased its part of a record."""

    subject: ClassVar[str] = "hub.families.erasure.done"


class FamiliesRefusedErasure(Event):
    """Families did not erase: the record is not as it was when the order was given."""

    subject: ClassVar[str] = "hub.families.erasure.refused"
    about: ClassVar[str] = "erasure_id"
    erasure_id: UUID
    reason_code: str
    at: datetime


class ReferralsErased(ErasureDone):
    """Referrals has erased its part of a record: referrals, requests, what was written in them, vouchers."""

    subject: ClassVar[str] = "hub.referrals.erasure.done"
