"""The form of any kind of service as fields of a page, and what was typed into them as the API takes it.

Forms are data: whatever a place asks in its own form is shown here by type, label and help, without a page of its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.referral_draft import Raw
from connective.frontend.domain.typed import typed_date

_LONGEST = {"text": 200, "long_text": 4000}
_ANSWERED = "answer"
_OF_THE_RECIPIENT = "recipient_"
"""How the names of questions begin that are about the organisation itself: one answer cannot stand for two."""
Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form, as a page shows it."""

    name: str
    """Its name in the form; on the page `a-` stands before it, so that no field of ours is taken for one of theirs."""
    label: str
    help: str
    type: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    minimum: int | None
    maximum: int | None
    when: tuple[str, tuple[str, ...]] | None
    """Required only where another field has one of these answers."""
    categories: frozenset[str]

    @property
    def field(self) -> str:
        """Its name on the page."""
        return f"a-{self.name}"

    @property
    def anchor(self) -> str:
        """What an error leads to."""
        return f"{self.field}-day" if self.type == "date" else self.field

    @property
    def same(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """What makes the fields of two forms the same question."""
        return self.name, self.type, self.choices


def asked_of(form: Mapping[str, Any]) -> list[Asked]:
    """What somebody fills in; what is read from the family's record is not asked again."""
    labels = {each["name"]: each["label"] for each in form["fields"]}
    return [_asked(each, labels) for each in form["fields"] if each["source"] == _ANSWERED]


def _asked(each: Mapping[str, Any], labels: Mapping[str, str]) -> Asked:
    when = each["required_when"]
    help_text = each["help"]
    if when:
        help_text = f"{help_text} Needed where “{labels[when['field']]}” says so."
    return Asked(
        each["name"],
        each["label"],
        help_text,
        each["type"],
        each["required"],
        tuple((choice["code"], choice["label"]) for choice in each["choices"]),
        each["minimum"],
        each["maximum"],
        (when["field"], tuple(str(answer) for answer in when["answers"])) if when else None,
        frozenset(each["categories"]),
    )


def shared_of(forms: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """Questions that two forms or more ask: they are asked once."""
    seen: dict[Any, list[Asked]] = {}
    for form in forms:
        for each in asked_of(form):
            if each.name.startswith(_OF_THE_RECIPIENT):
                continue
            seen.setdefault(each.same, []).append(each)
    return [found[0] for found in seen.values() if len(found) > 1]


def answers_of(fields: Sequence[Asked], raw: Raw) -> tuple[dict[str, Any], Errors]:
    """What the API takes, and what is wrong with what was typed, field by field in the form's order."""
    answers: dict[str, Any] = {}
    errors: Errors = []
    for each in fields:
        try:
            value = _READ[each.type](each, raw)
        except ValueError as error:
            errors.append((each.anchor, f"{each.label}: {error}"))
            continue
        if value is not None:
            answers[each.name] = value
        elif each.required or _is_wanted(each, raw):
            errors.append((each.anchor, _MISSING.get(each.type, "Enter an answer to “{}”").format(each.label)))
    return answers, errors


_MISSING = {
    "choice": "Choose an answer to “{}”",
    "choices": "Choose at least one answer to “{}”",
    "boolean": "Say yes or no to “{}”",
    "date": "Enter a date for “{}”",
}


def _is_wanted(each: Asked, raw: Raw) -> bool:
    return each.when is not None and bool(set(raw.get(f"a-{each.when[0]}", [])) & set(each.when[1]))


def _one(raw: Raw, name: str) -> str:
    return (raw.get(name) or [""])[-1].strip()


def _text(each: Asked, raw: Raw) -> str | None:
    value = _one(raw, each.field)
    if len(value) > _LONGEST[each.type]:
        raise ValueError(f"use at most {_LONGEST[each.type]} characters")
    return value or None


def _number(each: Asked, raw: Raw) -> int | None:
    bare = _one(raw, each.field).replace("£", "").replace(",", "").replace(" ", "")
    if not bare:
        return None
    if not bare.isdecimal():
        raise ValueError("enter a whole number, like 250")
    value = int(bare)
    low, high = each.minimum, each.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueError(f"enter a number from {low} to {high}")
    return value


def _date(each: Asked, raw: Raw) -> str | None:
    found = typed_date(*(_one(raw, f"{each.field}-{part}") for part in ("day", "month", "year")))
    return None if found is None else found.isoformat()


def _choice(each: Asked, raw: Raw) -> str | None:
    value = _one(raw, each.field)
    return value if value in {code for code, _ in each.choices} else None


def _choices(each: Asked, raw: Raw) -> list[str] | None:
    chosen = set(raw.get(each.field, []))
    return [code for code, _ in each.choices if code in chosen] or None


def _boolean(each: Asked, raw: Raw) -> bool | None:
    return {"yes": True, "no": False}.get(_one(raw, each.field))


_READ: dict[str, Callable[[Asked, Raw], Any]] = {
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
    "date": _date,
    "long_text": _text,
    "number": _number,
    "text": _text,
}
