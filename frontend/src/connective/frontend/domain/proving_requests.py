"""The page of a request about information, and of the copy that answers one."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.proving_queues import DECIDE, RELEASES, REQUESTS, WRITE, request_clock
from connective.frontend.domain.proving_tables import Cell, Fact, Known, Record, Table, allowed, fact, people_cell
from connective.frontend.domain.proving_words import person_mark
from connective.frontend.domain.words import count, day, moment, sentence

Body = Mapping[str, Any]
_OUTCOMES = {"done": "As asked", "partly": "In part", "refused": "Refused", "not_held": "Nothing held"}


_ORIGINS = {
    "objection": ("The objection it came in as", "/audit/objections/"),
    "erasure": ("How it was decided", "/audit/erasure-requests/"),
}


def _leads_to(each: Body) -> list[tuple[str, str]]:
    """From a request to what was done about it."""
    words, address = _ORIGINS.get(each["origin"] or "", ("", ""))
    decided = [(words, f"{address}{each['origin_id']}")] if words else []
    copies = [("The copy put together for it", f"/audit/copies/{key}") for key in each["access_copy_ids"]]
    corrections = [("The correction told for it", f"/audit/corrections/{key}") for key in each["correction_ids"]]
    return [*decided, *copies, *corrections]


def _how_answered(each: Body, known: Known, at: str) -> list[tuple[str, str]]:
    """What answers a request of its kind: the thing that is asked, before the note that it was done."""
    going, kind = each["standing"] != "answered", each["kind"]
    of_request = f"new?information_request_id={each['id']}"
    return allowed(
        known,
        ("Put the copy together", f"/audit/copies/{of_request}", RELEASES,
         going and kind == "access" and not each["access_copy_ids"]),
        ("Decide about the erasure", f"{at}/erasure", DECIDE, going and kind == "erasure"),
        ("Restrict the use", f"/audit/restrictions/{of_request}", DECIDE, going and kind == "restriction"),
    )  # fmt: skip


def request(each: Body, known: Known) -> Record:
    """A request about information, its clock, and each controller's answer."""
    at, going = f"/audit/requests/{each['id']}", each["standing"] != "answered"
    elsewhere = each["origin"] is not None
    complaint, paused = each["kind"] == "complaint", bool(each["paused_since"])
    facts = [
        fact("What is asked", REQUESTS.get(each["kind"], sentence(each["kind"]))),
        fact("What it is about", each["about"] or "Not said"),
        Fact("Whom it concerns", people_cell(each["people"])),
        fact("Received", day(each["received_on"])),
        fact("To be answered by", day(each["due_on"]) or "Without undue delay"),
    ]
    if complaint:
        facts.append(
            fact("Acknowledged", day(each["acknowledged_on"]) or f"To be done by {day(each['acknowledge_by'])}")
        )
    if paused:
        waits = "proof of who they are" if each["pause_reason"] == "identity" else "what exactly they ask for"
        facts.append(fact("The clock stands still", f"Since {day(each['paused_since'])}: we wait for {waits}"))
    if each["extended_months"]:
        facts.append(fact("Extended", f"By {count(each['extended_months'], 'month')}: {each['extension_reason']}"))
    rows = [
        (
            Cell(known.entity(a["legal_entity_id"])),
            Cell(_OUTCOMES[a["outcome"]]),
            Cell(moment(a["answered_at"])),
            Cell(a["note"]),
        )
        for a in each["answers"]
    ]
    rows += [
        (Cell(known.entity(key)), Cell("Not answered yet", tag="yellow"), Cell(""), Cell(""))
        for key in each["waiting_for"]
    ]
    right = not complaint and each["kind"] != "freedom_of_information"
    return Record(
        f"Request {each['reference']}",
        ("Back to requests", "/audit/requests"),
        facts,
        request_clock(each, known),
        tables=[Table("Answers", ("Who", "How", "When", "Note"), rows)],
        acts=_how_answered(each, known, at)
        + allowed(
            known,
            ("Acknowledge it", f"{at}/acknowledge", WRITE, going and complaint and not each["acknowledged_on"]),
            ("Answer it", f"{at}/answer", WRITE, going and not elsewhere),
            ("Let the clock run again", f"{at}/resume", WRITE, going and paused),
            ("Let the clock stand still", f"{at}/pause", WRITE, going and right and not paused),
            ("Take more time", f"{at}/extend", WRITE, going and right and not each["extended_months"]),
        ),
        links=_leads_to(each),
    )  # fmt: skip


def copy(each: Body, known: Known) -> Record:
    """A copy of what is held of one person: what it has, and whether it was released."""
    facts = [
        Fact("About", Cell(person_mark(each["person"]), f"/audit/people/{each['person']}")),
        fact("Asked for", f"{moment(each['asked_at'])}, {known.account(each['asked_by'])}"),
        fact("Parts", count(len(each["items"]), "part")),
        fact("To be looked through", count(sum(item["review"] for item in each["items"]), "part")),
        fact("Withheld", count(len(each["withheld"]), "part")),
    ]
    if each["whereabouts_restricted"]:
        facts.append(fact("Take care", "Where this person is must not be told to anybody who does not know it."))
    released = each["state"] == "released"
    return Record(
        "A copy for somebody who asked",
        ("Back to copies", "/audit/copies"),
        facts,
        Cell("Released", tag="green") if released else Cell("To be looked through", tag="yellow"),
        acts=[
            ("Download the copy", f"/audit/copies/{each['id']}/file")
            if released
            else ("Look it through", f"/audit/copies/{each['id']}/release")
        ],
    )
