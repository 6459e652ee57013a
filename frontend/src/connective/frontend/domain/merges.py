"""Two records that somebody sees as one person: what is alike, what is not, and who has still to look."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field, Options
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.sheets import Cell, Facts, Link, Links, Section, Sheet, Table, Words, comma, tag
from connective.frontend.domain.words import day, inline, sentence

Body = Mapping[str, Any]
LIST = "/families/merges"
STATES = {
    "proposed": ("Waits for a practice lead", "yellow"),
    "merged": ("One record now", "green"),
    "declined": ("Left as two", "grey"),
    "undone": ("Taken apart again", "grey"),
}
"""How a merge stands, and the colour of its tag."""
REASONS: Options = (
    ("different_people", "They are two people"),
    ("more_to_find_out", "There is more to find out first"),
    ("not_safe", "It would not be safe"),
    ("proposed_in_error", "It was proposed by mistake"),
)
_WHY = {each[0]: each[1] for each in REASONS}
_REASON = Field(name="reason", label="Why?", kind="choice", options=REASONS, required="Choose why")
_TITLES = {
    "agree": ("Agree that they are one person", "They are one person"),
    "decline": ("Leave the two records as they are", "Leave them"),
    "undo": ("Take the two records apart again", "Take them apart"),
}
_WORDS = {
    "agree": ("Two lives mixed up in one record is the worst mistake here. Look at both families first. "
              "It can be undone: every line goes back to where it was.",),
    "decline": ("Nothing changes in either record.",),
    "undo": ("Every line goes back to the record it came from. What was added since stays where it is.",),
}  # fmt: skip


def merges_sheet(listed: Part) -> Sheet:
    """What was proposed as one person, the newest first."""
    rows: list[list[Cell | str]] = [
        [Cell(f"Proposed on {day(each['proposed_at'])}", f"{LIST}/{each['id']}"), _state(each), _like(each)]
        for each in listed.items
    ]
    table = Table(
        "Records that may be of one person", ("Proposal", "How it stands", "How alike"), rows,
        "Nobody has proposed that two records are of one person.", part=listed, what="proposals", path=LIST,
    )  # fmt: skip
    words = Words(
        ("Whoever registers a family and finds somebody known already can propose it. Another person decides.",)
    )
    return Sheet("Records that may be of one person", [words, table], back=("Back to families", "/families"))


def merge_sheet(merge: Body) -> Sheet:
    """One proposal, with both records as far as one may see them."""
    sections: list[Section] = [
        Facts((
            ("How it stands", _state(merge)),
            ("How alike", _like(merge)),
            ("The same in both", comma(inline(sentence(each)) for each in merge["shared"])),
            ("Different", comma(inline(sentence(each)) for each in merge["differs"])),
            ("Proposed on", day(merge["proposed_at"])),
            ("Why it was left or taken apart", _WHY.get(merge["reason"] or "", "")),
        )),
        Table("The two records", ("Who", "Born in", "Kept by"), [_side(each) for each in merge["people"]],
              "Nobody is shown.", heading="The two records"),
    ]  # fmt: skip
    links = [Link(_TITLES[each][0], f"{LIST}/{merge['id']}/{each}") for each in merge["allowed_actions"]]
    if links:
        sections.append(Links(links, heading="What you can do"))
    elif merge["state"] == "proposed":
        words = "A practice lead of each organisation that keeps one of them decides, and nobody who proposed it."
        sections.append(Words((words,), manner="inset"))
    return Sheet("Two records that may be one", sections, back=("Back to all", LIST))


def act_view(merge_id: object, act: str) -> FormView:
    """The form of one decision. Raises KeyError for what is none."""
    title, button = _TITLES[act]
    return FormView(
        title=title,
        fields=() if act == "agree" else (_REASON,),
        back=("Back to the two records", f"{LIST}/{merge_id}"),
        button=button,
        words=_WORDS[act],
    )


def _state(merge: Body) -> Cell:
    return tag(*STATES.get(merge["state"], (sentence(merge["state"]), "grey")))


def _like(merge: Body) -> str:
    return sentence(merge["likeness"])


def _side(each: Body) -> list[Cell | str]:
    name = each["name"] or "Somebody whose name is not shown"
    ours = each["kept_by_your_organisation"]
    shown = Cell(name, f"/families/of/{each['person_id']}") if ours else Cell(name)
    return [shown, str(each["year_of_birth"] or "Not known"), "Your organisation" if ours else "Another organisation"]
