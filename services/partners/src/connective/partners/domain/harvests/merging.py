"""What of a source's words becomes ours: field by field, and never over a person's work.

Three things are compared: what the directory holds, what the source says now, and what it said when it was last
listened to. A field that still holds the source's own last words follows it. One that somebody changed here, its
organisation or a person of the place, stays as it is, and the difference is shown.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_encoded = json.JSONEncoder(sort_keys=True).encode
"""`json.dumps` makes an encoder anew at each call, which took longer than encoding a field with it."""
Fields = Mapping[str, Any]
"""A record's fields as JSON values; what says nothing is left out."""
LATER_WINS = frozenset({"assured_on"})
"""Fields that hold a day on which somebody looked: the later one is right, whoever looked."""


class ChangeKind(StrEnum):
    """What a source's words would do to the directory."""

    CHANGED = "changed"
    DIFFERS = "differs"
    """Only where the directory was changed by hand: nothing follows by itself."""
    GONE = "gone"
    """The source does not list it any more, or says that it has ended."""
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a source said of one record when it was last listened to."""

    digests: Mapping[str, str]
    """By field; a field without one was never the source's."""
    missed: int = 0
    """How many whole readings in a row did not hold it."""
    kept_though_gone: bool = False
    """Somebody decided that it stays, though the source does not list it any more."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the source and the directory do not agree."""

    field: str
    ours: Any
    theirs: Any
    kept: bool
    """Whether ours stays, because somebody changed it here."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What would become of a record."""

    kind: ChangeKind | None
    """None when the source says nothing new."""
    differences: tuple[Difference, ...] = ()
    fields: Fields = field(default_factory=dict)
    """The record as it would be."""


def digest(value: object) -> str:
    """A short digest of one field's value; the same words give the same digest."""
    return hashlib.sha256(_encoded(value).encode()).hexdigest()[:16]


def digests(fields: Fields) -> dict[str, str]:
    """The digest of each field that says something."""
    return {name: digest(value) for name, value in fields.items()}


def plain(fields: Fields) -> dict[str, Any]:
    """The fields that say something: nothing, an empty list and an absent field are the same."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


def merge(current: Fields | None, told: Fields, origin: Origin | None) -> Merge:
    """What a source's words would do. `current` is None where the directory has no such record.

    Words that were listened to before say nothing new, whatever was decided about them then.
    """
    said = origin.digests if origin is not None else {}
    if current is None:
        if origin is not None and said == digests(told):
            return Merge(None)
        changes = tuple(Difference(name, None, theirs, kept=False) for name, theirs in sorted(told.items()))
        return Merge(ChangeKind.NEW, changes, told)
    differences = _differences(current, told, said)
    follows = {each.field: each.theirs for each in differences if not each.kept}
    if follows:
        return Merge(ChangeKind.CHANGED, differences, plain({**current, **follows}))
    news = any(said.get(each.field) != _digest_of(each.theirs) for each in differences)
    return Merge(ChangeKind.DIFFERS if news else None, differences, current)


def edited_here(current: Fields, said: Mapping[str, str]) -> bool:
    """Whether somebody changed anything of the record since its source was last listened to."""
    names = (current.keys() | said.keys()) - LATER_WINS
    return any(said.get(name) != _digest_of(current.get(name)) for name in names)


def overwritten(current: Fields, told: Fields) -> Fields:
    """The record with all of a source's words, where somebody decided that its are the right ones."""
    later = {name: max(current[name], told.get(name, "")) for name in LATER_WINS & current.keys()}
    return plain({**told, **later})


def _differences(current: Fields, told: Fields, said: Mapping[str, str]) -> tuple[Difference, ...]:
    found = []
    for name in sorted(current.keys() | told.keys()):
        ours, theirs = current.get(name), told.get(name)
        if ours == theirs:
            continue
        if name in LATER_WINS:
            if theirs is not None and (ours is None or theirs > ours):
                found.append(Difference(name, ours, theirs, kept=False))
            continue
        found.append(Difference(name, ours, theirs, kept=said.get(name) != _digest_of(ours)))
    return tuple(found)


def _digest_of(value: object) -> str | None:
    return None if value is None else digest(value)
