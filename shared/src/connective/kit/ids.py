"""Identifiers: opaque ones for machines, spoken ones for people."""

import secrets
from datetime import datetime
from uuid import UUID

from uuid_utils import uuid7 as _uuid7

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_BITS = 5
"""Of one character of the alphabet."""
_BODY_LENGTH = 7
_WEIGHED = tuple(
    {character: value * factor // 32 + value * factor % 32 for value, character in enumerate(_ALPHABET)}
    for factor in (2, 1)
)
"""What a character adds to the check: doubled at the end and at every second place before it, and as it is between."""


def new_id() -> UUID:
    """A UUIDv7: ordered by time of making, so that new rows land at the end of an index (RFC 9562)."""
    return UUID(int=_uuid7().int)


def spelled_id() -> tuple[UUID, str]:
    """A new id with its text, for what writes it: the standard library takes six times as long to spell one."""
    made = _uuid7()
    return UUID(int=made.int), str(made)


def first_id_at(at: datetime) -> UUID:
    """The smallest id that could have been made at an instant: ids below it were made before (to the millisecond)."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def _check_character(body: str) -> str:
    """Luhn mod 32 over Crockford's alphabet: finds every single slip and nearly every swap of neighbours."""
    total = sum(map(_WEIGHED[0].__getitem__, body[::-2])) + sum(map(_WEIGHED[1].__getitem__, body[-2::-2]))
    return _ALPHABET[-total % 32]


def new_reference(prefix: str) -> str:
    """A reference to be read aloud, such as `REF-7K3M-92QD`: 35 random bits and a check character.

    It is not unique by construction: the table that stores it has a unique key, and the caller tries again.
    """
    drawn = secrets.randbits(_BITS * _BODY_LENGTH)
    body = "".join(_ALPHABET[drawn >> _BITS * place & len(_ALPHABET) - 1] for place in range(_BODY_LENGTH))
    text = body + _check_character(body)
    return f"{prefix}-{text[:4]}-{text[4:]}"


def read_reference(prefix: str, text: str) -> str:
    """The canonical form of a reference as somebody typed or heard it. Raises ValueError when it cannot be one."""
    compact = text.upper().replace(" ", "").replace("-", "")
    if len(compact) > _BODY_LENGTH + 1:  # Said without its prefix, it may begin with the same letters by chance.
        compact = compact.removeprefix(prefix.upper())
    compact = compact.translate(_HEARD_AS)
    if len(compact) != _BODY_LENGTH + 1 or any(c not in _ALPHABET for c in compact):
        raise ValueError(f"A reference looks like {prefix}-7K3M-92QD.")
    if _check_character(compact[:-1]) != compact[-1]:
        raise ValueError("One character of this reference is wrong: please check it.")
    return f"{prefix}-{compact[:4]}-{compact[4:]}"
