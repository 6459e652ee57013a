"""What people type: dates, times, postcodes, numbers of telephones and the like, in the ways they write them."""

import re
from datetime import UTC, date, datetime, time

from connective.frontend.domain.words import LONDON

_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")
_CLOCK = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$")
_BESIDE_A_NUMBER = re.compile(r"[\s().,/\u2010-\u2015-]")
"""What people write within the number of a telephone: spaces, brackets, and strokes of every length."""
_TELEPHONE = re.compile(r"0[0-9]{9,10}|08001111|1[0-9]{2}|999|116[0-9]{3}")
"""Numbers of the United Kingdom; and the short ones of helplines: 101, 111, 116 123, 0800 1111."""
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")
_PSEUDONYM = re.compile(r"^[0-9a-f]{32}$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def typed_date(day: str, month: str, year: str) -> date | None:
    """A date from its three boxes; None where all are empty. The month may be a name. Raises ValueError."""
    if not (day or month or year):
        return None
    if not re.fullmatch(r"[0-9]{4}", year):
        raise ValueError("Year must have 4 numbers, like 2019")
    number = _MONTHS.get(month.lower().rstrip("."), 0) or (int(month) if month.isdecimal() else 0)
    if not 1 <= number <= 12:
        raise ValueError("Month must be a number from 1 to 12, or a name")
    try:
        return date(int(year), number, int(_ORDINAL.sub("", day.lower())))
    except ValueError as error:
        raise ValueError("Date must be a real one, like 27 3 2019") from error


def typed_time(text: str) -> time:
    """A time of day as people write it: 2:30pm, 14.30, 9am. Raises ValueError."""
    found = _CLOCK.match(text.lower().replace(" ", ""))
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if found and found[3]:
        hour = hour % 12 + (12 if found[3] == "pm" else 0) if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        raise ValueError("Time must be like 2:30pm or 14:30")
    return time(hour, minute)


def typed_moment(day: str, month: str, year: str, text: str) -> str | None:
    """An instant, from a day and a time in England; midnight where no time was typed. Raises ValueError."""
    on = typed_date(day, month, year)
    if on is None:
        if text:
            raise ValueError("Enter the day too")
        return None
    at = typed_time(text) if text else time(0)
    return datetime.combine(on, at, LONDON).astimezone(UTC).isoformat().replace("+00:00", "Z")


def typed_postcode(text: str) -> str | None:
    """A postcode in its one writing, `TA20 1HR`; None where there is none. Raises ValueError."""
    bare = re.sub(r"[^A-Za-z0-9]", "", text).upper()
    if not bare:
        return None
    found = _POSTCODE.match(bare)
    if found is None:
        raise ValueError("Postcode must be a full UK postcode, like TA20 1HR")
    return f"{found[1]} {found[2]}"


def typed_telephone(text: str) -> str | None:
    """A telephone number in digits, as `07700900123`; None where there is none. Raises ValueError."""
    bare = _BESIDE_A_NUMBER.sub("", text)
    if not bare:
        return None
    bare = re.sub(r"^(?:\+44|0044)0?", "0", bare)
    if not _TELEPHONE.fullmatch(bare):
        raise ValueError("Telephone number must be a UK number, like 07700 900 982")
    return bare


def typed_email(text: str) -> str | None:
    """An email address; None where there is none. Raises ValueError."""
    name, _, host = text.partition("@")
    if text and (not name or "." not in host or " " in text):
        raise ValueError("Enter an email address in the correct format, like name@example.org")
    return text or None


def typed_address(text: str) -> str | None:
    """An address of the web; None where there is none. Raises ValueError."""
    if text and (not text.startswith(("https://", "http://")) or " " in text):
        raise ValueError("Enter a full web address, like https://www.example.org")
    return text or None


def typed_people(text: str) -> list[str]:
    """People by their pseudonyms, one a line or however they are parted. Raises ValueError."""
    found = re.sub(r"[,;\s]+", " ", text.lower()).split()
    if any(_PSEUDONYM.match(each) is None for each in found):
        raise ValueError("Give each person by the whole pseudonym: 32 letters and numbers, one person a line")
    return found
