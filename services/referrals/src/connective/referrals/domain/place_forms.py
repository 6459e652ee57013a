"""Forms that a place adds to those that come with the product: drafted, published once, and never changed after that.

Their versions are numbered from 1001, so that a release which brings another version of a form never takes a number
that a place's requests were made on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from connective.contracts.categories import Category
from connective.contracts.fields import SHARED_FIELDS
from connective.contracts.needs import needs_list
from connective.referrals.domain.forms import FIRST_OF_PLACE, FieldType, Form, FormField
from connective.referrals.domain.refusals import DetailsRefused, FieldError, FormStands

CHOOSING = (FieldType.CHOICE, FieldType.CHOICES)
Wrong = tuple[str, str, str]
"""The part of a field that is wrong, a code, and a sentence."""


class FormState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class PlaceForm:
    """One version that a place keeps; `version` counts its changes, `form.version` is the number it is known by."""

    id: UUID
    place_id: UUID
    form: Form
    drafted_by: str
    drafted_at: datetime
    state: FormState = FormState.DRAFT
    version: int = 1
    published_by: str | None = None
    published_at: datetime | None = None
    retired_by: str | None = None
    retired_at: datetime | None = None


def next_version(used: int | None) -> int:
    """The number of a new draft, after the highest that the place has used for this kind."""
    return FIRST_OF_PLACE if used is None else used + 1


def rewritten(kept: PlaceForm, form: Form) -> PlaceForm:
    """A draft says something else. Raises FormStands for what was published, and DetailsRefused."""
    _refuse_unless(kept, FormState.DRAFT, "Only a draft can be changed: draft the next version instead.")
    refuse_broken(form)
    return replace(kept, form=form, version=kept.version + 1)


def published(kept: PlaceForm, by: str, at: datetime) -> PlaceForm:
    """From now on new requests are made on it. Raises FormStands unless it is a draft, and DetailsRefused."""
    _refuse_unless(kept, FormState.DRAFT, "Only a draft can be published.")
    refuse_broken(kept.form)
    return replace(kept, state=FormState.PUBLISHED, version=kept.version + 1, published_by=by, published_at=at)


def retired(kept: PlaceForm, by: str, at: datetime) -> PlaceForm:
    """No new request is made on it; those that were keep it. A draft is given up so. Raises FormStands."""
    if kept.state is FormState.RETIRED:
        raise FormStands("It is retired already.")
    return replace(kept, state=FormState.RETIRED, version=kept.version + 1, retired_by=by, retired_at=at)


def _refuse_unless(kept: PlaceForm, state: FormState, sentence: str) -> None:
    if kept.state is not state:
        raise FormStands(f"{sentence} This version is {kept.state}.")


def refuse_broken(form: Form) -> None:
    """Raise DetailsRefused with everything that is wrong with a form, each at its field."""
    errors = [*_of_form(form)]
    for index, field in enumerate(form.fields):
        at = f"/fields/{index}"
        errors += [FieldError(f"{at}/{part}", code, detail) for part, code, detail in _of_field(form, index, field)]
    if errors:
        raise DetailsRefused(errors)


def _of_form(form: Form) -> Iterator[FieldError]:
    if form.kind not in needs_list().service_kinds:
        yield FieldError("/kind", "unknown-kind", needs_list().no_such_kind)
    for category in sorted(form.required_categories & form.useful_categories):
        detail = f"{category} is required or useful, not both."
        yield FieldError("/useful_categories", "required-and-useful", detail)
    if Category.IMMIGRATION in form.categories:
        where = "required" if Category.IMMIGRATION in form.required_categories else "useful"
        yield FieldError(f"/{where}_categories", "never-asked", "No form asks for anything about immigration.")


def _of_field(form: Form, index: int, field: FormField) -> Iterator[Wrong]:
    if any(other.name == field.name for other in form.fields[:index]):
        yield "name", "repeated", f"An earlier field is called {field.name} too."
    if unasked := sorted(field.categories - form.categories):
        detail = f"Say of {', '.join(unasked)} whether the form requires it or finds it useful."
        yield "categories", "not-asked-for", detail
    for check in (_of_source, _of_choices, _of_numbers):
        yield from check(field)
    yield from _of_condition(form, field)


def _of_source(field: FormField) -> Iterator[Wrong]:
    if not field.is_live:
        return
    if field.source not in SHARED_FIELDS:
        detail = f"Write answer, or a field of the record: {', '.join(sorted(SHARED_FIELDS))}."
        yield "source", "unknown-source", detail
        return
    if hidden := sorted(SHARED_FIELDS[field.source] - field.categories):
        yield "categories", "reveals-more", f"{field.source} reveals {', '.join(hidden)} too: name it."
    if field.required or field.required_when is not None:
        detail = "What is read from the family's record cannot be required of a worker."
        yield "required", "read-from-record", detail


def _of_choices(field: FormField) -> Iterator[Wrong]:
    if field.type in CHOOSING and not field.is_live and not field.choices:
        yield "choices", "required", "Give what there is to choose."
    if field.type not in CHOOSING and field.choices:
        yield "choices", "not-a-choice", "Only a field of the type choice or choices has choices."
    codes = [choice.code for choice in field.choices]
    if len(codes) != len(set(codes)):
        yield "choices", "repeated", "Give each choice a code of its own."


def _of_numbers(field: FormField) -> Iterator[Wrong]:
    low, high = field.minimum, field.maximum
    if field.type is not FieldType.NUMBER and (low is not None or high is not None):
        yield "type", "not-a-number", "Only a number has a minimum or a maximum."
    if low is not None and high is not None and low > high:
        yield "maximum", "out-of-range", "The maximum is below the minimum."


def _of_condition(form: Form, field: FormField) -> Iterator[Wrong]:
    when = field.required_when
    if when is None:
        return
    asked = next((other for other in form.answered if other.name == when.field and other is not field), None)
    if asked is None or asked.type is not FieldType.CHOICE:
        yield "required_when", "unknown-field", "Name another field of this form whose answer is one choice."
        return
    if not set(when.answers) <= {choice.code for choice in asked.choices}:
        yield "required_when", "unknown-choice", f"Name answers that {asked.name} offers."
