"""The lists of what was shared, seen, tried and said: which call of the API, which filters, and each line in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connective.frontend.domain.proving_tables import Cell, Known, Table, people_cell
from connective.frontend.domain.proving_words import OUTCOMES, act, categories, plain, purpose
from connective.frontend.domain.words import day, moment, sentence, words

Line = Mapping[str, Any]
LineOf = Callable[[Line, Known], tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class ListKind:
    """One list of the officers' pages."""

    title: str
    path: str
    heads: tuple[str, ...]
    line: LineOf
    said: str
    empty: str
    filters: tuple[str, ...] = ()
    begin: tuple[str, str] | None = None
    """Words of the button that makes a new one, and the permission it takes."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    csv: bool = True


def table_of(kind: ListKind, items: list[Line], known: Known) -> Table:
    """A list as it came, as a table."""
    return Table(kind.title, kind.heads, [kind.line(each, known) for each in items], kind.empty)


def _agreement(each: Line) -> Cell:
    if each["agreement_reference"] is None:
        return Cell("None")
    return Cell(f"{each['agreement_reference']}, version {each['agreement_version']}")


def _parties(each: Line, known: Known) -> tuple[Cell, Cell]:
    return (
        Cell(known.organisation(each["discloser_organisation_id"], each.get("discloser_organisation_name"))),
        Cell(known.organisation(each["recipient_organisation_id"], each.get("recipient_organisation_name"))),
    )


def _disclosure(each: Line, known: Known) -> tuple[Cell, ...]:
    arrived = Cell("Not delivered", tag="grey") if each["undelivered_at"] else Cell("Shown")
    return (
        Cell(moment(each["disclosed_at"]), f"/audit/decisions/{each['decision_id']}"),
        *_parties(each, known),
        _agreement(each),
        Cell(purpose(each["purpose"])),
        Cell(categories(each["categories"])),
        people_cell(each["people"]),
        arrived,
    )


def _access(each: Line, known: Known) -> tuple[Cell, ...]:
    hits = "" if each["hits"] is None else f" ({each['hits']} shown)"
    return (
        Cell(moment(each["at"])),
        Cell(act(each["act"]) + hits),
        Cell(known.organisation(each["organisation_id"], each["organisation_name"])),
        Cell(known.account(each["actor_id"])),
        Cell(purpose(each["purpose"])),
        people_cell(each["people"]),
    )


def _decision(each: Line, known: Known) -> tuple[Cell, ...]:
    text, tag = OUTCOMES[each["outcome"]]
    return (
        Cell(moment(each["decided_at"]), f"/audit/decisions/{each['id']}"),
        Cell(text, tag=tag),
        *_parties(each, known),
        _agreement(each),
        Cell(purpose(each["purpose"])),
        Cell(", ".join(sentence(code) for code in each["refused_for"]) or "Nothing refused"),
        people_cell(each["people"]),
    )


def _consent(each: Line, known: Known) -> tuple[Cell, ...]:
    tag = {"given": "green", "withdrawn": "red", "refused": "red"}.get(each["state"])
    recipients = zip(each["recipient_organisation_ids"], each["recipient_organisation_names"], strict=True)
    to = [known.organisation(key, name) for key, name in recipients]
    return (
        Cell(moment(each["said_at"])),
        Cell(sentence(each["kind"])),
        Cell(sentence(each["state"]), tag=tag or "grey"),
        people_cell(each["people"]),
        Cell(", ".join(words(code) for code in each["authorities"]).capitalize() or "Not said"),
        Cell(sentence(each["how"])),
        Cell(", ".join(to) or "Whoever fits the kind of help"),
        Cell(known.organisation(each["organisation_id"], each["organisation_name"])),
    )


def _notice(each: Line, known: Known) -> tuple[Cell, ...]:
    return (
        Cell(day(each["told_on"])),
        Cell(each["document_reference"]),
        Cell(sentence(each["how"])),
        people_cell(each["people"]),
        Cell(known.organisation(each["organisation_id"], each["organisation_name"])),
    )


def _one_off(each: Line, known: Known) -> tuple[Cell, ...]:
    return (
        Cell(moment(each["decided_at"])),
        Cell(known.organisation(each["organisation_id"], each["organisation_name"])),
        Cell(known.organisation(each["recipient_organisation_id"], each["recipient_organisation_name"])),
        Cell(sentence(each["ground"])),
        Cell(plain(each["condition"]) or "None stated"),
        Cell(categories(each["categories"])),
        people_cell(each["people"]),
        Cell(day(each["stands_until"])),
    )


_PERIOD = ("from", "to")
SHARING: dict[str, ListKind] = {
    "disclosures": ListKind(
        "Disclosures",
        "/audit/disclosures",
        ("When", "By", "To", "Agreement", "For", "What", "About", "Arrived"),
        _disclosure,
        "Everything that was shown or sent to another organisation. Each line leads to the decision it stands on.",
        "Nothing was disclosed that fits this.",
        ("agreement_id", "organisation_id", "purpose", "category", "person", *_PERIOD),
    ),
    "accesses": ListKind(
        "Who looked at what",
        "/audit/accesses",
        ("When", "What they did", "Organisation", "Who", "For", "About"),
        _access,
        "Each time somebody read or changed a record, inside their own organisation or as an officer.",
        "Nobody looked at anything that fits this.",
        ("organisation_id", "purpose", "person", *_PERIOD),
    ),
    "decisions": ListKind(
        "Decisions and refused tries",
        "/audit/decisions",
        ("When", "Answer", "By", "To", "Agreement", "For", "Refused because", "About"),
        _decision,
        "Every time the Hub was asked “may this be shared?”, with its answer. Refused tries are here too.",
        "Nothing was asked that fits this.",
        ("outcome", "agreement_id", "organisation_id", "purpose", "person", *_PERIOD),
    ),
    "consents": ListKind(
        "What families said",
        "/audit/consents",
        ("When", "What", "Answer", "By", "With which authority", "How", "For sharing with", "Recorded by"),
        _consent,
        "Agreement to be helped, consent, refusals, withdrawals, objections. Evidence stays with whoever recorded it.",
        "Nothing was recorded that fits this.",
        ("organisation_id", *_PERIOD),
    ),
    "notices": ListKind(
        "What families were told",
        "/audit/notices",
        ("When", "Which notice", "How", "Whom", "Told by"),
        _notice,
        "Each time a family was given a privacy notice.",
        "No notice fits this.",
        ("organisation_id", *_PERIOD),
    ),
    "one-offs": ListKind(
        "One-off disclosures",
        "/audit/one-offs",
        ("When", "By", "To", "Ground", "Condition", "What", "About", "Stands until"),
        _one_off,
        "Sharing without an agreement: under a duty in law, for somebody’s vital interests, or as an officer decided.",
        "There was no one-off disclosure that fits this.",
        ("organisation_id", *_PERIOD),
    ),
}
