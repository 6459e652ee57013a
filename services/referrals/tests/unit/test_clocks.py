from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from connective.contracts.sharing import SameDay
from connective.referrals.domain.clocks import (
    answers_in_time,
    due,
    earliest_answer,
    end_of,
    half_way,
    is_working_day,
    next_step,
    steps,
    tell_family_by,
    within,
    working_days_after,
)
from connective.referrals.domain.escalation import escalate
from connective.referrals.domain.request import Hold, Pause, PeopleAsked, Promise, Request
from connective.referrals.domain.states import FINAL, OPEN, Party, State

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ALL_WEEK = frozenset(range(1, 8))


def a_request(state: State, at: datetime = MONDAY, needed_by: datetime | None = None) -> Request:
    return Request(
        id=uuid4(),
        place_id=uuid4(),
        discloser_organisation_id=uuid4(),
        form_version=1,
        people=PeopleAsked((uuid4(),), uuid4()),
        referral_id=uuid4(),
        family_id=uuid4(),
        reference="REQ-7K3M-92QD",
        referrer_organisation_id=uuid4(),
        recipient_organisation_id=uuid4(),
        service_id=uuid4(),
        service_kind="food_bank",
        sensitive=False,
        promise=Promise(2, 10, 3),
        state=state,
        since=at,
        submitted_at=at,
        needed_by=needed_by,
        hold=Hold(("coordinator",), State.ACCEPTED) if state is State.ON_HOLD else None,
    )


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 3, 2), True),
        (date(2026, 3, 7), False),
        (date(2026, 3, 8), False),
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 3, 17), True),  # St Patrick's Day is a holiday in Northern Ireland only
        (date(2026, 8, 3), True),  # The summer bank holiday of Scotland
        (date(2026, 8, 31), False),
        (date(2026, 11, 30), True),  # St Andrew's Day is a holiday in Scotland only
        (date(2026, 12, 28), False),  # Boxing Day, moved from a Saturday
    ],
)
def test_working_days_are_englands(day: date, working: bool) -> None:
    assert is_working_day(day) is working


def test_counting_skips_weekends_and_easter() -> None:
    assert working_days_after(date(2026, 4, 1), 2) == date(2026, 4, 7)
    assert working_days_after(date(2026, 3, 6), 1) == date(2026, 3, 9)
    assert working_days_after(date(2026, 3, 7), 0) == date(2026, 3, 7)
    assert tell_family_by(MONDAY) == date(2026, 3, 4)


def test_a_day_ends_at_local_midnight_in_summer_and_winter() -> None:
    assert end_of(date(2026, 1, 15)) == datetime(2026, 1, 16, 0, 0, tzinfo=UTC)
    assert end_of(date(2026, 7, 15)) == datetime(2026, 7, 15, 23, 0, tzinfo=UTC)
    assert end_of(date(2026, 3, 28)) == datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert end_of(date(2026, 3, 29)) == datetime(2026, 3, 29, 23, 0, tzinfo=UTC)


def test_the_local_day_counts_not_the_one_in_utc() -> None:
    late = datetime(2026, 7, 14, 23, 30, tzinfo=UTC)  # Wednesday half past midnight in England
    assert within(late, 1) == end_of(date(2026, 7, 16))


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_request_has_an_owner_and_a_due_time(state: State) -> None:
    owed = due(a_request(state))
    assert owed is not None
    assert owed.at > MONDAY


@pytest.mark.parametrize("state", sorted(FINAL))
def test_final_requests_owe_nothing(state: State) -> None:
    assert due(a_request(state)) is None
    assert next_step(a_request(state)) is None


def test_clocks_by_state() -> None:
    submitted, received = due(a_request(State.SUBMITTED)), due(a_request(State.RECEIVED))
    assert submitted is not None
    assert received is not None
    assert (submitted.clock, submitted.owner, submitted.at) == (
        "acknowledge_by",
        Party.RECIPIENT,
        end_of(date(2026, 3, 4)),
    )
    assert (received.clock, received.at) == ("decide_by", end_of(date(2026, 3, 16)))
    waiting = due(a_request(State.WAITLISTED))
    assert waiting is not None
    assert waiting.at == MONDAY + timedelta(weeks=12)


def test_a_paused_request_is_the_recipients_and_a_held_one_the_coordinators() -> None:
    paused = replace(a_request(State.ON_HOLD), hold=None, pause=Pause("family_away", date(2026, 4, 1)))
    owed, held = due(paused), due(a_request(State.ON_HOLD))
    assert owed is not None
    assert held is not None
    assert (owed.owner, owed.at) == (Party.RECIPIENT, end_of(date(2026, 4, 1)))
    assert held.owner is Party.COORDINATOR


def test_passing_a_clock_reminds_then_tells_the_coordinator_then_lapses() -> None:
    request = a_request(State.SUBMITTED)
    assert [(step.kind, step.at) for step in steps(request)] == [
        ("reminder", end_of(date(2026, 3, 4))),
        ("coordinator", end_of(date(2026, 3, 6))),
        ("lapse", end_of(date(2026, 3, 13))),
    ]
    seen = []
    at = MONDAY
    while request.state is State.SUBMITTED:
        at += timedelta(hours=6)
        taken = escalate(request, at)
        if taken is not None:
            request, fact = taken
            seen.append((fact.name, fact.reason_code, request.version))
    assert seen == [
        ("overdue", "acknowledge_by_reminder", 2),
        ("overdue", "acknowledge_by_coordinator", 3),
        ("lapsed", "acknowledge_by", 4),
    ]
    assert escalate(request, at + timedelta(days=100)) is None


def test_what_cannot_lapse_ends_with_the_coordinator() -> None:
    assert [step.kind for step in steps(a_request(State.ACCEPTED))] == ["reminder", "coordinator"]


def test_needed_today_alarms_half_way_and_lapses_then() -> None:
    needed = MONDAY + timedelta(hours=6)
    request = a_request(State.SUBMITTED, needed_by=needed)
    assert [(s.kind, s.at) for s in steps(request)] == [
        ("half_way", MONDAY + timedelta(hours=3)),
        ("lapse", needed),
    ]
    assert [(s.kind, s.at) for s in steps(replace(request, state=State.RECEIVED))] == [("lapse", needed)]
    assert [s.kind for s in steps(replace(request, state=State.ACCEPTED))] == ["reminder", "coordinator"]
    assert escalate(request, MONDAY + timedelta(hours=2)) is None
    alarmed = escalate(request, MONDAY + timedelta(hours=3))
    assert alarmed is not None
    assert alarmed[1].reason_code == "needed_by_half_way"
    lapsed = escalate(alarmed[0], needed)
    assert lapsed is not None
    assert (lapsed[0].state, lapsed[1].reason_code) == (State.LAPSED, "needed_by")


def test_needed_in_a_month_keeps_the_ordinary_reminders_before_it() -> None:
    request = a_request(State.SUBMITTED, needed_by=MONDAY + timedelta(days=30))
    assert [step.kind for step in steps(request)] == ["reminder", "coordinator", "half_way", "lapse"]


def test_half_way() -> None:
    assert half_way(MONDAY, MONDAY + timedelta(hours=4)) == MONDAY + timedelta(hours=2)


def sessions(weekdays: frozenset[int], opens: time, closes: time, minutes: int) -> SameDay:
    return SameDay(weekdays=weekdays, opens_at=opens, closes_at=closes, answer_within_minutes=minutes)


@pytest.mark.parametrize(
    ("at", "answered"),
    [
        (datetime(2026, 3, 2, 8, 0, tzinfo=UTC), datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        (datetime(2026, 3, 2, 10, 30, tzinfo=UTC), datetime(2026, 3, 2, 11, 30, tzinfo=UTC)),
        (datetime(2026, 3, 2, 11, 30, tzinfo=UTC), datetime(2026, 3, 4, 10, 0, tzinfo=UTC)),
        (datetime(2026, 3, 5, 12, 0, tzinfo=UTC), datetime(2026, 3, 9, 10, 0, tzinfo=UTC)),
        (datetime(2026, 7, 6, 6, 0, tzinfo=UTC), datetime(2026, 7, 6, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_service_answers_in_its_sessions(at: datetime, answered: datetime) -> None:
    monday_and_wednesday = sessions(frozenset({1, 3}), time(9), time(12), 60)
    assert earliest_answer(monday_and_wednesday, at) == answered


def test_a_service_that_cannot_answer_in_time_is_not_offered() -> None:
    food = sessions(ALL_WEEK, time(9), time(17), 60)
    assert answers_in_time(food, 10, MONDAY, MONDAY + timedelta(hours=2))
    assert not answers_in_time(food, 10, MONDAY, MONDAY + timedelta(minutes=30))
    assert not answers_in_time(None, 10, MONDAY, MONDAY + timedelta(hours=2))
    assert answers_in_time(None, 2, MONDAY, MONDAY + timedelta(days=4))
    impossible = sessions(ALL_WEEK, time(9), time(10), 120)
    assert earliest_answer(impossible, MONDAY) is None
    assert not answers_in_time(impossible, 10, MONDAY, MONDAY + timedelta(hours=2))
