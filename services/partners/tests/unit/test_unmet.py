from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connective.partners.domain.unmet import (
    SMALLEST_TOLD,
    Counted,
    Told,
    age_bands,
    monday,
    told_by_district,
    told_by_outward,
)


@pytest.mark.parametrize(
    ("ages", "bands"),
    [((), ("any",)), ((3,), ("0-4",)), ((3, 4, 5), ("0-4", "5-10")), ((16, 17, 80), ("16-17", "25+"))],
)
def test_ages_fall_into_bands(ages: tuple[int, ...], bands: tuple[str, ...]) -> None:
    assert age_bands(ages) == bands


def counted(outward: str, times: int, district: str = "E06000066") -> Counted:
    return Counted(outward, district, "young_carer", "any", times)


def districts(*counts: Counted) -> list[tuple[str, int | None]]:
    return [(each.area, each.searches) for each in told_by_district(counts)]


@given(st.integers(0, 10_000))
def test_a_small_number_is_never_told_and_no_number_exactly(times: int) -> None:
    ((count,),) = [{each.searches for each in told_by_outward([counted("TA20", times)])}]
    if times < SMALLEST_TOLD:
        assert count is None
    else:
        assert count is not None
        assert count % 5 == 0
        assert abs(count - times) <= 2


def test_a_week_is_its_monday() -> None:
    assert monday(date(2026, 3, 8)) == date(2026, 3, 2)


def test_a_district_is_untold_where_subtracting_would_tell_of_few() -> None:
    told, few = counted("TA20", 30), counted("TA19", 4)
    assert districts(told) == [("E06000066", 30)]
    assert districts(told, few) == [("E06000066", None)], "TA20 is told: the rest would be TA19's four"
    assert districts(told, few, counted("TA18", 7)) == [("E06000066", 40)], "two that are hidden, eleven together"
    elsewhere = counted("TA20", 8, "E07000040")
    assert districts(counted("TA20", 8), elsewhere) == [("E06000066", None), ("E07000040", None)]


def test_no_order_tells_of_what_is_hidden() -> None:
    read = told_by_outward([counted("TA18", 1), counted("TA20", 9), counted("TA19", 12), counted("TA1", 9)])
    assert [(each.area, each.searches) for each in read] == [
        ("TA19", 10),
        ("TA1", None),
        ("TA18", None),
        ("TA20", None),
    ]
    assert isinstance(read[0], Told)
