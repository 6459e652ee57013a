"""One byte sequence per value (RFC 8785), so that what is signed or hashed can be rebuilt by anyone from the value.

Our values hold text, whole numbers, truth values and nothing, under keys of ASCII letters. For those the standard
library's encoder with sorted keys and no spaces writes exactly RFC 8785, four times as fast as a general
implementation; a property test holds it against one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _simpler(value: object) -> Any:  # noqa: ANN401 - JSON values have no narrower type
    """One step towards JSON: sets sorted, dates and ids as text, instants in UTC to the microsecond."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted((plain(v) for v in value), key=str)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if is_dataclass(value):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    raise TypeError(f"no canonical form for {type(value).__name__}")


def plain(value: object) -> Any:  # noqa: ANN401 - as above
    """The JSON value of a domain value. Raises TypeError for one that has none."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    return plain(_simpler(value))


_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_simpler)


def canonical(value: object) -> bytes:
    """The canonical JSON (RFC 8785) of a domain value. Raises TypeError for one that has no JSON form."""
    return _WRITER.encode(value).encode()


def written(members: Mapping[str, str]) -> str:
    """The canonical object of members that are canonical JSON already: for what is written thousands of times."""
    return "{" + ",".join([f'"{name}":{members[name]}' for name in sorted(members)]) + "}"


def one_id(value: UUID | None) -> str:
    """An id, or nothing, as canonical JSON."""
    return "null" if value is None else f'"{value}"'


@lru_cache(maxsize=4096)
def known_id(value: UUID | None) -> str:
    """As `one_id`, for the ids of organisations, services and agreements, which come again and again."""
    return one_id(value)


@lru_cache(maxsize=64)
def instant(value: datetime) -> str:
    """An instant as canonical JSON: in UTC, to the microsecond."""
    return f'"{_instant(value)}"'


@lru_cache(maxsize=1024)
def words(value: str) -> str:
    """Text that comes again and again, such as an account's id or the name of an act, as canonical JSON."""
    return canonical(value).decode()


def listed(texts: Iterable[str]) -> str:
    """A list of ids or codes, in this order; none holds a character that needs an escape."""
    return "[" + ",".join([f'"{text}"' for text in texts]) + "]"


@lru_cache(maxsize=1024)
def codes(values: frozenset[StrEnum]) -> str:
    """A set of codes as a sorted list; the same few sets come again and again."""
    return listed(sorted(values))
