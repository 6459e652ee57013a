"""Fields of forms, declared once: how they are shown, what is wrong with what was typed, and what the API gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.typed import typed_date, typed_telephone
from connective.frontend.domain.words import telephone

Typed = Mapping[str, Sequence[str]]
"""What a form sent: every value of each field, as typed."""
Errors = list[tuple[str, str]]
"""What is wrong: a field and a message, in the order of the page."""
_ABOUT_THE_FORM = frozenset({400, 409, 422})
"""Refusals that somebody can mend on the form itself."""
YES_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form."""

    name: str
    label: str
    kind: str = "text"
    """text, long, lines, number, email, telephone, address (of the web), secret, choice, choices, yes_no, date."""
    hint: str = ""
    required: str = ""
    """What to say where it is empty; empty where it may be."""
    options: tuple[tuple[str, str], ...] = ()
    width: str = ""
    pointer: str = ""
    """Where the API has it, as it points to what is wrong; by its name otherwise."""
    rows: int = 5

    @property
    def at(self) -> str:
        """Its place in the API's body."""
        return self.pointer or f"/{self.name}"

    @property
    def first(self) -> str:
        """What an error leads to: the first box."""
        return f"{self.name}-day" if self.kind == "date" else self.name


def one(typed: Typed, name: str) -> str:
    """A value without the spaces around it."""
    values = typed.get(name) or [""]
    return values[-1].strip()


def read(fields: Sequence[Field], typed: Typed) -> tuple[dict[str, Any], Errors]:
    """What was typed, as the API takes it, and what is wrong with it. An empty field is None."""
    body: dict[str, Any] = {}
    errors: Errors = []
    for each in fields:
        try:
            value = _value(each, typed)
        except ValueError as error:
            errors.append((each.first, str(error)))
            continue
        if value in (None, []) and each.required:
            errors.append((each.first, each.required))
        body[each.name] = value
    return body, errors


def _value(asked: Field, typed: Typed) -> Any:  # noqa: ANN401 - whatever the field holds
    if asked.kind == "date":
        found = typed_date(*(one(typed, f"{asked.name}-{part}") for part in ("day", "month", "year")))
        return str(found) if found is not None else None
    if asked.kind == "choices":
        return [each for each in typed.get(asked.name, []) if each in dict(asked.options)]
    text = one(typed, asked.name)
    if not text:
        return [] if asked.kind == "lines" else None
    return _CHECKS.get(asked.kind, _plain)(asked, text)


def _plain(_: Field, text: str) -> Any:  # noqa: ANN401 - as the table of checks has it
    return text


def _number(asked: Field, text: str) -> int:
    bare = text.replace(",", "")
    if not bare.isdecimal() or len(bare) > 9:
        raise ValueError(f"{asked.label} must be a whole number, like 6")
    return int(bare)


def _email(_: Field, text: str) -> str:
    name, sign, host = text.partition("@")
    if not (name and sign and "." in host) or " " in text:
        raise ValueError("Enter an email address in the correct format, like name@example.org")
    return text


def _telephone(_: Field, text: str) -> str:
    return telephone(typed_telephone(text) or "")


def _web(_: Field, text: str) -> str:
    if not text.startswith(("https://", "http://")) or " " in text:
        raise ValueError("Enter a full web address, like https://www.example.org")
    return text


def _choice(asked: Field, text: str) -> str:
    if text not in dict(asked.options):
        raise ValueError(asked.required or f"Choose one of those shown: {asked.label.lower()}")
    return text


def _yes(_: Field, text: str) -> bool:
    return text == "yes"


def _lines(_: Field, text: str) -> list[str]:
    return [each.strip() for each in text.replace(",", "\n").splitlines() if each.strip()]


_CHECKS: dict[str, Any] = {
    "number": _number,
    "email": _email,
    "telephone": _telephone,
    "address": _web,
    "choice": _choice,
    "yes_no": _yes,
    "lines": _lines,
}


def typed_from(fields: Sequence[Field], document: Mapping[str, Any]) -> dict[str, list[str]]:
    """A record of the API as somebody would have typed it: what a form that changes it begins with."""
    found: dict[str, list[str]] = {}
    for each in fields:
        value = document.get(each.name)
        if value is None:
            continue
        if each.kind == "date":
            on = date.fromisoformat(value)
            found |= {f"{each.name}-{part}": [str(getattr(on, part))] for part in ("day", "month", "year")}
        elif each.kind == "choices":
            found[each.name] = [str(one) for one in value]
        elif each.kind == "lines":
            found[each.name] = ["\n".join(str(one) for one in value)]
        elif each.kind == "yes_no":
            found[each.name] = ["yes" if value else "no"]
        else:
            found[each.name] = [str(value)]
    return found


def errors_of(problem: Refused, fields: Sequence[Field]) -> Errors:
    """A refusal beside the fields it is about. Raises the refusal where it is about something else than the form."""
    if problem.status not in _ABOUT_THE_FORM:
        raise problem
    errors: Errors = []
    for each in problem.errors:
        about = [field for field in fields if each.pointer == field.at or each.pointer.startswith(f"{field.at}/")]
        errors.append((about[0].first if about else "", _sentence(each.detail)))
    return errors or [("", problem.detail or "This cannot be saved as it is.")]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
