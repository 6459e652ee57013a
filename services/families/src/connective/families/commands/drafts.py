"""What a worker hands in, already made of the domain's values: ids given, names tidied, numbers checked."""

from dataclasses import dataclass, field
from uuid import UUID

from connective.families.domain.addresses import Address
from connective.families.domain.contacts import ContactPoint
from connective.families.domain.families import Membership
from connective.families.domain.needs import PersonNeed
from connective.families.domain.people import Person, Pregnancy
from connective.families.domain.relationships import Relationship


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody new to the record, with what was said of them."""

    person: Person
    membership: Membership
    sealed_upn: bytes | None = None
    contacts: tuple[ContactPoint, ...] = ()
    needs: tuple[PersonNeed, ...] = ()
    pregnancy: Pregnancy | None = None


@dataclass(frozen=True, slots=True)
class PeopleDraft:
    """People to record in one family: new ones, known ones who belong to it too, and how they are related."""

    family_id: UUID
    members: tuple[Member, ...] = ()
    joining: tuple[Membership, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    duplicates_seen: frozenset[UUID] = field(default_factory=frozenset)
    """The candidates the worker was shown and found to be other people."""


@dataclass(frozen=True, slots=True)
class FamilyDraft:
    """A family to register."""

    people: PeopleDraft
    address: Address | None = None
