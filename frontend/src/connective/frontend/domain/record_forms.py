"""Keeping a family's record: what each page asks, and what the API is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from connective.contracts.needs import needs_list
from connective.frontend.domain import family_words as named
from connective.frontend.domain.fields import Errors, Field, Option, typed_from
from connective.frontend.domain.form_view import FormView, one_of_several
from connective.frontend.domain.picture import is_child, short_name
from connective.frontend.domain.registering import HOME, HOURS, KNOWN_AS
from connective.frontend.domain.relating import related_questions
from connective.frontend.domain.typed import typed_email, typed_telephone
from connective.frontend.domain.words import telephone

_INTERPRETER = (("yes", "They need an interpreter"), ("no", "They need none"))
DETAILS = (
    Field(name="given_names", label="First names", longest=100),
    Field(name="family_name", label="Family name", longest=100),
    Field(name="known_as", label="What they like to be called", longest=100),
    Field(
        name="previous_family_names",
        label="Other family names they have used",
        kind="lines",
        rows=2,
        hint="With a comma between them",
    ),
    Field(name="date_of_birth", label="Date of birth", kind="date", past=True),
    Field(name="age_group", label="If you do not know the date, are they", kind="radios", options=named.AGE_GROUPS),
    Field(name="sex", label="Sex, as the family says it", kind="radios", options=named.SEXES),
    Field(name="language", label="Language they speak best", longest=100),
    Field(name="interpreter", label="Interpreter", kind="yes_no", options=_INTERPRETER),
    *KNOWN_AS,
)
CONTACT = (
    Field(name="kind", label="What is it?", kind="radios", required="Choose a telephone number or an email address",
          options=(("phone", "A telephone number"), ("email", "An email address"))),
    Field(name="value", label="The number or address", required="Enter the number or the address", longest=254,
          width="30"),
    Field(name="safe_contact", label="What is safe?", kind="radios", required="Choose what is safe",
          hint="Somebody else may read the screen, or answer. Ask them", options=named.SAFE_CONTACT),
    HOURS,
)  # fmt: skip
ADDRESS = (*HOME, Field(name="since", label="Since when do they live there?", kind="date",
                        hint="Leave this out if you do not know", past=True))  # fmt: skip
_TITLES = {
    "address": "Why does this address no longer hold?",
    "contact": "Why should this not be used any more?",
    "membership": "Why do they no longer belong to this family?",
    "need": "What happened to this need?",
    "relationship": "Why are they no longer related in this way?",
    "strength": "Why is this no longer so?",
}


def details_page(person: Mapping[str, Any], back: str) -> FormView:
    """What is known of somebody, to be put right."""
    heading = f"Change what is recorded about {short_name(person)}"
    return one_of_several("Change details", heading, DETAILS, back, "Save")


def details_of(person: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is recorded, as it would be typed."""
    return typed_from(DETAILS, person)


def details_patch(found: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be changed, alone: a field that was emptied is cleared, one that is not shown is left as it is."""
    asked: dict[str, Any] = {each.name: found.get(each.name) for each in DETAILS}
    asked["previous_family_names"] = found.get("previous_family_names", [])
    asked["sex"] = found.get("sex") or "unknown"
    known = {name: person.get(name) for name in asked} | {"previous_family_names": person["previous_family_names"]}
    return {name: value for name, value in asked.items() if value != known[name] and (value, known[name]) != (None, "")}


def contact_page(person: Mapping[str, Any], back: str) -> FormView:
    """A way to reach somebody."""
    words = ("It is passed on only to those who are asked to help, always with what is safe.",)
    return one_of_several(
        "Add a contact", f"How can {short_name(person)} be reached?", CONTACT, back, "Save", words=words
    )


def contact_read(found: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
    """A way to reach somebody with its number or address as it is kept, and what is wrong with it or its hours."""
    value = found.get("value")
    errors: Errors = []
    try:
        if value and found.get("kind") == "phone":
            value = telephone(typed_telephone(value) or "")
        elif value and found.get("kind") == "email":
            value = typed_email(value)
    except ValueError as error:
        errors.append(("value", str(error)))
    if found.get("safe_contact") == "between_hours" and "hours" not in found:
        errors.append(("hours", "Enter the hours, like weekdays from 9am to 3pm"))
    return {**found, "value": value}, errors


def contact_body(found: Mapping[str, Any]) -> dict[str, Any]:
    """A way to reach somebody, as the API takes it."""
    hours = {"hours": found.get("hours")} if found["safe_contact"] == "between_hours" else {}
    return {name: found[name] for name in ("kind", "value", "safe_contact")} | hours


def address_page(back: str) -> FormView:
    """A new address; the home before it ends with it."""
    words = ("If you say since when, the home they had before ends on that day.",)
    return one_of_several("Add an address", "Where does the family live now?", ADDRESS, back, "Save", words=words)


def areas() -> frozenset[str]:
    """The parts of life by which the needs list is ordered."""
    return frozenset(needs_list().headlines)


def need_area_page(person: Mapping[str, Any], back: str) -> FormView:
    """Which part of life a need is about: the first of two pages, so that nobody reads forty needs."""
    options = tuple(Option(code, name) for code, name in needs_list().headlines.items())
    field = Field(name="area", label="What is it about?", kind="radios", options=options)
    return one_of_several("Add a need", f"What does {short_name(person)} need help with?", (field,), back)


def need_page(person: Mapping[str, Any], area: str, back: str) -> FormView:
    """One need, how severe it is, and how it is known."""
    listed = [each for each in needs_list().needs.values() if each.headline == area]
    fields = (
        Field(name="code", label="Which need?", kind="radios", required="Choose a need",
              options=tuple(Option(each.code, each.name) for each in listed)),
        Field(name="severity", label="How severe is it now?", kind="radios", required="Choose how severe it is",
              options=named.SEVERITIES),
        Field(name="source", label="How do you know?", kind="radios", required="Choose how you know",
              options=named.SOURCES),
        Field(name="since", label="Since when?", kind="date", hint="Leave this out if you do not know", past=True),
    )  # fmt: skip
    return one_of_several("Add a need", f"{needs_list().headlines[area]}: {short_name(person)}", fields, back, "Save")


def need_body(found: Mapping[str, Any]) -> dict[str, Any]:
    """A need, as the API takes it."""
    return {name: found[name] for name in ("code", "source", "since") if name in found} | {
        "severity": int(found["severity"])
    }


def others_of(record: Mapping[str, Any], person_id: str) -> list[tuple[str, str, bool]]:
    """Everybody else in a family: id, name, whether a child."""
    people = [each["person"] for each in record["people"] if not each["until"]]
    return [(each["id"], short_name(each), is_child(each)) for each in people if each["id"] != person_id]


def relationship_page(person: Mapping[str, Any], others: Sequence[tuple[str, str, bool]], back: str) -> FormView:
    """How somebody is related to each of the others."""
    who = short_name(person)
    fields = related_questions(who, is_child(person), others)
    words = ("Say only what is new: what is recorded already stays as it is.",)
    return one_of_several(
        "Add a relationship", f"How is {who} related to the others?", fields, back, "Save", words=words
    )


def end_page(part: str, what: str, back: str) -> FormView:
    """Why something no longer holds, and since when."""
    fields = (
        Field(name="reason", label="Why?", kind="radios", required="Choose why", options=named.end_reasons(part)),
        Field(name="on", label="Since when?", kind="date", hint="Leave this out if it is from today", past=True),
    )
    words = (what, "It stays in what happened, and nobody who is asked for help from now on is told it.")
    return one_of_several("This no longer holds", _TITLES[part], fields, back, "Save", words=words)
