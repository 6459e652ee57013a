"""A household as a picture: adults above, children below, a line from each parent; its words say the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_WIDTH, _HEIGHT, _GAP, _ROW, _EDGE = 150, 60, 24, 150, 8
_PARTNERS = frozenset({"partner", "former_partner"})
_UPWARD = frozenset({"parent", "step_parent", "carer", "foster_carer", "grandparent", "kinship_carer"})


@dataclass(frozen=True, slots=True)
class Box:
    """One person in the picture."""

    x: int
    y: int
    name: str
    below: str


@dataclass(frozen=True, slots=True)
class Line:
    """How two of them are related; dashed where it is over, or not by birth."""

    x1: int
    y1: int
    x2: int
    y2: int
    dashed: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture, in units of its own view box."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]
    sentences: list[str]
    """What the lines say, for whoever does not see them."""


def draw(people: Sequence[Mapping[str, Any]], relationships: Sequence[Mapping[str, Any]]) -> Picture:
    """Place the people of a household, and tell how they are related. People are as the API shows them."""
    adults = [each for each in people if not is_child(each)]
    children = [each for each in people if is_child(each)]
    widest = max(len(adults), len(children), 1)
    width = widest * _WIDTH + (widest - 1) * _GAP + 2 * _EDGE
    placed: dict[str, Box] = {}
    rows = [row for row in (adults, children) if row]
    for number, row in enumerate(rows):
        taken = len(row) * _WIDTH + (len(row) - 1) * _GAP
        for place, person in enumerate(row):
            x = (width - taken) // 2 + place * (_WIDTH + _GAP)
            placed[person["id"]] = Box(x, _EDGE + number * _ROW, short_name(person), age_of(person))
    known = [each for each in relationships if {each["person_id"], each["of_person_id"]} <= placed.keys()]
    return Picture(
        width=width,
        height=(len(rows) - 1) * _ROW + _HEIGHT + 2 * _EDGE if rows else _HEIGHT,
        boxes=list(placed.values()),
        lines=[_line(placed[each["person_id"]], placed[each["of_person_id"]], each) for each in known],
        sentences=[_sentence(each, placed) for each in known],
    )


def short_name(person: Mapping[str, Any]) -> str:
    """What somebody is called: the name they go by, or their first given name."""
    return str(person.get("known_as") or person["given_names"].split(" ")[0] or person["family_name"] or "No name")


def age_of(person: Mapping[str, Any]) -> str:
    """How old somebody is, in words."""
    if person.get("died_on"):
        return "has died"
    years = person.get("age_years")
    if years is not None:
        return "under 1" if years == 0 else f"{years} years"
    return "age not known" if person.get("age_group") is None else str(person["age_group"])


def is_child(person: Mapping[str, Any]) -> bool:
    """Whether somebody is under 18, as far as is known."""
    years = person.get("age_years")
    return years < 18 if years is not None else person.get("age_group") == "child"


def _line(one: Box, other: Box, relationship: Mapping[str, Any]) -> Line:
    dashed = relationship.get("until") is not None or relationship["kind"] not in {"parent", "partner", "sibling"}
    if one.y == other.y:
        left, right = sorted((one, other), key=lambda box: box.x)
        return Line(left.x + _WIDTH, left.y + _HEIGHT // 2, right.x, right.y + _HEIGHT // 2, dashed)
    upper, lower = sorted((one, other), key=lambda box: box.y)
    return Line(upper.x + _WIDTH // 2, upper.y + _HEIGHT, lower.x + _WIDTH // 2, lower.y, dashed)


def _sentence(relationship: Mapping[str, Any], placed: Mapping[str, Box]) -> str:
    kind = str(relationship["kind"]).replace("_", " ")
    one, other = placed[relationship["person_id"]].name, placed[relationship["of_person_id"]].name
    ended = " (until " + relationship["until"] + ")" if relationship.get("until") else ""
    held = relationship.get("responsibility")
    responsibility = f", with parental responsibility ({str(held).replace('_', ' ')})" if held else ""
    return f"{one} is {other}’s {kind}{responsibility}{ended}."
