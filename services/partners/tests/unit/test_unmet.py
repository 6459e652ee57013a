from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connective.partners.domain.unmet import SMALLEST_TOLD, age_bands, monday, told


@pytest.mark.parametrize(
    ("ages", "bands"),
    [((), ("any",)), ((3,), ("0-4",)), ((3, 4, 5), ("0-4", "5-10")), ((16, 17, 80), ("16-17", "25+"))],
)
def test_ages_fall_into_bands(ages: tuple[int, ...], bands: tuple[str, ...]) -> None:
    assert age_bands(ages) == bands


@given(st.integers(0, 10_000))
def test_a_small_number_is_never_told_and_no_number_exactly(times: int) -> None:
    count = told("TA20", "young_carer", "any", times).searches
    if times < SMALLEST_TOLD:
        assert count is None
    else:
        assert count is not None
        assert count % 5 == 0
        assert abs(count - times) <= 2


def test_a_week_is_its_monday() -> None:
    assert monday(date(2026, 3, 8)) == date(2026, 3, 2)
