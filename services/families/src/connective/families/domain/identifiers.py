"""Numbers that name a person or a place in England: their arithmetic, and the one form they are kept in.

Rules: NHS Data Model and Dictionary (NHS number, modulus 11); Department for Education UPN guide (check letter,
modulus 23); postcode shape checked against every live postcode of the ONS Postcode Directory.
"""

import re

from nhs_number.standardise import standardise_format
from nhs_number.validate import is_valid

from connective.families.domain.refusals import BadIdentifier

_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")
_UPN = re.compile(r"^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_SYNTHETIC_PREFIX = "999"
"""The range NHS England keeps for test data: issued to nobody."""

_TEN = 10


def check_nhs_number(text: str, *, synthetic: bool) -> str:
    """The ten digits of an NHS number that could be a person's.

    Two traps of the modulus are closed here: repeated digits pass it (0000000000 does), and the range from 999 belongs
    to nobody. `synthetic` says that this deployment holds invented people: then only that range is let in, so that no
    real number can enter a demonstration.
    """
    digits = standardise_format(text) or ""
    if len(digits) != _TEN or not is_valid(digits) or len(set(digits)) == 1:
        raise BadIdentifier("This is not an NHS number: check its ten digits.", "nhs_number")
    if digits.startswith(_SYNTHETIC_PREFIX) != synthetic:
        wanted = "must begin with 999 here, where people are invented" if synthetic else "may not begin with 999"
        raise BadIdentifier(f"An NHS number {wanted}.", "nhs_number")
    return digits


def check_upn(text: str) -> str:
    """The thirteen characters of a unique pupil number, by its check letter alone.

    No list of authorities is asked: lists age, and refuse the pupils of newer councils.
    """
    upn = text.replace(" ", "").upper()
    if not _UPN.match(upn) or _upn_letter(upn[1:]) != upn[0]:
        raise BadIdentifier("This is not a unique pupil number: check its thirteen characters.", "upn")
    return upn


def _upn_letter(body: str) -> str:
    """The check letter of the other twelve characters; each weighs its position, 2 to 13."""
    values = (int(c) if c.isdigit() else _UPN_LETTERS.find(c) for c in body)
    return _UPN_LETTERS[sum(weight * value for weight, value in enumerate(values, start=2)) % len(_UPN_LETTERS)]


def canonical_postcode(text: str) -> str:
    """The postcode as it is kept: capitals, one space before the last three (`TA20 1QX`)."""
    found = _POSTCODE.match(re.sub(r"\s", "", text).upper())
    if not found:
        raise BadIdentifier("This is not a postcode of the United Kingdom.", "postcode")
    return f"{found[1]} {found[2]}"


def outward_postcode(postcode: str) -> str:
    """The first half of a canonical postcode: the district, which does not find a door."""
    return postcode.split(" ", maxsplit=1)[0]
