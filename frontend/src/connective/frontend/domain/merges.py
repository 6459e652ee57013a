"""Two records that somebody sees as one person: what is alike, what is not, and who has still to look."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field, Options
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.sheets import Cell, Facts, Link, Links, Section, Sheet, Table, Words, comma, tag
from connective.frontend.domain.words import day, sentence, words

Body = Mapping[str, Any]
LIST = "/families/merges"
STATES = {
    "proposed": ("Waits for a practice lead", "yellow"),
    "merged": ("One record now", "green"),
    "declined": ("Left as two", "grey"),
    "undone": ("Taken apart again", "grey"),
}
"""How a merge stands, and the colour of its tag."""
LIKENESS = {
    "likely_same": "Likely one person",
    "likely_twin": "Likely twins",
    "possible": "May be one person",
    "unlike": "Not alike",
}
"""What is known of how alike two records are."""
SHARED = {
    "nhs": "NHS number",
    "born": "date of birth",
    "family": "family name",
    "given": "first name",
    "home": "home",
}
"""What both say, in the order of its weight. That a part of a name is in both is said only of nothing better."""
_DIFFERS = {"died_on": "date of death", "education_setting": "school or nursery", "given_names": "first names",
            "gp_practice": "GP practice", "nhs_number": "NHS number"}  # fmt: skip
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
_HEADINGS = {
    "merged": "Two records that are of one person",
    "declined": "Two records that were left as two",
    "undone": "Two records that were taken apart again",
}
_BECOMES = ("If they are one", "What became of it")
_WHO_DECIDES = (
    "A practice lead decides, of each organisation that keeps one of them. Whoever proposed it cannot agree to it."
)

ACTS = frozenset(_TITLES)
"""What can be decided."""


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
    said = Words(
        ("Whoever registers a family and finds somebody known already can propose it. Another person decides.",)
    )
    return Sheet("Records that may be of one person", [said, table], back=("Back to families", "/families"))


def merge_sheet(merge: Body) -> Sheet:
    """One proposal, with both records as far as one may see them."""
    sections: list[Section] = [
        Facts((
            ("How it stands", _state(merge)),
            ("How alike", _like(merge)),
            ("The same in both", sentence(_shared(merge))),
            ("Different", sentence(comma(_DIFFERS.get(each, words(each)) for each in merge["differs"]))),
            ("Proposed on", day(merge["proposed_at"])),
            ("Why it was left or taken apart", _WHY.get(merge["reason"] or "", "")),
        )),
        Table("The two records", ("Who", "Born in", "Kept by", _BECOMES[merge["state"] == "merged"]),
              [_side(each, merge) for each in merge["people"]], "Nobody is shown.", heading="The two records"),
    ]  # fmt: skip
    links = [Link(_TITLES[each][0], f"{LIST}/{merge['id']}/{each}") for each in merge["allowed_actions"]]
    if links:
        sections.append(Links(links, heading="What you can do"))
    elif merge["state"] == "proposed":
        sections.append(Words((_WHO_DECIDES,), manner="inset"))
    title = "Two records that may be one"
    return Sheet(title, sections, heading=_HEADINGS.get(merge["state"], title), back=("Back to all", LIST))


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
    return LIKENESS.get(merge["likeness"], sentence(merge["likeness"]))


def _shared(merge: Body) -> str:
    found = [word for code, word in SHARED.items() if code in merge["shared"]]
    return comma(found) or ("part of a name" if "name" in merge["shared"] else "")


def _side(each: Body, merge: Body) -> list[Cell | str]:
    name = each["name"] or "Somebody whose name is not shown"
    ours, gone = each["kept_by_your_organisation"], merge["state"] == "merged" and not _stays(each, merge)
    shown = Cell(name, f"/families/of/{each['person_id']}") if ours and not gone else Cell(name)
    born, keeper = str(each["year_of_birth"] or "Not known"), "Your organisation" if ours else "Another organisation"
    return [shown, born, keeper, _becomes(each, merge)]


def _becomes(each: Body, merge: Body) -> str:
    if not merge["one_record"]:
        return "Stays, and is known to be the same person"
    return "Stays" if _stays(each, merge) else "Part of the other"


def _stays(each: Body, merge: Body) -> bool:
    return not merge["one_record"] or bool(each["person_id"] == merge["person_id"])
