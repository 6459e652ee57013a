"""Whom it concerns that a proposal waits: those who may decide it, told at once, and once more before it lapses.

Whoever proposed it is told nothing. A partner's own administrators come first, since it is theirs; the place's are
asked where there is nobody else, and when three working days have gone by.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

REMINDED_AFTER = 3
"""Working days: with a weekend between, that leaves two days before a proposal lapses after seven."""
_HERE = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody who may decide a proposal that waits."""

    proposal_id: UUID
    proposed_at: datetime
    account_id: UUID
    own: bool
    """Whether it is their own organisation's."""
    told_at: datetime | None
    """When they were last told that something waits."""


def reminder_at(proposed_at: datetime, is_holiday: Callable[[date], bool]) -> datetime:
    """Three working days later, at the same time of day here."""
    local = proposed_at.astimezone(_HERE)
    day = local.date()
    for _ in range(REMINDED_AFTER):
        day += timedelta(days=1)
        while day.weekday() >= 5 or is_holiday(day):
            day += timedelta(days=1)
    return datetime.combine(day, local.time(), tzinfo=_HERE).astimezone(proposed_at.tzinfo)


def who_to_tell(everybody: Iterable[Concerned], is_holiday: Callable[[date], bool], now: datetime) -> list[UUID]:
    """The accounts that have not been told of something that waits for them, or are to be reminded of it."""
    concerned = list(everybody)
    owned = {each.proposal_id for each in concerned if each.own}
    found = set()
    for each in concerned:
        again = reminder_at(each.proposed_at, is_holiday)
        first = each.proposed_at if each.own or each.proposal_id not in owned else again
        due = again if now >= again else first
        if now >= due and (each.told_at is None or each.told_at < due):
            found.add(each.account_id)
    return sorted(found)
