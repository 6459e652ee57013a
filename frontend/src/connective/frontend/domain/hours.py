"""When a service is open next, from the hours of its listing; what it does not say is not guessed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from connective.frontend.domain.opening import clock
from connective.frontend.domain.words import LONDON

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LOOK_AHEAD = 14
_NOT_SAID = "Hours not told"


def hours(schedule: Mapping[str, Any]) -> str:
    """The hours of one opening: "10am to 3pm"."""
    opens, closes = schedule["opens_at"], schedule["closes_at"]
    if opens and closes:
        return f"{clock(opens)} to {clock(closes)}"
    return f"from {clock(opens)}" if opens else ""


def next_open(schedules: Sequence[Mapping[str, Any]], now: datetime) -> str:
    """When it is open next: "Open today, 10am to 3pm", "Next open on Tuesday, 10am to 3pm"."""
    weekly = [each for each in schedules if each["weekly"] and each["weekdays"]]
    if not weekly:
        return next((each["description"] for each in schedules if each["description"]), _NOT_SAID)
    local = now.astimezone(LONDON)
    for ahead in range(_LOOK_AHEAD):
        day = local.date() + timedelta(days=ahead)
        for each in weekly:
            if _opens(each, day) and not (ahead == 0 and _over(each, local)):
                told = hours(each)
                return f"{_named(day, ahead)}{f', {told}' if told else ''}"
    return "Not open in the next two weeks"


def next_open_order(schedules: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """In how many days it is open next; what does not say stands last."""
    today = now.astimezone(LONDON).date()
    days = (today + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD))
    weekly = [each for each in schedules if each["weekly"]]
    return next((n for n, day in enumerate(days) if any(_opens(each, day) for each in weekly)), _LOOK_AHEAD)


def week(schedules: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Every opening, one line a day, and what it says besides."""
    lines = []
    for each in schedules:
        days = ", ".join(WEEKDAYS[number - 1] for number in each["weekdays"]) or "Some days"
        told = [hours(each), each["description"] or ""]
        lines.append((days, ". ".join(part for part in told if part)))
    return lines


def _opens(schedule: Mapping[str, Any], day: date) -> bool:
    begins, ends = schedule["valid_from"], schedule["valid_to"]
    if (begins and day.isoformat() < begins) or (ends and day.isoformat() > ends):
        return False
    return day.isoweekday() in schedule["weekdays"]


def _over(schedule: Mapping[str, Any], local: datetime) -> bool:
    closes = schedule["closes_at"]
    return bool(closes) and local.time() >= time.fromisoformat(closes)


def _named(day: date, ahead: int) -> str:
    if ahead == 0:
        return "Open today"
    return "Next open tomorrow" if ahead == 1 else f"Next open on {WEEKDAYS[day.weekday()]} {day.day} {day:%B}"
