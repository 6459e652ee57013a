"""One request on a page, as whoever asked or whoever is asked may see it at this moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connective.frontend.domain.answers import Part
from connective.frontend.domain.request_codes import SEVERITIES, fact, of, reason
from connective.frontend.domain.request_ended import Ended, ended_of
from connective.frontend.domain.request_people import Document, Fact, Somebody, answers_of, people_of
from connective.frontend.domain.request_steps import Step, steps_of
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.words import (
    STATE_TAGS,
    category,
    clock,
    day,
    deadline,
    in_order,
    moment,
    need,
    sentence,
    service_kind,
    state,
    telephone,
    turn,
    until,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the thread."""

    who: str
    mine: bool
    what: str
    when: str
    text: str
    withheld: str


@dataclass(frozen=True, slots=True)
class Attached:
    """One file; its name is shown to its own side."""

    id: str
    name: str
    who: str
    when: str
    state: str
    ready: bool
    removable: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    at: str
    what: str
    why: str
    who: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What may not be shared, why, and what clears it."""

    what: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the page asked for beside the request itself; each part may have failed by itself."""

    history: Part
    thread: Part
    attempts: Part
    assignment: Part
    proposals: Part
    files: Part
    form: Part
    family: Part
    service: Part
    names: Mapping[str, str]
    services: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The page."""

    id: str
    reference: str
    version: int
    side: str
    view: str
    heading: str
    state: str
    tag: str
    turn: str
    due: str
    late: bool
    facts: list[Fact]
    steps: list[Step]
    people: list[Somebody]
    answers: list[Fact]
    needs: list[tuple[str, str, str]]
    free_text: str
    why: list[str]
    withheld: list[str]
    thread: list[Said]
    history: list[Happened]
    files: list[Attached]
    attempts: list[str]
    missing: list[Missing]
    without: list[Missing]
    today: list[str]
    notices: list[str]
    proposals: list[tuple[str, str, str]]
    ended: list[Ended]
    family_id: str | None


def request_page(record: Document, known: Known, person: Person, now: datetime) -> RequestPage:
    """Put the page together."""
    status, view = record["status"], record["view"]
    side = "referrer" if view == "referrer" else "recipient"
    other = _other(status, side, known)
    form = known.form.value or {}
    people = people_of(record, form, known.family.value or {})
    names = {each.id: each.name for each in people}
    due = status["due"]
    return RequestPage(
        id=status["id"],
        reference=status["reference"],
        version=status["version"],
        side=side,
        view=view,
        heading=service_kind(status["service_kind"]),
        state=state(status["state"], side),
        tag=STATE_TAGS.get(status["state"], "grey"),
        turn=turn(due["owner"] if due else None, side, other),
        due=f"{clock(due['clock'])}: {until(due['at'], now)} (by {deadline(due['at'])})" if due else "",
        late=due is not None and datetime.fromisoformat(due["at"]) < now,
        facts=_facts(record, known, side, other),
        steps=steps_of(record, side, known.history.items, known.proposals.items, person),
        people=people,
        answers=answers_of(record.get("answers") or {}, form),
        needs=[
            (names.get(each["person_id"], "Somebody"), need(each["code"]), of(SEVERITIES, each["severity"]))
            for each in record.get("needs") or ()
        ],
        free_text=(record.get("free_text") or {}).get("text", ""),
        why=_why(record, known, other),
        withheld=_withheld(record, form),
        thread=[_said(each, side, other) for each in _messages(record, known.thread)],
        history=[_happened(each, side, other) for each in known.history.items],
        files=[_file(each, side, other) for each in known.files.items],
        attempts=[_attempt(each) for each in known.attempts.items],
        missing=_missing(status["missing"]),
        without=_missing(status["without"]),
        today=[each["sentence"] for each in status["today"]],
        notices=[each["sentence"] for each in status["notices"]],
        proposals=_proposals(known),
        ended=ended_of(record, names),
        family_id=record.get("family_id"),
    )


def _other(status: Document, side: str, known: Known) -> str:
    key = "recipient_organisation_id" if side == "referrer" else "referrer_organisation_id"
    return known.names.get(status[key], "The other organisation")


def _facts(record: Document, known: Known, side: str, other: str) -> list[Fact]:
    status = record["status"]
    service = known.service.value or {}
    number = telephone(service.get("telephone") or "")
    assigned = known.assignment.value or {}
    facts = [
        Fact("Asked" if side == "referrer" else "Asked by", other),
        Fact("Service", service.get("name") or service_kind(status["service_kind"])),
        Fact("Their telephone" if side == "referrer" else "", number if side == "referrer" else ""),
        Fact("Sent", moment(status["submitted_at"])),
        Fact("Opened", moment(status["received_at"])),
        Fact("Help is needed by", moment(status["needed_by"])),
        Fact("A place is expected on", day(status["expected_on"])),
        Fact("Tries to reach the family in vain", str(status["contact_attempts"] or "")),
        Fact("On hold because", "; ".join(reason(each) for each in status["hold_reasons"])),
        Fact("Whose work it is here", _whose(assigned, known)),
        Fact("Waits to be passed on", "Yes: it goes out by itself, once" if record.get("queued") else ""),
    ]
    return [each for each in facts if each.label and each.value]


def _whose(assigned: Document, known: Known) -> str:
    if not assigned:
        return ""
    holder = assigned["assigned_to"]
    if holder is None:
        return "Nobody’s yet"
    words = known.names.get(holder, "A colleague’s")
    return f"{words}, who has left: it waits for somebody else" if assigned["needs_reassigning"] else words


def _why(record: Document, known: Known, other: str) -> list[str]:
    """Why somebody sees this and no more: the agreement, the basis, and that looking is recorded."""
    if record["view"] == "tombstone":
        return [
            "This request has ended, so what it said about the family is closed to you.",
            "You keep its reference, its dates, how it ended, and what you wrote yourselves.",
        ]
    if record["view"] == "referrer":
        return [
            "You see what your organisation wrote, and of what they wrote back what they may share with you.",
            "That you looked is recorded.",
        ]
    shown = record["disclosure"]
    agreement = shown["agreement_reference"]
    under = (
        f"agreement {agreement}, version {shown['agreement_version']}" if agreement else "a decision on this one case"
    )
    words = [f"{other} shares this with you under {under}."]
    if shown["basis"]:
        words.append(f"Their basis in law is {basis(shown['basis'])}.")
    title = (known.form.value or {}).get("title")
    asks = f" asks for (“{title}”)" if title else " asks for"
    words.append(f"You see what the form of your service{asks}, as the family’s record stands now, and nothing else.")
    words.append("That you opened it, and what you were shown, is recorded; the family can ask for that record.")
    return words


_BASES = {
    "6(1)(a)": "the family’s consent",
    "6(1)(b)": "a contract",
    "6(1)(c)": "a duty in law",
    "6(1)(d)": "that somebody’s life is at risk",
    "6(1)(e)": "a task in the public interest",
    "6(1)(f)": "legitimate interests",
}


def basis(code: str) -> str:
    """A basis in law in words, with its place in the law."""
    return f"{_BASES[code]} (UK GDPR, Article {code})" if code in _BASES else f"Article {code}"


def _withheld(record: Document, form: Document) -> list[str]:
    labels = {each["name"]: each["label"] for each in form.get("fields", ())} | {
        "free_text": "What they wrote in their own words"
    }
    return [labels.get(each, sentence(each)) for each in record.get("withheld") or ()]


def _messages(record: Document, thread: Part) -> Iterable[Document]:
    return thread.items if thread.problem is None and thread.value is not None else record["messages"]


def _said(message: Document, side: str, other: str) -> Said:
    mine = message["party"] == side
    hidden = ", ".join(category(each).lower() for each in in_order(message["withheld"]))
    return Said(
        "You" if mine else other,
        mine,
        fact(message["fact"]),
        moment(message["at"]),
        message["text"] or "",
        f"You may not see this message: it tells about {hidden}." if message["text"] is None else "",
    )


def _happened(entry: Document, side: str, other: str) -> Happened:
    who = {"hub": "The Hub", "coordinator": "The hub coordinator"}.get(entry["party"])
    who = who or ("You" if entry["party"] == side else other)
    why = entry["reason_code"]
    return Happened(entry["at"], fact(entry["fact"]), reason(why) if why else "", who)


_FILES = {
    "awaiting_content": "It never arrived: send it again",
    "quarantined": "It is being looked through",
    "removed": "Taken back",
}


def _file(file: Document, side: str, other: str) -> Attached:
    mine = file["party"] == side
    kind = {"pdf": "A PDF", "text": "A text"}.get(file["kind"] or "", "A picture" if file["kind"] else "A file")
    size = f", {max(1, file['size'] // 1024)} kB" if file["size"] else ""
    state = file["detail"] or _FILES.get(file["state"], sentence(file["state"]))
    return Attached(
        file["id"],
        (file["name"] or kind) + size,
        "You" if mine else other,
        moment(file["attached_at"]),
        state,
        file["state"] == "available",
        mine and file["state"] != "removed",
    )


def _attempt(attempt: Document) -> str:
    reached = "reached them" if attempt["reached"] else "nobody answered"
    return f"{moment(attempt['at'])}: {sentence(attempt['method']).lower()}, {reached}"


def _missing(items: Iterable[Document]) -> list[Missing]:
    return [
        Missing(category(each["category"]) if each["category"] else "Everything", each["sentence"], each["remedy"])
        for each in items
    ]


def _proposals(known: Known) -> list[tuple[str, str, str]]:
    return [
        (known.services.get(each["service_id"], "Another service"), reason(each["reason"]), sentence(each["state"]))
        for each in known.proposals.items
    ]
