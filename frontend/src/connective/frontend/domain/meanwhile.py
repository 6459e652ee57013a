"""What a form began with, and what is stored now: beside each question somebody reads what changed meanwhile.

A form that changes a record carries a mark of what each box held when it was shown: eight characters, which tell
nothing, and which are compared with what is stored when the form is shown again over a newer version. So a question
that its reader changed is told from one that somebody else did.
"""

from dataclasses import dataclass
from hashlib import blake2b

from connective.frontend.domain.fields import Field, Typed, many, one
from connective.frontend.domain.typed import typed_date
from connective.frontend.domain.words import day

BEGAN = "began"
"""The hidden field of a form that holds the marks."""
_UNSAID = frozenset({"hidden", "secret"})
_EMPTIED = "Changed meanwhile: it is empty now"


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What changed since a form was opened."""

    began: str
    """A mark of each box that held something when it was."""
    stored: Typed | None
    """What is stored now; None where the form is only opened now, or where nobody has looked."""

    def of(self, asked: Field) -> str:
        """What a question says now, where its stored answer is another than the form began with; empty otherwise."""
        if self.stored is None or asked.kind in _UNSAID:
            return ""
        before = {name: mark for name, _, mark in (each.rpartition(":") for each in self.began.split())}
        if all(before.get(box, "") == _mark(self.stored, box) for box in asked.boxes):
            return ""
        now = _said(asked, self.stored)
        return f"Changed meanwhile to: {now}" if now else _EMPTIED


def since(came: Typed, stored: Typed | None) -> Meanwhile:
    """What changed since the form was opened that came, or came back; one that is opened now begins with `stored`."""
    if BEGAN in came:
        return Meanwhile(came[BEGAN][-1], stored)
    return Meanwhile(marks_of(stored or {}), None)


def marks_of(stored: Typed) -> str:
    """A mark of each box that holds something."""
    return " ".join(f"{name}:{mark}" for name in stored if (mark := _mark(stored, name)))


def _mark(typed: Typed, box: str) -> str:
    """Nothing for what is empty. The order in which boxes are ticked is none."""
    values = sorted(value.replace("\r\n", "\n") for value in many(typed, box))
    return blake2b("\0".join(values).encode(), digest_size=4).hexdigest() if values else ""


def _said(asked: Field, stored: Typed) -> str:
    """An answer as people say it."""
    if asked.kind in {"date", "moment"}:
        parts = [one(stored, box) for box in asked.boxes]
        try:
            on = typed_date(*parts[:3])
        except ValueError:
            on = None
        return " ".join(parts).strip() if on is None else ", ".join(each for each in (day(str(on)), *parts[3:]) if each)
    return ", ".join(asked.words.get(each, each) for each in many(stored, asked.name))
