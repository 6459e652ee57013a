"""The clocks of what people ask about their data, and what may be published of counts."""

from dataclasses import replace
from datetime import date

import pytest

from connective.consent.domain.information_requests import (
    PauseReason,
    RequestClock,
    RequestKind,
    RequestOutcome,
    RequestStanding,
    acknowledged,
    check_answer,
    extended,
    months_after,
    paused,
    resumed,
    standing_of,
)
from connective.consent.domain.refusals import NotNow, Unacceptable
from connective.consent.domain.small_numbers import publishable

CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 28)}


def is_holiday(day: date) -> bool:
    return day in CHRISTMAS


def access(received_on: date = date(2026, 3, 3)) -> RequestClock:
    return RequestClock(RequestKind.ACCESS, received_on)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_the_last(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


@pytest.mark.parametrize(
    ("kind", "received", "due"),
    [
        (RequestKind.ACCESS, date(2026, 3, 3), date(2026, 4, 3)),
        (RequestKind.ACCESS, date(2026, 11, 25), date(2026, 12, 29)),
        (RequestKind.OBJECTION, date(2026, 1, 31), date(2026, 3, 2)),
        (RequestKind.FREEDOM_OF_INFORMATION, date(2026, 12, 1), date(2026, 12, 31)),
        (RequestKind.COMPLAINT, date(2026, 6, 19), None),
    ],
)
def test_an_answer_is_due_on_a_working_day(kind: RequestKind, received: date, due: date | None) -> None:
    assert RequestClock(kind, received).due_on(is_holiday) == due


def test_a_complaint_is_acknowledged_in_thirty_days() -> None:
    complaint = RequestClock(RequestKind.COMPLAINT, date(2026, 6, 19))
    assert complaint.acknowledge_by == date(2026, 7, 19)
    late = date(2026, 7, 20)
    assert standing_of(complaint, date(2026, 7, 19), is_holiday) is RequestStanding.OUTSTANDING
    assert standing_of(complaint, late, is_holiday) is RequestStanding.OVERDUE
    told = acknowledged(complaint, date(2026, 7, 1))
    assert standing_of(told, late, is_holiday) is RequestStanding.OUTSTANDING
    with pytest.raises(NotNow):
        acknowledged(told, late)


def test_a_clock_that_stands_still_is_not_overdue_and_adds_its_days() -> None:
    waiting = paused(access(), PauseReason.IDENTITY, date(2026, 3, 10))
    assert standing_of(waiting, date(2026, 5, 1), is_holiday) is RequestStanding.OUTSTANDING
    with pytest.raises(NotNow):
        paused(waiting, PauseReason.IDENTITY, date(2026, 3, 11))
    again = resumed(waiting, date(2026, 3, 17))
    assert (again.paused_days, again.due_on(is_holiday)) == (7, date(2026, 4, 10))
    assert standing_of(again, date(2026, 4, 11), is_holiday) is RequestStanding.OVERDUE
    with pytest.raises(NotNow):
        resumed(again, date(2026, 3, 18))


def test_only_access_waits_for_clarification_and_complaints_wait_for_nothing() -> None:
    day = date(2026, 3, 10)
    assert paused(access(), PauseReason.CLARIFICATION, day).pause_reason is PauseReason.CLARIFICATION
    for kind, reason in (
        (RequestKind.ERASURE, PauseReason.CLARIFICATION),
        (RequestKind.COMPLAINT, PauseReason.IDENTITY),
    ):
        with pytest.raises(Unacceptable):
            paused(RequestClock(kind, day), reason, day)


def test_two_months_more_at_the_most_and_only_in_time() -> None:
    once = extended(access(), 1, "Twelve years of records.", date(2026, 3, 20), is_holiday)
    assert once.due_on(is_holiday) == date(2026, 5, 4), "3 May is a Sunday"
    with pytest.raises(Unacceptable):
        extended(once, 2, "More.", date(2026, 3, 21), is_holiday)
    with pytest.raises(NotNow):
        extended(access(), 1, "Too late.", date(2026, 4, 4), is_holiday)
    with pytest.raises(Unacceptable):
        extended(RequestClock(RequestKind.COMPLAINT, date(2026, 3, 3)), 1, "No.", date(2026, 3, 4), is_holiday)


def test_a_refusal_names_its_ground_and_an_answered_request_is_closed() -> None:
    with pytest.raises(Unacceptable):
        check_answer(access(), RequestOutcome.REFUSED, "")
    check_answer(access(), RequestOutcome.REFUSED, "Serious harm: DPA 2018 Schedule 3.")
    with pytest.raises(NotNow):
        check_answer(replace(access(), closed=True), RequestOutcome.DONE, "")


def test_small_numbers_are_hidden_and_never_one_alone() -> None:
    assert publishable({"a": 3, "b": 12, "c": 48}) == {"a": None, "b": None, "c": 50}
    assert publishable({"a": 3, "b": 4, "c": 48}) == {"a": None, "b": None, "c": 50}
    assert publishable({"a": 0, "b": 10, "c": 12}) == {"a": 0, "b": 10, "c": 10}
    assert publishable({"a": 9}) == {"a": None}
