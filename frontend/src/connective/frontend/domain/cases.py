"""One episode of early help: where it stands, what is next, who is on the team around the family."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.fields import Field, Options
from connective.frontend.domain.sheets import Cell, Facts, Link, Links, Section, Sheet, Table, Words, tag
from connective.frontend.domain.words import day, sentence

Body = Mapping[str, Any]
STATES = {
    "open": ("Opened", "blue"),
    "assessed": ("Needs assessed", "blue"),
    "planned": ("Plan agreed", "green"),
    "reviewed": ("Plan reviewed", "green"),
    "closed": ("Closed", "grey"),
}
"""How a case stands, and the colour of its tag."""
CLOSING: Options = (
    ("needs_met", "What the family needed is met"),
    ("other_help", "Others help from now on"),
    ("family_ended_it", "The family does not want it any more"),
    ("never_engaged", "The family never took it up"),
    ("moved_away", "The family moved away"),
    ("statutory_help", "Children’s social care takes over"),
    ("opened_in_error", "It was opened by mistake"),
)
_CLOSING_WORDS = {each[0]: each[1] for each in CLOSING}
_REVIEW = Field(
    name="review_on",
    label="When do you look at the plan next?",
    kind="date",
    required="Enter the day of the next review",
    hint="Within half a year; most are after 6 to 12 weeks",
)


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One step of a case: its words, and what is asked."""

    title: str
    button: str
    fields: tuple[Field, ...] = ()
    words: tuple[str, ...] = ()


ACTS = {
    "assess": CaseAct("Record that needs are assessed", "They are assessed",
                      words=("You have talked with the family about what they need and what goes well.",)),
    "plan": CaseAct("Record that a plan is agreed", "The plan is agreed", (_REVIEW,)),
    "review": CaseAct("Record a review of the plan", "The plan was reviewed", (_REVIEW,)),
    "propose-closure": CaseAct(
        "Propose to close the case", "Propose it",
        (Field(name="reason", label="Why can it be closed?", kind="choice", options=CLOSING, required="Choose why"),),
        ("A practice lead looks at it, and closes the case or lets the work go on.",),
    ),
    "close": CaseAct("Close the case", "Close the case",
                     words=("Whoever is on the team reads this family no longer. It can be opened again.",)),
    "reopen": CaseAct("Open the case again", "Open it again",
                      words=("Only where it is the same episode after all. Otherwise open a new one.",)),
}  # fmt: skip
"""Every step by the word that the API and the address have for it."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case, as its family's page lists it."""

    href: str
    opened: str
    state: str
    tag: str
    next: str
    closed: bool


def case_lines(cases: Iterable[Body]) -> list[CaseLine]:
    """A family's cases: those that are open first, then the newest."""
    listed = sorted(cases, key=lambda each: str(each["opened_on"]), reverse=True)
    return [_line(each) for each in sorted(listed, key=lambda each: each["state"] == "closed")]


def _line(case: Body) -> CaseLine:
    words, colour = STATES.get(case["state"], (sentence(case["state"]), "grey"))
    return CaseLine(
        f"/cases/{case['id']}", day(case["opened_on"]), words, colour, _next(case), case["state"] == "closed"
    )


def _next(case: Body) -> str:
    if case["state"] == "closed":
        return f"Closed on {day(case['closed_on'])}"
    if case["closing_proposed"]:
        return "A practice lead decides whether it is closed"
    if not case["review_on"]:
        return "No review is planned"
    return f"Review {'was due' if case['review_overdue'] else 'due'} on {day(case['review_on'])}"


def opening_fields(colleagues: Options, own: str) -> tuple[Field, ...]:
    """What a new case asks: who leads it."""
    ordered = sorted(colleagues, key=lambda each: each[0] != own)
    return (Field(name="lead_practitioner_id", label="Who leads it?", kind="choice", of_people=True,
                  options=tuple(ordered), required="Choose who leads it"),)  # fmt: skip


def team_fields(organisations: Iterable[Body], case: Body) -> tuple[Field, ...]:
    """Which organisation comes on to the team."""
    present = {each["organisation_id"] for each in case["team"] if not each["until"]}
    options = tuple((each["id"], each["name"]) for each in organisations if each["id"] not in present)
    return (Field(name="organisation_id", label="Which organisation?", kind="select", options=options,
                  required="Choose an organisation"),)  # fmt: skip


def case_sheet(case: Body, organisations: Mapping[str, str], colleagues: Mapping[str, str]) -> Sheet:
    """A case as its keeper works it, or as a member of the team sees that there is one."""
    here, family = f"/cases/{case['id']}", f"/families/{case['family_id']}"
    words, colour = STATES.get(case["state"], (sentence(case["state"]), "grey"))
    allowed = [each.replace("_", "-") for each in case["allowed_actions"]]
    rows = (
        ("How it stands", tag(words, colour)),
        ("Opened on", day(case["opened_on"])),
        ("Led by", colleagues.get(case["lead_practitioner_id"], "")),
        ("Next review", _review(case)),
        ("Closing proposed", _CLOSING_WORDS.get(case["closing_reason"] or "", "") if case["closing_proposed"] else ""),
        ("Closed on", day(case["closed_on"])),
        ("Why", _CLOSING_WORDS.get(case["closing_reason"] or "", "") if case["state"] == "closed" else ""),
    )
    sections: list[Section] = [Facts(rows), *_resting(case)]
    steps = [Link(ACTS[each].title, f"{here}/{each}") for each in _ORDER if each in allowed]
    if steps:
        sections.append(Links(steps, heading="What happens next"))
    sections.append(_team(case, organisations))
    if allowed and case["state"] != "closed":
        sections.append(Links((Link("Bring an organisation on to the team", f"{here}/team"),)))
    if not allowed:
        sections.append(Links((Link("Read what this family shares with the team", f"{here}/family"),)))
    sections.append(Words((case["safeguarding_notice"],), manner="inset"))
    back = ("Back to the family", family) if allowed else ("Back to the start", "/home")
    return Sheet("A case of early help", sections, back=back)


_ORDER = ("assess", "plan", "review", "propose-closure", "close", "reopen")


def _review(case: Body) -> Cell | str:
    if not case["review_on"]:
        return ""
    on = day(case["review_on"])
    return tag(f"Was due on {on}", "red") if case["review_overdue"] else on


def _resting(case: Body) -> list[Section]:
    if not case["processing_restricted"]:
        return []
    words = "Somebody of this family asked that their data are kept and not used. The work leaves them out for now."
    return [Words((words,), manner="inset")]


def _team(case: Body, organisations: Mapping[str, str]) -> Table:
    rows = [
        [organisations.get(each["organisation_id"], "An organisation"), day(each["since"]), day(each["until"]) or "Now"]
        for each in case["team"]
    ]
    return Table(
        "Organisations on the team around the family", ("Organisation", "Since", "Until"), rows,
        "Nobody beside your own organisation is on the team.", heading="Team around the family",
    )  # fmt: skip
