"""Who is told that a proposal waits, and when again."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from connective.gateway.domain.proposals import LIFE
from connective.gateway.domain.waiting import Concerned, reminder_at, who_to_tell

CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 28)}
PROPOSAL, OWN, PLACE = uuid4(), uuid4(), uuid4()


def at(day: int) -> datetime:
    return datetime(2026, 12, day, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(("begun", "holidays", "reminded"), [(14, False, 17), (17, False, 22), (23, True, 30)])
def test_a_reminder_comes_three_working_days_later(begun: int, holidays: bool, reminded: int) -> None:
    assert reminder_at(at(begun), lambda day: holidays and day in CHRISTMAS) == at(reminded)


def test_a_reminder_comes_before_a_proposal_lapses_in_a_week_without_holidays() -> None:
    for day in range(1, 20):
        assert reminder_at(at(day), lambda _: False) < at(day) + LIFE


def concerned(account: UUID, own: bool, told: datetime | None = None) -> Concerned:
    return Concerned(PROPOSAL, at(14), account, own, told)


def test_an_organisations_own_administrators_come_first() -> None:
    for everybody, now, told in (
        ([concerned(OWN, True), concerned(PLACE, False)], at(14), [OWN]),
        ([concerned(PLACE, False)], at(14), [PLACE]),
        ([concerned(OWN, True, at(14)), concerned(PLACE, False)], at(15), []),
        ([concerned(OWN, True, at(13)), concerned(PLACE, False)], at(14), [OWN]),
        ([concerned(OWN, True, at(14)), concerned(PLACE, False)], at(17), sorted([OWN, PLACE])),
        ([concerned(OWN, True, at(17)), concerned(PLACE, False, at(17))], at(18), []),
        ([concerned(OWN, True)], at(14) - timedelta(seconds=1), []),
    ):
        assert who_to_tell(everybody, lambda _: False, now) == told
