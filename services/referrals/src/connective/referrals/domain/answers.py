"""Whether answers fit the form version they were given on: a pointer, a code and a sentence for each that does not."""

from collections.abc import Callable, Mapping
from datetime import date

from connective.referrals.domain.forms import LENGTHS, FieldType, Form, FormField
from connective.referrals.domain.refusals import FieldError

Problem = tuple[str, str]
"""Code and sentence; the pointer is added where the field is known."""


def _boolean(field: FormField, value: object) -> Problem | None:
    del field
    return None if isinstance(value, bool) else ("not-a-boolean", "Answer true or false.")


def _choice(field: FormField, value: object) -> Problem | None:
    codes = [choice.code for choice in field.choices]
    return None if value in codes else ("unknown-choice", f"Choose one of: {', '.join(codes)}.")


def _choices(field: FormField, value: object) -> Problem | None:
    codes = [choice.code for choice in field.choices]
    if not isinstance(value, list) or any(item not in codes for item in value):
        return "unknown-choice", f"Give a list of any of: {', '.join(codes)}."
    return None if len(set(value)) == len(value) else ("repeated", "Name each choice once.")


def _date(field: FormField, value: object) -> Problem | None:
    del field
    try:
        fits = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        fits = False
    return None if fits else ("not-a-date", "Give a date as YYYY-MM-DD.")


def _number(field: FormField, value: object) -> Problem | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return "not-a-number", "Give a whole number."
    low, high = field.minimum, field.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        return "out-of-range", f"Give a number from {low} to {high}."
    return None


def _text(field: FormField, value: object) -> Problem | None:
    if not isinstance(value, str) or not value.strip():
        return "not-text", "Write something, or leave the field out."
    longest = LENGTHS[field.type]
    return None if len(value) <= longest else ("too-long", f"Use at most {longest} characters.")


_CHECKS: dict[FieldType, Callable[[FormField, object], Problem | None]] = {
    FieldType.BOOLEAN: _boolean,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.DATE: _date,
    FieldType.LONG_TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.TEXT: _text,
}


def _problem(field: FormField, answers: Mapping[str, object]) -> Problem | None:
    if field.name in answers:
        return _CHECKS[field.type](field, answers[field.name])
    when = field.required_when
    if field.required or (when is not None and answers.get(when.field) in when.answers):
        return "required", f"Answer “{field.label}”."
    return None


def check_answers(form: Form, answers: Mapping[str, object], pointer: str = "/answers") -> list[FieldError]:
    """Everything wrong with these answers, in the order of the form; an empty list when they fit.

    `pointer` is where the answers stand in the body. A field read live from the record cannot be answered.
    """
    errors = []
    for field in form.answered:
        problem = _problem(field, answers)
        if problem is not None:
            errors.append(FieldError(f"{pointer}/{field.name}", *problem))
    return errors + _unknown(form, answers, pointer)


def _unknown(form: Form, answers: Mapping[str, object], pointer: str) -> list[FieldError]:
    """What the form does not ask for. Only the form's own names are repeated: a stray key may be somebody's name."""
    stray = answers.keys() - form.answered_names
    if not stray:
        return []
    live = sorted(stray & {field.name for field in form.fields})
    errors = [
        FieldError(f"{pointer}/{name}", "read-from-record", "This is read from the family's record: leave it out.")
        for name in live
    ]
    if len(stray) > len(live):
        detail = "Some answers are not asked for by this form: see its answers_schema."
        errors.append(FieldError(pointer, "unknown-field", detail))
    return errors
