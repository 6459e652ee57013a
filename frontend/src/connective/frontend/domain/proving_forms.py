"""Forms of officers: their fields as data, what was typed as a body for the API, and what was wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from connective.frontend.domain.answers import FieldProblem
from connective.frontend.domain.proving_tables import Known
from connective.frontend.domain.proving_words import CATEGORIES, PURPOSES, SAID_AS_THEY_ARE, category
from connective.frontend.domain.typed import typed_date
from connective.frontend.domain.words import LONDON

Errors = list[tuple[str, str]]
Options = tuple[tuple[str, str], ...]
_CLOCK = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$")
_PSEUDONYM = re.compile(r"^[0-9a-f]{32}$")


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `name` is the API's own, so that what it refuses is told beside the question."""

    name: str
    label: str
    kind: str = "text"
    """text, long, number, choice, yes_no, many, select, date, moment, person, people or hidden."""
    hint: str = ""
    options: Options = ()
    needed: str = ""
    """What to say where it is empty; an optional question has no such words."""
    lone: bool = False
    """A list of one for the API: the form asks for one."""

    @property
    def anchor(self) -> str:
        """Where an error leads: the first box of the question."""
        return f"{self.name}-day" if self.kind in {"date", "moment"} else self.name


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, or nothing yet."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """A field, without the spaces around it."""
        found = self.fields.get(name) or [""]
        return found[-1].strip()

    def many(self, name: str) -> list[str]:
        """Every value of a field."""
        return [each.strip() for each in self.fields.get(name, ()) if each.strip()]


def filled(fields: Iterable[Field], known: Known) -> list[Field]:
    """The questions with the choices that this place has: its agreements, organisations, purposes and categories."""
    choices: dict[str, Options] = {
        "agreement_id": tuple(known.agreements.items()),
        "agreement_ids": tuple(known.agreements.items()),
        "organisation_id": tuple(sorted(known.organisations.items(), key=lambda each: each[1].lower())),
        "purpose": tuple(PURPOSES.items()),
        "category": _category_options(),
        "categories": _category_options(),
    }
    return [each if each.options or each.name not in choices else _with(each, choices[each.name]) for each in fields]


def _category_options() -> Options:
    return tuple(
        sorted(((code, category(code)) for code in (*CATEGORIES, *SAID_AS_THEY_ARE)), key=lambda each: each[1])
    )


def _with(each: Field, options: Options) -> Field:
    return Field(each.name, each.label, each.kind, each.hint, options, each.needed, each.lone)


def typed_time(text: str) -> time:
    """A time of day as people write it: 2:30pm, 14.30, 9am. Raises ValueError."""
    found = _CLOCK.match(text.lower().replace(" ", ""))
    if found is None:
        raise ValueError("Time must be like 2:30pm or 14:30")
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise ValueError("Time must be like 2:30pm or 14:30")
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValueError("Time must be like 2:30pm or 14:30")
    return time(hour, minute)


def read(fields: Iterable[Field], typed: Typed) -> tuple[dict[str, Any], Errors]:
    """The body that the API takes, and what is wrong with what was typed."""
    body: dict[str, Any] = {}
    errors: Errors = []
    for each in fields:
        try:
            value = _value(each, typed)
        except ValueError as error:
            errors.append((each.anchor, str(error)))
            continue
        if value is None or value in ("", []):
            if each.needed:
                errors.append((each.anchor, each.needed))
        else:
            body[each.name] = [value] if each.lone else value
    return body, errors


def _value(each: Field, typed: Typed) -> Any:  # noqa: ANN401 - JSON
    return _READERS.get(each.kind, _text)(each, typed)


def _text(each: Field, typed: Typed) -> str:
    return typed.one(each.name)


def _day(each: Field, typed: Typed) -> str | None:
    found = _date(each, typed)
    return found.isoformat() if found else None


def _choice(each: Field, typed: Typed) -> str | int | None:
    found = typed.one(each.name)
    if found not in dict(each.options):
        return None
    return int(found) if found.isdecimal() else found


def _yes_no(each: Field, typed: Typed) -> bool | None:
    return {"yes": True, "no": False}.get(typed.one(each.name))


def _number(each: Field, typed: Typed) -> int | None:
    text = typed.one(each.name)
    if text and not text.isdecimal():
        raise ValueError("Enter a number, like 10")
    return int(text) if text else None


def _date(each: Field, typed: Typed) -> date | None:
    return typed_date(*(typed.one(f"{each.name}-{part}") for part in ("day", "month", "year")))


def _moment(each: Field, typed: Typed) -> str | None:
    """An instant: a day and a time in England; midnight where no time was typed."""
    on, text = _date(each, typed), typed.one(f"{each.name}-time")
    if on is None:
        if text:
            raise ValueError("Enter the day too")
        return None
    at = typed_time(text) if text else time(0)
    return datetime.combine(on, at, LONDON).astimezone(UTC).isoformat().replace("+00:00", "Z")


def _people(each: Field, typed: Typed) -> list[str]:
    found = re.sub(r"[,;\s]+", " ", typed.one(each.name).lower()).split()
    if any(_PSEUDONYM.match(each) is None for each in found):
        raise ValueError("Give each person by the whole pseudonym: 32 letters and numbers, one person a line")
    return found


def _person(each: Field, typed: Typed) -> str | None:
    found = _people(each, typed)
    if len(found) > 1:
        raise ValueError("Give one person")
    return found[0] if found else None


_READERS: dict[str, Callable[[Field, Typed], Any]] = {
    "choice": _choice,
    "date": _day,
    "many": lambda each, typed: typed.many(each.name),
    "moment": _moment,
    "number": _number,
    "people": _people,
    "person": _person,
    "select": _choice,
    "yes_no": _yes_no,
}


def told(fields: Sequence[Field], problems: Sequence[FieldProblem], sentence: str) -> Errors:
    """What the API refused, beside the questions it is about; at least one line says why nothing was saved."""
    anchors = {each.name: each.anchor for each in fields}
    errors = [(anchors.get(each.pointer.strip("/").split("/")[0], ""), each.detail) for each in problems]
    return errors or [("", sentence or "This could not be saved. Look through it, and send it again.")]


_FILTERS = {
    "agreement_id": Field("agreement_id", "Agreement", "select"),
    "organisation_id": Field("organisation_id", "Organisation", "select"),
    "purpose": Field("purpose", "Purpose", "select"),
    "category": Field("category", "Kind of information", "select"),
    "person": Field("person", "Person", "person", hint="The whole pseudonym, as links of these pages carry it"),
    "outcome": Field("outcome", "Answer", "select", options=(
        ("permit", "Permitted"), ("partial", "Permitted in part"), ("deny", "Refused"))),
    "review": Field("review", "Review", "select", options=(
        ("awaiting", "Waiting"), ("overdue", "Overdue"), ("reviewed", "Reviewed"))),
    "from": Field("from", "From", "date", hint="For example, 27 3 2026"),
    "to": Field("to", "Up to and with", "date", hint="For example, 27 4 2026"),
}  # fmt: skip


def filters(names: Iterable[str], known: Known, extra: Mapping[str, Field] | None = None) -> list[Field]:
    """The filters of a list, with the choices of this place."""
    every = {**_FILTERS, **(extra or {})}
    return filled([every[each] for each in names], known)


def asked(fields: Iterable[Field], typed: Typed) -> tuple[dict[str, str], Errors]:
    """What a filtered list asks the API for: days as the instants at which they begin and end in England."""
    body, errors = read(fields, typed)
    query: dict[str, str] = {}
    for name, value in body.items():
        if name in {"from", "to"}:
            on = date.fromisoformat(value)
            on = date.fromordinal(on.toordinal() + 1) if name == "to" else on
            query[name] = datetime.combine(on, time(0), LONDON).astimezone(UTC).isoformat().replace("+00:00", "Z")
        else:
            query[name] = str(value)
    return query, errors
