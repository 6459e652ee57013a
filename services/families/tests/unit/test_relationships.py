from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from connective.contracts.authority import Authority
from connective.families.domain.dates import Period
from connective.families.domain.names import Name
from connective.families.domain.people import Person
from connective.families.domain.refusals import BadRelationship
from connective.families.domain.relationships import (
    CourtLimit,
    Kind,
    Relationship,
    Responsibility,
    check_relationship,
    responsible_for,
)

TODAY = date(2026, 3, 1)
MOTHER = Person(UUID(int=1), Name("Asha", "Hart"), date_of_birth=date(1995, 5, 5))
FATHER = Person(UUID(int=2), Name("Ben", "Reed"), date_of_birth=date(1994, 5, 5))
AUNT = Person(UUID(int=3), Name("Cora", "Hart"), date_of_birth=date(1990, 5, 5))
CHILD = Person(UUID(int=4), Name("Dilys", "Hart"), date_of_birth=date(2022, 5, 5))
TEENAGER = Person(UUID(int=5), Name("Ewan", "Hart"), date_of_birth=date(2009, 5, 5))
PEOPLE = {p.id: p for p in (MOTHER, FATHER, AUNT, CHILD, TEENAGER)}
MOTHERS = Relationship(UUID(int=10), MOTHER.id, CHILD.id, Kind.PARENT, responsibility=Responsibility.BIRTH_MOTHER)
FATHERS = Relationship(UUID(int=11), FATHER.id, CHILD.id, Kind.PARENT, responsibility=Responsibility.BIRTH_REGISTRATION)
AUNTS = Relationship(UUID(int=12), AUNT.id, CHILD.id, Kind.KINSHIP_CARER)


def test_each_holder_speaks_on_their_own_ground() -> None:
    assert responsible_for(CHILD, PEOPLE, (MOTHERS, FATHERS, AUNTS), TODAY) == (
        (MOTHER.id, Authority.PARENTAL_RESPONSIBILITY),
        (FATHER.id, Authority.PARENTAL_RESPONSIBILITY),
        (AUNT.id, Authority.CARER_REASONABLE),
    )


def test_a_special_guardian_holds_more_than_a_carer_does() -> None:
    guardian = replace(AUNTS, responsibility=Responsibility.SPECIAL_GUARDIANSHIP)
    assert responsible_for(CHILD, PEOPLE, (guardian,), TODAY) == ((AUNT.id, Authority.SPECIAL_GUARDIANSHIP),)


def test_a_father_without_responsibility_does_not_speak() -> None:
    assert responsible_for(CHILD, PEOPLE, (replace(FATHERS, responsibility=None),), TODAY) == ()


def test_nobody_speaks_past_a_courts_limit_while_it_holds() -> None:
    limited = replace(FATHERS, limit=CourtLimit("no_contact", Period(date(2026, 1, 1), date(2026, 12, 31)), True))
    assert responsible_for(CHILD, PEOPLE, (limited,), TODAY) == ()
    assert responsible_for(CHILD, PEOPLE, (limited,), date(2027, 1, 1)) != ()


def test_a_relationship_that_ended_gives_no_ground() -> None:
    assert responsible_for(CHILD, PEOPLE, (replace(AUNTS, period=Period(None, date(2026, 2, 1))),), TODAY) == ()


def test_sixteen_decides_for_themself_beside_the_parent_and_eighteen_alone() -> None:
    mothers = replace(MOTHERS, of_person_id=TEENAGER.id)
    own = (TEENAGER.id, Authority.OWN)
    assert responsible_for(TEENAGER, PEOPLE, (mothers,), TODAY) == (
        own,
        (MOTHER.id, Authority.PARENTAL_RESPONSIBILITY),
    )
    assert responsible_for(TEENAGER, PEOPLE, (mothers,), date(2027, 5, 5)) == (own,)


def test_nobody_speaks_for_the_dead() -> None:
    gone = replace(CHILD, died_on=TODAY)
    assert responsible_for(gone, PEOPLE, (MOTHERS,), TODAY) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        replace(MOTHERS, of_person_id=MOTHER.id),
        replace(MOTHERS, id=UUID(int=99)),
        replace(AUNTS, responsibility=Responsibility.BIRTH_MOTHER),
        Relationship(UUID(int=98), FATHER.id, MOTHER.id, Kind.PARTNER),
        replace(AUNTS, kind=Kind.SIBLING, responsibility=Responsibility.DELEGATED),
    ],
)
def test_what_cannot_be_is_refused(wrong: Relationship) -> None:
    partners = Relationship(UUID(int=13), MOTHER.id, FATHER.id, Kind.PARTNER)
    with pytest.raises(BadRelationship):
        check_relationship(wrong, (MOTHERS, partners))
