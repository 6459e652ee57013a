"""Days of retention: calendars with the 29th and the 31st, cutoffs, and the words of a rule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connective.consent.domain.refusals import Unacceptable
from connective.consent.domain.retention import Action, Counted, Span, asked_of_families, check_change, due_on, in_words
from connective.consent.storage.schedule import rule_called, shipped
from connective.contracts.retention import Trigger

BORN, CLOSED, ACTIVE = Trigger.YOUNGEST_BORN, Trigger.CASE_CLOSED, Trigger.LAST_ACTIVITY
DAYS = st.dates(date(1950, 1, 1), date(2150, 1, 1))
SPANS = st.builds(Span, years=st.integers(0, 40), months=st.integers(0, 30), days=st.integers(0, 400))


@pytest.mark.parametrize(
    ("day", "span", "over"),
    [
        (date(2004, 2, 29), Span(years=25), date(2029, 3, 1)),
        (date(2004, 2, 29), Span(years=24), date(2028, 2, 29)),
        (date(2020, 1, 31), Span(months=1), date(2020, 3, 1)),
        (date(2020, 12, 31), Span(months=2), date(2021, 3, 1)),
        (date(2020, 6, 15), Span(years=6, days=1), date(2026, 6, 16)),
    ],
)
def test_a_day_that_the_calendar_lacks_never_comes_early(day: date, span: Span, over: date) -> None:
    assert span.after(day) == over


@given(DAYS, SPANS)
def test_a_cutoff_is_the_latest_day_whose_time_is_over(today: date, span: Span) -> None:
    day = span.cutoff(today)
    assert span.after(day) <= today < span.after(day + timedelta(days=1))


def test_a_record_is_due_when_the_latest_time_is_over() -> None:
    rule = rule_called(shipped(), "case_record")
    days = {BORN: date(2000, 5, 1), CLOSED: date(2020, 1, 1), ACTIVE: date(2019, 7, 1)}
    assert due_on(rule, days) == date(2026, 1, 1)
    assert due_on(rule, days | {BORN: date(2010, 2, 3)}) == date(2035, 2, 3)
    assert due_on(rule, {CLOSED: date(2000, 1, 1)}) is None, "nobody knows how old the youngest is"
    assert due_on(rule_called(shipped(), "ledger"), days) is None


def test_the_shipped_schedule_says_what_officers_expect() -> None:
    words = {rule.key: in_words(rule) for rule in shipped()}
    assert words["case_record"] == (
        "Kept for 25 years from the birth of the youngest and 6 years after the last case is closed"
        " and 6 years after anything last happened, whichever is latest."
    )
    assert words["agreement"] == "Kept for 6 years after the agreement ends."
    assert words["decisions_and_disclosures"].endswith("it no longer says whom it is about.")
    assert [rule.key for rule in shipped() if rule.action is Action.KEEP] == ["ledger"]
    keys = {rule.key for rule in shipped()}
    assert all(set(rule.together_with) <= keys and rule.reason and rule.source for rule in shipped())


def test_families_are_asked_with_days_alone() -> None:
    asked = {rule.key: rule for rule in asked_of_families(shipped(), date(2026, 3, 1))}
    assert {cutoff.trigger: cutoff.day for cutoff in asked["case_record"].cutoffs} == {
        BORN: date(2001, 3, 1),
        CLOSED: date(2020, 3, 1),
        ACTIVE: date(2020, 3, 1),
    }
    assert asked.keys() == {"case_record", "referral_without_case"}


@pytest.mark.parametrize(
    ("key", "counted", "reason"),
    [
        ("ledger", (Counted(ACTIVE, years=1),), "not_changeable"),
        ("agreement", (Counted(ACTIVE, years=1),), "other_triggers"),
        ("referral_without_case", (Counted(ACTIVE),), "no_time"),
    ],
)
def test_what_a_place_may_not_change(key: str, counted: tuple[Counted, ...], reason: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        check_change(rule_called(shipped(), key), counted)
    assert refused.value.reason == reason
