"""Who said yes or no, about whom, with what authority, to what (§5, rules 4 and 5).

One statement is made by one person, the giver, about one or more persons, each on its own authority. A refusal or
withdrawal ends only the giver's own yes. Nobody permits the sharing of another adult's data.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from connective.consent.domain.legal_entities import EntityKind
from connective.consent.domain.refusals import Unacceptable
from connective.contracts.authority import FOR_A_CHILD, Authority
from connective.contracts.categories import Category, Purpose
from connective.contracts.sharing import PersonFacts

ADULT = 18
PRESUMED_CAPABLE = 16
"""The age from which a young person is presumed able to decide (Family Law Reform Act 1969 s8, by analogy)."""
OWN_AUTHORITIES = frozenset({Authority.OWN, Authority.OWN_ASSESSED_COMPETENT})
LONGEST = timedelta(days=365)
"""A yes is asked again at least once a year."""


class Kind(StrEnum):
    """The two records that must never be mistaken for each other."""

    AGREEMENT_TO_ENGAGE = "agreement_to_engage"
    """Yes to being helped by this kind of service, whatever the lawful basis."""
    CONSENT = "consent"
    """Permission under data-protection law."""


class ConsentState(StrEnum):
    """What a statement stands for now."""

    EXPIRED = "expired"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class How(StrEnum):
    """How it was said."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    """On a form of a web page."""
    TELEPHONE = "telephone"
    VIDEO = "video"
    WRITTEN = "written"
    """On a paper form or in a letter, signed."""


class InterpreterKind(StrEnum):
    """Who may interpret. A child or relative of the family never does, so there is no word for one."""

    BILINGUAL_STAFF = "bilingual_staff"
    PROFESSIONAL = "professional"
    SIGN_LANGUAGE = "sign_language"
    TELEPHONE_SERVICE = "telephone_service"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Who interpreted, and in which language (BCP 47)."""

    kind: InterpreterKind
    name: str
    """Their name, or the reference of the interpreting service."""
    language: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How something was said, through whom, after which notice, and where the proof of it is kept."""

    how: How
    interpreter: Interpreter | None = None
    notice_reference: str = ""
    notice_version: str = ""
    evidence: str = ""
    """For example where the signed form is filed."""


@dataclass(frozen=True, slots=True)
class Giver:
    """Who says yes or no: a person of the family's record, or somebody who speaks for a body that has authority."""

    id: UUID
    """Of the person, or of the body's legal entity."""
    entity_kind: EntityKind | None = None
    """What sort of body it is; None for a person."""
    spoken_by: str = ""
    """Name and role of the person who spoke for the body."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a statement is about; an empty set of recipients, kinds or purposes means every one."""

    recipient_organisation_ids: frozenset[UUID]
    service_kinds: frozenset[str]
    purposes: frozenset[Purpose]
    categories: frozenset[Category]
    """Consent names its categories; an agreement to engage has none."""

    def covers(self, recipient_id: UUID, service_kind: str | None, purpose: Purpose) -> bool:
        """Is this recipient, kind of service and purpose within it?"""
        return (
            (not self.recipient_organisation_ids or recipient_id in self.recipient_organisation_ids)
            and (not self.service_kinds or service_kind in self.service_kinds)
            and (not self.purposes or purpose in self.purposes)
        )


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether somebody understands what is decided: who judged it, how and when."""

    assessed_by: str
    how: str
    on: date


@dataclass(frozen=True, slots=True)
class Spoken:
    """On what authority the giver speaks for one person."""

    person_id: UUID
    authority: Authority
    competence: Assessment | None = None
    """That a child under 16 may decide for themself."""
    evidence: str = ""
    """What was seen: the order, the power of attorney, the recorded best-interests decision."""
    incapacity: Assessment | None = None
    """That a person of 16 or over cannot make this decision now (Mental Capacity Act 2005 s2 and s3)."""


def check_scope(kind: Kind, scope: Scope) -> None:
    """Is the scope specific enough for its kind? Raises Unacceptable."""
    if kind is Kind.CONSENT and not (scope.categories and scope.purposes and scope.recipient_organisation_ids):
        sentence = "Consent names who receives what and why: give recipients, purposes and categories."
        raise Unacceptable("consent_not_specific", sentence, "/scope")
    if kind is Kind.AGREEMENT_TO_ENGAGE and scope.categories:
        sentence = "Agreeing to be helped is not about categories of data: leave them out."
        raise Unacceptable("engagement_has_no_categories", sentence, "/scope/categories")


def expiry(
    given_at: datetime, asked: date | None, spoken: tuple[Spoken, ...], facts: tuple[PersonFacts, ...]
) -> datetime:
    """When the yes runs out: as asked, within a year, and no later than a child spoken for surely turns 18.

    Ages come in whole years, so a birthday is known to within one: the year's limit keeps the error under that.
    """
    known = {f.person_id: f for f in facts}
    limit = given_at + LONGEST
    for one in spoken:
        age = known[one.person_id].age_years
        if one.authority in FOR_A_CHILD and age is not None:
            limit = min(limit, given_at + (ADULT - age) * LONGEST)
    if asked is None or asked >= limit.date():
        return limit
    wanted = datetime(asked.year, asked.month, asked.day, tzinfo=given_at.tzinfo) + timedelta(days=1)
    if wanted <= given_at:
        raise Unacceptable("expired_already", "The last day of the yes has passed already.", "/ends_on")
    return min(limit, wanted)
