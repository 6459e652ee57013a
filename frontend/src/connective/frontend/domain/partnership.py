"""What partners settle beside agreements: memoranda and their commitments, joint controllers, the register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.agreements import DRAFT, SIGN, Asker
from connective.frontend.domain.drafting import Fields, Terms, read_dates
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.words import day, moment

ENTITY_WRITE = "consent:entity:write"
PROGRESS = {
    "on_track": ("On track", "green"),
    "at_risk": ("At risk", "yellow"),
    "done": ("Done", "blue"),
    "not_met": ("Not met", "red"),
}
COMMITMENT_KINDS = {"people": "People", "money": "Money", "premises": "Premises", "time": "Time"}
PARTS = {
    "instructions": "It acts on our written instructions only",
    "sub_processors": "Who else works for the host, and how we hear of a change",
    "location": "Where the information is held",
    "breach": "How soon we are told of a breach",
    "audit": "How we may check that it is kept",
    "return": "What happens to the information when it ends",
}
"""What the host's contract must settle (UK GDPR Article 28(3)): a signatory confirms each by name."""
COMMITMENT_ROWS = 6
"""How many commitments the form has room for at once; more rows come once these are saved."""
_MEMORANDUM_OPENED_BY = {"edit": DRAFT, "submit": DRAFT, "report": DRAFT, "sign": SIGN, "end": SIGN}
_MOST_COMMITMENTS = 200
_SOON = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Commitment:
    """What one partner does, and how it stands."""

    number: int
    who: str
    kind: str
    what: str
    due: str
    state: str
    tag: str
    note: str


@dataclass(frozen=True, slots=True)
class MemorandumPage:
    """A memorandum of understanding."""

    path: str
    reference: str
    title: str
    state: str
    tag: str
    lead: str
    parties: list[str]
    terms: Mapping[str, Any]
    commitments: list[Commitment]
    signatures: list[tuple[str, str, str]]
    waits: list[str]
    acts: frozenset[str]
    text: str
    text_hash: str
    period: str


def memorandum_page(one: Mapping[str, Any], asker: Asker) -> MemorandumPage:
    """A memorandum, for whoever looks at it."""
    terms, signed = one["terms"], {each["legal_entity_id"] for each in one["signatures"]}
    state, tag = say.state_of(one["state"])
    waiting = one["state"] == "awaiting_signatures"
    return MemorandumPage(
        path=f"/memoranda/{one['id']}",
        reference=one["reference"],
        title=terms["title"] or "A memorandum without a title yet",
        state=state,
        tag=tag,
        lead=asker.name(one["lead_entity_id"]),
        parties=[asker.name(each) for each in terms["party_ids"]],
        terms=terms,
        commitments=[_commitment(each, asker) for each in one["commitments"]],
        signatures=[
            (
                asker.name(each["legal_entity_id"]),
                ", ".join(part for part in (each["name"], each["position"]) if part) or "Signed",
                moment(each["at"]),
            )
            for each in one["signatures"]
        ],
        waits=[asker.name(each) for each in terms["party_ids"] if waiting and each not in signed],
        acts=frozenset(each for each in one["allowed_actions"] if asker.person.may(_MEMORANDUM_OPENED_BY[each])),
        text=one["text"],
        text_hash=one["text_hash"],
        period=f"From {day(terms['starts_on'])} to {day(terms['ends_on'])}, reviewed by {day(terms['review_on'])}",
    )


def _commitment(one: Mapping[str, Any], asker: Asker) -> Commitment:
    state, tag = PROGRESS.get(one["progress"] or "", ("Nothing reported yet", "grey"))
    if one["overdue"]:
        state, tag = f"Late: {state.lower()}", "red"
    return Commitment(
        one["number"],
        asker.name(one["legal_entity_id"]),
        COMMITMENT_KINDS[one["kind"]],
        one["what"],
        day(one["due_on"]),
        state,
        tag,
        one["note"],
    )


def blank_memorandum(first: date, entity_id: str | None) -> Terms:
    """The terms of a memorandum that nobody has begun: the days that are usual."""
    return {
        "title": "", "aims": "", "governance": "", "party_ids": [entity_id] if entity_id else [], "commitments": [],
        "starts_on": str(first), "review_on": str(first + timedelta(days=364)),
        "ends_on": str(first + timedelta(days=3 * 365)),
    }  # fmt: skip


def typed_memorandum(terms: Mapping[str, Any], reference: str) -> dict[str, list[str]]:
    """What the form of a memorandum holds before anybody types."""
    typed = {name: [terms[name]] for name in ("title", "aims", "governance")} | {"reference": [reference]}
    typed["party_ids"] = list(terms["party_ids"])
    for name in ("starts_on", "review_on", "ends_on"):
        typed |= typed_day(name, terms[name])
    for number, each in enumerate(terms["commitments"]):
        typed |= {f"{name}-{number}": [each[name]] for name in ("legal_entity_id", "kind", "what")}
        typed |= typed_day(f"due-{number}", each["due_on"])
    return typed


def typed_day(name: str, value: str | None) -> dict[str, list[str]]:
    """A date as its three boxes hold it."""
    if not value:
        return {}
    year, month, number = value.split("-")
    return {f"{name}-day": [str(int(number))], f"{name}-month": [str(int(month))], f"{name}-year": [year]}


def read_memorandum(form: Fields) -> tuple[Terms, Errors]:
    """A memorandum as typed, and what is wrong with it. A commitment without words is none."""
    dates, errors = read_dates(("starts_on", "review_on", "ends_on"), form)
    commitments: list[Terms] = []
    for number in range(_MOST_COMMITMENTS):
        if not form.one(f"what-{number}"):
            continue
        due, wrong = read_dates((f"due-{number}",), form)
        one = {name: form.one(f"{name}-{number}") for name in ("legal_entity_id", "kind", "what")}
        errors += wrong
        errors += [] if one["legal_entity_id"] else [(f"legal_entity_id-{number}", "Choose who does it")]
        errors += [] if one["kind"] else [(f"kind-{number}", "Choose what they bring")]
        commitments.append(one | {"due_on": due.get(f"due-{number}")})
    lines: Terms = {name: form.one(name) for name in ("title", "aims", "governance")}
    return lines | {"party_ids": form.many("party_ids"), "commitments": commitments} | dates, errors


@dataclass(frozen=True, slots=True)
class ArrangementPage:
    """A joint-controller arrangement."""

    path: str
    reference: str
    title: str
    state: str
    tag: str
    entities: list[str]
    facts: list[tuple[str, str]]
    waits: list[str]
    acts: frozenset[str]


def arrangement_page(one: Mapping[str, Any], asker: Asker) -> ArrangementPage:
    """An arrangement, for whoever looks at it."""
    terms = one["terms"]
    state, tag = say.state_of(one["state"])
    facts = [
        ("Joint controllers", say.listed(sorted(asker.name(each) for each in terms["entity_ids"]))),
        ("For", ", ".join(say.purpose(each) for each in terms["purposes"])),
        ("Who informs families", asker.name(terms["informs_entity_id"])),
        ("Who answers people who use their rights", asker.name(terms["answers_entity_id"])),
        ("Who tells of a breach", asker.name(terms["breach_entity_id"])),
        ("What it says, in plain English", terms["essence"]),
        ("Document", terms["document_reference"]),
        ("From", day(terms["starts_on"])),
        ("Until", day(terms["ends_on"]) or "No end was agreed"),
        ("Why it ended", one["ended_because"] or ""),
    ]
    return ArrangementPage(
        path=f"/agreements/joint/{one['id']}",
        reference=one["reference"],
        title=terms["title"],
        state=state,
        tag=tag,
        entities=sorted(asker.name(each) for each in terms["entity_ids"]),
        facts=[(label, value) for label, value in facts if value],
        waits=[asker.name(each) for each in one["awaits"]],
        acts=frozenset(one["allowed_actions"] if asker.person.may(SIGN) else ()),
    )


def read_arrangement(form: Fields) -> tuple[Terms, Errors]:
    """An arrangement as typed, and what is wrong with it."""
    names = ("informs_entity_id", "answers_entity_id", "breach_entity_id")
    wanted = (
        ("title", "Enter a title"),
        ("informs_entity_id", "Choose who informs families"),
        ("answers_entity_id", "Choose who answers them"),
        ("breach_entity_id", "Choose who tells of a breach"),
        ("essence", "Say in plain English what is arranged"),
    )
    errors = [(name, words) for name, words in wanted if not form.one(name)]
    errors += [] if len(form.many("entity_ids")) > 1 else [("entity_ids", "Choose two organisations or more")]
    errors += [] if form.many("purposes") else [("purposes", "Choose what it is for")]
    dates, wrong = read_dates(("starts_on",), form)
    ends, late = read_dates(("ends_on",), form, optional=True)
    terms: Terms = {name: form.one(name) for name in (*names, "title", "essence", "document_reference")}
    return terms | {name: form.many(name) for name in ("entity_ids", "purposes")} | dates | ends, errors + wrong + late


@dataclass(frozen=True, slots=True)
class EntityLine:
    """A legal entity, as the register shows it."""

    id: str
    name: str
    kind: str
    ico: str
    ico_until: str
    ico_tag: str
    training_until: str
    training_tag: str
    dpo: str
    contract: str
    contract_tag: str
    ours: bool


def entity_lines(items: Iterable[Mapping[str, Any]], asker: Asker, today: date) -> list[EntityLine]:
    """The register, by name; one's own first."""
    lines = [entity_line(each, asker, today) for each in items]
    return sorted(lines, key=lambda each: (not each.ours, each.name))


def entity_line(one: Mapping[str, Any], asker: Asker, today: date) -> EntityLine:
    """One legal entity."""
    contract, tag = _contract(one, today)
    return EntityLine(
        one["id"],
        one["name"],
        say.ENTITY_KINDS.get(one["kind"], one["kind"]),
        one["ico_registration"],
        day(one["ico_registered_until"]),
        _standing(one["ico_registered_until"], today),
        day(one["training_valid_until"]),
        _standing(one["training_valid_until"], today),
        one["dpo_contact"],
        contract,
        tag,
        one["id"] == asker.entity_id,
    )


def _standing(until: str, today: date) -> str:
    """The colour of a date by which something is renewed; empty while there is time."""
    if until < str(today):
        return "red"
    return "yellow" if until <= str(today + _SOON) else ""


def _contract(one: Mapping[str, Any], today: date) -> tuple[str, str]:
    if not one["processing_agreement_signed_at"]:
        return "Not signed: no accounts, and nothing is shared", "red"
    ends = one["processing_agreement_ends_on"]
    signed = f"Signed on {day(one['processing_agreement_signed_at'])}"
    if ends and ends < str(today):
        return f"Ended on {day(ends)}", "red"
    return f"{signed}, until {day(ends)}" if ends else signed, _standing(ends, today) if ends else ""
