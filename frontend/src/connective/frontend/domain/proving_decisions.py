"""A decision as an officer reads it: the answer, the seven rules with what each looked at, and what was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.proving_tables import Cell, Fact, Known, Table, fact, people_cell
from connective.frontend.domain.proving_words import OUTCOMES, RULES, categories, person_mark, plain, purpose
from connective.frontend.domain.sharing_words import category
from connective.frontend.domain.words import moment

_RULE_SAYS = {True: Cell("Passes", tag="green"), False: Cell("Does not pass", tag="red")}


@dataclass(frozen=True, slots=True)
class Rule:
    """One of the seven: what it concluded then, and what it would look at now."""

    number: int
    name: str
    says: Cell
    concluded: str
    looked_at: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """The page."""

    answer: Cell
    sentence: str
    facts: list[Fact]
    rules: list[Rule]
    refusals: Table
    permitted: Table
    warnings: list[str]
    now_differs: str


def decision_page(decision: Mapping[str, Any], path: Part, known: Known) -> DecisionPage:
    """Put the decision and its path together; the path may be missing, the decision may not."""
    steps = {each["rule"]: each for each in path.value["steps"]} if path.value else {}
    text, tag = OUTCOMES[decision["outcome"]]
    return DecisionPage(
        answer=Cell(text, tag=tag),
        sentence=_sentence(decision, known),
        facts=_facts(decision, known),
        rules=[_rule(each, steps.get(each["rule"])) for each in decision["rules"]],
        refusals=_refusals(decision["refusals"]),
        permitted=_permitted(decision["permitted"]),
        warnings=[plain(each) for each in decision["warnings"]],
        now_differs=_now(path.value, text),
    )


def _sentence(decision: Mapping[str, Any], known: Known) -> str:
    names = [known.organisation(decision[f"{side}_organisation_id"]) for side in ("discloser", "recipient")]
    asked, refused = len(decision["asked"]), len({each["category"] for each in decision["refusals"]})
    said = f"May {names[0]} share this with {names[1]}?"
    if decision["outcome"] == "permit":
        return f"{said} Yes, all of it."
    if decision["outcome"] == "deny":
        return f"{said} No."
    return f"{said} Yes, but {refused} of {asked} kinds of information stay back."


def _facts(decision: Mapping[str, Any], known: Known) -> list[Fact]:
    reference = decision["agreement_reference"]
    agreement = f"{reference}, version {decision['agreement_version']}" if reference else "None"
    return [
        fact("When", moment(decision["decided_at"])),
        fact("Asked by", known.account(decision["asked_by"])),
        fact("For", purpose(decision["purpose"])),
        fact("Agreement", agreement),
        fact("Lawful basis", f"UK GDPR Article {decision['basis']}" if decision["basis"] else "None"),
        Fact("About", people_cell(list(decision["permitted"]))),
        fact("Information asked for", categories(decision["asked"])),
    ]


def _rule(rule: Mapping[str, Any], step: Mapping[str, Any] | None) -> Rule:
    looked = [(_what(each["what"]), plain(each["found"])) for each in step["looked_at"]] if step else []
    return Rule(
        rule["rule"],
        RULES.get(rule["rule"], plain(rule["name"])),
        _RULE_SAYS[bool(rule["passed"])],
        plain(rule["sentence"]),
        looked,
    )


def _what(text: str) -> str:
    words = {"discloser": "Who shares", "recipient": "Who receives"}.get(text, plain(text))
    return words[:1].upper() + words[1:]


def _refusals(refusals: list[Mapping[str, Any]]) -> Table:
    rows = [
        (
            Cell(category(each["category"])),
            Cell(person_mark(each["person"]) if each["person"] else "Everybody", _who(each["person"])),
            Cell(RULES.get(each["rule"], "")),
            Cell(plain(each["sentence"])),
            Cell(plain(each["remedy"])),
        )
        for each in refusals
    ]
    return Table(
        "What was refused", ("Information", "About", "Rule", "Why", "What would help"), rows, "Nothing was refused."
    )


def _who(pseudonym: str | None) -> str | None:
    return f"/audit/people/{pseudonym}" if pseudonym else None


def _permitted(permitted: Mapping[str, list[str]]) -> Table:
    rows = [(Cell(person_mark(each), _who(each)), Cell(categories(codes))) for each, codes in permitted.items()]
    return Table("What was permitted", ("About", "Information"), rows, "Nothing was permitted.")


def _now(path: Mapping[str, Any] | None, then: str) -> str:
    if path is None or path["outcome"] == path["outcome_now"]:
        return ""
    now = OUTCOMES[path["outcome_now"]][0].lower()
    return f"Then it was {then.lower()}. Asked again today, it would be {now}: something has changed since."
