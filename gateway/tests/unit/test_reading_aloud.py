"""What a page shows is what a person would write."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connective.gateway.api.reading_aloud import in_words, local_time


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1994-03-11", "11 March 1994"),
        (["Carys Fernlea", "Piran Fernlea"], "Carys Fernlea; Piran Fernlea"),
        ({"1-4": 1, "5-11": 2}, "1-4: 1; 5-11: 2"),
        (True, "Yes"),
        ("benefit_delay", "benefit delay"),
        ("Late most days_", "Late most days_"),
        (3, "3"),
    ],
)
def test_values_are_shown_in_words(value: Any, words: str) -> None:
    assert in_words(value) == words


def test_a_time_is_that_of_england() -> None:
    assert local_time(datetime(2026, 7, 1, 12, 58, tzinfo=UTC)) == "13:58"
