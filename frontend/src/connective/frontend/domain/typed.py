"""What people type: dates, postcodes and telephone numbers, in the ways they write them."""

import re
from datetime import date

_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")
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
        return date(int(year), number, int(day))
    except ValueError as error:
        raise ValueError("Date must be a real one, like 27 3 2019") from error


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
    bare = re.sub(r"[\s().-]", "", text)
    if not bare:
        return None
    bare = re.sub(r"^(?:\+44|0044)0?", "0", bare)
    if not re.fullmatch(r"0[0-9]{9,10}", bare):
        raise ValueError("Telephone number must be a UK number, like 07700 900 982")
    return bare
