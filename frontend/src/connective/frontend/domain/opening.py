"""When a service is open: its weekly hours as Open Referral UK tells them, and the next time anybody can come."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from connective.frontend.domain.words import LONDON

DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
_ORDER = tuple(DAYS)
_AHEAD = 14
"""How many days ahead are looked at; what opens later than that is told as its hours alone."""


def clock(text: str | None) -> str:
    """A time of day as people say it: 9am, 2:30pm, midday."""
    if not text:
        return ""
    at = time.fromisoformat(text)
    if (at.hour, at.minute) == (12, 0):
        return "midday"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def hours(schedules: Iterable[Mapping[str, Any]]) -> list[str]:
    """The opening hours, a line each; what is no weekly hour is told in the words in which it came."""
    lines = []
    for each in schedules:
        days = _listed([DAYS[day] for day in _days(each)])
        times = _between(each)
        weekly = each.get("x_hub_weekly") is not False
        line = " ".join(part for part in (days, times) if part)
        if line and not weekly:
            line += ", not every week"
        note = str(each.get("description") or "")
        lines.append(". ".join(part.rstrip(".") for part in (line, note) if part))
    return [each for each in lines if each]


def next_open(schedules: Iterable[Mapping[str, Any]], now: datetime) -> str:
    """When somebody can come next: "Open now, until 4pm", "Opens tomorrow at 10am"; empty where it is not known."""
    here = now.astimezone(LONDON)
    known = [each for each in schedules if each.get("freq") == "WEEKLY" and each.get("opens_at") and _days(each)]
    for ahead in range(_AHEAD):
        on = here.date() + timedelta(days=ahead)
        found = [each for each in known if _ORDER[on.weekday()] in _days(each) and _counts(each, on)]
        for each in sorted(found, key=lambda one: str(one["opens_at"])):
            opens, closes = str(each["opens_at"]), each.get("closes_at")
            if ahead or here.time() < time.fromisoformat(opens):
                return f"Opens {_when(on, ahead)} at {clock(opens)}"
            if closes and here.time() < time.fromisoformat(str(closes)):
                return f"Open now, until {clock(str(closes))}"
    return ""


def _when(on: date, ahead: int) -> str:
    if ahead < 2:
        return ("today", "tomorrow")[ahead]
    return f"on {on:%A}" if ahead < 7 else f"on {on:%A} {on.day} {on:%B}"


def _days(schedule: Mapping[str, Any]) -> list[str]:
    named = [each.strip() for each in str(schedule.get("byday") or "").split(",")]
    return [day for day in _ORDER if day in named]


def _between(schedule: Mapping[str, Any]) -> str:
    opens, closes = clock(schedule.get("opens_at")), clock(schedule.get("closes_at"))
    return f"{opens} to {closes}" if opens and closes else opens


def _counts(schedule: Mapping[str, Any], on: date) -> bool:
    begins, ends = schedule.get("valid_from"), schedule.get("valid_to")
    return (not begins or date.fromisoformat(begins) <= on) and (not ends or on <= date.fromisoformat(ends))


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
