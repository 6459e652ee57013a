"""Intake: people sent from outside, whom a person of the recipient matches (domain rules, section 4, "Intake").

A partner's system and a family that asks by itself know no record of the Hub, and need not look for one: what they send
waits here, and makes no person and no family. Once somebody has matched or closed it, what was sent is gone from here:
the family's own record keeps what is needed of it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from connective.contracts.categories import Category
from connective.contracts.needs import NeedsList
from connective.referrals.domain.refusals import DetailsRefused, FieldError, IntakeEnded
from connective.referrals.domain.request import Words

DAYS_KEPT = timedelta(days=28)
"""Beyond four weeks nobody will match it any more, and what was sent may not wait longer."""
NEEDED_TO_MATCH = frozenset({Category.IDENTITY, Category.CONTACT_DETAILS})
"""Without a name and a way to reach them nobody can be found: an intake that may not say them is not taken."""


class Source(StrEnum):
    """Who sent it."""

    PARTNER = "partner"
    SELF = "self"


class IntakeState(StrEnum):
    """Where an intake stands; all but the first are final."""

    WAITING = "waiting"
    CLOSED = "closed"
    LAPSED = "lapsed"
    MATCHED = "matched"
    WITHDRAWN = "withdrawn"


class Closing(StrEnum):
    """Why a recipient closes an intake without a record of the family."""

    HELPED = "helped"
    """The family was helped at once, for example with food."""
    SIGNPOSTED = "signposted"
    ALREADY_SUPPORTED = "already_supported"
    AT_CAPACITY = "at_capacity"
    FAMILY_DECLINED = "family_declined"
    NEEDS_STATUTORY_HELP = "needs_statutory_help"
    NOT_ELIGIBLE = "not_eligible"
    NOT_GENUINE = "not_genuine"
    OUT_OF_AREA = "out_of_area"
    UNABLE_TO_CONTACT = "unable_to_contact"


class Part(StrEnum):
    """What somebody is in the family, as far as a stranger to the record can say."""

    ADULT = "adult"
    CHILD = "child"
    UNBORN = "unborn"


@dataclass(frozen=True, slots=True)
class Someone:
    """One person as the sender knows them."""

    first_name: str
    last_name: str
    part: Part
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How the family can be reached, and in which language."""

    telephone: str | None = None
    email: str | None = None
    safe_to_leave_message: bool = False
    language: str | None = None
    interpreter_needed: bool = False


@dataclass(frozen=True, slots=True)
class IntakeContent:
    """What was sent about the family: kept only while it waits."""

    people: tuple[Someone, ...]
    reach: Reach
    address: str | None = None
    postcode: str | None = None
    needs: tuple[str, ...] = ()
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A category that may not go to the recipient, why, and what would clear it: shown to the sender."""

    category: Category
    code: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Intake:
    """One intake; `content` is None as soon as it is final."""

    id: UUID
    place_id: UUID
    reference: str
    source: Source
    sender_organisation_id: UUID | None
    sent_by: str
    external_reference: str | None
    service_id: UUID
    service_kind: str
    recipient_organisation_id: UUID
    received_at: datetime
    due_at: datetime
    content: IntakeContent | None
    withheld: tuple[Withheld, ...] = ()
    fingerprint: bytes | None = field(default=None, repr=False)
    """Of what was sent, to know the same from another under one external reference."""
    state: IntakeState = IntakeState.WAITING
    version: int = 1
    ended_at: datetime | None = None
    end_code: str | None = None
    escalations: int = 0
    """How many steps of its clock were taken: reminded, then the coordinator told."""
    sentence: str | None = None
    """What the recipient tells the sender; nothing of anybody."""


def _sections(content: IntakeContent, needs: NeedsList) -> Iterable[tuple[str, frozenset[Category]]]:
    """What there is to show, each with all the categories it reveals."""
    reach = content.reach
    if content.people:
        yield "people", frozenset({Category.IDENTITY})
    if reach.telephone or reach.email:
        yield "contact", frozenset({Category.CONTACT_DETAILS})
    if reach.language or reach.interpreter_needed:
        yield "communication", frozenset({Category.COMMUNICATION})
    if content.address or content.postcode:
        yield "address", frozenset({Category.ADDRESS})
    for code in content.needs:
        yield f"needs/{code}", needs.needs[code].reveals
    if content.words is not None:
        yield "words", content.words.categories


def categories_of(content: IntakeContent, needs: NeedsList) -> frozenset[Category]:
    """Everything that sending this would share."""
    return frozenset[Category]().union(*(categories for _, categories in _sections(content, needs)))


def shown(content: IntakeContent, permitted: Collection[Category] | None, needs: NeedsList) -> dict[str, Any]:
    """The parts whose every category is permitted; None permits all, where the family itself sent it."""
    seen = {name for name, reveals in _sections(content, needs) if permitted is None or reveals <= set(permitted)}
    reach = content.reach
    of_contact = {
        "telephone": reach.telephone,
        "email": reach.email,
        "safe_to_leave_message": reach.safe_to_leave_message,
    }
    return {
        "people": list(content.people) if "people" in seen else [],
        "contact": of_contact if "contact" in seen else None,
        "language": reach.language if "communication" in seen else None,
        "interpreter_needed": reach.interpreter_needed if "communication" in seen else None,
        "address": content.address if "address" in seen else None,
        "postcode": content.postcode if "address" in seen else None,
        "needs": [code for code in content.needs if f"needs/{code}" in seen],
        "words": content.words if "words" in seen else None,
    }


def check_content(content: IntakeContent, needs: NeedsList, today: date) -> None:
    """Refuse what cannot be worked with (DetailsRefused): nobody to reach, unknown needs, births still to come."""
    errors = []
    if not (content.reach.telephone or content.reach.email):
        errors.append(FieldError("/contact", "required", "Give a telephone number or an e-mail address."))
    for index, person in enumerate(content.people):
        if person.birth_date is not None and person.birth_date > today:
            detail = "A birth date lies in the past; leave it out for somebody who is not born yet."
            errors.append(FieldError(f"/people/{index}/birth_date", "in-the-future", detail))
    for index, code in enumerate(content.needs):
        if code not in needs.needs:
            errors.append(FieldError(f"/needs/{index}", "unknown-code", "Use a code of the needs list."))
    if errors:
        raise DetailsRefused(errors)


def end(
    intake: Intake, state: IntakeState, at: datetime, *, code: str | None = None, sentence: str | None = None
) -> Intake:
    """The intake matched, closed, withdrawn or lapsed, and what was sent gone. Raises IntakeEnded for a final one."""
    if intake.state is not IntakeState.WAITING:
        raise IntakeEnded(f"This intake is {intake.state} already.")
    return replace(
        intake,
        state=state,
        version=intake.version + 1,
        content=None,
        ended_at=at,
        end_code=code,
        sentence=sentence,
    )


def lapses_at(intake: Intake) -> datetime:
    """When it goes if nobody does anything."""
    return intake.received_at + DAYS_KEPT
