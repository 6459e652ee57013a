"""Facts turned into keyed tokens, by which a person is found although the database never compares a name.

Each fact (a part of a name, a birth date, a postcode, an NHS number) becomes an HMAC under a key that the database does
not hold. Equality on tokens uses a plain index, which row-level security leaves fast; a copy of the table without the
key tells nothing. Tokens are of one place: the same name elsewhere gives another token.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from connective.families.domain.names import Name, parts

_TOKEN_BYTES = 16


class Fact(StrEnum):
    """What a token stands for. It enters the HMAC, so that a given name never meets a family name by chance."""

    BORN = "born"
    FAMILY = "family"
    GIVEN = "given"
    HOME = "home"
    NAME = "name"
    """Any part of any name, for names typed the other way round."""
    NHS = "nhs"


@dataclass(frozen=True, slots=True)
class Token:
    """One fact, keyed."""

    fact: Fact
    value: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """The plain facts by which somebody may be recognised; every one optional but the name."""

    name: Name
    date_of_birth: date | None = None
    postcode: str | None = None
    nhs_number: str | None = None


def tokens_of(known: Known, place_id: UUID, key: bytes) -> frozenset[Token]:
    """Every token of these facts.

    The first given name and what the person is known as count as their given name; further given names only as parts,
    because twins often share a middle name.
    """
    given = set(parts(known.name.given)[:1]) | set(parts(known.name.known_as or ""))
    family = {part for name in (known.name.family, *known.name.previous_family) for part in parts(name)}
    plain = {(Fact.GIVEN, part) for part in given} | {(Fact.FAMILY, part) for part in family}
    plain |= {(Fact.NAME, part) for part in given | family | set(parts(known.name.given))}
    if known.date_of_birth:
        plain.add((Fact.BORN, known.date_of_birth.isoformat()))
    if known.postcode:
        plain.add((Fact.HOME, known.postcode))
    if known.nhs_number:
        plain.add((Fact.NHS, known.nhs_number))
    return frozenset(Token(fact, _keyed(fact, value, place_id, key)) for fact, value in plain)


def _keyed(fact: Fact, value: str, place_id: UUID, key: bytes) -> bytes:
    message = b"\0".join((place_id.bytes, fact.encode(), value.encode()))
    return hmac.new(key, message, hashlib.sha256).digest()[:_TOKEN_BYTES]
