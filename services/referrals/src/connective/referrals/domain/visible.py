"""What of one request may be seen, given the categories permitted about each person: pure, allow-list only.

A category is a ceiling: only fields of the form version the request was made on, and of these only the ones all of
whose categories are permitted about everyone they concern.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from connective.contracts.categories import Category
from connective.contracts.needs import NeedsList
from connective.referrals.domain.forms import About, Form, FormField
from connective.referrals.domain.request import PeopleAsked

Permitted = Mapping[UUID, frozenset[Category]]
"""What may be shared about each person; somebody absent from it may not be spoken of at all."""

ALWAYS = frozenset({Category.PROGRESS})
"""State, dates and reason codes always return to the referrer (domain rules, section 3)."""


def concerned(people: PeopleAsked, about: About) -> tuple[UUID, ...]:
    """The people a field of this kind is about."""
    return (people.contact,) if about is About.CONTACT else people.subjects


def may_see(categories: frozenset[Category], people: Iterable[UUID], permitted: Permitted) -> bool:
    """Whether all these categories are permitted about all these people."""
    needed = categories - ALWAYS
    return all(needed <= permitted.get(person, frozenset()) for person in people)


def visible_answers(form: Form, people: PeopleAsked, permitted: Permitted) -> tuple[FormField, ...]:
    """The answered fields that may be seen."""
    return tuple(
        field for field in form.answered if may_see(field.categories, concerned(people, field.about), permitted)
    )


def visible_live(form: Form, people: PeopleAsked, permitted: Permitted) -> tuple[tuple[FormField, UUID], ...]:
    """The fields to be read live from the record, each with a person it may be seen of."""
    return tuple(
        (field, person)
        for field in form.fields
        if field.is_live
        for person in concerned(people, field.about)
        if may_see(field.categories, (person,), permitted)
    )


def withheld(form: Form, people: PeopleAsked, permitted: Permitted) -> tuple[str, ...]:
    """Names of the form's fields that are not shown in full, so that nobody takes silence for "none"."""
    return tuple(
        field.name for field in form.fields if not may_see(field.categories, concerned(people, field.about), permitted)
    )


def visible_need(code: str, person: UUID, permitted: Permitted, needs: NeedsList) -> bool:
    """Whether a coded need may be seen: `needs` itself, and everything the need reveals, about this person."""
    return may_see(needs.needs[code].reveals, (person,), permitted)
