"""Forms that ask the same of several things, row by row: places, openings. Rows come and go without script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connective.frontend.domain.fields import Errors, Field, Typed, kept, one, read, typed_from
from connective.frontend.domain.words import inline

ROWS = "rows"
"""The hidden field that says how many rows a form has."""
_WAS = "was"
"""The hidden field of a row that says which of the record's it is: what the form does not ask of it stays."""
ADD = "add"
TAKE_OUT = "take-out-"
Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as a page shows it."""

    legend: str
    fields: Sequence[Field]
    take_out: str
    """What the button that takes it out sends as `act`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Several of one thing: what is asked of each, and what they are called."""

    key: str
    """Where the API has their list."""
    one: str
    """One of them, in words: "place"."""
    fields: tuple[Field, ...]
    most: int
    wrong: Callable[[Values], Errors]
    """What is wrong with the answers of a row taken together: a field and a message."""

    def number(self, typed: Typed) -> int:
        """How many rows were sent; one at least."""
        text = one(typed, ROWS)
        return min(max(int(text) if text.isdecimal() and len(text) < 4 else 1, 1), self.most)

    def asked(self, at: int, place: int | None = None) -> list[Field]:
        """The fields of a row, and where in the list that is sent the API finds them."""
        sent = at if place is None else place
        return [
            replace(each, name=f"{each.name}-{at}", pointer=f"/{self.key}/{sent}/{each.name}") for each in self.fields
        ]

    def rows(self, number: int) -> list[Row]:
        """The rows as a page shows them."""
        whole = f"{self.one[:1].upper()}{self.one[1:]}"
        return [
            Row(
                legend=whole if number == 1 else f"{whole} {at + 1} of {number}",
                fields=[*self.asked(at), Field(name=f"{_WAS}-{at}", label="", kind="hidden")],
                take_out=f"{TAKE_OUT}{at}",
            )
            for at in range(number)
        ]

    def typed(self, known: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
        """What a form begins with: a row for each that is known, or an empty one."""
        found: dict[str, list[str]] = {ROWS: [str(max(len(known), 1))]}
        for at, record in enumerate(known):
            found |= _renamed(self.fields, typed_from(self.fields, record), at) | {f"{_WAS}-{at}": [str(at)]}
        return found

    def changed(self, typed: Typed, act: str) -> dict[str, list[str]] | None:
        """The form with a row more, or one less; None where it is sent to be kept."""
        number = self.number(typed)
        rows = [self._of_row(typed, at) for at in range(number)]
        if act == ADD:
            rows = [*rows, {}][: self.most]
        elif act.startswith(TAKE_OUT):
            rows = [each for at, each in enumerate(rows) if act != f"{TAKE_OUT}{at}"] or [{}]
        else:
            return None
        found = {ROWS: [str(len(rows))]}
        for at, row in enumerate(rows):
            was = row.pop(_WAS, None)
            found |= _renamed(self.fields, row, at) | ({f"{_WAS}-{at}": was} if was else {})
        return found

    def _of_row(self, typed: Typed, at: int) -> dict[str, list[str]]:
        """What was typed into a row, under the names of its fields."""
        found: dict[str, list[str]] = {}
        for bare, named in zip(self.fields, self.asked(at), strict=True):
            found |= {
                box: list(typed[sent]) for box, sent in zip(bare.boxes, named.boxes, strict=True) if sent in typed
            }
        was = one(typed, f"{_WAS}-{at}")
        return found | ({_WAS: [was]} if was else {})

    def read(self, typed: Typed, known: Sequence[Mapping[str, Any]]) -> tuple[list[Values], Errors, list[Field]]:
        """The list as the API takes it, what is wrong, and the fields by where the API finds them.

        An empty row is left out. What a record says besides, of which the form asks nothing, stays with its row.
        """
        number = self.number(typed)
        sent: list[Values] = []
        errors: Errors = []
        fields: list[Field] = []
        for at in range(number):
            if not kept_in(self.asked(at), typed):
                continue
            named = self.asked(at, len(sent))
            found, wrong = read(named, typed)
            values = {bare.name: found[field.name] for bare, field in zip(self.fields, named, strict=True)}
            if not wrong:
                wrong = [(replace_name(self.fields, name, at), words) for name, words in self.wrong(values)]
            errors += [(box, self._which(words, at, number)) for box, words in wrong]
            sent.append({**_known(known, one(typed, f"{_WAS}-{at}")), **values})
            fields += named
        return sent, errors, fields

    def _which(self, words: str, at: int, number: int) -> str:
        """A message that says in which row it is, where there are several."""
        return words if number == 1 else f"{self.one[:1].upper()}{self.one[1:]} {at + 1}: {inline(words)}"


def kept_in(fields: Sequence[Field], typed: Typed) -> bool:
    """Whether anything was said in a row; a choice that every row begins with says nothing."""
    return any(each.strip() for values in kept(fields, typed).values() for each in values)


def replace_name(fields: Sequence[Field], name: str, at: int) -> str:
    """The first box of a field in a row."""
    found = next(each for each in fields if each.name == name)
    return replace(found, name=f"{name}-{at}").first


def _known(known: Sequence[Mapping[str, Any]], was: str) -> Mapping[str, Any]:
    return known[int(was)] if was.isdecimal() and int(was) < len(known) else {}


def _renamed(fields: Sequence[Field], typed: Typed, at: int) -> dict[str, list[str]]:
    """What was typed under the names of fields, under those of a row."""
    found: dict[str, list[str]] = {}
    for bare in fields:
        boxes = replace(bare, name=f"{bare.name}-{at}").boxes
        found |= {sent: list(typed[box]) for box, sent in zip(bare.boxes, boxes, strict=True) if box in typed}
    return found
