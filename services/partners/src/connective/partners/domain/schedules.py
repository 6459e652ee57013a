"""When a service is open, in the part of HSDS schedules that a search needs: weekly hours and their dates."""

from dataclasses import dataclass
from datetime import date, time

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Opening on certain weekdays. A monthly opening (`weekly` false) is told in words and never taken for a yes."""

    weekdays: frozenset[int] = frozenset()
    """ISO weekdays, 1 is Monday."""
    opens_at: time | None = None
    closes_at: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    weekly: bool = True
    description: str | None = None


def in_force(schedule: Schedule, day: date) -> bool:
    """Whether the schedule's own dates include the day."""
    after_start = schedule.valid_from is None or schedule.valid_from <= day
    return after_start and (schedule.valid_to is None or day <= schedule.valid_to)


def open_on(schedules: tuple[Schedule, ...], day: date) -> bool | None:
    """Whether a service with these schedules is open that day; None when they do not tell."""
    telling = [each for each in schedules if each.weekdays and in_force(each, day)]
    if not telling:
        return None
    if any(each.weekly and day.isoweekday() in each.weekdays for each in telling):
        return True
    return None if any(not each.weekly for each in telling) else False


def hours_words(schedules: tuple[Schedule, ...], day: date) -> str:
    """The opening hours of that day in words, empty when no hours are told."""
    hours = [
        f"{each.opens_at:%H:%M} to {each.closes_at:%H:%M}"
        for each in schedules
        if each.weekly and in_force(each, day) and day.isoweekday() in each.weekdays
        if each.opens_at is not None and each.closes_at is not None
    ]
    return " and ".join(sorted(hours))
