"""Whom a request is about, and what was answered: values as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.words import BANDS, day, sentence, telephone

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person whom help is asked for, or who speaks for them."""

    id: str
    name: str
    part: str
    facts: list[Fact]


def people_of(record: Document, form: Document, family: Document) -> list[Somebody]:
    """Whom help is asked for and who speaks for them: as the permit shows them, or by name for who asked."""
    if record["view"] == "recipient":
        labels = {each["name"]: each["label"] for each in form.get("fields", ())}
        return [_shown(each, labels) for each in record["people"]]
    if record["view"] == "tombstone":
        return []
    everyone = {each["person"]["id"]: each["person"] for each in family.get("people", ())}
    contact = record["contact_person_id"]
    found = []
    for each in dict.fromkeys([*record["subjects"], contact]):
        person = everyone.get(each, {})
        name = f"{person.get('given_names', '')} {person.get('family_name', '')}".strip() or "Name not shown"
        found.append(Somebody(each, name, _part(each in record["subjects"], each == contact), []))
    return found


def _part(subject: bool, contact: bool) -> str:
    parts = [*(["Help is asked for"] if subject else []), *(["Speak with"] if contact else [])]
    return " and ".join(parts).capitalize() if len(parts) == 1 else "Help is asked for; speak with them too"


_NAMES = ("child_name", "collector_name", "applicant_name", "person_name", "full_name", "name")


def _shown(person: Document, labels: Mapping[str, str]) -> Somebody:
    fields = person["fields"]
    name = next((str(fields[each]) for each in _NAMES if fields.get(each)), "")
    name = name or next((str(value) for key, value in fields.items() if key.endswith("name") and value), "")
    facts = [Fact(labels.get(key, sentence(key)), value_words(value)) for key, value in fields.items()]
    return Somebody(
        person["person_id"],
        name or ("Name not shown" if person["subject"] else "The adult to speak with"),
        _part(person["subject"], person["contact"]),
        [each for each in facts if each.value and each.value != name],
    )


def value_words(value: object) -> str:
    """A value of a form or a record as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return "; ".join(_counted(key, each) for key, each in value.items() if each not in (None, "", 0))
    if isinstance(value, (list, tuple)):
        return "; ".join(filter(None, (value_words(each) for each in value)))
    text = "" if value is None else telephone(str(value))
    if text.isalpha() and text.islower():
        return sentence(text)
    return day(text) if len(text) == 10 and text[4:5] == "-" and text[7:8] == "-" else text


def _counted(key: str, value: object) -> str:
    said = value_words(value)
    return f"{said} {BANDS[key]}" if key in BANDS else f"{key}: {said}"


def answers_of(answers: Document, form: Document) -> list[Fact]:
    """The answers under the words of the form on which they were given."""
    fields = {each["name"]: each for each in form.get("fields", ())}
    found = []
    for name, value in answers.items():
        field = fields.get(name, {})
        labels = {each["code"]: each["label"] for each in field.get("choices") or ()}
        said = [labels.get(each, each) for each in value] if isinstance(value, list) else labels.get(value, value)
        found.append(Fact(field.get("label", sentence(name)), value_words(said)))
    return [each for each in found if each.value]
