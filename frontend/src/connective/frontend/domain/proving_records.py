"""The page of one record: what it says, where its clock is, and what can be done now."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from connective.frontend.domain.proving_objections import objection
from connective.frontend.domain.proving_queues import (
    BREACHES,
    DECIDE,
    FINDINGS,
    GROUNDS,
    WRITE,
    breach_state,
    finding_state,
    override_state,
)
from connective.frontend.domain.proving_requests import copy, request
from connective.frontend.domain.proving_tables import (
    Cell,
    Clock,
    Fact,
    Known,
    Record,
    Table,
    allowed,
    fact,
    people_cell,
)
from connective.frontend.domain.proving_words import categories, hours_left, person_mark, plain
from connective.frontend.domain.words import count, day, moment, sentence

Body = Mapping[str, Any]
_HOURS = 72
_RISKS = {"unlikely": "Unlikely", "likely": "Likely", "high": "Likely, and serious"}
_RESULTS = {
    "in_order": Cell("In order", tag="green"),
    "not_in_order": Cell("Not in order", tag="red"),
    "question": Cell("A question is open", tag="yellow"),
    None: Cell("Not looked at yet", tag="grey"),
}


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _reasons(each: Body) -> list[Fact]:
    said = [fact("Why", each["reason"]), fact("The risk of not sharing", each["risk_of_not_sharing"])]
    return [
        *said,
        *([fact("Why the family was not told", each["family_told_note"])] if each["family_told_note"] else []),
    ]


def override(each: Body, known: Known) -> Record:
    """A safeguarding override. Its reasons come with it for safeguarding leads alone."""
    at = f"/audit/overrides/{each['id']}"
    facts = [
        fact("When", moment(each["used_at"])),
        fact("By", each.get("organisation_name") or "Your organisation"),
        fact("Who decided", known.account(each["used_by"])),
        fact("To", known.organisation(each["recipient_organisation_id"], each["recipient_organisation_name"])),
        fact("Information", categories(each["categories"])),
        *([Fact("About", people_cell(each["people"]))] if "people" in each else []),
        *(_reasons(each) if "reason" in each else []),
        fact("Family told", _yes(each["family_told"])),
        fact("Stands until", moment(each["stands_until"])),
        fact("To be reviewed by", moment(each["review_by"])),
    ]
    if each["restriction_confirmed_by"]:
        facts.append(fact("Beyond a restriction, confirmed by", known.account(each["restriction_confirmed_by"])))
    if each["reviewed_at"]:
        facts.append(fact("Reviewed", f"{moment(each['reviewed_at'])}, {known.account(each['reviewed_by'])}"))
        facts += [fact("What the review says", each["review_note"])] if each.get("review_note") else []
    lead = "reason" in each
    stands = datetime.fromisoformat(each["stands_until"]) > known.now and each["share"]
    return Record(
        "A safeguarding override" if each["share"] else "A decision not to share",
        ("Back to overrides", "/audit/overrides"),
        facts,
        override_state(each, known),
        () if lead else ("The safeguarding lead reads the reasons. You see that it was used, and its review.",),
        acts=allowed(
            known,
            ("Review it", f"{at}/review", "consent:override:review", lead and each["reviewed_at"] is None),
            ("Confirm that it goes beyond a restriction", f"{at}/confirm-restriction", "consent:override:review",
             lead and stands and each["restriction_confirmed_by"] is None),
        ),
        links=[("The decision it stands for", f"/audit/decisions/{each['decision_id']}")]
        if "consent:decision:read" in known.permissions else [],
    )  # fmt: skip


_FACTS = {
    "acts": "Looks in all", "of": "Looks out of hours", "people": "People looked at",
    "families": "Families without work on record",
    "broke_glass": "Looks by breaking glass", "peers_median": "A usual day of colleagues",
}  # fmt: skip
_WHY = {
    "no_relationship": "Who works with a family has a case, a request or a visit on record. None was found.",
    "out_of_hours": "Most work is done between 7am and 8pm on working days. Somebody on call may well read at night.",
    "own_record": "Nobody reads their own record, or one that a conflict of interest closes to them.",
    "volume": "One account looked at many more people in a day than its colleagues do.",
}


def finding(each: Body, known: Known) -> Record:
    """Unusual reading: what, why it stands out, and what was answered."""
    facts = [
        fact("Day", day(each["on_day"])),
        fact("Who", known.account(each["actor_id"])),
        fact("Organisation", known.organisation(each["organisation_id"], each["organisation_name"])),
        fact("What stands out", plain(each["sentence"])),
        fact("Why somebody should ask", _WHY.get(each["kind"], "It differs from usual reading.")),
        *(fact(_FACTS.get(name, sentence(name)), f"{value:g}") for name, value in each["facts"].items()),
    ]
    if each["reviewed_at"]:
        facts.append(fact("Answered", f"{moment(each['reviewed_at'])}, {known.account(each['reviewed_by'])}"))
        facts.append(fact("The answer", each["review_note"]))
    return Record(
        FINDINGS.get(each["kind"], sentence(each["kind"])),
        ("Back to unusual access", "/audit/findings"),
        facts,
        finding_state(each),
        _finding_said(each, known),
        acts=allowed(
            known,
            (
                "Answer it",
                f"/audit/findings/{each['id']}/answer",
                WRITE,
                each["state"] == "open" and each["actor_id"] != known.own,
            ),
        ),
        links=[("What this organisation looked at that day", _accesses(each))],
    )


def _finding_said(each: Body, known: Known) -> tuple[str, ...]:
    if each["state"] != "open":
        return ()
    own = ("It is about your own reading: somebody else answers it.",) if each["actor_id"] == known.own else ()
    return ("This is a question, never an accusation. Ask before you conclude.", *own)


def _accesses(each: Body) -> str:
    year, month, of_month = str(each["on_day"]).split("-")
    on = "&".join(f"{side}-day={of_month}&{side}-month={month}&{side}-year={year}" for side in ("from", "to"))
    return f"/audit/accesses?organisation_id={each['organisation_id']}&{on}"


def sample(each: Body, known: Known) -> Record:
    """A sample: each item with what was found, and its conclusion."""
    at, opened = f"/audit/samples/{each['id']}", each["state"] == "open"
    where = "/audit/decisions/" if each["of"] == "decisions" else "/audit/disclosures/"
    may = opened and WRITE in known.permissions
    rows = [
        (
            Cell(f"Item {item['nth']}", f"{at}/items/{item['nth']}" if may and item["result"] is None else None),
            Cell(f"Open the {each['of'].rstrip('s')} of item {item['nth']}", where + item["record_id"]),
            _RESULTS[item["result"]],
            Cell(item["note"] or ""),
        )
        for item in each["items"]
    ]
    facts = [
        fact("Drawn", f"{moment(each['drawn_at'])}, {known.account(each['drawn_by'])}"),
        fact("How many", f"{each['size']} of {count(each['population'], each['of'].rstrip('s'))}"),
        fact("Of the time", f"{day(each['since'])} to {day(each['until'])}"),
        fact("Drawn by this seed", each["seed"]),
    ]
    if not opened:
        facts.append(fact("Closed", f"{moment(each['closed_at'])}, {known.account(each['closed_by'])}"))
        facts.append(fact("Conclusion", each["conclusion"]))
    every = all(item["result"] for item in each["items"])
    return Record(
        "A sample for audit",
        ("Back to samples", "/audit/samples"),
        facts,
        Cell("Being looked at", tag="yellow") if opened else Cell("Closed", tag="green"),
        ("Anybody can draw the same again with the same seed.",),
        [Table("What was drawn", ("Item", "What it is", "Finding", "Note"), rows)],
        allowed(known, ("Close it", f"{at}/close", WRITE, opened and every)),
    )


def breach(each: Body, known: Known) -> Record:
    """A breach with its clock, the assessment and the decision."""
    at, state = f"/audit/breaches/{each['id']}", each["state"]
    facts = [
        fact("What happened", each["description"]),
        fact("Aware since", moment(each["aware_at"])),
        fact("The Commissioner is told by", moment(each["due_at"])),
        fact("It may have lasted", f"{moment(each['since'])} to {moment(each['until'])}"),
        Fact("Whom it touches", people_cell(each["people"])),
        fact("Under the agreement", known.agreement(each["agreement_id"])),
        fact("Recorded by", known.account(each["recorded_by"])),
    ]
    if each["assessed_at"]:
        facts.append(fact("Risk of harm", _RISKS[each["risk"]]))
        facts.append(fact("Assessment", f"{each['assessment']} ({moment(each['assessed_at'])})"))
    if state == "decided":
        told = moment(each["ico_notified_at"]) if each["ico_notified"] else "No"
        facts.append(fact("Commissioner told", told))
        facts += [fact("The Commissioner’s reference", each["ico_reference"])] if each["ico_reference"] else []
        facts.append(fact("People told", _yes(each["people_told"])))
        facts += [fact("Why so", each["reason"])] if each["reason"] else []
    return Record(
        BREACHES[each["kind"]],
        ("Back to breaches", "/audit/breaches"),
        facts,
        None if state != "decided" else breach_state(each, known),
        acts=allowed(
            known,
            ("Assess the risk", f"{at}/assess", WRITE, state == "open"),
            ("Decide what to do", f"{at}/decide", WRITE, state == "assessed"),
            ("Assess the risk again", f"{at}/assess", WRITE, state == "assessed"),
        ),
        links=[("Who saw what of these people", f"{at}/seen")] if each["people"] else [],
        clock=None if state == "decided" else clock_of(each, known.now),
    )


def clock_of(each: Body, now: datetime) -> Clock:
    """The 72 hours as they run out."""
    gone = int((now - datetime.fromisoformat(each["aware_at"])).total_seconds() // 3600)
    return Clock(
        hours_left(each["due_at"], now), each["due_at"], bool(each["overdue"]), max(0, min(gone, _HOURS)), _HOURS
    )


def restriction(each: Body, known: Known) -> Record:
    """A restriction of use (Article 18)."""
    stands = each["standing"] == "standing"
    facts = [
        Fact("About", Cell(person_mark(each["person"]), f"/audit/people/{each['person']}")),
        fact("Why", GROUNDS[each["ground"]]),
        fact("Placed", f"{moment(each['placed_at'])}, {known.account(each['placed_by'])}"),
        fact("By", known.entity(each["legal_entity_id"])),
    ]
    if not stands:
        facts.append(fact("Lifted", f"{moment(each['lifted_at'])}: {sentence(each['lifted_because']).lower()}"))
        facts.append(fact("The person was told", day(each["person_told_on"])))
    at = f"/audit/restrictions/{each['id']}"
    return Record(
        "A restriction of use",
        ("Back to restrictions", "/audit/restrictions"),
        facts,
        Cell("Stands", tag="yellow") if stands else Cell("Lifted", tag="grey"),
        acts=allowed(known, ("Lift it", f"{at}/lift", DECIDE, stands)),
    )


def correction(each: Body, known: Known) -> Record:
    """A correction, whom it was told, and what they answered."""
    done = {
        "done": ("Did the same", "green"),
        "not_held": ("Holds nothing of it", "green"),
        "disputed": ("Disagrees", "red"),
    }
    rows = [
        (
            Cell(known.organisation(to["organisation_id"])),
            Cell(known.entity(to["legal_entity_id"])),
            Cell(moment(to["told_at"])),
            Cell(done[to["outcome"]][0], tag=done[to["outcome"]][1])
            if to["outcome"]
            else Cell("To answer", tag="yellow"),
            Cell(to["note"]),
        )
        for to in each["recipients"]
    ]
    facts = [
        fact("What is different now", each["what"]),
        Fact("About", people_cell(each["people"])),
        fact("Information", categories(each["categories"])),
        fact("Shared since", day(each["since"])),
        fact("Told", f"{moment(each['recorded_at'])}, {known.account(each['recorded_by'])}"),
    ]
    heads = ("Organisation", "Answers for", "Told", "Answer", "Note")
    return Record(
        sentence(each["kind"]),
        ("Back to corrections", "/audit/corrections"),
        facts,
        tables=[Table("Whom it was told", heads, rows, "Nobody had received it.")],
        acts=allowed(
            known, ("Confirm for what we hold", f"/audit/corrections/{each['id']}/confirm", WRITE, each["awaited"])
        ),
    )  # fmt: skip


RECORDS: dict[str, tuple[str, Callable[[Body, Known], Record]]] = {
    "overrides": ("/overrides/{id}", override),
    "findings": ("/audit/findings/{id}", finding),
    "samples": ("/audit/samples/{id}", sample),
    "breaches": ("/audit/breaches/{id}", breach),
    "objections": ("/objections/{id}", objection),
    "requests": ("/audit/information-requests/{id}", request),
    "restrictions": ("/audit/processing-restrictions/{id}", restriction),
    "corrections": ("/audit/corrections/{id}", correction),
    "copies": ("/audit/access-copies/{id}", copy),
}
