"""What the pages of a registration show beside questions: everything that was said, and whom it may repeat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from connective.frontend.domain.family_words import ADDRESS_KINDS, RESIDENCES, SAFE_CONTACT, SEXES, called
from connective.frontend.domain.fields import answered, one
from connective.frontend.domain.registering import HOME, PERSON_STEPS, Draft, address_of, person_of
from connective.frontend.domain.relating import related_questions, relationships_of, sentences_of
from connective.frontend.domain.words import day, telephone


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what was said, and the page on which it can be changed."""

    label: str
    lines: list[str]
    step: str


@dataclass(frozen=True, slots=True)
class Described:
    """One person of a draft, with everything that was said of them."""

    key: str
    name: str
    child: bool
    rows: list[Row]
    born: list[str]
    about: list[str]
    related: list[str]
    complete: bool
    joins: bool
    """Whether a record of theirs is used that is known here already."""


def describe(draft: Draft, key: str, today: date) -> Described:
    """Everything that was said of somebody."""
    said = person_of(draft, key, today)
    related = sentences_of(
        draft.typed(f"{key}/related"),
        related_questions(draft.first_name(key), draft.child(key, today), draft.others(key, today)),
    )
    rows = [
        Row("Name", _name(said), f"{key}/name"),
        Row("Born", _born(said), f"{key}/born"),
        Row("About them", _about(said), f"{key}/about"),
        Row("How to reach them", _reach(said), f"{key}/reach"),
    ]
    if draft.others(key, today):
        rows.append(Row("Related", related or ["Not said"], f"{key}/related"))
    return Described(
        key=key,
        name=draft.name(key),
        child=draft.child(key, today),
        rows=rows,
        born=_born(said),
        about=_about(said),
        related=related,
        complete=draft.complete(key),
        joins=key in draft.joining,
    )


def _name(said: Mapping[str, Any]) -> list[str]:
    full = f"{said.get('given_names', '')} {said.get('family_name', '')}".strip()
    more = [f"Called {said['known_as']}"] if "known_as" in said else []
    before = said.get("previous_family_names") or []
    return [full or "Not said", *more, *(f"Family name before: {each}" for each in before)]


def _born(said: Mapping[str, Any]) -> list[str]:
    groups = {"adult": "An adult, date not known", "child": "A child, date not known"}
    born = day(said.get("date_of_birth")) or groups.get(said.get("age_group", ""), "Not said")
    sex = said.get("sex", "unknown")
    return [born, *([called(SEXES, sex)] if sex != "unknown" else [])]


def _about(said: Mapping[str, Any]) -> list[str]:
    lines = [f"Lives: {called(RESIDENCES, said.get('residence', '')).lower() or 'not said'}"]
    for name, label in (("language", "Speaks"), ("education_setting", "School"), ("gp_practice", "GP practice"),
                        ("nhs_number", "NHS number")):  # fmt: skip
        if name in said:
            lines.append(f"{label}: {said[name]}")
    if said.get("interpreter"):
        lines.append("Needs an interpreter")
    if "expects_child_on" in said:
        lines.append(f"Expects a child on {day(said['expects_child_on'])}")
    return lines


def _reach(said: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{telephone(each['value'])}. {called(SAFE_CONTACT, each['safe_contact'])}"
        + (f": {each['hours']}" if "hours" in each else "")
        for each in said["contacts"]
    ]
    return lines or ["No telephone or email said"]


def describe_home(draft: Draft, today: date) -> Row:
    """Where the family lives, as it was said."""
    address = address_of(answered(HOME, draft.typed("home"), today)[0])
    if address is None:
        return Row("Address", ["Not known, or none"], "home")
    lines = [*address["lines"], address["town"], *([address["postcode"]] if address["postcode"] else [])]
    kind = called(ADDRESS_KINDS, address["kind"])
    kept = ["Kept within our organisation"] if address["withheld"] else []
    return Row("Address", [", ".join(lines), kind, *kept], "home")


def next_step(draft: Draft, step: str) -> str:
    """The page after this one, where somebody goes through them for the first time."""
    key, _, name = step.partition("/")
    if step == "home":
        return "people"
    if name in PERSON_STEPS and name != PERSON_STEPS[-1]:
        return f"{key}/{PERSON_STEPS[PERSON_STEPS.index(name) + 1]}"
    alone = draft.people.index(key) == 0 and not draft.members
    if name == PERSON_STEPS[-1] and not alone:
        return f"{key}/related"
    return "home" if alone and draft.family_id is None and "home" not in draft.steps else "people"


def body_of(draft: Draft, today: date) -> tuple[dict[str, Any], list[str]]:
    """What the API is sent, and the keys of its people in their order."""
    new = [key for key in draft.people if key not in draft.joining]
    joining = [
        {"key": key, "person_id": draft.joining[key]} | _residence(person_of(draft, key, today))
        for key in draft.people
        if key in draft.joining
    ]
    related = [
        each
        for key in draft.people
        for each in relationships_of(key, draft.typed(f"{key}/related"), draft.others(key, today))
        if not {each["person"], each["of"]} <= draft.joining.keys()
    ]
    body: dict[str, Any] = {
        "people": [person_of(draft, key, today) for key in new],
        "joining": joining,
        "relationships": related,
        "duplicates_seen": draft.seen,
    }
    if draft.family_id is None:
        address = address_of(answered(HOME, draft.typed("home"), today)[0])
        body |= {"address": address} if address else {}
    return body, new


def _residence(said: Mapping[str, Any]) -> dict[str, str]:
    return {"residence": said["residence"]} if "residence" in said else {}


@dataclass(frozen=True, slots=True)
class Side:
    """One candidate beside the person who was typed."""

    person_id: str
    typed: Described
    name: str
    year: str
    kept_here: bool
    stored_only: bool
    hidden: bool
    why: list[str]


def side_by_side(draft: Draft, sent: Sequence[str], today: date) -> list[Side]:
    """Each candidate beside the person they may be. `sent` are the keys in the order in which they were sent."""
    found = []
    for each in draft.candidates:
        number = str(each.get("resembles", "")).rpartition("/")[2]
        if not number.isdecimal() or int(number) >= len(sent):
            continue
        key = sent[int(number)]
        found.append(_side(draft, key, each, today))
    return sorted(found, key=lambda side: draft.people.index(side.typed.key))


def _side(draft: Draft, key: str, candidate: Mapping[str, Any], today: date) -> Side:
    typed = describe(draft, key, today)
    said = person_of(draft, key, today)
    year = candidate.get("year_of_birth")
    hidden = not candidate.get("name")
    return Side(
        person_id=str(candidate["person_id"]),
        typed=typed,
        name=str(candidate.get("name") or "Somebody whose name we may not show"),
        year=f"Born in {year}" if year else "Year of birth not shown",
        kept_here=bool(candidate.get("kept_by_your_organisation")),
        stored_only=bool(candidate.get("processing_restricted")),
        hidden=hidden,
        why=_why(said, candidate),
    )


def _why(said: Mapping[str, Any], candidate: Mapping[str, Any]) -> list[str]:
    """Why the two may be one person, as far as may be told: of somebody hidden, nothing that was not typed."""
    if not candidate.get("name"):
        return ["What you typed fits a record that is kept from view"]
    theirs = {each.casefold() for each in str(candidate["name"]).split()}
    given = {each.casefold() for each in str(said.get("given_names", "")).split()}
    family = {each.casefold() for each in str(said.get("family_name", "")).split()}
    why = []
    if given and given & theirs:
        why.append("The same first name")
    if family and family <= theirs:
        why.append("The same family name")
    if candidate.get("year_of_birth") and str(said.get("date_of_birth", "")).startswith(
        str(candidate["year_of_birth"])
    ):
        why.append("Born in the same year")
    return [*why, "Names that sound alike, the date of birth, the home or the NHS number were compared too"]


def decide(draft: Draft, sides: Sequence[Side], typed: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Enter what a worker decided of each candidate; answers what is missing. Who is kept here joins the family."""
    errors = []
    for side in sides:
        chosen = one(typed, f"is-{side.person_id}")
        if chosen not in {"same", "other"} or (chosen == "same" and (side.stored_only or side.hidden)):
            errors.append((f"is-{side.person_id}", f"Choose whether {side.typed.name} is the same person"))
    if errors:
        return errors
    for side in sides:
        if one(typed, f"is-{side.person_id}") == "same" and side.kept_here:
            draft.joining[side.typed.key] = side.person_id
            continue
        if one(typed, f"is-{side.person_id}") == "same":
            draft.same[side.typed.key] = side.person_id
        draft.seen = sorted({*draft.seen, side.person_id})
    draft.candidates = []
    return []


def unfinished(draft: Draft) -> str:
    """What a registration that was begun is called in a list."""
    names = [draft.name(key) for key in draft.people]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") or "Nobody yet"
