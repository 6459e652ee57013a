"""Values as a person reads them: a page shows no code, no bracket and no time of another country."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")


def in_words(value: Any) -> str:  # noqa: ANN401 - any value of a form or a record
    """Days as people write them, codes as words, lists and counts in one line."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return "; ".join(f"{in_words(name)}: {in_words(each)}" for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return "; ".join(in_words(each) for each in value)
    text = str(value)
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text)
        return f"{day.day} {day:%B %Y}"
    return text.replace("_", " ") if _CODE.fullmatch(text) else text


def as_chosen(value: Any, choices: Mapping[str, str]) -> str:  # noqa: ANN401 - any value of a form
    """An answer in the words in which its form offered it; what was left empty is told as such."""
    if isinstance(value, (list, tuple)):
        return "; ".join(as_chosen(each, choices) for each in value) or "none"
    if isinstance(value, str) and value in choices:
        return choices[value]
    return in_words(value) or "none"


def local_moment(at: datetime) -> str:
    """The day and the time of day in England."""
    here = at.astimezone(_LONDON)
    return f"{here.day} {here:%B %Y, %H:%M}"


def local_time(at: datetime) -> str:
    """The time of day in England."""
    return f"{at.astimezone(_LONDON):%H:%M}"
