"""The form of any kind of service as fields of a page, and what was typed into them as the API takes it.

Forms are data: whatever a place asks in its own form is shown here by type, label and help, without a page of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.fields import Errors, Field, Typed, many, read

_KINDS = {"boolean": "yes_no", "choice": "radios", "long_text": "long"}
"""How the API calls a type, where a kind of field goes by another name."""
_LONGEST = {"text": 200, "long_text": 4000}
_ANSWERED = "answer"
_OF_THE_RECIPIENT = "recipient_"
"""How the names of questions begin that are about the organisation itself: one answer cannot stand for two."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form, as a page asks for it."""

    name: str
    """Its name in the form; on the page `a-` stands before it, so that no field of ours is taken for one of theirs."""
    field: Field
    missing: str
    """What is said where it is empty and must not be."""
    required: bool
    when: tuple[str, tuple[str, ...]] | None
    """Required only where another field has one of these answers."""
    categories: frozenset[str]

    @property
    def optional(self) -> bool:
        """Whether it may always be left out."""
        return not self.required and self.when is None

    @property
    def same(self) -> tuple[Any, ...]:
        """What makes the fields of two forms the same question."""
        return self.name, self.field.kind, self.field.options


def asked_of(form: Mapping[str, Any]) -> list[Asked]:
    """What somebody fills in; what is read from the family's record is not asked again."""
    fields = {each["name"]: each for each in form["fields"]}
    return [_asked(each, fields) for each in form["fields"] if each["source"] == _ANSWERED]


def _asked(each: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]) -> Asked:
    when, label = each["required_when"], each["label"]
    needed = f" {_needed(fields[when['field']], when['answers'])}" if when else ""
    field = Field(
        name=f"a-{each['name']}",
        label=label if each["required"] or when else f"{label} (optional)",
        kind=_KINDS.get(each["type"], each["type"]),
        hint=f"{each['help']}{needed}",
        options=tuple((choice["code"], choice["label"]) for choice in each["choices"]),
        longest=_LONGEST.get(each["type"], 0),
        least=each["minimum"],
        most=each["maximum"],
    )
    return Asked(
        each["name"],
        field,
        _MISSING.get(each["type"], "Enter an answer to “{}”").format(label),
        each["required"],
        (when["field"], tuple(str(answer) for answer in when["answers"])) if when else None,
        frozenset(each["categories"]),
    )


def _needed(asked: Mapping[str, Any], answers: Sequence[str]) -> str:
    """When it must be answered, in the words of the question before it."""
    words = {choice["code"]: choice["label"] for choice in asked["choices"]}
    chosen = [f"“{words.get(answer, answer)}”" for answer in answers]
    return f"Needed if you answered “{asked['label']}” with {' or '.join(chosen)}."


_MISSING = {
    "choice": "Choose an answer to “{}”",
    "choices": "Choose at least one answer to “{}”",
    "boolean": "Say yes or no to “{}”",
    "date": "Enter a date for “{}”",
}


def shared_of(forms: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """Questions that two forms or more ask: they are asked once."""
    seen: dict[Any, list[Asked]] = {}
    for form in forms:
        for each in asked_of(form):
            if each.name.startswith(_OF_THE_RECIPIENT):
                continue
            seen.setdefault(each.same, []).append(each)
    return [found[0] for found in seen.values() if len(found) > 1]


def answers_of(fields: Sequence[Asked], typed: Typed) -> tuple[dict[str, Any], Errors]:
    """What the API takes, and what is wrong with what was typed, field by field in the form's order."""
    answers: dict[str, Any] = {}
    errors: Errors = []
    for each in fields:
        body, wrong = read([each.field], typed)
        value = body.get(each.field.name)
        if wrong:
            errors += [(box, _about(each.field.label, words)) for box, words in wrong]
        elif value not in (None, []):
            answers[each.name] = value
        elif each.required or _is_wanted(each, typed):
            errors.append((each.field.first, each.missing))
    return answers, errors


def _about(label: str, words: str) -> str:
    """A message that says which of a form's many questions it is about."""
    return words if words.startswith(label) else f"{label}: {words[:1].lower()}{words[1:]}"


def _is_wanted(each: Asked, typed: Typed) -> bool:
    return each.when is not None and bool(set(many(typed, f"a-{each.when[0]}")) & set(each.when[1]))
