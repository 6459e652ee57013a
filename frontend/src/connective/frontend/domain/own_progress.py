"""What a family reads of its own asking: where it is, by its reference and code, and never what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.fields import Field
from connective.frontend.domain.words import day, deadline

_WORDS = {
    "waiting": ("They have not answered yet", "blue"),
    "matched": ("Somebody works on it", "green"),
    "closed": ("They have answered", "green"),
    "lapsed": ("Nobody answered in time", "red"),
    "withdrawn": ("It was taken back", "grey"),
}


@dataclass(frozen=True, slots=True)
class OwnProgress:
    """How it goes."""

    reference: str
    heading: str
    tag: str
    facts: list[tuple[str, str]]
    next: str


def own_progress(found: Mapping[str, Any]) -> OwnProgress:
    """The answer of the API in words."""
    heading, tag = _WORDS.get(found["state"], ("It is on its way", "blue"))
    facts = [("You asked on", day(found["asked_on"]))]
    if found["state"] == "waiting":
        facts.append(("They answer by", deadline(found["answered_by"])))
    if found["ended_on"]:
        facts.append(("Since", day(found["ended_on"])))
    return OwnProgress(found["reference"], heading, tag, facts, found["next"])


ASKED = (
    Field(name="reference", label="Reference", hint="For example, INT-7K3M-92QD"),
    Field(name="code", label="Code", hint="For example, ABCD-EFGH-IJKL"),
)
"""What somebody needs to know to read how it goes."""


def wrong_with(reference: str, code: str) -> list[tuple[str, str]]:
    """What is wrong with what was typed, before anybody is asked."""
    errors = []
    if len(reference) < 8:
        errors.append(("reference", "Enter your reference, like INT-7K3M-92QD"))
    if len(code) < 12:
        errors.append(("code", "Enter your code, like ABCD-EFGH-IJKL"))
    return errors
