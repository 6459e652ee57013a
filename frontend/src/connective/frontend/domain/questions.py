"""Questions of a form: what is asked, in which way it may be typed, and what is wrong with what was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from connective.frontend.domain.typed import typed_date, typed_postcode, typed_telephone

Kind = Literal["text", "long", "date", "radios", "select", "boxes", "postcode", "telephone"]
Typed = Mapping[str, Sequence[str]]
"""What somebody typed, as a form sends it."""
Errors = list[tuple[str, str]]
"""A field, and what is wrong with it in words."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen."""

    code: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form. `required` is what is said where nothing was answered; empty, it may be left out."""

    name: str
    label: str
    kind: Kind = "text"
    required: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    longest: int = 100
    width: int = 20
    past: bool = False
    """Whether a date that is still to come is wrong."""

    @property
    def field(self) -> str:
        """The field to which an error leads."""
        return f"{self.name}-day" if self.kind == "date" else self.name


def one(typed: Typed, name: str) -> str:
    """A field as it was typed; empty where it was not."""
    values = typed.get(name) or [""]
    return values[-1].strip()


def answers(questions: Sequence[Question], typed: Typed, today: date) -> tuple[dict[str, Any], Errors]:
    """What was answered, by the questions' names, without what was left out; and what is wrong, in their order."""
    found: dict[str, Any] = {}
    errors: Errors = []
    for question in questions:
        try:
            answer = _answer(question, typed, today)
        except ValueError as error:
            errors.append((question.field, str(error)))
            continue
        if answer:
            found[question.name] = answer
        elif question.required:
            errors.append((question.field, question.required))
    return found, errors


def kept(questions: Sequence[Question], typed: Typed) -> dict[str, list[str]]:
    """What was typed into these questions, as it was typed: to be shown again."""
    fields = [each for question in questions for each in _fields(question)]
    return {name: list(typed[name]) for name in fields if typed.get(name)}


def _fields(question: Question) -> list[str]:
    if question.kind != "date":
        return [question.name]
    return [f"{question.name}-{part}" for part in ("day", "month", "year")]


def _answer(question: Question, typed: Typed, today: date) -> Any:  # noqa: ANN401 - a text, or several
    text = one(typed, question.name)
    if question.kind == "date":
        return _date(question, typed, today)
    if question.kind == "boxes":
        chosen = [each for each in typed.get(question.name, ()) if each]
        return [each for each in chosen if each in {option.code for option in question.options}]
    if question.options and text and text not in {option.code for option in question.options}:
        raise ValueError("Choose one of these")
    if question.kind == "postcode":
        return typed_postcode(text)
    if question.kind == "telephone":
        return typed_telephone(text)
    if len(text) > question.longest:
        raise ValueError(f"{question.label} must be {question.longest} characters or fewer")
    return text


def _date(question: Question, typed: Typed, today: date) -> str | None:
    found = typed_date(*(one(typed, name) for name in _fields(question)))
    if found is not None and question.past and found > today:
        raise ValueError("Date must be today or in the past")
    return str(found) if found else None
