"""A person's names as people use them, and the plain parts by which a name is found again."""

import re
import unicodedata
from dataclasses import dataclass

from connective.families.domain.refusals import BadName

LONGEST_NAME = 100

_NOT_A_NAME = re.compile(r"[\d<>{}\[\]\\|@#£$%^*=+~`\x00-\x1f\x7f]")
_BETWEEN_PARTS = re.compile(r"[\W\d_]+")
_WITHIN_A_PART = re.compile("['\u2018\u2019\u02bc\u00b4`]")
_LETTERS_WITHOUT_PARTS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ł": "l", "ı": "i"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """What somebody is called: given names, family name, what they are known as, and earlier family names."""

    given: str
    family: str
    known_as: str | None = None
    previous_family: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        """Given names and family name, in the order England writes them."""
        return f"{self.given} {self.family}".strip()


def make_name(given: str, family: str, known_as: str | None = None, previous_family: tuple[str, ...] = ()) -> Name:
    """A name from what was typed: spaces tidied, and refused where it holds what no name holds.

    Either half may be empty, for people who have one name; not both.
    """
    name = Name(
        given=_tidy(given, "given_names"),
        family=_tidy(family, "family_name"),
        known_as=_tidy(known_as, "known_as") or None if known_as else None,
        previous_family=tuple(filter(None, (_tidy(previous, "previous_family_names") for previous in previous_family))),
    )
    if not parts(name.full):
        raise BadName("A person needs a given name or a family name.", "given_names")
    return name


def parts(text: str) -> tuple[str, ...]:
    """The plain parts of a name: small letters without accents, split at spaces and hyphens, in order.

    `O’Brien-Smythe` gives `obrien`, `smythe`, so that the ways people type one name meet. Other scripts keep their
    letters: their names must be found again too.
    """
    folded = unicodedata.normalize("NFKD", _WITHIN_A_PART.sub("", text)).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c)).translate(_LETTERS_WITHOUT_PARTS)
    return tuple(filter(None, _BETWEEN_PARTS.split(plain)))


def _tidy(text: str, field: str) -> str:
    """One spaced line in the composed form, or a refusal."""
    tidied = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(tidied) > LONGEST_NAME:
        raise BadName(f"A name has at most {LONGEST_NAME} characters.", field)
    if _NOT_A_NAME.search(tidied):
        raise BadName("A name holds letters, spaces, hyphens, full stops and apostrophes.", field)
    return tidied
