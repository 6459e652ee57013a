"""Keeping a family's record: what each page asks, and what the API is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from connective.contracts.needs import needs_list
from connective.frontend.domain import family_words as named
from connective.frontend.domain.asked import Asked
from connective.frontend.domain.picture import is_child, short_name
from connective.frontend.domain.questions import Option, Question
from connective.frontend.domain.registering import HOME
from connective.frontend.domain.relating import related_questions

_INTERPRETER = (Option("yes", "They need an interpreter"), Option("no", "They need none"))
DETAILS = (
    Question("given_names", "First names"),
    Question("family_name", "Family name"),
    Question("known_as", "What they like to be called"),
    Question("previous_family_names", "Other family names they have used", hint="With a comma between them", width=30),
    Question("date_of_birth", "Date of birth", "date", hint="For example, 27 3 2019", past=True),
    Question("age_group", "If you do not know the date, are they", "radios", options=named.AGE_GROUPS),
    Question("sex", "Sex, as the family says it", "radios", options=named.SEXES),
    Question("language", "Language they speak best"),
    Question("interpreter", "Interpreter", "radios", options=_INTERPRETER),
    Question("education_setting", "School, nursery or college"),
    Question("gp_practice", "GP practice"),
    Question("nhs_number", "NHS number", width=10, hint="Only if they have shown it to you. It has 10 numbers"),
)
CONTACT = (
    Question("kind", "What is it?", "radios", "Choose a telephone number or an email address",
             options=(Option("phone", "A telephone number"), Option("email", "An email address"))),
    Question("value", "The number or address", required="Enter the number or the address", longest=254, width=30),
    Question("safe_contact", "What is safe?", "radios", "Choose what is safe", options=named.SAFE_CONTACT,
             hint="Somebody else may read the screen, or answer. Ask them"),
    Question("hours", "If only between certain hours, which?", hint="For example, weekdays from 9am to 3pm"),
)  # fmt: skip
ADDRESS = (*HOME, Question("since", "Since when do they live there?", "date", hint="Leave this out if you do not know",
                           past=True))  # fmt: skip
_TITLES = {
    "address": "Why does this address no longer hold?",
    "contact": "Why should this not be used any more?",
    "membership": "Why do they no longer belong to this family?",
    "need": "What happened to this need?",
    "relationship": "Why are they no longer related in this way?",
}


def details_page(person: Mapping[str, Any], version: str, back: str) -> Asked:
    """What is known of somebody, to be put right."""
    heading = f"Change what is recorded about {short_name(person)}"
    return Asked("Change details", heading, DETAILS, back, "Save", version=version)


def details_of(person: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is recorded, as it would be typed."""
    typed = {each.name: [str(person[each.name])] for each in DETAILS if isinstance(person.get(each.name), str)}
    typed["previous_family_names"] = [", ".join(person.get("previous_family_names") or ())]
    if person.get("interpreter") is not None:
        typed["interpreter"] = ["yes" if person["interpreter"] else "no"]
    if person.get("date_of_birth"):
        year, month, day = str(person["date_of_birth"]).split("-")
        typed |= {"date_of_birth-day": [str(int(day))], "date_of_birth-month": [str(int(month))],
                  "date_of_birth-year": [year]}  # fmt: skip
    return typed


def details_patch(found: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be changed, alone: a field that was emptied is cleared, one that is not shown is left as it is."""
    names = [each.strip() for each in found.get("previous_family_names", "").split(",") if each.strip()]
    asked: dict[str, Any] = {each.name: found.get(each.name) for each in DETAILS}
    asked["previous_family_names"] = names
    asked["interpreter"] = {"yes": True, "no": False}.get(found.get("interpreter", ""))
    asked["sex"] = found.get("sex") or "unknown"
    known = {name: person.get(name) for name in asked} | {"previous_family_names": person["previous_family_names"]}
    return {name: value for name, value in asked.items() if value != known[name] and (value, known[name]) != (None, "")}


def contact_page(person: Mapping[str, Any], back: str) -> Asked:
    """A way to reach somebody."""
    intro = ("It is passed on only to those who are asked to help, always with what is safe.",)
    return Asked("Add a contact", f"How can {short_name(person)} be reached?", CONTACT, back, "Save", intro=intro)


def contact_body(found: Mapping[str, Any]) -> dict[str, Any]:
    """A way to reach somebody, as the API takes it."""
    hours = {"hours": found.get("hours")} if found["safe_contact"] == "between_hours" else {}
    return {name: found[name] for name in ("kind", "value", "safe_contact")} | hours


def address_page(back: str) -> Asked:
    """A new address; the home before it ends with it."""
    intro = ("If you say since when, the home they had before ends on that day.",)
    return Asked("Add an address", "Where does the family live now?", ADDRESS, back, "Save", intro=intro)


def areas() -> frozenset[str]:
    """The parts of life by which the needs list is ordered."""
    return frozenset(needs_list().headlines)


def need_area_page(person: Mapping[str, Any], back: str) -> Asked:
    """Which part of life a need is about: the first of two pages, so that nobody reads forty needs."""
    options = tuple(Option(code, name) for code, name in needs_list().headlines.items())
    question = Question("area", "What is it about?", "radios", options=options)
    return Asked("Add a need", f"What does {short_name(person)} need help with?", (question,), back)


def need_page(person: Mapping[str, Any], area: str, back: str) -> Asked:
    """One need, how severe it is, and how it is known."""
    listed = [each for each in needs_list().needs.values() if each.headline == area]
    questions = (
        Question("code", "Which need?", "radios", "Choose a need", options=tuple(Option(each.code, each.name)
                                                                                 for each in listed)),
        Question("severity", "How severe is it now?", "radios", "Choose how severe it is", options=named.SEVERITIES),
        Question("source", "How do you know?", "radios", "Choose how you know", options=named.SOURCES),
        Question("since", "Since when?", "date", hint="Leave this out if you do not know", past=True),
    )  # fmt: skip
    return Asked("Add a need", f"{needs_list().headlines[area]}: {short_name(person)}", questions, back, "Save")


def need_body(found: Mapping[str, Any]) -> dict[str, Any]:
    """A need, as the API takes it."""
    return {name: found[name] for name in ("code", "source", "since") if name in found} | {
        "severity": int(found["severity"])
    }


def others_of(record: Mapping[str, Any], person_id: str) -> list[tuple[str, str, bool]]:
    """Everybody else in a family: id, name, whether a child."""
    people = [each["person"] for each in record["people"] if not each["until"]]
    return [(each["id"], short_name(each), is_child(each)) for each in people if each["id"] != person_id]


def relationship_page(person: Mapping[str, Any], others: Sequence[tuple[str, str, bool]], back: str) -> Asked:
    """How somebody is related to each of the others."""
    who = short_name(person)
    questions = related_questions(who, is_child(person), others)
    intro = ("Say only what is new: what is recorded already stays as it is.",)
    return Asked("Add a relationship", f"How is {who} related to the others?", questions, back, "Save", intro=intro)


def end_page(part: str, what: str, back: str) -> Asked:
    """Why something no longer holds, and since when."""
    questions = (
        Question("reason", "Why?", "radios", "Choose why", options=named.end_reasons(part)),
        Question("on", "Since when?", "date", hint="Leave this out if it is from today", past=True),
    )
    intro = (what, "It stays in what happened, and nobody who is asked for help from now on is told it.")
    return Asked("This no longer holds", _TITLES[part], questions, back, "Save", intro=intro)
