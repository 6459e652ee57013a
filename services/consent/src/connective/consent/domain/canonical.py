"""One byte sequence per value (RFC 8785), so that what is signed or hashed can be rebuilt by anyone from the value."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import rfc8785


def plain(value: object) -> Any:  # noqa: ANN401 - JSON values have no narrower type
    """The JSON value of a domain value: sets sorted, dates and ids as text, instants in UTC to the microsecond."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str | date | UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return _plain_many(value)


def _plain_many(value: object) -> Any:  # noqa: ANN401 - as above
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(v) for v in value), key=str)
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    raise TypeError(f"no canonical form for {type(value).__name__}")


def canonical(value: object) -> bytes:
    """The canonical JSON (RFC 8785) of a domain value. Raises TypeError for one that has no JSON form."""
    return rfc8785.dumps(plain(value))
