"""What restricts who sees a person's record, as whoever may lift it reads it."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.person_acts import RESTRICTIONS
from connective.frontend.domain.sheets import Act, Acts, Facts, Link, Links, Section, Sheet, Words, tag
from connective.frontend.domain.words import count, day

_KINDS = {each[0]: each[1] for each in RESTRICTIONS}


def restrictions_sheet(listed: Part, here: str) -> Sheet:
    """Every restriction of one person, the newest first, each with what can be done about it."""
    sections: list[Section] = []
    if listed.problem:
        sections.append(
            Words(("What restricts this record cannot be shown now. Try again in a moment.",), manner="inset")
        )
    elif not listed.items:
        sections.append(Words(("Nothing restricts who of your organisation sees this record.",)))
    for number, each in enumerate(listed.items, start=1):
        sections += _one(each, number)
    sections.append(Links((Link("Restrict who sees this record", f"{here}/restrict", "secondary"),)))
    return Sheet("Who must not see a record", sections, back=("Back to the person", here))


def _one(each: Mapping[str, Any], number: int) -> list[Section]:
    named = len(each["named_account_ids"]) + len(each["named_organisation_ids"])
    sees = "May still see it" if each["kind"] == "whereabouts" else "Must not see it"
    rows = (
        ("What", _KINDS.get(each["kind"], each["kind"])),
        ("Placed on", day(each["placed_at"])),
        (sees, f"{count(named, 'colleague or organisation', 'colleagues or organisations')}, by name" if named else ""),
        ("How it stands", _state(each)),
        ("Lifted on", day(each["lifted_at"])),
    )
    sections: list[Section] = [Facts(rows, heading=f"Restriction {number}")]
    if each["active"]:
        words = "Confirm that it is lifted" if each["lift_asked"] else "Ask for it to be lifted"
        act = Act("lift", words, (("id", each["id"]),), manner="warning", hidden=f": restriction {number}")
        sections.append(Acts((act,)))
        if each["lift_asked"]:
            sections.append(Words(("Somebody asked for it to be lifted. Another of you has to confirm it.",)))
    return sections


def _state(each: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a cell
    if not each["active"]:
        return tag("Lifted", "grey")
    return tag("Lifting asked for", "yellow") if each["lift_asked"] else tag("Holds", "red")
