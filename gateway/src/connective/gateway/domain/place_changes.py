"""What may change of a place, and how: a merge of what was sent into what is (RFC 7396), judged as the file is."""

from collections.abc import Mapping
from typing import Any

from connective.contracts.places import Place

FIRST = 1
"""The version of a place as the file has it."""


def document_of(place: Place) -> dict[str, Any]:
    """A place as it is kept and sent: JSON alone."""
    return place.model_dump(mode="json")


def merged(place: Place, changes: Mapping[str, Any]) -> Place:
    """The place with these changes; null takes a setting back to what it is where nobody sets it.

    Raises pydantic.ValidationError for what a places file could not hold either.
    """
    return Place.model_validate(_merge(document_of(place), changes))


def _merge(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """JSON Merge Patch (RFC 7396, section 2)."""
    after = dict(before)
    for name, value in changes.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, Mapping):
            inner = after.get(name)
            after[name] = _merge(inner if isinstance(inner, Mapping) else {}, value)
        else:
            after[name] = value
    return after


def changed_settings(before: Place, after: Place) -> tuple[str, ...]:
    """Which settings differ, by name; of safeguarding and branding each part by its own."""
    return tuple(sorted(_differences(document_of(before), document_of(after))))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if name in {"safeguarding", "branding"}:
            found += _differences(old or {}, new or {}, f"{name}.")
        elif old != new:
            found.append(prefix + name)
    return found
