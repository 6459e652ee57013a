"""Values as people read them: dates, moments and numbers of England, codes as words."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from connective.contracts.needs import needs_list

LONDON = ZoneInfo("Europe/London")
_AGES = re.compile(r"\b(\d+) (\d+)\b")
_CODE = re.compile(r"^[a-z0-9]+(_[a-z0-9]+)*$")
_DISTRICT = re.compile(r"\bdistrict [EWSN][0-9]{8}\b")
_QUOTED = re.compile(r"`([a-z_]+)`")

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

STATES = {
    "draft": ("Not sent yet", "Not sent yet"),
    "blocked": ("Not sent: something is missing", "Not sent yet"),
    "submitted": ("Sent, not opened yet", "New"),
    "received": ("Opened, not decided yet", "Opened, not decided yet"),
    "information_requested": ("They asked a question", "You asked a question"),
    "waitlisted": ("On their waiting list", "On your waiting list"),
    "accepted": ("Accepted, not started yet", "Accepted, not started yet"),
    "in_progress": ("They are helping", "You are helping"),
    "on_hold": ("On hold", "On hold"),
    "completed": ("Finished", "Finished"),
    "declined": ("Declined", "Declined"),
    "lapsed": ("Ran out of time", "Ran out of time"),
    "withdrawn": ("Taken back", "Taken back"),
    "redirected": ("Sent elsewhere instead", "Sent elsewhere instead"),
}
"""Where a request is, as whoever asks reads it, and as whoever is asked does."""
STATE_TAGS = {
    "accepted": "green", "in_progress": "green", "completed": "blue", "declined": "red", "lapsed": "red",
    "blocked": "red", "information_requested": "yellow", "waitlisted": "yellow", "on_hold": "yellow",
    "withdrawn": "grey", "submitted": "grey", "received": "grey", "draft": "grey", "redirected": "grey",
}  # fmt: skip
"""The colour of each state's tag; the words beside it say the same."""
CLOCKS = {
    "send_by": "Send it, or take it back",
    "acknowledge_by": "Open it",
    "decide_by": "Decide",
    "answer_by": "Answer the question",
    "waiting_check": "Check that help is still wanted",
    "start_by": "Make first contact",
    "progress_check": "Look at how it is going",
    "pause_review": "Look at the pause again",
    "hold_review": "Look at the hold again",
    "referrer_decides": "Say whether it goes on",
}
"""What each clock of a request waits for."""
SEVERITY = {0: "None now", 1: "Low", 2: "Moderate", 3: "High", 4: "Very high"}
"""How severe a need is: the words of one scale, whoever says it and whoever reads it."""
BANDS = {"0-1": "under 1", "1-4": "aged 1 to 4", "5-11": "aged 5 to 11", "12-17": "aged 12 to 17"}
"""The ages by which children are counted, where nobody is told of each."""
CATEGORIES = {
    "identity": "Names, date of birth, sex",
    "identifiers": "NHS number or pupil number",
    "contact_details": "Telephone, email and how to reach them",
    "communication": "Language and how to talk with them",
    "address": "Address",
    "household": "Who lives in the home and how they are related",
    "education": "School and learning",
    "health": "Health",
    "disability_send": "Disability or special educational needs",
    "finance": "Money and benefits",
    "housing": "Housing",
    "employment": "Work",
    "safeguarding": "Safeguarding",
    "staff_safety": "What a visitor must know to be safe",
    "immigration": "Immigration",
    "offending": "Criminal offences",
    "ethnicity_religion": "Ethnicity or religion",
    "sex_life_orientation": "Sex life or sexual orientation",
    "professionals": "Who else is involved",
    "voice": "Their own words and wishes",
    "needs": "What they need help with",
    "case_plan": "The plan of help",
    "progress": "How the request is going",
}
"""Every category of data, as people read it, in the order in which lists name them: who somebody is and how to reach
them, how they live, what is delicate, and what goes on between them and those who help.
"""
_PLACES = {code: place for place, code in enumerate(CATEGORIES)}


def state(code: str, side: str = "referrer") -> str:
    """Where a request is, in words, for the `referrer` or the `recipient`."""
    own, other = STATES.get(code) or (sentence(code), sentence(code))
    return own if side == "referrer" else other


def clock(code: str) -> str:
    """What a request's clock waits for."""
    return CLOCKS.get(code) or sentence(code)


def turn(owner: str | None, side: str, other: str) -> str:
    """Whose turn it is, seen from one side; `other` is what the other side's organisation is called."""
    if owner is None:
        return "Nobody: it has ended"
    return "You" if owner == side else {"referrer": other, "recipient": other}.get(owner, "The hub coordinator")


def category(code: str) -> str:
    """A category of data, in words."""
    return CATEGORIES.get(code) or sentence(code)


def in_order(codes: Iterable[str]) -> list[str]:
    """Categories in the one order in which every list names them; one that is not known here comes last."""
    return sorted(codes, key=lambda each: _PLACES.get(each, len(_PLACES)))


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


@lru_cache(maxsize=4096)
def _in_england(value: str | datetime) -> datetime:
    """An instant by the clocks of England. A list names the same ones over and over: now, and midnights."""
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(LONDON)


def since(value: str, now: datetime) -> str:
    """How long ago something was, in words: today, yesterday, 5 days ago."""
    days = (_in_england(now).date() - _in_england(value).date()).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


def until(value: str, now: datetime) -> str:
    """How far off something is, in words: today, tomorrow, in 5 days, 2 days late."""
    # What ends at midnight ends with the day before.
    last = _in_england(value) - timedelta(seconds=1)
    days = (last.date() - _in_england(now).date()).days
    if days < 0:
        return "1 day late" if days == -1 else f"{-days} days late"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def deadline(value: str) -> str:
    """By when something is wanted: a time of day, or the end of a day."""
    at = _in_england(value)
    if at.time() == time(0):
        return f"end of {day(at - timedelta(seconds=1))}"
    return moment(at)


def in_time(value: str) -> str:
    """The same in a sentence: "by the end of 3 November 2026", "by 3 November 2026, 2:30pm"."""
    told = deadline(value)
    return f"by {'the ' if told.startswith('end of') else ''}{told}"


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
    return ROLES.get(code) or sentence(code)


def need(code: Any) -> str:  # noqa: ANN401 - any value of a record
    """What a need is called; one of a place's own list, which this list does not have, as words."""
    found = needs_list().needs.get(str(code))
    return found.name if found else sentence(code)


def strength(code: Any) -> str:  # noqa: ANN401 - any value of a record
    """What a strength is called."""
    found = needs_list().strengths.get(str(code))
    return found.name if found else sentence(code)


def service_kind(code: Any) -> str:  # noqa: ANN401 - any value of a record
    """What a kind of service is called."""
    found = needs_list().service_kinds.get(str(code))
    return found.name if found else sentence(code)


def in_words(text: str) -> str:
    """A sentence of the API for people: codes of categories that it quotes become what they are called."""
    return _QUOTED.sub(lambda found: inline(category(found[1])), text)


def area(text: str) -> str:
    """A place that a service serves, for people: the code of a district tells them nothing."""
    return _DISTRICT.sub("the whole district", text)


def came_from(source: str | None) -> str:
    """Where a listing came from: what the Hub's own importers call themselves, in words; else the source's own code."""
    return {"hsds": "Open Referral files", "organisations": "A table of organisations"}.get(source or "", source or "")


def inline(text: str) -> str:
    """A label within a sentence: "food bank"; what begins with capitals, as "NHS number" does, keeps them."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
