"""What a recipient is given: fields of one person, each only when every category it reveals is permitted.

A pure function of the record, the permit's categories and the day. What a whereabouts restriction hides is left out
although the permit covers it, and named in `withheld`, so that the recipient knows to go through the worker.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from connective.contracts.categories import LOCATING_CATEGORIES, Category
from connective.contracts.fields import SHARED_FIELDS
from connective.contracts.needs import NeedsList
from connective.families.domain.addresses import Address, current_address, homes_of, may_leave
from connective.families.domain.contacts import ContactKind, ContactPoint, reach_of, rule_in_words
from connective.families.domain.families import Membership
from connective.families.domain.household import Household, household_on
from connective.families.domain.identifiers import outward_postcode
from connective.families.domain.needs import PersonNeed, shareable_needs
from connective.families.domain.people import Person
from connective.families.domain.relationships import Relationship, responsible_for
from connective.families.domain.strengths import PersonStrength, shareable_strengths


class Needed(StrEnum):
    """A part of the record that an answer may be made of, beside who is in a family and how old they are."""

    ADDRESSES = "addresses"
    CARERS = "carers"
    CONTACTS = "contacts"
    DETAILS = "details"
    LOSSES = "losses"
    """Who must not be written to after a pregnancy was lost; no field is made of it."""
    NEEDS = "needs"
    STRENGTHS = "strengths"


Value = str | int | bool | dict[str, int] | list[str]
_WHO = frozenset({Category.HOUSEHOLD, Category.IDENTITY})


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything about some people and their families that a field may be made of."""

    people: dict[UUID, Person]
    memberships: tuple[Membership, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    addresses: tuple[Address, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    needs: tuple[PersonNeed, ...] = ()
    strengths: tuple[PersonStrength, ...] = ()


@dataclass(frozen=True, slots=True)
class Permitted:
    """What a permit allows, person by person, and who of them must not be located by this reader."""

    subjects: dict[UUID, frozenset[Category]]
    hidden: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True)
class _Asked:
    picture: Picture
    permitted: Permitted
    person: Person
    day: date
    known: NeedsList

    @property
    def contacts(self) -> tuple[ContactPoint, ...]:
        """Ways to reach this person alone: another's number is another's to give."""
        return tuple(c for c in self.picture.contacts if c.person_id == self.person.id)

    @cached_property
    def homes(self) -> tuple[UUID, ...]:
        """Where the person lives on the day: two homes are common, and the first is the one that is shared."""
        return homes_of(self.person.id, self.picture.memberships, self.day)

    @cached_property
    def address(self) -> Address | None:
        """Where the person lives, unless it may not leave the record."""
        found = current_address(self.picture.addresses, self.homes, self.day)
        return found if found is not None and may_leave(found) else None

    @cached_property
    def household(self) -> Household | None:
        """Who lives in that home, counted; None for somebody without one."""
        homes = self.homes[:1]
        if not homes:
            return None
        members = [m for m in self.picture.memberships if m.family_id == homes[0]]
        return household_on(self.day, self.picture.people.values(), members)

    def may_name(self, person_id: UUID) -> bool:
        """Somebody is named beside the subject only where the permit covers them too: nobody shares another's data."""
        return self.permitted.subjects.get(person_id, frozenset()) >= _WHO


def needed_for(names: Iterable[str]) -> frozenset[Needed]:
    """The parts of the record that these fields are made of: what is not asked for need not leave the database."""
    return frozenset({Needed.DETAILS}) | {_NEEDED[name] for name in names if name in _NEEDED}


def fields_of(
    person_id: UUID, names: Iterable[str], picture: Picture, permitted: Permitted, *, day: date, known: NeedsList
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The asked fields of one person that may be given, and the names of those a restriction hides.

    A field outside the permit is as absent as one without a value; only a restriction is said.
    """
    asked = _Asked(picture, permitted, picture.people[person_id], day, known)
    categories = permitted.subjects[person_id]
    given: dict[str, Value] = {}
    withheld = []
    for name in names:
        reveals = SHARED_FIELDS[name]
        if not reveals <= categories:
            continue
        if person_id in permitted.hidden and reveals & LOCATING_CATEGORIES:
            withheld.append(name)
            continue
        value = _FIELDS[name](asked)
        if value is not None and value != []:
            given[name] = value
    return given, tuple(withheld)


def _address(asked: _Asked) -> str | None:
    return asked.address.in_one_line if asked.address else None


def _outward(asked: _Asked) -> str | None:
    address = asked.address
    return outward_postcode(address.postcode) if address and address.postcode else None


def _birth_date(asked: _Asked) -> str | None:
    born_on = asked.person.date_of_birth
    return born_on.isoformat() if born_on else None


def _reach(kind: ContactKind) -> Callable[[_Asked], str | None]:
    def value(asked: _Asked) -> str | None:
        found = reach_of(asked.contacts, kind, asked.day)
        return found.value if found else None

    return value


def _adults(asked: _Asked) -> int | None:
    return asked.household.adults if asked.household else None


def _children(asked: _Asked) -> dict[str, int] | None:
    return asked.household.children_by_age_band if asked.household else None


def _members(asked: _Asked) -> list[str] | None:
    if asked.household is None:
        return None
    return [asked.picture.people[i].name.full for i in asked.household.people if asked.may_name(i)]


def _responsible(asked: _Asked) -> list[str]:
    """Who may speak for the person and how; somebody the permit does not cover is counted without a name."""
    found = responsible_for(asked.person, asked.picture.people, asked.picture.relationships, asked.day)
    return [
        f"{asked.picture.people[i].name.full if asked.may_name(i) else 'Not named'}: {ground.replace('_', ' ')}"
        for i, ground in found
        if i != asked.person.id
    ]


_FIELDS: dict[str, Callable[[_Asked], Value | None]] = {
    "address.current": _address,
    "address.outward_postcode": _outward,
    "contact.email": _reach(ContactKind.EMAIL),
    "contact.phone": _reach(ContactKind.PHONE),
    "contact.safe_contact_rule": lambda asked: rule_in_words(asked.contacts, asked.day),
    "education.setting": lambda asked: asked.person.education_setting,
    "household.adults": _adults,
    "household.children_by_age_band": _children,
    "household.members": _members,
    "household.responsible_adults": _responsible,
    "needs.coded": lambda asked: shareable_needs(
        (n for n in asked.picture.needs if n.person_id == asked.person.id),
        asked.permitted.subjects[asked.person.id],
        asked.known,
        asked.day,
    ),
    "person.date_of_birth": _birth_date,
    "person.full_name": lambda asked: asked.person.name.full,
    "person.interpreter": lambda asked: asked.person.interpreter,
    "person.known_as": lambda asked: asked.person.name.known_as,
    "person.language": lambda asked: asked.person.language,
    "person.nhs_number": lambda asked: asked.person.nhs_number,
    "person.sex": lambda asked: asked.person.sex.value,
    "professionals.gp_practice": lambda asked: asked.person.gp_practice,
    "strengths.coded": lambda asked: shareable_strengths(
        (s for s in asked.picture.strengths if s.person_id == asked.person.id),
        asked.permitted.subjects[asked.person.id],
        asked.known,
        asked.day,
    ),
}
_NEEDED = {
    "address.current": Needed.ADDRESSES,
    "address.outward_postcode": Needed.ADDRESSES,
    "contact.email": Needed.CONTACTS,
    "contact.phone": Needed.CONTACTS,
    "contact.safe_contact_rule": Needed.CONTACTS,
    "household.responsible_adults": Needed.CARERS,
    "needs.coded": Needed.NEEDS,
    "strengths.coded": Needed.STRENGTHS,
}
"""The parts that a field is made of. Details are read for every answer: only they say who the person is."""
assert _FIELDS.keys() == SHARED_FIELDS.keys()  # noqa: S101 - a field of the contract without a maker is a fault here
