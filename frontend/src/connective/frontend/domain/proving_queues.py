"""The lists of what waits for an officer, and of what the law gives people: each line with its clock."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.proving_lists import Line, ListKind
from connective.frontend.domain.proving_tables import Cell, Known, people_cell
from connective.frontend.domain.proving_words import categories, days_left, hours_left, person_mark, plain
from connective.frontend.domain.words import count, day, moment, sentence

FINDINGS = {
    "no_relationship": "Records of families they do not work with",
    "out_of_hours": "Reading out of hours",
    "own_record": "Their own record, or one closed to them",
    "volume": "Far more people than colleagues look at",
}
BREACHES = {
    "loss": "Something was lost",
    "unauthorised_access": "Somebody looked who may not",
    "wrong_recipient": "Sent to the wrong place",
    "other": "Something else",
}
REQUESTS = {
    "access": "A copy of their information",
    "complaint": "A complaint about data protection",
    "erasure": "Erasure",
    "freedom_of_information": "Freedom of information",
    "objection": "An objection",
    "rectification": "A correction",
    "restriction": "A restriction of use",
}
GROUNDS = {
    "accuracy_contested": "Whether it is right is contested",
    "needed_for_claims": "Needed for a legal claim",
    "objection_pending": "An objection is being weighed",
    "unlawful": "It was used unlawfully, and the person asked not to erase it",
}
WRITE = "consent:audit:write"
DECIDE = "consent:retention:decide"
RELEASES = "consent:access_copy:release"


def override_state(each: Mapping[str, Any], known: Known) -> Cell:
    """Whether an override has been reviewed, or until when it should be."""
    if each["reviewed_at"]:
        return Cell("Upheld", tag="green") if each["upheld"] else Cell("Not upheld", tag="red")
    return Cell(hours_left(each["review_by"], known.now), tag="red" if each["overdue"] else "yellow")


def _override(each: Line, known: Known) -> tuple[Cell, ...]:
    by = each.get("organisation_name") or "Your organisation"
    return (
        Cell(moment(each["used_at"]), f"/audit/overrides/{each['id']}"),
        Cell("Shared" if each["share"] else "Decided not to share"),
        Cell(by),
        Cell(known.organisation(each["recipient_organisation_id"], each["recipient_organisation_name"])),
        Cell(categories(each["categories"])),
        Cell("Yes" if each["family_told"] else "No"),
        override_state(each, known),
    )


def finding_state(each: Mapping[str, Any]) -> Cell:
    """Where a question to an officer stands."""
    return {
        "open": Cell("To be asked", tag="yellow"),
        "explained": Cell("Explained", tag="green"),
        "referred": Cell("Passed on", tag="red"),
    }[each["state"]]


def _finding(each: Line, known: Known) -> tuple[Cell, ...]:
    return (
        Cell(day(each["on_day"]), f"/audit/findings/{each['id']}"),
        Cell(FINDINGS.get(each["kind"], sentence(each["kind"]))),
        Cell(plain(each["sentence"])),
        Cell(known.account(each["actor_id"])),
        Cell(known.organisation(each["organisation_id"], each["organisation_name"])),
        finding_state(each),
    )


def _sample(each: Line, known: Known) -> tuple[Cell, ...]:
    closed = each["state"] == "closed"
    return (
        Cell(moment(each["drawn_at"]), f"/audit/samples/{each['id']}"),
        Cell(f"{each['size']} of {count(each['population'], each['of'].rstrip('s'))}"),
        Cell(f"{day(each['since'])} to {day(each['until'])}"),
        Cell(known.account(each["drawn_by"])),
        Cell("Closed", tag="green") if closed else Cell("Being looked at", tag="yellow"),
    )


def breach_state(each: Mapping[str, Any], known: Known) -> Cell:
    """The 72-hour clock of a breach, or that it has stopped."""
    if each["state"] == "decided":
        return Cell("Commissioner told" if each["ico_notified"] else "Decided, not told", tag="green")
    return Cell(hours_left(each["due_at"], known.now), tag="red" if each["overdue"] else "yellow")


def _breach(each: Line, known: Known) -> tuple[Cell, ...]:
    risk = {"unlikely": "Unlikely", "likely": "Likely", "high": "High"}.get(each["risk"] or "", "Not assessed yet")
    return (
        Cell(moment(each["aware_at"]), f"/audit/breaches/{each['id']}"),
        Cell(BREACHES[each["kind"]]),
        Cell(count(len(each["people"]), "person", "people")),
        Cell(risk),
        breach_state(each, known),
    )


def request_clock(each: Mapping[str, Any], known: Known) -> Cell:
    """The clock of a request about information: days left, standing still, or answered."""
    if each["standing"] == "answered":
        return Cell("Answered", tag="green")
    if each["paused_since"]:
        return Cell("Standing still", tag="blue")
    due = each["due_on"] or (None if each["acknowledged_on"] else each["acknowledge_by"])
    if due is None:
        return Cell("Without undue delay", tag="yellow")
    text, late = days_left(due, known.now)
    return Cell(text, tag="red" if late else "yellow")


def _request(each: Line, known: Known) -> tuple[Cell, ...]:
    return (
        Cell(each["reference"], f"/audit/requests/{each['id']}"),
        Cell(REQUESTS.get(each["kind"], sentence(each["kind"]))),
        Cell(day(each["received_on"])),
        Cell(day(each["due_on"]) or "Without undue delay"),
        request_clock(each, known),
    )


def _restriction(each: Line, known: Known) -> tuple[Cell, ...]:
    stands = each["standing"] == "standing"
    return (
        Cell(moment(each["placed_at"]), f"/audit/restrictions/{each['id']}"),
        Cell(person_mark(each["person"]), f"/audit/people/{each['person']}"),
        Cell(GROUNDS[each["ground"]]),
        Cell(known.account(each["placed_by"])),
        Cell("Stands", tag="yellow") if stands else Cell("Lifted", tag="grey"),
    )


def _correction(each: Line, _: Known) -> tuple[Cell, ...]:
    waiting = sum(to["outcome"] is None for to in each["recipients"])
    return (
        Cell(moment(each["recorded_at"]), f"/audit/corrections/{each['id']}"),
        Cell(sentence(each["kind"])),
        people_cell(each["people"]),
        Cell(categories(each["categories"])),
        Cell(count(len(each["recipients"]), "organisation")),
        Cell(f"{waiting} to answer", tag="yellow") if waiting else Cell("All answered", tag="green"),
    )


def _copy(each: Line, known: Known) -> tuple[Cell, ...]:
    released = each["state"] == "released"
    return (
        Cell(moment(each["asked_at"]), f"/audit/copies/{each['id']}"),
        Cell(person_mark(each["person"]), f"/audit/people/{each['person']}"),
        Cell(known.account(each["asked_by"])),
        Cell("Released", tag="green") if released else Cell("To be looked through", tag="yellow"),
    )


_BOTH = ("organisation_id", "from", "to")
QUEUES: dict[str, ListKind] = {
    "overrides": ListKind(
        "Safeguarding overrides",
        "/audit/overrides",
        ("When", "What", "By", "To", "Information", "Family told", "Review"),
        _override,
        "Sharing for somebody’s safety without agreement or consent, and decisions not to share. The safeguarding lead "
        "reviews each within a working day.",
        "Nobody has used an override that fits this.",
        ("review", *_BOTH),
    ),
    "findings": ListKind(
        "Unusual access",
        "/audit/findings",
        ("Day", "What was unusual", "Why it stands out", "Who", "Organisation", "Where it stands"),
        _finding,
        "Reading that somebody should ask about. It is a question, never an accusation.",
        "Nothing unusual was found that fits this.",
        ("state", "organisation_id"),
    ),
    "samples": ListKind(
        "Samples for audit",
        "/audit/samples",
        ("Drawn", "How many", "Of the time", "By", "Where it stands"),
        _sample,
        "Disclosures or decisions drawn by chance, each looked at and its finding recorded.",
        "No sample has been drawn yet.",
        begin=("Draw a sample", WRITE),
    ),
    "breaches": ListKind(
        "Breaches",
        "/audit/breaches",
        ("Aware since", "What happened", "Whom it touches", "Risk", "Clock of 72 hours"),
        _breach,
        "The Information Commissioner is told within 72 hours of becoming aware, unless a risk to people is unlikely.",
        "No breach is recorded.",
        begin=("Record a breach", WRITE),
    ),
    "requests": ListKind(
        "Requests about information",
        "/audit/information-requests",
        ("Reference", "What is asked", "Received", "Answer by", "Clock"),
        _request,
        "What people ask about their information, and complaints, with the time the law gives to answer.",
        "No request is recorded that fits this.",
        ("kind", "standing"),
        begin=("Enter a request", WRITE),
    ),
    "restrictions": ListKind(
        "Restrictions of use",
        "/audit/processing-restrictions",
        ("Placed", "About", "Why", "By", "Where it stands"),
        _restriction,
        "While a restriction stands, the person’s information is kept and not used (UK GDPR Article 18).",
        "No restriction has been placed.",
        begin=("Restrict the use of information", DECIDE),
    ),
    "corrections": ListKind(
        "Corrections told to recipients",
        "/audit/corrections",
        ("Told", "What", "About", "Information", "Told to", "Answers"),
        _correction,
        "Whoever received what was wrong, erased or restricted is told, and confirms (UK GDPR Article 19).",
        "No correction has been told.",
        begin=("Tell of a correction", WRITE),
    ),
    "copies": ListKind(
        "Copies for people who asked",
        "/audit/access-copies",
        ("Asked for", "About", "By", "Where it stands"),
        _copy,
        "A copy of all that is held of one person, looked through before it leaves (UK GDPR Article 15).",
        "No copy has been asked for.",
        begin=("Begin a copy", RELEASES),
    ),
}  # fmt: skip
