"""Registering a family, one thing a page: which pages there are, what each asks, and what the API is sent in the end.

What was typed is kept as it was typed, page by page, so that each can be shown again and changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from connective.frontend.domain import family_words as named
from connective.frontend.domain.fields import Errors, Field, Option, Typed, answered, kept, one
from connective.frontend.domain.form_view import FormView, one_of_several

PERSON_STEPS = ("name", "born", "about", "reach")
"""The pages about one person, in their order; how they are related follows where somebody else is known."""
_HOURS_MISSING = "Enter the hours, like weekdays from 9am to 3pm"
_NAME = (
    Field(name="given_names", label="First names", hint="All of them, if you know them", longest=100),
    Field(name="family_name", label="Family name", longest=100),
    Field(name="known_as", label="What they like to be called", longest=100),
    Field(
        name="previous_family_name",
        label="Another family name they have used",
        hint="Before a marriage, for example",
        longest=100,
    ),
)
_BORN = (
    Field(name="born", label="Date of birth", kind="date", past=True),
    Field(name="age_group", label="If you do not know the date, are they", kind="radios", options=named.AGE_GROUPS),
    Field(name="sex", label="Sex, as the family says it", kind="radios", options=named.SEXES),
)
_RESIDENCE = Field(
    name="residence",
    label="Where do they live?",
    kind="radios",
    required="Choose where they live",
    options=named.RESIDENCES,
)
KNOWN_AS = (
    Field(name="education_setting", label="School, nursery or college", longest=100),
    Field(name="gp_practice", label="GP practice", longest=100),
    Field(
        name="nhs_number",
        label="NHS number",
        hint="Only if they have shown it to you. It has 10 numbers",
        longest=100,
        width="10",
    ),
)
"""Where else somebody is known: asked when they are registered, and when their record is corrected."""
_ABOUT = (
    _RESIDENCE,
    Field(name="language", label="Language they speak best", longest=100),
    Field(name="interpreter", label="", kind="choices", options=(Option("yes", "They need an interpreter"),)),
    *KNOWN_AS,
    Field(
        name="expects_child_on",
        label="If they expect a child, when it is due",
        kind="date",
        hint="Leave this out if not",
    ),
)
HOURS = Field(
    name="hours",
    label="If only between certain hours, which?",
    hint="For example, weekdays from 9am to 3pm",
    longest=100,
)
_REACH = (
    Field(name="phone", label="Telephone number", kind="telephone", hint="Leave this out if they have none"),
    Field(name="email", label="Email address", kind="email", longest=254, width="30"),
    Field(name="safe_contact", label="What is safe?", kind="radios",
          hint="Somebody else may read the screen, or answer. Ask them", options=named.SAFE_CONTACT),
    HOURS,
)  # fmt: skip
HOME = (
    Field(name="kind", label="What kind of address is it?", kind="radios", options=named.ADDRESS_KINDS),
    Field(name="line_1", label="Building and street", pointer="/lines", longest=100),
    Field(name="line_2", label="Second line of the address", longest=100),
    Field(name="town", label="Town", longest=100),
    Field(name="postcode", label="Postcode", kind="postcode"),
    Field(name="withheld", label="", kind="choices",
          options=(Option("yes", "They want this address kept within our organisation", "Nobody else is told it"),)),
)  # fmt: skip
_OF_PERSON = {"name": _NAME, "born": _BORN, "about": _ABOUT, "reach": _REACH}
_STEP_OF_FIELD = {
    "given_names": "name", "family_name": "name", "known_as": "name", "previous_family_names": "name",
    "date_of_birth": "born", "age_group": "born", "sex": "born", "contacts": "reach",
}  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A registration that is not sent yet."""

    steps: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """What was typed, by page: `p1/name`, `home`."""
    people: list[str] = field(default_factory=list)
    """The keys of the people, in their order."""
    joining: dict[str, str] = field(default_factory=dict)
    """Who of them turned out to be known here already: the key, and the id of their record."""
    same: dict[str, str] = field(default_factory=dict)
    """Who is probably known to another organisation too: the key, and the id of the record there."""
    seen: list[str] = field(default_factory=list)
    """Candidates that were looked at and are other people."""
    candidates: list[dict[str, Any]] = field(default_factory=list)
    family_id: str | None = None
    """The family to which people are added; None where a new one is registered."""
    members: list[dict[str, Any]] = field(default_factory=list)
    """Who belongs to that family already: id, name, whether a child."""
    sent: str | None = None
    """The family, once this was sent: going back then leads to it."""

    def typed(self, step: str) -> Typed:
        """What was typed into a page."""
        return self.steps.get(step, {})

    def name(self, key: str) -> str:
        """What somebody of the draft is called."""
        typed = self.typed(f"{key}/name")
        full = f"{one(typed, 'given_names')} {one(typed, 'family_name')}".strip()
        return full or "Somebody without a name yet"

    def first_name(self, key: str) -> str:
        """What somebody is called in a sentence."""
        typed = self.typed(f"{key}/name")
        given = one(typed, "given_names").split(" ")[0]
        return one(typed, "known_as") or given or one(typed, "family_name") or "this person"

    def child(self, key: str, today: date) -> bool:
        """Whether somebody is under 18, as far as was typed."""
        found, _ = answered(_BORN, self.typed(f"{key}/born"), today)
        if "born" in found:
            born = date.fromisoformat(found["born"])
            return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < 18
        return found.get("age_group") == "child"

    def others(self, key: str, today: date) -> list[tuple[str, str, bool]]:
        """Everybody to whom somebody may be related: id or key, name, whether a child."""
        known = [(each["id"], each["name"], each["child"]) for each in self.members]
        before = self.people[: self.people.index(key)] if key in self.people else self.people
        return known + [(each, self.first_name(each), self.child(each, today)) for each in before]

    def add(self) -> str:
        """One more person; answers their key."""
        number = 1 + max((int(key[1:]) for key in self.people), default=0)
        key = f"p{number}"
        self.people.append(key)
        return key

    def add_twin(self, key: str) -> str:
        """One more person with the family name, birth date, home and school of another: a twin."""
        twin = self.add()
        name = {"family_name": [one(self.typed(f"{key}/name"), "family_name")]}
        born = {each: list(value) for each, value in self.typed(f"{key}/born").items() if each != "sex"}
        about = {each: list(value) for each, value in self.typed(f"{key}/about").items() if each != "nhs_number"}
        self.steps |= {f"{twin}/name": name, f"{twin}/born": born, f"{twin}/about": about}
        related = {each: list(value) for each, value in self.typed(f"{key}/related").items()}
        self.steps[f"{twin}/related"] = related | {f"rel-{key}": ["who:sibling"]}
        return twin

    def remove(self, key: str) -> None:
        """Take somebody out again, with all that was typed about them."""
        self.people = [each for each in self.people if each != key]
        self.steps = {
            step: {name: value for name, value in typed.items() if name not in {f"rel-{key}", f"pr-{key}"}}
            for step, typed in self.steps.items()
            if not step.startswith(f"{key}/")
        }
        self.joining.pop(key, None)
        self.same.pop(key, None)

    def complete(self, key: str) -> bool:
        """Whether enough was said of somebody to register them."""
        return all(f"{key}/{step}" in self.steps for step in ("name", "born", "about"))


def person_page(draft: Draft, key: str, step: str, *, today: date, back: str) -> FormView:
    """The page that asks one thing about one person."""
    who = draft.first_name(key)
    first = key == draft.people[0] and draft.family_id is None
    child = draft.child(key, today)
    headings = {
        "name": "Who is the first person?" if first else "Who else?",
        "born": f"When was {who} born?",
        "about": f"About {who}",
        "reach": f"How can {who} be reached?",
    }
    intro = {
        "name": "Begin with the person you know best. You add the others afterwards." if first else "",
        "reach": "This is passed on only to those who are asked to help, always with what is safe.",
    }
    fields = [
        each
        for each in _OF_PERSON[step]
        if not (each.name == "expects_child_on" and (child or _sex(draft, key) == "male"))
    ]
    return one_of_several(
        title="Register a family",
        heading=headings[step],
        fields=fields,
        back=back,
        words=[each for each in (intro.get(step, ""),) if each],
    )


def _sex(draft: Draft, key: str) -> str:
    return one(draft.typed(f"{key}/born"), "sex")


def home_page(back: str) -> FormView:
    """The page that asks where the family lives."""
    return one_of_several(
        title="Register a family",
        heading="Where does the family live?",
        fields=HOME,
        back=back,
        words=("Leave this empty if you do not know, or if they have no address now.",),
    )


def read_step(step: str, typed: Typed, today: date) -> tuple[dict[str, list[str]], Errors]:
    """What to keep of a page that was sent, and what is wrong with it."""
    name = step.rpartition("/")[2]
    fields = HOME if name == "home" else _OF_PERSON[name]
    found, errors = answered(fields, typed, today)
    if name == "name" and not {"given_names", "family_name"} & found.keys():
        errors.insert(0, ("given_names", "Enter a first name or a family name"))
    if name == "born" and not errors and not {"born", "age_group"} & found.keys():
        errors.append(("born-day", "Enter a date of birth, or say whether they are an adult or a child"))
    if name == "reach":
        errors += _wrong_reach(found, typed)
    if name == "home" and found.keys() - {"kind", "withheld"}:
        errors += [(each, words) for each, words in (("line_1", "Enter the building and street"),
                                                     ("town", "Enter the town")) if each not in found]  # fmt: skip
    return kept(fields, typed), errors


def _wrong_reach(found: Mapping[str, Any], typed: Typed) -> Errors:
    errors: Errors = []
    if (one(typed, "phone") or one(typed, "email")) and "safe_contact" not in found:
        errors.append(("safe_contact", "Choose what is safe"))
    if found.get("safe_contact") == "between_hours" and "hours" not in found:
        errors.append(("hours", _HOURS_MISSING))
    return errors


def contacts_of(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ways to reach somebody, as the API takes them."""
    rule = found.get("safe_contact", "any_way")
    hours = {"hours": found["hours"]} if rule == "between_hours" else {}
    return [
        {"kind": kind, "value": found[kind], "safe_contact": rule} | hours
        for kind in ("phone", "email")
        if found.get(kind)
    ]


def address_of(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """An address, as the API takes it; None where nothing was said."""
    if "line_1" not in found or "town" not in found:
        return None
    lines = [found[each] for each in ("line_1", "line_2") if each in found]
    made = {"kind": found.get("kind", "home"), "lines": lines, "town": found["town"]}
    return made | {"postcode": found.get("postcode"), "withheld": bool(found.get("withheld"))}


def person_of(draft: Draft, key: str, today: date) -> dict[str, Any]:
    """Somebody, as the API takes them."""
    found: dict[str, Any] = {}
    for step in PERSON_STEPS:
        found |= answered(_OF_PERSON[step], draft.typed(f"{key}/{step}"), today)[0]
    plain = ("given_names", "family_name", "known_as", "age_group", "sex", "residence", "language",
             "education_setting", "gp_practice", "nhs_number", "expects_child_on")  # fmt: skip
    made = {name: found[name] for name in plain if name in found}
    if "born" in found:
        made["date_of_birth"] = found["born"]
        made.pop("age_group", None)
    if "previous_family_name" in found:
        made["previous_family_names"] = [found["previous_family_name"]]
    if found.get("interpreter"):
        made["interpreter"] = True
    return {"key": key} | made | {"contacts": contacts_of(found)}


def step_of(pointer: str, sent: list[str]) -> str:
    """The page on which what the API found wrong was typed; `sent` are the keys of the people in their order."""
    parts = pointer.strip("/").split("/")
    if parts[0] == "people" and len(parts) > 2 and parts[1].isdecimal() and int(parts[1]) < len(sent):
        return f"{sent[int(parts[1])]}/{_STEP_OF_FIELD.get(parts[2], 'about')}"
    return "home" if parts[0] == "address" else "people"
