"""When reading raises a question, and when it does not."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from connective.consent.domain.audit_unusual import DayOfReading, FindingKind, FindingState, check_review, unusual
from connective.consent.domain.refusals import NotNow, NotYours

QUIET = DayOfReading(
    actor_id="a",
    organisation_id=UUID(int=1),
    on_day=date(2026, 3, 4),
    people=5,
    acts=20,
    out_of_hours=0,
    families_without_work=1,
    shut_out_of=0,
    broke_glass=0,
    peers_median=6.0,
)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"shut_out_of": 1}, ["own_record"]),
        ({"families_without_work": 2}, []),
        ({"families_without_work": 3}, ["no_relationship"]),
        ({"broke_glass": 1}, ["no_relationship"]),
        ({"people": 14, "peers_median": 1.0}, []),
        ({"people": 18}, []),
        ({"people": 19}, ["volume"]),
        ({"people": 15, "peers_median": None}, ["volume"]),
        ({"out_of_hours": 2}, []),
        ({"out_of_hours": 3}, ["out_of_hours"]),
        ({"out_of_hours": 9, "people": 90, "shut_out_of": 2}, ["own_record", "volume", "out_of_hours"]),
    ],
)
def test_each_kind_has_its_own_reason(changes: dict[str, Any], kinds: list[str]) -> None:
    found = list(unusual(replace(QUIET, **changes)))
    assert [f.kind.value for f in found] == kinds
    assert len({f.sentence for f in found}) == len(kinds)
    assert all(f.sentence.endswith(".") and f.facts for f in found)


def test_nobody_answers_a_finding_about_themselves_and_none_is_answered_twice() -> None:
    check_review(FindingState.OPEN, "a", "b")
    with pytest.raises(NotYours):
        check_review(FindingState.OPEN, "a", "a")
    with pytest.raises(NotNow):
        check_review(FindingState.EXPLAINED, "a", "b")
    assert len(FindingKind) == 4
