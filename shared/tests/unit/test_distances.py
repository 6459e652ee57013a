"""Distances in words."""

import pytest

from connective.contracts.distances import in_miles


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "less than 0.1 miles"),
        (79, "less than 0.1 miles"),
        (161, "0.1 miles"),
        (1_000, "0.6 miles"),
        (1_609, "1 mile"),
        (4_828, "3 miles"),
        (15_000, "9.3 miles"),
        (15_980, "9.9 miles"),
        (16_093, "10 miles"),
        (40_000, "25 miles"),
    ],
)
def test_a_distance_is_told_as_a_road_sign_would(metres: int, words: str) -> None:
    assert in_miles(metres) == words
