from datetime import date
from uuid import UUID

import pytest

from connective.families.domain.dates import Period, age_in_years, check_birth_date, check_death_date
from connective.families.domain.names import Name
from connective.families.domain.people import (
    AgeGroup,
    Person,
    PregnancyEnd,
    expect_child,
    notices_stop,
    record_birth,
    record_loss,
)
from connective.families.domain.refusals import AlreadyEnded, ImplausibleDate

TODAY = date(2026, 3, 1)
MOTHER = Person(UUID(int=1), Name("Asha", "Hart"), date_of_birth=date(1995, 5, 5))


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2020, 3, 1), date(2026, 3, 1), 6),
        (date(2020, 3, 2), date(2026, 3, 1), 5),
    ],
)
def test_age_changes_at_the_start_of_the_birthday(born_on: date, on: date, age: int) -> None:
    assert age_in_years(born_on, on) == age


@pytest.mark.parametrize("born_on", [date(2026, 3, 2), date(1905, 2, 28)])
def test_a_birth_date_nobody_has_is_refused(born_on: date) -> None:
    with pytest.raises(ImplausibleDate):
        check_birth_date(born_on, TODAY)


def test_a_death_lies_between_birth_and_today() -> None:
    assert check_death_date(TODAY, MOTHER.date_of_birth, TODAY) == TODAY
    for died_on in (date(2026, 3, 2), date(1990, 1, 1)):
        with pytest.raises(ImplausibleDate):
            check_death_date(died_on, MOTHER.date_of_birth, TODAY)


def test_a_period_may_not_end_before_it_starts() -> None:
    assert Period(TODAY, TODAY).holds_on(TODAY)
    with pytest.raises(ImplausibleDate):
        Period(TODAY, date(2026, 2, 1))


def test_an_unknown_age_counts_as_a_childs_unless_stated() -> None:
    assert not Person(UUID(int=2), Name("A", "B")).is_adult_on(TODAY)
    assert Person(UUID(int=2), Name("A", "B"), age_group=AgeGroup.ADULT).is_adult_on(TODAY)


def test_an_unborn_child_is_recorded_on_the_mother_until_birth() -> None:
    expected = expect_child(UUID(int=9), MOTHER, date(2026, 6, 1), TODAY)
    assert expected.mother_id == MOTHER.id
    assert expected.open
    born = record_birth(expected, date(2026, 5, 28), date(2026, 5, 29))
    assert born.end is PregnancyEnd.BIRTH
    with pytest.raises(AlreadyEnded):
        record_loss(born, TODAY, TODAY)


def test_a_due_day_years_away_is_refused() -> None:
    with pytest.raises(ImplausibleDate):
        expect_child(UUID(int=9), MOTHER, date(2027, 6, 1), TODAY)


def test_a_loss_or_a_death_stops_every_notice() -> None:
    expected = expect_child(UUID(int=9), MOTHER, date(2026, 6, 1), TODAY)
    assert not notices_stop(MOTHER, (expected,))
    assert notices_stop(MOTHER, (record_loss(expected, TODAY, TODAY),))
    assert notices_stop(Person(UUID(int=3), Name("A", "B"), died_on=TODAY), ())
