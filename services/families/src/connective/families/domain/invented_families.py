"""Invented families of the shapes that real ones have, the same for the same seed.

One parent and two; a child of two homes; kinship care under a special guardianship order, and without any order;
twins; an address the family wants withheld; a child expected; somebody who must not be left messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid5

from nhs_number.validate import calculate_checksum

from connective.families.domain import invented_words as words
from connective.families.domain.addresses import Address, AddressKind
from connective.families.domain.contacts import ContactKind, ContactPoint, SafeContact
from connective.families.domain.dates import Period
from connective.families.domain.families import Membership, Residence
from connective.families.domain.names import make_name
from connective.families.domain.needs import PersonNeed, Source
from connective.families.domain.people import Person, Pregnancy, Sex
from connective.families.domain.relationships import Kind, Relationship, Responsibility

_YEAR = 365.25
_PARENT_AT = 18.0
"""The youngest that an invented adult was when a child of theirs was born."""
_BETWEEN_BIRTHS = timedelta(days=300)
_OLDEST_CHILD, _YOUNGEST_CHILD = 16.0, 0.1
_NAMESPACE = UUID("0190a5c0-5eed-7000-8000-000000000000")


@dataclass
class Invented:
    """One family being invented: everything that will be registered of it."""

    id: UUID
    name: str
    people: list[Person] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    relationships: list[Relationship] = field(default_factory=list)
    contacts: list[ContactPoint] = field(default_factory=list)
    needs: list[PersonNeed] = field(default_factory=list)
    pregnancies: list[Pregnancy] = field(default_factory=list)
    address: Address | None = None


def invent_families(count: int, seed: int, keeper: UUID, today: date) -> Iterator[list[Invented]]:
    """`count` families of one keeper, those that share people together. Shapes come round in turn.

    Two homes that no longer fit are left out, so that asking for more families later only ever adds.
    """
    made = number = 0
    while made < count:
        group = _SHAPES[number % len(_SHAPES)](_Inventor(seed, keeper, number, today))
        number += 1
        if made + len(group) <= count:
            made += len(group)
            yield group


class _Inventor:
    """Chances and ids of one family: both follow from the seed, the keeper and the family's number alone."""

    def __init__(self, seed: int, keeper: UUID, number: int, today: date) -> None:
        self._root = uuid5(_NAMESPACE, f"{seed}:{keeper}:{number}")
        self._made = 0
        self.chance = Random(str(self._root))  # noqa: S311 - invented people are no secret
        self.today = today
        self.number = number
        self.surname = self.chance.choice(words.FAMILY_NAMES)

    def id(self) -> UUID:
        """The next id of this family."""
        self._made += 1
        return uuid5(self._root, str(self._made))

    def family(self, name: str | None = None) -> Invented:
        """A family without anybody in it yet, at an address of its own."""
        family = Invented(self.id(), name or self.surname)
        town = self.chance.choice(tuple(words.POSTCODES))
        line = f"{self.chance.randint(1, 80)} {self.chance.choice(words.STREETS)}"
        family.address = Address(
            id=self.id(),
            family_id=family.id,
            kind=AddressKind.HOME,
            lines=(line,),
            town=town,
            postcode=self.chance.choice(words.POSTCODES[town]),
            period=Period(self.today - timedelta(days=self.chance.randint(30, 2000))),
            confirmed_on=self.today - timedelta(days=self.chance.randint(0, 120)),
        )
        return family

    def born(self, youngest: float, oldest: float) -> date:
        """A birth date between two ages in years."""
        return self.today - timedelta(days=int(self.chance.uniform(youngest, oldest) * _YEAR))

    def adult(
        self, family: Invented, sex: Sex, *, surname: str | None = None, ages: tuple[int, int] = (24, 45)
    ) -> Person:
        """An adult of the family, with a telephone number and what is safe."""
        given = self.chance.choice(words.WOMEN if sex is Sex.FEMALE else words.MEN)
        person = Person(
            self.id(), make_name(given, surname or self.surname), sex, self.born(*ages), gp_practice=self._surgery()
        )
        if self.chance.random() < 0.15:
            person = replace(
                person, language=self.chance.choice(words.LANGUAGES), interpreter=self.chance.random() < 0.5
            )
        rule = self.chance.choice(
            (SafeContact.ANY_WAY, SafeContact.ANY_WAY, SafeContact.TEXT_ONLY, SafeContact.NO_MESSAGES)
        )
        number = f"07700900{self.chance.randint(0, 999):03d}"
        period = Period(self.today - timedelta(days=60))
        family.contacts.append(ContactPoint(self.id(), person.id, ContactKind.PHONE, number, rule, None, period))
        if self.chance.random() < 0.6:
            self._need(family, person, words.ADULT_NEEDS)
        return self._join(family, person)

    def child(self, family: Invented, born_on: date | None = None, surname: str | None = None) -> Person:
        """A child of the family; a twin where the birth date is given."""
        sex = self.chance.choice((Sex.FEMALE, Sex.MALE))
        taken = {person.name.given for person in family.people}
        given = self.chance.choice([n for n in (words.GIRLS if sex is Sex.FEMALE else words.BOYS) if n not in taken])
        born_on = born_on or self.born_among(family)
        school = self.chance.choice(words.SCHOOLS) if born_on < self.today - timedelta(days=int(4.5 * _YEAR)) else None
        person = Person(
            self.id(),
            make_name(given, surname or self.surname),
            sex,
            born_on,
            nhs_number=self._nhs_number(),
            education_setting=school,
            gp_practice=self._surgery(),
        )
        if self.chance.random() < 0.4:
            self._need(family, person, words.CHILD_NEEDS)
        return self._join(family, person)

    def childhood(self, family: Invented) -> float:
        """The oldest, in years, that a child of this family's adults can plausibly be."""
        years = [(self.today - person.date_of_birth).days / _YEAR for person in family.people if person.date_of_birth]
        youngest = min((each for each in years if each > _PARENT_AT), default=_OLDEST_CHILD + _PARENT_AT)
        return max(_YOUNGEST_CHILD, min(_OLDEST_CHILD, youngest - _PARENT_AT))

    def born_among(self, family: Invented) -> date:
        """A birth date that leaves time between brothers and sisters; one chance alone is drawn for it."""
        oldest = self.childhood(family)
        drawn = self.born(_YOUNGEST_CHILD, oldest)
        others = [person.date_of_birth for person in family.people if person.date_of_birth]
        first, last = (self.today - timedelta(days=int(years * _YEAR)) for years in (oldest, _YOUNGEST_CHILD))
        apart = (drawn + sign * timedelta(days=10 * step) for step in range(600) for sign in (-1, 1))
        fitting = (
            day for day in apart if first <= day <= last and all(abs(day - one) >= _BETWEEN_BIRTHS for one in others)
        )
        return next(fitting, drawn)

    def children(self, family: Invented, least: int, most: int) -> list[Person]:
        """Some children."""
        return [self.child(family) for _ in range(self.chance.randint(least, most))]

    def relate(self, family: Invented, person: Person, of: Person, kind: Kind, held: Responsibility | None) -> None:
        """Record how two people are related."""
        family.relationships.append(Relationship(self.id(), person.id, of.id, kind, responsibility=held))

    def mother_of(self, family: Invented, mother: Person, children: list[Person]) -> None:
        """Record a mother of some children."""
        for child in children:
            self.relate(family, mother, child, Kind.PARENT, Responsibility.BIRTH_MOTHER)

    def father_of(self, family: Invented, father: Person, children: list[Person], held: Responsibility | None) -> None:
        """Record a father of some children, with or without responsibility."""
        for child in children:
            self.relate(family, father, child, Kind.PARENT, held)

    def _join(self, family: Invented, person: Person) -> Person:
        family.people.append(person)
        family.memberships.append(Membership(family.id, person.id))
        return person

    def _need(self, family: Invented, person: Person, codes: tuple[str, ...]) -> None:
        code, severity = self.chance.choice(codes), self.chance.randint(1, 4)
        period = Period(self.today - timedelta(days=self.chance.randint(0, 200)))
        source = self.chance.choice((Source.FAMILY, Source.WORKER))
        family.needs.append(PersonNeed(self.id(), person.id, code, severity, source, period))

    def _surgery(self) -> str:
        return self.chance.choice(words.SURGERIES)

    def _nhs_number(self) -> str:
        """A number of the range that is issued to nobody; one body in eleven has no check digit, and is drawn again."""
        while True:
            body = f"999{self.chance.randint(0, 999_999):06d}"
            check = calculate_checksum(body)
            if check is not None and check < 10:
                return f"{body}{check}"


def _two_parents(make: _Inventor) -> list[Invented]:
    family = make.family()
    mother, father = make.adult(family, Sex.FEMALE), make.adult(family, Sex.MALE)
    children = make.children(family, 1, 4)
    make.mother_of(family, mother, children)
    make.father_of(family, father, children, Responsibility.MARRIED_TO_MOTHER)
    make.relate(family, father, mother, Kind.PARTNER, None)
    return [family]


def _one_parent(make: _Inventor) -> list[Invented]:
    family = make.family()
    mother = make.adult(family, Sex.FEMALE)
    make.mother_of(family, mother, make.children(family, 1, 3))
    if make.chance.random() < 0.3:
        due_on = make.today + timedelta(days=make.chance.randint(20, 200))
        family.pregnancies.append(Pregnancy(make.id(), mother.id, due_on))
    return [family]


def _two_homes(make: _Inventor) -> list[Invented]:
    """The children sleep with their mother, and part of the week with their father."""
    first = make.family()
    mother = make.adult(first, Sex.FEMALE)
    children = make.children(first, 1, 3)
    make.mother_of(first, mother, children)
    fathers_name = make.chance.choice(words.FAMILY_NAMES)
    second = make.family(fathers_name)
    oldest = max((make.today - child.date_of_birth).days for child in children if child.date_of_birth) / _YEAR
    ages = (max(24, int(oldest + _PARENT_AT) + 1), 45)
    father = make.adult(second, Sex.MALE, surname=fathers_name, ages=ages)
    second.memberships += [Membership(second.id, child.id, Residence.PART_TIME) for child in children]
    make.father_of(second, father, children, Responsibility.BIRTH_REGISTRATION)
    make.relate(first, father, mother, Kind.FORMER_PARTNER, None)
    first.memberships.append(Membership(first.id, father.id, Residence.ELSEWHERE))
    return [second, first]


def _kinship(make: _Inventor) -> list[Invented]:
    """A grandmother or aunt brings the children up: under an order every other time, else doing what is reasonable."""
    family = make.family()
    carer = make.adult(family, Sex.FEMALE, ages=(45, 68))
    for child in make.children(family, 1, 2):
        ordered = make.number // len(_SHAPES) % 2 == 0
        make.relate(family, carer, child, Kind.KINSHIP_CARER, Responsibility.SPECIAL_GUARDIANSHIP if ordered else None)
    return [family]


def _twins(make: _Inventor) -> list[Invented]:
    (family,) = _one_parent(make)
    mother = family.people[0]
    born_on = make.born_among(family)
    make.mother_of(family, mother, [make.child(family, born_on), make.child(family, born_on)])
    return [family]


def _withheld(make: _Inventor) -> list[Invented]:
    (family,) = _one_parent(make)
    assert family.address is not None  # noqa: S101 - every invented family has one
    family.address = replace(family.address, withheld=True)
    family.contacts = [replace(c, rule=SafeContact.NO_MESSAGES) for c in family.contacts]
    return [family]


_SHAPES = (
    _two_parents,
    _two_homes,
    _one_parent,
    _kinship,
    _two_parents,
    _twins,
    _one_parent,
    _withheld,
    _two_parents,
)
