"""How HSDS tells things: what is not known is left out (a null breaks its schemas), times are RFC 3339."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Document = dict[str, Any]


def told(values: Mapping[str, Any]) -> Document:
    """The values that say something; a city or a postcode may be empty where HSDS requires the field."""
    return {name: value for name, value in values.items() if value is not None and value != []}


def instant(at: datetime) -> str:
    """A moment as RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
