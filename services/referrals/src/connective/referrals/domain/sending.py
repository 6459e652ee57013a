"""What a decision means for one request: it goes, it goes without something, or it is blocked, and what to do today."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from connective.contracts.categories import Category
from connective.referrals.domain.forms import About, Form
from connective.referrals.domain.request import Missing, PeopleAsked
from connective.referrals.domain.visible import Permitted

VOUCHER_KINDS = frozenset({"food_bank"})
"""Kinds that can help on a voucher: a reference, counts and packing notes, and no name."""


@dataclass(frozen=True, slots=True)
class RefusedCategory:
    """Why one category is refused, as the decision gave it; about one person, or about everybody."""

    category: Category
    person_id: UUID | None
    code: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """The consequence: what blocks the request, and what it goes without."""

    missing: tuple[Missing, ...]
    without: tuple[Missing, ...]


def categories_to_ask(form: Form, answered: Collection[str], revealed: frozenset[Category]) -> frozenset[Category]:
    """What a decision is asked for: what the form requires, and of the useful only what there is to share.

    `answered` names the answered fields; `revealed` are the categories of coded needs and free text. What lies outside
    the form is not asked for at all: the form is the ceiling.
    """
    given = [field.categories for field in form.answered if field.name in answered]
    return form.required_categories | (form.useful_categories & revealed.union(form.live_categories, *given))


_UNEXPLAINED = ("not_permitted", "Sharing this is not permitted.", "Ask your data protection officer.")


def _lacking(
    form: Form, asked: frozenset[Category], people: PeopleAsked, permitted: Permitted
) -> set[tuple[Category, UUID]]:
    """Each asked category that is not permitted about somebody the form uses it of."""
    used = dict.fromkeys(people.subjects, form.used_of(About.SUBJECTS))
    used[people.contact] = used.get(people.contact, frozenset()) | form.used_of(About.CONTACT)
    return {
        (category, person)
        for person, categories in used.items()
        for category in (categories & asked) - permitted.get(person, frozenset())
    }


def _explain(category: Category, persons: set[UUID], refusals: Iterable[RefusedCategory]) -> list[Missing]:
    told = {
        Missing(category, refusal.code, refusal.sentence, refusal.remedy): None
        for refusal in refusals
        if refusal.category is category and (refusal.person_id is None or refusal.person_id in persons)
    }
    return list(told) or [Missing(category, *_UNEXPLAINED)]


def weigh(
    form: Form,
    asked: frozenset[Category],
    people: PeopleAsked,
    permitted: Permitted,
    refusals: Iterable[RefusedCategory],
) -> Weighed:
    """Whether a request may go: a refused *required* category blocks it, a refused *useful* one is gone without.

    Of the contact adult only the categories that the form uses of them are needed.
    """
    known = tuple(refusals)
    lacking = _lacking(form, asked, people, permitted)
    persons: dict[Category, set[UUID]] = {}
    for category, person in lacking:
        persons.setdefault(category, set()).add(person)
    told = {category: _explain(category, persons[category], known) for category in sorted(persons)}
    missing = [item for category, items in told.items() if category in form.required_categories for item in items]
    without = [item for category, items in told.items() if category not in form.required_categories for item in items]
    return Weighed(tuple(missing), tuple(without))


def seen(
    form: Form, asked: frozenset[Category], answered: Collection[str], weighed: Weighed
) -> dict[Category, tuple[str, ...]]:
    """Each category that the recipient would see, with the lines of the form in it.

    A line is seen only where every category that it reveals is; a category of needs or free text alone has none.
    """
    refused = {each.category for each in (*weighed.missing, *weighed.without)}
    lines = [
        field for field in form.fields if (field.is_live or field.name in answered) and not field.categories & refused
    ]
    return {
        category: tuple(dict.fromkeys(field.label for field in lines if category in field.categories))
        for category in sorted(asked - refused)
    }


@dataclass(frozen=True, slots=True)
class Today:
    """Something that can be done today although the request is blocked."""

    kind: str
    """`phone`, `voucher` or `signpost`."""
    sentence: str


def what_today(service_name: str, kind: str, telephone: str | None) -> tuple[Today, ...]:
    """What the worker can do today without sharing anything."""
    options = []
    if telephone:
        options.append(Today("phone", f"Phone {service_name} on {telephone} together with the family."))
    if kind in VOUCHER_KINDS:
        options.append(Today("voucher", "Give the family a voucher: a reference and counts, without a name."))
    options.append(Today("signpost", f"Tell the family how to reach {service_name} themselves: nothing is shared."))
    return tuple(options)
