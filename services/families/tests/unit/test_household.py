from datetime import date
from uuid import UUID

import pytest

from connective.families.domain.addresses import Address, AddressKind, current_address, homes_of, may_leave
from connective.families.domain.dates import Period
from connective.families.domain.families import Membership, Residence, family_label, living_with
from connective.families.domain.household import age_band, household_on
from connective.families.domain.names import Name
from connective.families.domain.people import AgeGroup, Person

TODAY = date(2026, 3, 1)
FIRST, SECOND = UUID(int=100), UUID(int=200)


def person(number: int, born_on: date | None, **more: object) -> Person:
    return Person(UUID(int=number), Name("A", "B"), date_of_birth=born_on, **more)  # type: ignore[arg-type]  # test helper


MOTHER = person(1, date(1990, 1, 1))
FATHER = person(2, date(1990, 1, 1))
BABY = person(3, date(2025, 9, 1))
CHILD = person(4, date(2019, 9, 1))
GUEST = person(5, None, age_group=AgeGroup.ADULT)
UNKNOWN = person(6, None)


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "0-1"), (1, "1-4"), (4, "1-4"), (5, "5-11"), (11, "5-11"), (12, "12-17"), (17, "12-17"), (None, "unknown")],
)
def test_each_child_is_in_exactly_one_band(age: int | None, band: str) -> None:
    assert age_band(age) == band


def test_a_household_counts_who_sleeps_there() -> None:
    members = [
        Membership(FIRST, MOTHER.id),
        Membership(FIRST, FATHER.id, Residence.ELSEWHERE),
        Membership(FIRST, BABY.id),
        Membership(FIRST, CHILD.id, Residence.PART_TIME),
        Membership(FIRST, GUEST.id, period=Period(None, date(2026, 1, 1))),
        Membership(FIRST, UNKNOWN.id),
    ]
    found = household_on(TODAY, [MOTHER, FATHER, BABY, CHILD, GUEST, UNKNOWN], members)
    assert found.adults == 1
    assert found.children_by_age_band == {"0-1": 1, "5-11": 1, "unknown": 1}
    assert found.people == (MOTHER.id, BABY.id, CHILD.id, UNKNOWN.id)


def test_the_dead_are_not_counted() -> None:
    gone = person(4, date(2019, 9, 1), died_on=date(2026, 2, 1))
    assert household_on(TODAY, [gone], [Membership(FIRST, gone.id)]).children_by_age_band == {}


def test_a_child_of_two_homes_lives_first_where_they_live_most() -> None:
    members = (Membership(SECOND, CHILD.id, Residence.PART_TIME), Membership(FIRST, CHILD.id))
    assert homes_of(CHILD.id, members, TODAY) == (FIRST, SECOND)


def test_a_separated_parent_has_no_address_in_the_family() -> None:
    assert homes_of(FATHER.id, (Membership(FIRST, FATHER.id, Residence.ELSEWHERE),), TODAY) == ()


def test_letters_go_elsewhere_than_where_somebody_lives() -> None:
    old = Address(UUID(int=1), FIRST, AddressKind.HOME, ("1 Old Row",), "Chard", "TA20 1QX", Period(date(2020, 1, 1)))
    new = Address(UUID(int=2), FIRST, AddressKind.TEMPORARY, ("2 New Row",), "Chard", None, Period(date(2025, 1, 1)))
    post = Address(UUID(int=3), FIRST, AddressKind.CORRESPONDENCE, ("Box 3",), "Chard", None, Period(date(2026, 1, 1)))
    assert current_address((old, new, post), (SECOND, FIRST), TODAY) == new
    assert new.in_one_line == "2 New Row, Chard"


def test_a_refuge_never_leaves_whatever_was_ticked() -> None:
    refuge = Address(UUID(int=1), FIRST, AddressKind.REFUGE, ("1 Safe Row",), "Chard", None)
    assert not may_leave(refuge)


def test_where_one_must_not_be_found_nobody_of_the_home_may_be() -> None:
    members = (
        Membership(FIRST, MOTHER.id),
        Membership(FIRST, CHILD.id),
        Membership(FIRST, FATHER.id, Residence.ELSEWHERE),
        Membership(SECOND, FATHER.id),
    )
    assert living_with({MOTHER.id}, members, TODAY) == {MOTHER.id, CHILD.id}


def test_a_family_is_called_by_its_names() -> None:
    assert family_label(("Hart", "Reed", "Hart", "")) == "Hart and Reed"
    assert family_label(()) == "Unnamed"
