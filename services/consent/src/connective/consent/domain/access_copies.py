"""The copy of their data that somebody asks for: put together, reviewed by an officer, released, and given.

Nothing of it is kept. What an officer reviewed is known again by its fingerprint: a copy that has changed since is
looked at anew before it is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from html import escape
from typing import Any
from uuid import UUID

from connective.consent.domain.canonical import canonical
from connective.consent.domain.refusals import NotNow, Unacceptable

_KEY_LENGTH = 16
MOST_BYTES_IN_A_COPY = 50 * 1024 * 1024
"""Of files in one archive: it is put together in memory. What is beyond that is given one by one."""


class CopyState(StrEnum):
    """Where a copy stands."""

    HELD = "held"
    """An officer has not released it: nobody is given it."""
    RELEASED = "released"


class Withheld(StrEnum):
    """Why something is not given (Data Protection Act 2018, Schedules 2 and 3)."""

    LEGAL_PRIVILEGE = "legal_privilege"
    """Schedule 2 paragraph 19."""
    SERIOUS_HARM = "serious_harm"
    """Schedule 3 paragraphs 5, 11 and 19: health, social work and education data."""
    THIRD_PARTY = "third_party"
    """Schedule 2 paragraph 16: it would disclose somebody else, who has not agreed and need not be disclosed."""


HELD_BACK = (
    "Some of what we hold, as the Data Protection Act 2018 allows or asks (Schedules 2 and 3): what would disclose"
    " somebody else, what is between us and our lawyers, and what might seriously harm somebody. You may ask about it."
)
"""What the person is told of what is withheld."""


@dataclass(frozen=True, slots=True)
class CopyItem:
    """One thing that is held. `review`: it may be about somebody else too, so an officer decides about it."""

    key: str
    service: str
    section: str
    data: Mapping[str, Any]
    review: bool
    file_id: UUID | None = None
    """Its content can be had under this id, which nobody is shown."""


def item_of(
    service: str, section: str, data: Mapping[str, Any], *, review: bool, file_id: UUID | None = None
) -> CopyItem:
    """An item with its key: the same thing has the same key each time the copy is put together."""
    said = canonical({"service": service, "section": section, "data": dict(data)})
    return CopyItem(sha256(said).hexdigest()[:_KEY_LENGTH], service, section, data, review, file_id)


def content_hash(items: Iterable[CopyItem]) -> str:
    """The fingerprint of what an officer has to decide about; what is plainly the person's own may grow meanwhile."""
    return sha256(canonical(sorted({item.key for item in items if item.review}))).hexdigest()


def check_release(
    items: Sequence[CopyItem], named: str, withheld: Mapping[str, Withheld], cleared: frozenset[str]
) -> None:
    """May it be released so? Raises NotNow for another copy than was seen, Unacceptable while items are undecided."""
    if named != content_hash(items):
        raise NotNow("changed_since", "This is not the copy that was shown under that hash: read it again.")
    known = {item.key for item in items}
    if not known >= set(withheld) | cleared:
        raise Unacceptable("unknown_item", "An item that you name is not in this copy.", "/withhold")
    undecided = {item.key for item in items if item.review} - set(withheld) - cleared
    if undecided:
        sentence = f"{len(undecided)} items may be about somebody else: withhold or clear each."
        raise Unacceptable("not_reviewed", sentence, "/clear")


def check_given(state: str, released: str | None, items: Sequence[CopyItem]) -> None:
    """May it be given now? Raises NotNow while it is held, and when what is held has changed since its release."""
    if state != CopyState.RELEASED:
        raise NotNow("not_released", "An officer has not released this copy.", ("release",))
    if released != content_hash(items):
        raise NotNow("changed_since", "What is held has changed since the release: review it again.", ("release",))


def fitting(items: Iterable[CopyItem], most: int) -> tuple[CopyItem, ...]:
    """Items whose files go into one archive of at most so many bytes, in the order of the copy."""
    found, left = [], most
    for item in items:
        size = int(item.data.get("bytes") or 0)
        if item.file_id is not None and size <= left:
            found.append(item)
            left -= size
    return tuple(found)


def page_of_copy(about: Mapping[str, Any], items: Iterable[CopyItem]) -> str:
    """The copy as a page for the person, in plain English; every value is text and never markup."""
    parts = [_HEAD, "<h1>What we hold about you</h1>"]
    for title, lines in about.items():
        said = "".join(f"<li>{escape(str(line))}</li>" for line in lines)
        parts.append(f"<h2>{escape(title)}</h2><ul>{said}</ul>")
    sections: dict[str, list[CopyItem]] = {}
    for item in items:
        sections.setdefault(item.section, []).append(item)
    for section, held in sections.items():
        parts.append(f"<h2>{escape(_words(section))}</h2>")
        parts += [_table(item.data) for item in held]
    return "".join((*parts, "</main></body></html>\n"))


_HEAD = (
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>What we hold about you</title>'
    "<style>body{font:1rem/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:0 0 1rem;width:100%}"
    "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top}th{width:14rem}</style>"
    "</head><body><main>"
)


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _table(data: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(_words(name))}</th><td>{escape(_text(value))}</td></tr>'
        for name, value in data.items()
    )
    return f"<table>{rows}</table>"


def _text(value: Any) -> str:  # noqa: ANN401 - JSON of any shape
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_text(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{_words(name)}: {_text(each)}" for name, each in value.items())
    return str(value)
