"""Erasing a record: on the schedule's list that an officer approved, or because somebody asked (UK GDPR Article 17).

A list is approved as it was seen, by its hash; what changed since is left out and said so. An erasure is whole when
every service that keeps anything of families has answered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from connective.consent.domain.canonical import canonical
from connective.consent.domain.refusals import NotNow, Unacceptable
from connective.consent.domain.retention import Span
from connective.contracts.retention import DueFamily, PersonStands

KEEPERS = ("consent", "families", "referrals")
"""The services that keep anything of families: each answers for its own part."""
OVERDUE_AFTER = timedelta(hours=1)
"""A service that runs answers within seconds; one that does not answer for an hour needs somebody to look."""
LIST_STANDS_FOR = timedelta(days=30)
"""After this a list is too old to be approved: ask for a new one."""
ANSWER_WITHIN = Span(months=1)
"""A request for erasure is answered within a month (UK GDPR Article 12(3))."""
DELETE_WITHIN = Span(months=1)
"""How long a partner has before an unconfirmed deletion is overdue."""
_AGE_OUT = timedelta(days=35)
"""Events, received and sent, are removed after this (the kit's housekeeping, and the broker's own 30 days)."""


class RunState(StrEnum):
    """Where a list stands."""

    APPROVED = "approved"
    LISTED = "listed"


class Outcome(StrEnum):
    """What a list says of a record."""

    FOR_REVIEW = "for_review"
    HELD_BACK = "held_back"
    WOULD_GO = "would_go"


class Result(StrEnum):
    """What came of a record when its list was approved."""

    ORDERED = "ordered"
    STALE = "stale"
    """Something changed since it was listed: it stays, and stands on the next list as it is then."""


class ErasureState(StrEnum):
    """Where an erasure stands."""

    COMPLETE = "complete"
    ORDERED = "ordered"
    REFUSED = "refused"
    """Families found the record changed, or its case open again: nothing was erased."""
    UNDER_WAY = "under_way"


class Ground(StrEnum):
    """Why erasure is asked for (UK GDPR Article 17(1)(a) to (f))."""

    CHILD_ONLINE_SERVICE = "child_online_service"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    LEGAL_OBLIGATION = "legal_obligation"
    NOT_NECESSARY = "not_necessary"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"


class Exemption(StrEnum):
    """Why it is refused (UK GDPR Article 17(3)(a) to (e), and the refusals of Article 12(5))."""

    ARCHIVING_OR_RESEARCH = "archiving_or_research"
    EXPRESSION = "expression"
    LEGAL_CLAIMS = "legal_claims"
    LEGAL_OBLIGATION_OR_PUBLIC_TASK = "legal_obligation_or_public_task"
    MANIFESTLY_UNFOUNDED = "manifestly_unfounded"
    NO_GROUND = "no_ground"
    PUBLIC_HEALTH = "public_health"


@dataclass(frozen=True, slots=True)
class Stands:
    """What is asked to be erased, as its keepers know it: the family's version, every id that would go, and codes."""

    version: int
    ids: tuple[UUID, ...]
    against: tuple[str, ...]


def stands_of_person(found: Mapping[str, PersonStands]) -> Stands | None:
    """One person as all keepers answered; None where they are not kept."""
    families = found.get("families")
    if families is None or families.version is None:
        return None
    against = tuple(code for each in found.values() for code in each.against)
    return Stands(families.version, families.person_ids, against)


KEPT_WORDS: Mapping[str, str] = {
    "breaches": "A breach and what was done are documented (UK GDPR Article 33(5)); people are pseudonyms.",
    "corrections": "They speak of somebody who stays too, and go with the last of them (Article 17(3)(b)).",
    "erasure_requests": "Why it was granted or refused is accounted for (Articles 5(2), 17(3)(e)); it names nobody.",
    "findings": "They answer for an account's conduct on a day on which it saw others too (Article 17(3)(b)).",
    "information_requests": "They speak of somebody who stays too, and go with the last of them (Article 17(3)(b)).",
    "one_offs": "They speak of somebody who stays too, and go with the last of them (Article 17(3)(b)).",
    "overrides": "They protect somebody who stays too, and go with the last of them (Article 17(3)(b)).",
    "statements": "What was said for somebody who stays too is evidence of their yes or no (Article 7(1)).",
}
"""Records whose words stay when somebody is erased, by what they are, and the law that asks for it."""


def reasons_against(family: DueFamily, *, held: bool, open_request: bool) -> tuple[str, ...]:
    """What stands against erasing a family's record now, as codes."""
    against = {
        "birth_unknown": family.birth_unknown,
        "legal_hold": held,
        "open_case": family.open_case,
        "open_request": open_request,
    }
    return tuple(code for code, stands in against.items() if stands)


def list_hash(on_day: date, items: Iterable[Mapping[str, Any]]) -> str:
    """The hash of a list as it was shown: whoever approves names it."""
    names = ("nth", "rule_key", "family", "agreement_id", "record_version", "outcome", "reasons")
    document = {"on_day": on_day, "items": [{name: item[name] for name in names} for item in items]}
    return sha256(canonical(document)).hexdigest()


def check_approvable(state: str, shown: str, named: str, asked_at: datetime, now: datetime) -> None:
    """May this list be approved? Raises NotNow where it was, is another than was seen, or is too old."""
    if state != RunState.LISTED:
        raise NotNow("already_approved", "This list was approved; ask for a new one.")
    if shown != named:
        raise NotNow("another_list", "This is not the list that was shown under that hash: read it again.")
    if now - asked_at > LIST_STANDS_FOR:
        raise NotNow("too_old", "This list is more than 30 days old; ask for a new one.")


def check_decision(*, granted: bool, exemption: Exemption | None, asked_on: date, today: date) -> None:
    """Does the decision say what it must? Raises Unacceptable."""
    if asked_on > today:
        raise Unacceptable("not_asked_yet", "The day it was asked lies in the future.", "/asked_on")
    if not granted and exemption is None:
        raise Unacceptable("exemption_needed", "A refusal names what it rests on (Article 17(3)).", "/exemption")
    if granted and exemption is not None:
        raise Unacceptable("exemption_without_refusal", "What is granted rests on no exemption.", "/exemption")


def check_decides(kind: str, *, decided: bool, about: bool) -> None:
    """Does deciding answer this request of the register? Raises Unacceptable, and NotNow once that was answered."""
    pointer = "/information_request_id"
    if kind != "erasure":
        raise Unacceptable("asks_for_no_erasure", "That request asks for something else than erasure.", pointer)
    if decided:
        raise NotNow("answered", "That request has been answered already.")
    if not about:
        raise Unacceptable("about_somebody_else", "That request is about somebody else.", pointer)


def stopping(against: Iterable[str]) -> tuple[str, ...]:
    """Of what stands against it, what stops a request: that a birth is unknown keeps a record off the lists alone."""
    return tuple(code for code in against if code != "birth_unknown")


def check_erasable(against: tuple[str, ...]) -> None:
    """Raises NotNow where something stands against a request that would be granted."""
    stops = stopping(against)
    if stops and stops[0] == "under_way":
        raise NotNow("under_way", "Its erasure is under way.")
    if stops:
        raise NotNow(stops[0], "Something stands against erasing it now: " + ", ".join(stops) + ".")


def age_out_on(completed_at: datetime) -> date:
    """By when the last events that name the record's ids have been removed."""
    return (completed_at + _AGE_OUT).date()


def is_overdue(state: str, ordered_at: datetime, now: datetime) -> bool:
    """Whether somebody must look why a service has not answered."""
    return state in {ErasureState.ORDERED, ErasureState.UNDER_WAY} and now - ordered_at > OVERDUE_AFTER
