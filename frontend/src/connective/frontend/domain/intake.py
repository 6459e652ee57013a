"""What came from outside and waits for a person: the list, one intake, and how it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connective.frontend.domain.directory import LANGUAGES
from connective.frontend.domain.words import day, deadline, moment, need, sentence, service_kind, telephone, until

STATES = {
    "waiting": ("Waiting", "blue"),
    "matched": ("Matched to a family", "green"),
    "closed": ("Closed", "grey"),
    "lapsed": ("Lapsed: nobody answered", "red"),
    "withdrawn": ("Taken back by its sender", "grey"),
}
CLOSINGS = (
    ("helped", "They were helped at once"),
    ("signposted", "They were told about another service"),
    ("already_supported", "They are helped already"),
    ("at_capacity", "There is no room"),
    ("not_eligible", "The service is not for them"),
    ("out_of_area", "They live elsewhere"),
    ("family_declined", "They do not want help any more"),
    ("unable_to_contact", "They could not be reached"),
    ("needs_statutory_help", "They need help that the council must give"),
    ("not_genuine", "It was not meant seriously"),
)
_PARTS = {"adult": "Adult", "child": "Child", "unborn": "Not born yet"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list: nothing of whom it is about."""

    id: str
    reference: str
    service: str
    sender: str
    received: str
    state: str
    tag: str
    when: str
    late: bool


def waiting_of(items: Sequence[Mapping[str, Any]], names: Mapping[str, str], now: datetime) -> list[Waiting]:
    """The list, the most urgent first."""
    ordered = sorted(items, key=lambda each: (each["state"] != "waiting", each["due_at"]))
    return [_waiting(each, names, now) for each in ordered]


def _waiting(each: Mapping[str, Any], names: Mapping[str, str], now: datetime) -> Waiting:
    state, tag = STATES.get(each["state"], (sentence(each["state"]), "grey"))
    waits = each["state"] == "waiting"
    return Waiting(
        id=each["id"],
        reference=each["reference"],
        service=service_kind(each["service_kind"]),
        sender=sender_of(each, names),
        received=day(each["received_at"]),
        state=state,
        tag=tag,
        when=until(each["due_at"], now) if waits else day(each["ended_at"]),
        late=waits and bool(each["overdue"]),
    )


def sender_of(intake: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Who sent it."""
    sender = intake["sender_organisation_id"]
    return names.get(sender, "A partner’s system") if sender else "The family itself"


@dataclass(frozen=True, slots=True)
class IntakePage:
    """One intake, as far as its recipient may see it."""

    id: str
    reference: str
    version: int
    state: str
    tag: str
    sender: str
    by_itself: bool
    """Whether the family asked by itself: nobody is told through the Hub then."""
    service: str
    received: str
    answer_by: str
    lapses: str
    late: bool
    people: list[str]
    facts: list[tuple[str, str]]
    words: str
    ended: str
    may_match: bool
    may_close: bool
    shown: bool
    """Whether it still holds what was sent: that is gone once it has ended."""


def intake_page(intake: Mapping[str, Any], names: Mapping[str, str], now: datetime) -> IntakePage:
    """One intake."""
    content = intake.get("content") or {}
    line = _waiting(intake, names, now)
    allowed = intake["allowed_actions"]
    ending = dict(CLOSINGS).get(str(intake.get("end_code")), "")
    return IntakePage(
        id=intake["id"],
        reference=intake["reference"],
        version=intake["version"],
        state=line.state,
        tag=line.tag,
        sender=line.sender,
        by_itself=intake["sender_organisation_id"] is None,
        service=line.service,
        received=moment(intake["received_at"]),
        answer_by=deadline(intake["due_at"]),
        lapses=day(intake["lapses_at"]),
        late=line.late,
        people=[_person(each) for each in content.get("people", ())],
        facts=_facts(content),
        words=(content.get("words") or {}).get("text", ""),
        ended=". ".join(each.rstrip(".") for each in (ending, intake.get("sentence") or "") if each),
        may_match="match" in allowed,
        may_close="close" in allowed,
        shown=bool(content),
    )


def _person(person: Mapping[str, Any]) -> str:
    born = f", born on {day(person['birth_date'])}" if person.get("birth_date") else ""
    return f"{person['first_name']} {person['last_name']}, {_PARTS.get(person['part'], person['part']).lower()}{born}"


def _facts(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    contact = content.get("contact") or {}
    reach = contact.get("telephone") or contact.get("email")
    message = "Yes" if contact.get("safe_to_leave_message") else "No: speak to them themselves"
    language = content.get("language")
    facts = [
        ("Needs", ", ".join(need(each) for each in content.get("needs") or ())),
        ("Telephone", telephone(str(contact.get("telephone") or "").replace(" ", ""))),
        ("Email", contact.get("email") or ""),
        ("Safe to leave a message", message if reach else ""),
        ("Address", content.get("address") or ""),
        ("Postcode", content.get("postcode") or ""),
        ("Language", dict(LANGUAGES).get(str(language), str(language)) if language else ""),
        ("Interpreter", "Needed" if content.get("interpreter_needed") else ""),
    ]
    return [(label, value) for label, value in facts if value]


def closing(code: str, said: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What the API is told when one is closed, and what is wrong with what was typed."""
    errors = []
    if code not in dict(CLOSINGS):
        errors.append(("code", "Choose why you close it"))
    if len(said) > 300:
        errors.append(("sentence", "Use 300 characters or fewer"))
    return {"code": code, "sentence": said or None}, errors
