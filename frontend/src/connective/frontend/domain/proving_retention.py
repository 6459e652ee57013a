"""How long records are kept: runs that list what would go, holds, erasures, and what recipients confirmed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connective.frontend.domain.proving_erasures import LISTS as ERASING
from connective.frontend.domain.proving_erasures import RECORDS as ERASURES
from connective.frontend.domain.proving_lists import Line, ListKind
from connective.frontend.domain.proving_queues import DECIDE
from connective.frontend.domain.proving_tables import Cell, Fact, Known, Record, Table, fact
from connective.frontend.domain.proving_words import days_left, plain
from connective.frontend.domain.words import count, day, moment, sentence

Body = Mapping[str, Any]
_ACTIONS = {
    "erase": "Erased", "keep": "Kept", "pseudonymise": "Kept without saying about whom",
    "review": "Looked at by an officer",
}  # fmt: skip
_HOW = {
    "deleted": "Deleted", "returned": "Returned", "nothing_held": "Nothing was held",
    "retained_by_law": "Kept, as a law demands",
}  # fmt: skip


def _run_state(each: Body) -> Cell:
    if each["state"] == "approved":
        return Cell("Approved", tag="green")
    return Cell("To be approved" if each["complete"] else "Being listed", tag="yellow")


def _run(each: Line, known: Known) -> tuple[Cell, ...]:
    return (
        Cell(moment(each["asked_at"]), f"/audit/runs/{each['id']}"),
        Cell(day(each["on_day"])),
        Cell(str(each["would_go"])),
        Cell(str(each["held_back"])),
        Cell(str(each["for_review"])),
        Cell(known.account(each["asked_by"])),
        _run_state(each),
    )


def _hold_state(each: Body, known: Known) -> Cell:
    if each["state"] == "lifted":
        return Cell("Lifted", tag="grey")
    text, late = days_left(each["review_on"], known.now)
    return Cell(f"Stands, review {text}", tag="red" if late else "yellow")


def _hold(each: Line, known: Known) -> tuple[Cell, ...]:
    held = [
        count(len(each[f"{what}_ids"]), one, many)
        for what, one, many in (
            ("family", "family", "families"),
            ("person", "person", "people"),
            ("agreement", "agreement", None),
        )
        if each[f"{what}_ids"]
    ]
    return (
        Cell(each["reference"], f"/audit/holds/{each['id']}"),
        Cell(", ".join(held)),
        Cell(day(each["placed_at"])),
        Cell(day(each["review_on"])),
        _hold_state(each, known),
    )


def _deletion_state(each: Body, known: Known) -> Cell:
    if each["state"] == "confirmed":
        return Cell(_HOW[each["how"]], tag="green")
    text, late = days_left(each["due_on"], known.now)
    return Cell(text, tag="red" if late else "yellow")


def _deletion(each: Line, known: Known) -> tuple[Cell, ...]:
    why = "An agreement ended" if each["agreement_id"] and not each["erasure_id"] else "Somebody was erased"
    return (
        Cell(day(each["owed_since"]), f"/audit/deletions/{each['id']}"),
        Cell(known.entity(each["legal_entity_id"])),
        Cell(why),
        Cell(count(len(each["request_ids"]), "request")),
        Cell(day(each["due_on"])),
        _deletion_state(each, known),
    )


_FATES = {"destroyed": Cell("Destroyed", tag="grey"), "kept": Cell("Kept on", tag="yellow")}


def _agreement_review(each: Line, known: Known) -> tuple[Cell, ...]:
    return (
        Cell(moment(each["reviewed_at"]), f"/audit/agreement-reviews/{each['id']}"),
        Cell(each["reference"]),
        Cell(day(each["review_on"])),
        Cell(known.account(each["reviewed_by"])),
        _FATES[each["decision"]],
    )


KEEPING: dict[str, ListKind] = {
    "runs": ListKind(
        "Retention runs", "/retention/runs",
        ("Listed", "As of", "Would go", "Held back", "To look at", "By", "Where it stands"), _run,
        "A run lists what the schedule says would go. Nothing is erased before somebody else approves the list.",
        "Nothing has been listed yet.", begin=("List what would go", DECIDE)),
    "holds": ListKind(
        "Legal holds", "/retention/holds", ("Reference", "What is held", "Placed", "Look again on", "Where it stands"),
        _hold,
        "While a hold stands, nothing it covers is erased.", "No hold has been placed.",
        begin=("Place a legal hold", DECIDE)),
    **ERASING,
    "deletions": ListKind(
        "What recipients confirm", "/retention/deletions",
        ("Owed since", "By", "Why", "Of", "By when", "Where it stands"),
        _deletion, "Whoever received information confirms that it was deleted or returned.",
        "Nobody owes a confirmation."),
    "agreement-reviews": ListKind(
        "Agreements after their end", "/retention/agreement-reviews",
        ("Decided", "Agreement", "Look again on", "By", "What becomes of it"), _agreement_review,
        "Once its time after its end is over, whoever leads an agreement decides what becomes of it, on its own page.",
        "Nothing has been decided about an agreement that ended."),
}  # fmt: skip


def run(each: Body, known: Known, items: Sequence[Body] = ()) -> Record:
    """A run: how much would go, and, item by item, what and why not."""
    outcome = {
        "would_go": Cell("Would go", tag="yellow"),
        "held_back": Cell("Held back", tag="blue"),
        "for_review": Cell("To look at", tag="grey"),
    }
    rows = [
        (
            Cell(f"Item {item['nth']}"),
            outcome[item["outcome"]],
            Cell(sentence(item["rule_key"])),
            Cell(count(item["people"], "person", "people")),
            Cell("; ".join(plain(sentence(reason)) for reason in item["reasons"]) or "None"),
            Cell(sentence(item["result"]) if item["result"] else "Not yet"),
        )
        for item in items
    ]
    facts = [
        fact("Listed", f"{moment(each['asked_at'])}, {known.account(each['asked_by'])}"),
        fact("As of", day(each["on_day"])),
        fact("Would go", each["would_go"]),
        fact("Held back", each["held_back"]),
        fact("To be looked at by an officer", each["for_review"]),
    ]
    if each["approved_at"]:
        facts.append(fact("Approved", f"{moment(each['approved_at'])}, {known.account(each['approved_by'])}"))
        facts.append(fact("Erasures ordered", each["ordered"]))
    may = each["state"] == "listed" and each["complete"] and each["would_go"] and DECIDE in known.permissions
    heads = ("Item", "What happens", "By the rule", "How many", "Why not", "Done")
    return Record(
        "A retention run", ("Back to runs", "/audit/runs"), facts, _run_state(each),
        tables=[Table("What was listed", heads, rows, "Nothing would go.")],
        acts=[("Approve this list", f"/audit/runs/{each['id']}/approve")] if may else [],
    )  # fmt: skip


def hold(each: Body, known: Known) -> Record:
    """A legal hold."""
    agreements = "; ".join(known.agreement(key) for key in each["agreement_ids"]) or "None"
    facts = [
        fact("Why", each["reason"]),
        fact("Families", len(each["family_ids"])),
        fact("People", len(each["person_ids"])),
        fact("Agreements", agreements),
        fact("Placed", f"{moment(each['placed_at'])}, {known.account(each['placed_by'])}"),
        fact("Look again on", day(each["review_on"])),
    ]
    if each["reviewed_at"]:
        facts.append(fact("Last looked at", f"{moment(each['reviewed_at'])}: {each['review_note']}"))
    lifted = each["state"] == "lifted"
    if lifted:
        facts.append(fact("Lifted", f"{moment(each['lifted_at'])}: {each['lift_reason']}"))
    at = f"/audit/holds/{each['id']}"
    acts = [("Look at it again", f"{at}/review"), ("Lift it", f"{at}/lift")]
    return Record(
        f"Legal hold {each['reference']}", ("Back to holds", "/audit/holds"), facts, _hold_state(each, known),
        acts=acts if not lifted and DECIDE in known.permissions else [],
    )  # fmt: skip


def deletion(each: Body, known: Known) -> Record:
    """What a recipient owes: that it deleted or returned what it received."""
    facts = [
        fact("By", known.entity(each["legal_entity_id"])),
        fact("Owed since", day(each["owed_since"])),
        fact("To be confirmed by", day(each["due_on"])),
        fact("Requests it is about", len(each["request_ids"])),
        fact("Under the agreement", known.agreement(each["agreement_id"])),
        fact("What the agreement says", each["at_end"] or "Nothing particular"),
    ]
    done = each["state"] == "confirmed"
    if done:
        facts.append(fact("Confirmed", f"{day(each['done_on'])}: {_HOW[each['how']]}"))
        facts.append(fact("Says who", ", ".join(x for x in (each["confirmed_name"], each["confirmed_position"]) if x)))
    may = not done and each["own"] and "consent:deletion:confirm" in known.permissions
    return Record(
        "What a recipient confirms", ("Back to confirmations", "/audit/deletions"), facts, _deletion_state(each, known),
        acts=[("Confirm", f"/audit/deletions/{each['id']}/confirm")] if may else [],
    )  # fmt: skip


def agreement_review(each: Body, known: Known) -> Record:
    """What was decided about an agreement that ended, and what stays of each of its versions."""
    rows = [
        (
            Cell(f"Version {one['number']}"),
            Cell(f"{day(one['starts_on'])} to {day(one['ends_on'])}"),
            Cell(count(len(one["signatures"]), "signature")),
            Cell(f"{one['text_hash'][:16]} …"),
        )
        for one in each["versions"]
    ]
    facts = [
        fact("Agreement", each["reference"]),
        fact("Led by", known.entity(each["legal_entity_id"])),
        fact("Decided", f"{moment(each['reviewed_at'])}, {known.account(each['reviewed_by'])}"),
        fact("Why", each["reason"]),
    ]
    if each["review_on"]:
        facts.append(fact("Look again on", day(each["review_on"])))
    heads = ("Version", "In force", "Signed", "Fingerprint of its text")
    table = Table("What stays of it", heads, rows, "It never left draft.")
    back = ("Back to agreements after their end", "/audit/agreement-reviews")
    proof = ("The proof from the ledger", f"/audit/agreement-reviews/{each['id']}/proof")
    return Record("An agreement after its end", back, facts, _FATES[each["decision"]], tables=[table], links=[proof])


KEPT: dict[str, tuple[str, Callable[[Body, Known], Record]]] = {
    "runs": ("/retention/runs/{id}", run),
    "holds": ("/retention/holds/{id}", hold),
    **ERASURES,
    "deletions": ("/retention/deletions/{id}", deletion),
    "agreement-reviews": ("/retention/agreement-reviews/{id}", agreement_review),
}


def schedule(rules: Sequence[Body], *, may_change: bool = False) -> Table:
    """The schedule as a table: what, for how long, and on what ground; with what leads to a change of a line."""
    rows = [
        (
            Cell(plain(each["what"]), f"/audit/retention/{each['key']}" if may_change and each["changeable"] else None),
            Cell(plain(each["in_words"])),
            Cell(_ACTIONS[each["action"]]),
            Cell(plain(each["reason"])),
            Cell(each["source"]),
        )
        for each in rules
    ]
    return Table("The schedule", ("What", "How long", "Then", "Why", "Source"), rows, "There is no schedule.")


def lists() -> list[Fact]:
    """The lists that stand beside the schedule."""
    return [Fact(kind.said, Cell(kind.title, f"/audit/{name}")) for name, kind in KEEPING.items()]
