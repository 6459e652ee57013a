"""How two people are related, since when, and on what ground one may speak for the other.

Sources: Children Act 1989 s2 to s5, s8, s12, s14C; Family Law Reform Act 1969; practice of early help forms, which ask
who holds parental responsibility *and how*.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from connective.contracts.authority import Authority
from connective.families.domain.dates import ALWAYS, DECIDES_FOR_THEMSELVES_AT, Period
from connective.families.domain.people import Person
from connective.families.domain.refusals import BadRelationship


class Kind(StrEnum):
    """What the first person is to the second: `parent` reads "is a parent of"."""

    CARER = "carer"
    FORMER_PARTNER = "former_partner"
    FOSTER_CARER = "foster_carer"
    GRANDPARENT = "grandparent"
    KINSHIP_CARER = "kinship_carer"
    OTHER_RELATIVE = "other_relative"
    PARENT = "parent"
    PARTNER = "partner"
    SIBLING = "sibling"
    STEP_PARENT = "step_parent"


_CARING = frozenset({Kind.CARER, Kind.FOSTER_CARER, Kind.KINSHIP_CARER, Kind.STEP_PARENT})
_MUTUAL = frozenset({Kind.FORMER_PARTNER, Kind.PARTNER, Kind.SIBLING})


class Responsibility(StrEnum):
    """How parental responsibility, or what stands beside it, is held."""

    ADOPTION = "adoption"
    BIRTH_MOTHER = "birth_mother"
    BIRTH_REGISTRATION = "birth_registration"
    CHILD_ARRANGEMENTS_ORDER = "child_arrangements_order"
    COURT_ORDER = "court_order"
    DELEGATED = "delegated"
    MARRIED_TO_MOTHER = "married_to_mother"
    RESPONSIBILITY_AGREEMENT = "responsibility_agreement"
    SPECIAL_GUARDIANSHIP = "special_guardianship"
    TESTAMENTARY_GUARDIAN = "testamentary_guardian"


AUTHORITY_OF = {
    Responsibility.ADOPTION: Authority.PARENTAL_RESPONSIBILITY,
    Responsibility.BIRTH_MOTHER: Authority.PARENTAL_RESPONSIBILITY,
    Responsibility.BIRTH_REGISTRATION: Authority.PARENTAL_RESPONSIBILITY,
    Responsibility.CHILD_ARRANGEMENTS_ORDER: Authority.CHILD_ARRANGEMENTS_ORDER,
    Responsibility.COURT_ORDER: Authority.PARENTAL_RESPONSIBILITY,
    Responsibility.DELEGATED: Authority.DELEGATED,
    Responsibility.MARRIED_TO_MOTHER: Authority.PARENTAL_RESPONSIBILITY,
    Responsibility.RESPONSIBILITY_AGREEMENT: Authority.PARENTAL_RESPONSIBILITY,
    Responsibility.SPECIAL_GUARDIANSHIP: Authority.SPECIAL_GUARDIANSHIP,
    Responsibility.TESTAMENTARY_GUARDIAN: Authority.PARENTAL_RESPONSIBILITY,
}
"""The ground of contracts that each way of holding gives."""

_PARENTS_ONLY = frozenset({Responsibility.BIRTH_MOTHER, Responsibility.BIRTH_REGISTRATION})


@dataclass(frozen=True, slots=True)
class CourtLimit:
    """A court order that limits responsibility or contact: while it holds, the Hub takes no yes from this person."""

    kind: str
    period: Period
    copy_seen: bool


@dataclass(frozen=True, slots=True)
class Relationship:
    """`person_id` is a <kind> of `of_person_id`, for a time, perhaps with responsibility for them."""

    id: UUID
    person_id: UUID
    of_person_id: UUID
    kind: Kind
    period: Period = ALWAYS
    responsibility: Responsibility | None = None
    limit: CourtLimit | None = None

    def limited_on(self, day: date) -> bool:
        """Whether a court order stands against this person's say on that day."""
        return self.limit is not None and self.limit.period.holds_on(day)


def check_relationship(new: Relationship, known: tuple[Relationship, ...]) -> Relationship:
    """The relationship, unless it cannot be: to oneself, recorded already, or with a responsibility it cannot carry."""
    if new.person_id == new.of_person_id:
        raise BadRelationship("A person cannot be related to themself.", "of_person_id")
    if new.responsibility and new.kind in _MUTUAL | {Kind.FOSTER_CARER}:
        raise BadRelationship(f"A {new.kind} does not hold responsibility by being one.", "responsibility")
    if new.responsibility in _PARENTS_ONLY and new.kind is not Kind.PARENT:
        raise BadRelationship("Only a parent holds responsibility in this way.", "responsibility")
    if any(_same(new, old) for old in known):
        raise BadRelationship("This relationship is recorded already.", "kind")
    return new


def _same(new: Relationship, old: Relationship) -> bool:
    """Whether the older record says the same of the same two people, either way round where that means nothing."""
    if old.kind is not new.kind or old.period.until is not None:
        return False
    ends = (old.person_id, old.of_person_id)
    return ends == (new.person_id, new.of_person_id) or (
        new.kind in _MUTUAL and ends == (new.of_person_id, new.person_id)
    )


def ground(relationship: Relationship, carer: Person, child: Person, day: date) -> Authority | None:
    """On what ground the first person may speak for the second on a day; None where on none.

    Only for somebody under 18, only while both live and the relationship holds, and never past a court's limit. A
    carer without responsibility may do what is reasonable (Children Act 1989 s3(5)), if of full age.
    """
    holds = relationship.period.holds_on(day) and not relationship.limited_on(day) and carer.living and child.living
    if not holds or child.is_adult_on(day):
        return None
    if relationship.responsibility is not None:
        return AUTHORITY_OF[relationship.responsibility]
    if relationship.kind in _CARING and carer.is_adult_on(day):
        return Authority.CARER_REASONABLE
    return None


def decides_alone(person: Person, day: date) -> bool:
    """Whether presumed able to decide for themself: 16 or over, or an adult of unknown age, and living."""
    age = person.age_on(day)
    return person.living and (person.is_adult_on(day) or (age is not None and age >= DECIDES_FOR_THEMSELVES_AT))


def responsible_for(
    subject: Person, people: dict[UUID, Person], relationships: tuple[Relationship, ...], day: date
) -> tuple[tuple[UUID, Authority], ...]:
    """Everyone who may speak for the subject on a day, and on what ground; the subject first where they may."""
    found = [(subject.id, Authority.OWN)] if decides_alone(subject, day) else []
    for relationship in relationships:
        carer = people.get(relationship.person_id)
        if relationship.of_person_id == subject.id and carer is not None:
            authority = ground(relationship, carer, subject, day)
            if authority is not None:
                found.append((carer.id, authority))
    return tuple(found)
