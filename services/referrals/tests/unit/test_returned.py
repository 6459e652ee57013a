"""Returned without action as a figure: whole quarters, and no small number to be worked out."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from connective.referrals.domain.refusals import DetailsRefused
from connective.referrals.domain.returned import Figure, quarter, suppressed

HIDDEN = {"lapsed": None, "other": None}


def told(ended: int, **reasons: int) -> tuple[int | None, int | None, dict[str, int | None]]:
    figure = suppressed(Figure(uuid4(), uuid4(), ended, sum(reasons.values()), reasons))
    return figure.ended, figure.returned, dict(figure.reasons)


@pytest.mark.parametrize(
    ("ended", "reasons", "expected"),
    [
        (9, {"lapsed": 9}, (None, None, {})),
        (40, {"lapsed": 4}, (40, None, {})),
        (40, {"lapsed": 35}, (40, None, {})),
        (40, {}, (40, 0, {})),
        (40, {"at_capacity": 12, "lapsed": 10}, (40, 22, {"at_capacity": 12, "lapsed": 10})),
        (
            60,
            {"at_capacity": 20, "lapsed": 15, "other": 5},
            (60, 40, {"at_capacity": 20} | HIDDEN),
        ),
        (
            60,
            {"at_capacity": 20, "lapsed": 6, "other": 7},
            (60, 33, {"at_capacity": 20} | HIDDEN),
        ),
        (60, {"at_capacity": 20, "lapsed": 3, "other": 2}, (60, 25, {"at_capacity": None} | HIDDEN)),
    ],
)
def test_nobody_can_be_found_in_a_figure(
    ended: int, reasons: dict[str, int], expected: tuple[int | None, int | None, dict[str, int | None]]
) -> None:
    assert told(ended, **reasons) == expected


def test_what_is_hidden_cannot_be_subtracted() -> None:
    """Whatever the counts: hidden reasons are none, or at least two that together are not small."""
    for a in range(0, 31, 3):
        for b in range(0, 31, 5):
            for c in range(0, 31, 7):
                reasons = {code: n for code, n in (("a", a), ("b", b), ("c", c)) if n}
                _, returned, shown = told(a + b + c + 25, **reasons)
                hidden = [reasons[code] for code, count in shown.items() if count is None]
                assert returned is None or not hidden or (len(hidden) > 1 and sum(hidden) >= 10)
                assert all(count is None or count >= 10 for count in shown.values())


def test_quarters_are_counted_in_the_places_own_time() -> None:
    assert quarter("2026-Q2") == (datetime(2026, 3, 31, 23, tzinfo=UTC), datetime(2026, 6, 30, 23, tzinfo=UTC))
    assert quarter("2026-Q4")[1] == datetime(2027, 1, 1, tzinfo=UTC)
    for wrong in ("2026-Q5", "2026", "2026-01", "1999-Q1"):
        with pytest.raises(DetailsRefused):
            quarter(wrong)
