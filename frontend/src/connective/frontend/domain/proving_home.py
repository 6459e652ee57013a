"""The officer's own home: what waits, each with its number and its clock, and where everything else is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.proving_words import hours_left
from connective.frontend.domain.words import moment

MOST = 100
"""So many of each are counted; beyond that the page says "100+"."""
OFFICER = "consent:audit:read"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One number with its words, and where it leads."""

    number: str
    words: str
    href: str
    more: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Links that belong together, each with a sentence."""

    title: str
    links: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class OfficerHome:
    """The page."""

    figures: list[Waiting]
    missing: list[tuple[str, Part]]
    groups: list[Group]


ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "overrides": ("/audit/overrides", {"review": "awaiting", "limit": MOST}),
    "findings": ("/audit/findings", {"state": "open", "limit": MOST}),
    "reviews": ("/audit/agreements", {"standing": "review_due", "limit": MOST}),
    "breaches": ("/audit/breaches", {"limit": MOST}),
    "outstanding": ("/audit/information-requests", {"standing": "outstanding", "limit": MOST}),
    "overdue": ("/audit/information-requests", {"standing": "overdue", "limit": MOST}),
    "checkpoint": ("/ledger/checkpoint", {}),
}
"""What the page asks for, all at once; each may fail by itself."""
_NAMES = {
    "overrides": "overrides to review",
    "findings": "unusual access",
    "reviews": "agreements to review",
    "breaches": "breaches",
    "outstanding": "requests about information",
    "overdue": "requests that are late",
    "checkpoint": "the health of the ledger",
}
GROUPS = [
    Group("What was shared, and why", [
        ("Disclosures", "/audit/disclosures", "What went to whom, under which agreement"),
        ("Decisions and refused tries", "/audit/decisions", "Each answer, with the seven rules explained"),
        ("Who looked at what", "/audit/accesses", "Reading and changing of records"),
        ("What families said", "/audit/consents", "Agreement, consent, refusal, withdrawal"),
        ("What families were told", "/audit/notices", "Privacy notices given"),
        ("One-off disclosures", "/audit/one-offs", "Sharing without an agreement"),
        ("Decisions to share once", "/one-offs", "Your own legal entity’s, with both forms as they were filled in"),
        ("Map of flows", "/flows", "Who exchanged what, and who tried without an agreement"),
    ]),
    Group("To look into", [
        ("Safeguarding overrides", "/audit/overrides", "Used, and how each was reviewed"),
        ("Unusual access", "/audit/findings", "Reading that somebody should ask about"),
        ("Samples for audit", "/audit/samples", "Drawn by chance, each with its finding"),
        ("Breaches", "/audit/breaches", "The 72-hour clock, and who saw what"),
    ]),
    Group("What people may ask of us", [
        ("Requests about information", "/audit/requests", "Access, correction, complaint, with their clocks"),
        ("Objections to sharing", "/audit/objections", "Nothing is shared until each is weighed"),
        ("Copies for people who asked", "/audit/copies", "Looked through before they leave"),
        ("Erasure that somebody asked for", "/audit/erasure-requests", "Granted or refused, and the certificate"),
        ("Corrections told to recipients", "/audit/corrections", "Who was told, and what they answered"),
        ("Restrictions of use", "/audit/restrictions", "Kept, and not used"),
        ("How long records are kept", "/audit/retention", "The schedule, holds, runs and erasures"),
    ]),
    Group("To prove it", [
        ("Ledger health", "/audit/ledger", "Verify that nothing was altered"),
        ("Evidence pack", "/audit/evidence", "Everything about one agreement, as one file"),
        ("Profiling and automated decisions", "/audit/profiling", "What is worked out, and who decides"),
        ("Records of processing", "/audit/article-30", "UK GDPR Article 30, as a page and as a table"),
    ]),
]  # fmt: skip


def officer_home(
    parts: dict[str, Part], now: datetime, *, releases: bool = True, decisions: bool = True
) -> OfficerHome:
    """Put the answers together; what did not come is said, never counted as none.

    Copies for people who asked are looked through, and objections weighed, by whoever `releases` copies: a data
    protection officer, and nobody else. `decisions` to share once are read by whoever may, in their own entity.
    """
    came = {name: part for name, part in parts.items() if part.problem is None}
    figures = []
    if "overrides" in came:
        late = sum(each["overdue"] for each in came["overrides"].items)
        figures.append(_waiting(came["overrides"], "override waits for its review", "overrides wait for their review",
                                "/audit/overrides?review=awaiting", late))  # fmt: skip
    if "breaches" in came:
        figures.append(_breaches(came["breaches"], now))
    if "findings" in came:
        figures.append(
            _waiting(
                came["findings"], "question about reading", "questions about reading", "/audit/findings?state=open"
            )
        )
    if "outstanding" in came and "overdue" in came:
        figures.append(_requests(came["outstanding"], came["overdue"]))
    if "reviews" in came:
        figures.append(
            _waiting(came["reviews"], "agreement to review", "agreements to review", "/agreements?standing=review_due")
        )
    if "checkpoint" in came:
        figures.append(_ledger(came["checkpoint"]))
    missing = [(_NAMES[name], part) for name, part in parts.items() if part.problem is not None]
    hidden = (set() if releases else {"/audit/copies", "/audit/objections"}) | (set() if decisions else {"/one-offs"})
    groups = [Group(each.title, [line for line in each.links if line[1] not in hidden]) for each in GROUPS]
    return OfficerHome(figures, missing, groups)


def _number(part: Part) -> str:
    return f"{len(part.items)}{'+' if part.value.get('next_cursor') else ''}"


def _waiting(part: Part, one: str, many: str, href: str, late: int = 0) -> Waiting:
    words = one if len(part.items) == 1 else many
    return Waiting(_number(part), words, href, f"{late} overdue" if late else "", bool(late))


def _breaches(part: Part, now: datetime) -> Waiting:
    going = sorted((each for each in part.items if each["state"] != "decided"), key=lambda each: str(each["due_at"]))
    words = "breach with its clock running" if len(going) == 1 else "breaches with their clock running"
    more = hours_left(going[0]["due_at"], now) if going else ""
    return Waiting(str(len(going)), words, "/audit/breaches", more, any(each["overdue"] for each in going))


def _requests(outstanding: Part, overdue: Part) -> Waiting:
    """An overdue request is outstanding as well, and is counted once, however the API lists it."""
    every = {each["id"] for part in (outstanding, overdue) for each in part.items}
    words = "request about information" if len(every) == 1 else "requests about information"
    late = len(overdue.items)
    return Waiting(str(len(every)), words, "/audit/requests", f"{late} late" if late else "", bool(late))


def _ledger(part: Part) -> Waiting:
    size, at = part.value["size"], part.value["signed_at"]
    words = f"{'entry' if size == 1 else 'entries'} signed for in the ledger"
    return Waiting(f"{size:,}", words, "/audit/ledger", f"Last signed {moment(at)}")
