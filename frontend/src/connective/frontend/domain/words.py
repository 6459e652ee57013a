"""Values as people read them: dates, moments and numbers of England, codes as words."""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connective.contracts.needs import needs_list

LONDON = ZoneInfo("Europe/London")
_AGES = re.compile(r"\b(\d+) (\d+)\b")
_CODE = re.compile(r"^[a-z0-9]+(_[a-z0-9]+)*$")

ROLES = {
    "agreement_manager": "Agreement manager",
    "auditor": "Auditor",
    "dpo": "Data protection officer",
    "hub_coordinator": "Hub coordinator",
    "partner_admin": "Partner administrator",
    "partner_volunteer": "Volunteer",
    "partner_worker": "Partner worker",
    "place_admin": "Administrator of the place",
    "practice_lead": "Practice lead",
    "safeguarding_lead": "Safeguarding lead",
    "signatory": "Signatory",
    "support_worker": "Family support worker",
}


def day(value: Any) -> str:  # noqa: ANN401 - a date, an instant, or either as the API writes it
    """A day as people write it: 3 November 2026."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(LONDON).date()
    return f"{value.day} {value:%B %Y}"


def moment(value: Any) -> str:  # noqa: ANN401 - an instant, or one as the API writes it
    """A day and the time of day in England: 3 November 2026, 4:05pm."""
    if not value:
        return ""
    at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(LONDON)
    hour = at.hour % 12 or 12
    return f"{at.day} {at:%B %Y}, {hour}:{at:%M}{'am' if at.hour < 12 else 'pm'}"


def since(value: str, now: datetime) -> str:
    """How long ago something was, in words: today, yesterday, 5 days ago."""
    days = (now.astimezone(LONDON).date() - datetime.fromisoformat(value).astimezone(LONDON).date()).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


def until(value: str, now: datetime) -> str:
    """How far off something is, in words: today, tomorrow, in 5 days, 2 days late."""
    days = (datetime.fromisoformat(value).astimezone(LONDON).date() - now.astimezone(LONDON).date()).days
    if days < 0:
        return "1 day late" if days == -1 else f"{-days} days late"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def words(code: Any) -> str:  # noqa: ANN401 - any value of a record
    """A code as words: `food_or_fuel_poverty` is "food or fuel poverty". Anything else is left as it is."""
    if code is None:
        return ""
    text = str(code)
    return _AGES.sub(r"\1 to \2", text.replace("_", " ")) if _CODE.match(text) else text


def sentence(code: Any) -> str:  # noqa: ANN401 - any value of a record
    """A code as the beginning of a line: "Food or fuel poverty"."""
    text = words(code)
    return text[:1].upper() + text[1:]


def telephone(value: str) -> str:
    """A number as people read it aloud: 07700 900417; anything else is left as it is."""
    return f"{value[:5]} {value[5:]}" if value.isdecimal() and len(value) in {10, 11} and value[0] == "0" else value


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 request", "2 requests"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def role(code: str) -> str:
    """What a role is called on a page."""
    return ROLES.get(code, sentence(code))


def need(code: Any) -> str:  # noqa: ANN401 - any value of a record
    """What a need is called; one of a place's own list, which this list does not have, as words."""
    found = needs_list().needs.get(str(code))
    return found.name if found else sentence(code)


def service_kind(code: Any) -> str:  # noqa: ANN401 - any value of a record
    """What a kind of service is called."""
    found = needs_list().service_kinds.get(str(code))
    return found.name if found else sentence(code)


def inline(text: str) -> str:
    """A label within a sentence: "food bank"."""
    return text[:1].lower() + text[1:]
