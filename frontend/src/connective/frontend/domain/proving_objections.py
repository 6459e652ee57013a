"""What families object to being shared, as the data protection officer weighs it: the list, and each with its act."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain import agreeing_words as said
from connective.frontend.domain.fields import Field
from connective.frontend.domain.proving_lists import Line, ListKind
from connective.frontend.domain.proving_tables import Cell, Known, Record, fact
from connective.frontend.domain.words import day, moment

REVIEW = "consent:agreement:review"
_STATES = {
    "open": Cell("To be weighed", tag="yellow"),
    "upheld": Cell("Upheld: it is not shared", tag="red"),
    "dismissed": Cell("Dismissed: it may be shared", tag="grey"),
}
RESOLVE_FIELDS = (
    Field(name="upheld", label="What do you decide?", kind="yes_no", required="Choose what you decide",
          options=(("yes", "Uphold it: it goes on not being shared"),
                   ("no", "Dismiss it: it may be shared again"))),
    Field(name="resolution", label="Why?", kind="long", longest=4000, required="Say why",
          hint="What you weighed against what they say. It stays in the record, and they can ask to read it"),
)  # fmt: skip
RESOLVE_SAID = (
    "Until you decide, nothing is shared. Whoever objected is told by you what you decided, why, and that they can "
    "complain to the Information Commissioner."
)


def _whom(each: Mapping[str, Any], known: Known) -> str:
    return ", ".join(known.organisation(key) for key in each["recipient_organisation_ids"]) or "Anybody"


def _line(each: Line, known: Known) -> tuple[Cell, ...]:
    return (
        Cell(moment(each["raised_at"]), f"/audit/objections/{each['id']}"),
        Cell(_whom(each, known)),
        Cell(_STATES[each["state"]].text, tag=_STATES[each["state"]].tag),
        Cell(day(each["resolved_at"])),
    )


OBJECTIONS = ListKind(
    "Objections to sharing",
    "/objections",
    ("Raised", "To sharing with", "Where it stands", "Decided"),
    _line,
    "From the moment somebody objects nothing is shared with whom they name, until you have weighed it.",
    "Nobody has objected.",
    csv=False,
)


def objection(each: Mapping[str, Any], known: Known) -> Record:
    """One objection."""
    still_open = each["state"] == "open"
    facts = [
        fact("Raised", f"{moment(each['raised_at'])}, {said.how(each['how']).lower()}"),
        fact("To sharing with", _whom(each, known)),
        fact("In their words", each["reason"] or "They gave no reason"),
    ]
    if not still_open:
        facts += [fact("Decided", moment(each["resolved_at"])), fact("Why", each["resolution"])]
    can = still_open and REVIEW in known.permissions
    return Record(
        "An objection to sharing",
        ("Back to objections", "/audit/objections"),
        facts,
        _STATES[each["state"]],
        acts=[("Decide about it", f"/audit/objections/{each['id']}/resolve")] if can else [],
    )
