"""What a kind of service asks for: a form, in versions that never change once requests were made on them.

Each field says *all* the categories it reveals, and where its value comes from: an answer typed on the request, or a
field of the family's record, read live when the recipient opens the request and never copied.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from connective.contracts.categories import Category


class FieldType(StrEnum):
    """What an answer looks like on the wire."""

    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    TEXT = "text"


class About(StrEnum):
    """Whom a field is about: the people helped, or the adult to speak to."""

    CONTACT = "contact"
    SUBJECTS = "subjects"


LENGTHS = {FieldType.TEXT: 200, FieldType.LONG_TEXT: 4000}
ANSWER = "answer"
FIRST_OF_PLACE = 1001
"""From this version on a form is a place's own (`domain/place_forms.py`); below, it came with the product."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class RequiredWhen:
    """The field is required when another field's answer is one of these."""

    field: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing a form asks."""

    name: str
    label: str
    help: str
    type: FieldType
    required: bool
    categories: frozenset[Category]
    source: str
    """`answer`, or the name of a shareable field of the family's record (connective.contracts.fields)."""
    about: About
    choices: tuple[Choice, ...] = ()
    required_when: RequiredWhen | None = None
    minimum: int | None = None
    maximum: int | None = None

    @property
    def is_live(self) -> bool:
        """Whether the value is read from the family's record at the moment of opening."""
        return self.source != ANSWER


@dataclass(frozen=True)
class Form:
    """One version of one kind's form. A refused *required* category blocks; a *useful* one is gone without.

    There are few, and every request looks at one several times: what follows from its fields is worked out once.
    """

    kind: str
    version: int
    title: str
    one_subject: bool
    """Whether each request is about one person, as therapy is."""
    required_categories: frozenset[Category]
    useful_categories: frozenset[Category]
    fields: tuple[FormField, ...]

    @cached_property
    def categories(self) -> frozenset[Category]:
        """Everything a decision is asked for."""
        return self.required_categories | self.useful_categories

    @cached_property
    def answered(self) -> tuple[FormField, ...]:
        """The fields the worker fills in."""
        return tuple(field for field in self.fields if not field.is_live)

    @cached_property
    def answered_names(self) -> frozenset[str]:
        """What the worker may fill in."""
        return frozenset(field.name for field in self.answered)

    @cached_property
    def live_categories(self) -> frozenset[Category]:
        """What the fields reveal that are read from the family's record."""
        return frozenset().union(*(field.categories for field in self.fields if field.is_live))

    def used_of(self, about: About) -> frozenset[Category]:
        """Categories this form uses of the contact adult, or of the people helped: the others need no permission.

        What no field uses (coded needs, free text) is about the people helped.
        """
        return self._of_contact if about is About.CONTACT else self._of_subjects

    @cached_property
    def _of_contact(self) -> frozenset[Category]:
        return self._named(About.CONTACT) & self.categories

    @cached_property
    def _of_subjects(self) -> frozenset[Category]:
        return self.categories & (self._named(About.SUBJECTS) | (self.categories - self._named(About.CONTACT)))

    def _named(self, about: About) -> frozenset[Category]:
        return frozenset().union(*(field.categories for field in self.fields if field.about is about))


_TYPES: dict[FieldType, dict[str, Any]] = {
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.CHOICE: {"type": "string"},
    FieldType.CHOICES: {"type": "array", "uniqueItems": True},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.LONG_TEXT: {"type": "string", "minLength": 1, "maxLength": LENGTHS[FieldType.LONG_TEXT]},
    FieldType.NUMBER: {"type": "integer"},
    FieldType.TEXT: {"type": "string", "minLength": 1, "maxLength": LENGTHS[FieldType.TEXT]},
}


def _property(field: FormField) -> dict[str, Any]:
    schema = {"title": field.label, "description": field.help, **_TYPES[field.type]}
    schema["x-categories"] = sorted(field.categories)
    codes = [choice.code for choice in field.choices]
    if field.type is FieldType.CHOICE:
        schema["enum"] = codes
    if field.type is FieldType.CHOICES:
        schema["items"] = {"type": "string", "enum": codes}
    if field.minimum is not None:
        schema["minimum"] = field.minimum
    if field.maximum is not None:
        schema["maximum"] = field.maximum
    return schema


def _condition(field: FormField, when: RequiredWhen) -> dict[str, Any]:
    given = {"properties": {when.field: {"enum": list(when.answers)}}, "required": [when.field]}
    return {"if": given, "then": {"required": [field.name]}}


def answers_schema(form: Form) -> dict[str, Any]:
    """The JSON Schema (2020-12) of this version's answers, for screens and partners' systems to build on."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": form.title,
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in form.answered if field.required],
        "properties": {field.name: _property(field) for field in form.answered},
    }
    conditions = [_condition(field, field.required_when) for field in form.answered if field.required_when]
    return {**schema, "allOf": conditions} if conditions else schema
