"""Erasure because somebody asks (UK GDPR Article 17): what is meant, what stands against it, the answer, its proof."""

from collections.abc import Mapping, Sequence
from typing import Any

from connective.frontend.domain.fields import Errors, Field
from connective.frontend.domain.proving_lists import Line, ListKind
from connective.frontend.domain.proving_tables import Cell, Fact, Known, Record, Table, fact
from connective.frontend.domain.proving_words import days_left, person_mark, plain
from connective.frontend.domain.words import count, day, moment, sentence, words

Body = Mapping[str, Any]
GROUNDS = {
    "not_necessary": "It is no longer needed for what it was collected for",
    "consent_withdrawn": "Consent was withdrawn, and nothing else allows us to keep it",
    "objection": "They object, and nothing we do outweighs it",
    "unlawful": "It was used unlawfully",
    "legal_obligation": "A law obliges us to erase it",
    "child_online_service": "It was collected from a child for an online service",
}
"""UK GDPR Article 17(1), the commonest first."""
EXEMPTIONS = {
    "legal_obligation_or_public_task": "We need it to do what the law or our public task demands",
    "legal_claims": "It is needed for a legal claim",
    "no_ground": "None of the reasons for erasing applies",
    "manifestly_unfounded": "The request is manifestly unfounded or excessive",
    "public_health": "It is needed for public health",
    "archiving_or_research": "It is needed for archiving or research in the public interest",
    "expression": "Freedom of expression and information",
}
"""UK GDPR Articles 17(3) and 12(5)."""
AGAINST = {
    "legal_hold": "A legal hold covers it: lift that first.",
    "last_of_family": "They are the last of their family: erase the family’s whole record instead.",
    "open_case": "A case is open: it is closed first.",
    "open_request": "A request for help is open: it ends first.",
    "under_way": "Its erasure is under way already.",
    "whereabouts_restricted": "Their whereabouts are restricted: the restriction is lifted first, or placed on the "
    "others of their home.",
}
_NO_HINDRANCE = frozenset({"birth_unknown"})
"""What keeps a record off the schedule's lists, and stands in the way of nobody who asks."""
_WRITTEN = "It stays in the record for good, and the Commissioner may read it. Name nobody"
GRANT, REFUSE = "grant", "refuse"
WHOSE = "whose"

DECISION = (
    Field(name="ground", label="On which ground is it asked?", kind="radios", options=tuple(GROUNDS.items()),
          required="Choose the ground"),
    Field(name="granted", label="What do you decide?", kind="radios",
          options=((GRANT, "Erase it"), (REFUSE, "Refuse, and keep it")), required="Choose what you decide"),
    Field(name="exemption", label="If you refuse: why may it be kept?", kind="radios",
          options=tuple(EXEMPTIONS.items())),
    Field(name="reasons", label="Your reasons", kind="long", hint=_WRITTEN, required="Give your reasons",
          longest=2000),
)  # fmt: skip


def whose_options(found: Sequence[Body]) -> tuple[tuple[str, str], ...]:
    """What may be meant by “erase it”: one person alone, or the whole record of a family they are in."""
    people = [
        (f"person-{each['person']}", f"{person_mark(each['person'])} alone") for each in found if each["families"]
    ]
    families = {
        f"family-{family['family']}": f"The whole record of {_family(family)}"
        for each in found
        for family in each["families"]
    }
    return (*people, *families.items())


def whose_field(found: Sequence[Body]) -> Field:
    """The question that comes first."""
    return Field(name=WHOSE, label="What is asked to be erased?", kind="radios", options=whose_options(found),
                 hint="Read the request again: most people ask for themselves",
                 required="Choose what is asked to be erased")  # fmt: skip


def _family(family: Body) -> str:
    """A family as officers know it: by how many it is about."""
    return f"a family of {family['people']}" if family["people"] > 1 else "a family of one person"


def meant(found: Sequence[Body], whose: str) -> tuple[str, str | None, str] | None:
    """The ids of family and person behind a choice, and the choice in words; None for one that is not offered."""
    for each in found:
        for family in each["families"]:
            if whose == f"person-{each['person']}":
                return family["family_id"], each["person_id"], f"{person_mark(each['person'])} alone"
            if whose == f"family-{family['family']}":
                return family["family_id"], None, f"The whole record of {_family(family)}"
    return None


def hindrances(codes: Sequence[str]) -> list[str]:
    """What stands against granting it, in words."""
    return [AGAINST.get(code, sentence(code)) for code in codes if code not in _NO_HINDRANCE]


def preview_tables(preview: Body) -> list[Table]:
    """What erasing this person or family would take out, part by part, and which words would stay."""
    rows = [
        (Cell(sentence(part["service"])), Cell(str(part["would_remove"])), Cell(str(part["would_keep"])))
        for part in preview["parts"]
    ]
    heads = ("Part of the Hub", "Records removed", "Records that stay, about nobody any more")
    return [Table("What would go", heads, rows, "Nothing is held."), *kept_tables(preview["kept_words"])]


def kept_tables(kept: Sequence[Body]) -> list[Table]:
    """Records whose words stay, and the law that asks for it; no table where there are none."""
    rows = [(Cell(sentence(each["what"])), Cell(str(each["records"])), Cell(plain(each["because"]))) for each in kept]
    return [Table("Words that stay, and why", ("What", "How many", "Why"), rows)] if rows else []


def decision(body: Body, request: Body) -> tuple[dict[str, Any], Errors]:
    """What the API is told of a decision, and what is missing: a refusal names what it rests on."""
    granted = body.get("granted") == GRANT
    exemption = None if granted else body.get("exemption")
    errors: Errors = []
    if body.get("granted") == REFUSE and not exemption:
        errors.append(("exemption", "Choose why it may be kept"))
    said = {"ground": body.get("ground"), "granted": granted, "exemption": exemption, "reasons": body.get("reasons")}
    return said | {"asked_on": request["received_on"], "information_request_id": request["id"]}, errors


def whose_mark(each: Body) -> str:
    """Whose erasure this is: a person by pseudonym, a family by how many."""
    if each["person"]:
        return person_mark(each["person"])
    return sentence(_family(each)) if each.get("people") else "A family"


ERASED = {
    "complete": Cell("Complete", tag="green"),
    "ordered": Cell("Ordered", tag="yellow"),
    "refused": Cell("Refused", tag="grey"),
    "under_way": Cell("Under way", tag="yellow"),
}


def _erasure_line(each: Line, _: Known) -> tuple[Cell, ...]:
    return (
        Cell(moment(each["ordered_at"]), f"/audit/erasures/{each['id']}"),
        Cell(whose_mark(each)),
        Cell("The schedule" if each["rule_key"] else "Somebody asked"),
        Cell(", ".join(words(service) for service in each["outstanding"]).capitalize() or "Nobody"),
        Cell("Overdue", tag="red") if each["overdue"] else ERASED[each["state"]],
    )


def _answer(each: Body) -> Cell:
    return Cell("Granted", tag="green") if each["granted"] else Cell("Refused", tag="grey")


def _request_line(each: Line, known: Known) -> tuple[Cell, ...]:
    return (
        Cell(moment(each["decided_at"]), f"/audit/erasure-requests/{each['id']}"),
        Cell(whose_mark(each)),
        Cell(day(each["asked_on"])),
        Cell(known.account(each["decided_by"])),
        Cell("Within the time") if each["in_time"] else Cell("Late", tag="red"),
        _answer(each),
    )


LISTS: dict[str, ListKind] = {
    "erasure-requests": ListKind(
        "Erasure that somebody asked for", "/retention/requests",
        ("Decided", "Whose", "Asked", "By", "In time", "Answer"), _request_line,
        "Each was granted or refused, with reasons. Requests that wait are in the register of requests.",
        "Nobody’s request for erasure has been decided."),
    "erasures": ListKind(
        "Erasures", "/retention/erasures", ("Ordered", "Whose", "Why", "Still to do it", "Where it stands"),
        _erasure_line,
        "Each erasure reaches every part of the Hub, and each part says that it is done.", "Nothing has been erased."),
}  # fmt: skip


def erasure_request(each: Body, known: Known) -> Record:
    """A request for erasure as it was decided."""
    facts = [
        fact("Whose", whose_mark(each)),
        fact("Asked", day(each["asked_on"])),
        fact("To be answered by", day(each["due_on"])),
        fact("Ground", GROUNDS[each["ground"]]),
        fact("Decided", f"{moment(each['decided_at'])}, {known.account(each['decided_by'])}"),
        *([fact("Why it may be kept", EXEMPTIONS[each["exemption"]])] if each["exemption"] else []),
        fact("Reasons", each["reasons"]),
    ]
    erasure_id = each["erasure_id"]
    said = (
        "Tell whoever asked that it is erased. The certificate can be printed once every part of the Hub has answered."
        if each["granted"]
        else "Tell whoever asked why it is kept, and that they may complain to us and to the Information Commissioner."
    )
    return Record(
        "A request for erasure", ("Back to requests for erasure", "/audit/erasure-requests"), facts, _answer(each),
        (said,),
        acts=[("See it done", f"/audit/erasures/{erasure_id}")] if erasure_id else [],
    )  # fmt: skip


def _parts(each: Body) -> Table:
    rows = [
        (
            Cell(sentence(part["service"])),
            Cell(moment(part["asked_at"])),
            Cell(moment(part["done_at"]) or "Not yet"),
            Cell("" if part["removed"] is None else str(part["removed"])),
            Cell("" if part["kept"] is None else str(part["kept"])),
        )
        for part in each["parts"]
    ]
    heads = ("Part of the Hub", "Asked", "Done", "Records removed", "Records kept")
    return Table("Where it was erased", heads, rows, "Nobody has been asked yet.")


def _erasure_facts(each: Body, known: Known) -> list[Fact]:
    by_rule = f"The schedule: {words(each['rule_key'])}" if each["rule_key"] else "Somebody asked, and it was granted"
    return [
        fact("Whose", whose_mark(each)),
        fact("Ordered", f"{moment(each['ordered_at'])}, {known.account(each['ordered_by'])}"),
        fact("Why", by_rule),
        fact("Complete", moment(each["completed_at"]) or "Not yet"),
    ]


def erasure(each: Body, known: Known) -> Record:
    """An erasure: which parts of the Hub have done it, and, once all have, its certificate."""
    asked = each["request_id"]
    done = each["state"] == "complete"
    return Record(
        "An erasure", ("Back to erasures", "/audit/erasures"), _erasure_facts(each, known), ERASED[each["state"]],
        tables=[_parts(each)],
        acts=[("The certificate", f"/audit/erasures/{each['id']}/certificate")] if done else [],
        links=[("The request it answers", f"/audit/erasure-requests/{asked}")] if asked else [],
    )  # fmt: skip


_CONFIRMED = {
    "deleted": "Deleted",
    "returned": "Returned",
    "nothing_held": "Nothing was held",
    "retained_by_law": "Kept, as a law demands",
}


def _owed(each: Body, known: Known) -> Cell:
    if each["state"] == "confirmed":
        return Cell(f"{_CONFIRMED[each['how']]}, {day(each['done_on'])}")
    text, late = days_left(each["due_on"], known.now)
    return Cell(f"To be confirmed by {day(each['due_on'])}: {text}", tag="red" if late else None)


def _proof_facts(found: Body) -> list[Fact]:
    signed = found["checkpoint"]
    entries = ", ".join(f"{each['seq']:,}" for each in found["entries"])
    return [
        fact("Entries of the ledger", entries),
        fact("Signed", f"{moment(signed['signed_at'])}, with {count(signed['size'], 'entry', 'entries')}"),
        fact("Fingerprint of the whole ledger", signed["root"]),
        fact("Signed by the key", signed["key_id"]),
    ]


def certificate(found: Body, known: Known) -> Record:
    """The certificate: what was erased, when, why, by which parts, who had received it, and the ledger's proof."""
    each = found["erasure"]
    rows = [(Cell(known.entity(one["legal_entity_id"])), _owed(one, known)) for one in found["recipients"]]
    received = Table("Who had received it", ("Who", "Deleted there"), rows, "Nobody had received it.")
    facts = [
        *_erasure_facts(each, known),
        fact("The last messages between parts of the Hub that carry its ids are gone by", day(found["events_gone_by"])),
        *_proof_facts(found),
    ]
    at = f"/audit/erasures/{each['id']}"
    return Record(
        "Certificate of erasure", ("Back to the erasure", at), facts,
        said=("It names nobody: what led from the pseudonym to anybody was destroyed with the record.",),
        tables=[_parts(each), *kept_tables(found["kept_words"]), received],
        acts=[("Download it with its proof", f"{at}/certificate/file")],
    )  # fmt: skip


def agreement_proof(found: Body, known: Known) -> Record:
    """What proves the decision about an agreement that ended."""
    review = found["review"]
    facts = [
        fact("Agreement", review["reference"]),
        fact("Decided", f"{moment(review['reviewed_at'])}, {known.account(review['reviewed_by'])}"),
        fact("What becomes of it", "Destroyed" if review["decision"] == "destroyed" else "Kept on"),
        *_proof_facts(found),
    ]
    at = f"/audit/agreement-reviews/{review['id']}"
    return Record(
        "Proof of what was decided", ("Back to the decision", at), facts,
        said=("Whoever holds the ledger’s key checks it with the file, without asking us.",),
        acts=[("Download the proof", f"{at}/proof/file")],
    )  # fmt: skip


RECORDS = {
    "erasure-requests": ("/retention/requests/{id}", erasure_request),
    "erasures": ("/retention/erasures/{id}", erasure),
}
