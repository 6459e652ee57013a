"""The forms by which somebody acts on a request: what each asks, and the body it makes of what was typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from connective.frontend.domain.fields import Errors, Field, Typed, read
from connective.frontend.domain.typed import typed_time
from connective.frontend.domain.words import CATEGORIES, LONDON, in_order

Body = dict[str, Any]
Built = tuple[Any, Errors]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One form: its words, what it asks, and how the API takes it."""

    title: str
    button: str
    fields: Sequence[Field] = ()
    words: Sequence[str] = ()
    warning: str = ""
    warns: bool = False
    path: str = ""
    """Where it goes below the request; its own verb unless it says otherwise."""
    versioned: bool = True
    """Whether it changes the request, so that the version somebody looked at goes with it."""
    build: Callable[[Body], Built] = lambda values: (values, [])
    """The body of what was typed, and what is wrong with it beyond single fields."""

    def body(self, typed: Typed) -> Built:
        """What was typed, as the API takes it, and everything that is wrong with it."""
        values, errors = read(self.fields, typed)
        made, more = self.build(values)
        return made, errors + [each for each in more if each[0] not in dict(errors)]


_TOLD = (
    "needs",
    "health",
    "disability_send",
    "education",
    "household",
    "housing",
    "finance",
    "employment",
    "address",
    "contact_details",
    "communication",
    "professionals",
    "case_plan",
    "voice",
    "safeguarding",
)
TOLD_OPTIONS = (
    ("progress", "Nothing about anybody: only how the request is going"),
    *((code, CATEGORIES[code]) for code in in_order(_TOLD)),
)
CATEGORIES_FIELD = Field(
    name="categories",
    label="What do your words tell?",
    kind="choices",
    hint="Choose all that apply. The other side sees your words only if it may see everything you choose.",
    options=TOLD_OPTIONS,
)


def words_fields(label: str, who: str, *, required: str = "", pointer: str = "") -> tuple[Field, Field]:
    """A box for free text that says who will read it, and what it tells."""
    text = Field(name="text", label=label, kind="long", hint=who, required=required, pointer=pointer)
    if not required:
        return text, replace(CATEGORIES_FIELD, pointer=f"{pointer}/categories")
    missing = "Choose what your words tell, or that they tell nothing about anybody"
    return text, replace(CATEGORIES_FIELD, required=missing)


def said(values: Body) -> tuple[Body | None, Errors]:
    """Free text that may be left out, with what it tells."""
    if not values["text"]:
        return None, []
    if not values["categories"]:
        return None, [("categories", "Choose what your words tell, or that they tell nothing about anybody")]
    return {"text": values["text"], "categories": values["categories"]}, []


def with_words(values: Body) -> Built:
    """Everything else that was typed, and the free text with what it tells."""
    text, errors = said(values)
    return {name: value for name, value in values.items() if name not in {"text", "categories"}} | {
        "text": text
    }, errors


def at_of(day: str | None, text: str | None) -> str | None:
    """A day and a time of day in England as the API takes an instant. Raises ValueError."""
    if day is None:
        return None
    at = typed_time(text) if text else time(12)
    return datetime.combine(date.fromisoformat(day), at, LONDON).isoformat()


def reported(values: Body) -> Built:
    """That a concern was reported: to whom, when, under which reference."""
    try:
        at = at_of(values["reported"], values["time"])
    except ValueError as error:
        return {}, [("time", str(error))]
    return {"reported_to": values["reported_to"], "reported_at": at, "reference": values["reference"]}, []


def report_fields(required: str = "Say") -> tuple[Field, ...]:
    """To whom, when and under which reference a concern was reported; never what it was."""
    asks = bool(required)
    return (
        Field(
            name="reported_to",
            label="To whom did you report it?",
            required="Say to whom you reported it" * asks,
            hint="For example, the children’s front door",
            pointer="/safeguarding_check/reported_to" * (not asks),
        ),
        Field(
            name="reported",
            label="On which day?",
            kind="date",
            required="Say on which day" * asks,
            pointer="/reported_at" if asks else "/safeguarding_check/reported_at",
        ),
        Field(name="time", label="At what time?", hint="For example, 2:30pm", width="5"),
        Field(
            name="reference",
            label="Reference, or the name of who took the call",
            required="Give the reference, or the name of who took the call" * asks,
            pointer="/safeguarding_check/reference" * (not asks),
        ),
    )


SAFEGUARDING = Field(
    name="answer",
    label="Are you worried that somebody is being harmed?",
    kind="choice",
    pointer="/safeguarding_check",
    options=(
        ("no_concern", "No"),
        ("already_reported", "Yes, and it has been reported"),
        ("reporting_now", "Yes, and I am reporting it now"),
    ),
    required="Say whether you are worried that somebody is being harmed",
    hint="If it has been reported, say below to whom and when: never what it was.",
)


def checked(values: Body) -> Built:
    """The answer about safety that goes with everything that is sent."""
    check: Body = {"answer": values["answer"]}
    errors: Errors = []
    if values["answer"] == "already_reported":
        report, errors = reported(values)
        check |= report
    return {"safeguarding_check": check}, errors
