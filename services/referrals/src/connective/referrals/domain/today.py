"""Today's list for volunteers: what to pack, for whom by first name, and when; nothing else of any family."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connective.contracts.categories import Category
from connective.referrals.domain.clocks import local_day
from connective.referrals.domain.forms import Form, FormField
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import State

PACKING = frozenset({"allergies", "baby_items", "cooking_facilities", "diet", "extras"})
"""Fields of forms that say what goes into the bag; never why."""
SLOT = "how"
"""The field that says how the family gets it."""
_TODAY = "collect_today"
AT_WORK = (State.ACCEPTED, State.IN_PROGRESS)
NAME = "person.full_name"
MOST = 50
"""More than a day of the largest session; each is a recorded disclosure."""


def packing_fields(form: Form, answers: Mapping[str, Any]) -> tuple[FormField, ...]:
    """The packing fields of a form that were answered."""
    return tuple(field for field in form.answered if field.name in PACKING and answers.get(field.name))


def is_for(request: Request, answers: Mapping[str, Any], at: datetime) -> bool:
    """Whether it is to be handed over on the day of this instant, in the place's own time."""
    today = local_day(at)
    if request.needed_by is not None:
        return local_day(request.needed_by) == today
    sent = request.submitted_at
    return answers.get(SLOT) == _TODAY and sent is not None and local_day(sent) == today


def categories(fields: tuple[FormField, ...]) -> frozenset[Category]:
    """What the disclosure is asked for: a name, and what these fields reveal; no more."""
    return frozenset({Category.IDENTITY}).union(*(field.categories for field in fields))


def said(field: FormField, value: Any) -> list[str]:  # noqa: ANN401 - an answer of any of the form's types
    """An answer in the form's own words."""
    labels = {choice.code: choice.label for choice in field.choices}
    return [labels.get(str(each), str(each)) for each in (value if isinstance(value, list) else [value])]


def first_name(full_name: object) -> str | None:
    """The first word of a name; None where there is none."""
    words = str(full_name or "").split()
    return words[0] if words else None
