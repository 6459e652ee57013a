"""The questions services put to each other on the way to a disclosure, and their answers.

The path (docs/architecture.md): referrals asks consent to decide and record; consent answers with a signed permit;
referrals takes the permit to families, which answers a recipient in no other way. These models are that contract.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from connective.contracts.categories import Category, Method, Purpose


class Wire(BaseModel):
    """Base of what services exchange: nothing unknown is let in, nothing is changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(Wire):
    """May the discloser share these categories about these persons with the recipient for this purpose now?"""

    discloser_organisation_id: UUID
    recipient_organisation_id: UUID
    service_id: UUID | None = None
    service_kind: Annotated[str, Field(max_length=60)] | None = None
    subjects: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=30)]
    categories: Annotated[frozenset[Category], Field(min_length=1)]
    purpose: Purpose
    method: Method


class Outcome(StrEnum):
    """The answer in one word."""

    DENY = "deny"
    PARTIAL = "partial"
    PERMIT = "permit"


class Refusal(Wire):
    """Why one category is refused: which rule, in a code and a sentence, and what would clear it."""

    rule: Annotated[int, Field(ge=1, le=7)]
    code: str
    category: Category
    person_id: UUID | None
    sentence: str
    remedy: str


class RuleResult(Wire):
    """What one of the seven rules said; every rule is reported, also those that passed."""

    rule: Annotated[int, Field(ge=1, le=7)]
    name: str
    passed: bool
    sentence: str


class SubjectPermission(Wire):
    """What may be shared about one person: a family is decided person by person."""

    person_id: UUID
    categories: frozenset[Category]


class Decision(Wire):
    """The answer to a question, with everything an officer needs to see why."""

    outcome: Outcome
    categories: frozenset[Category]
    """Permitted for every subject asked about."""
    subjects: tuple[SubjectPermission, ...]
    agreement_id: UUID | None
    agreement_reference: str | None
    agreement_version: int | None
    basis: str | None
    """The discloser's Article 6 basis, as the agreement states it, for example `6(1)(e)`."""
    consent_record_ids: tuple[UUID, ...]
    refusals: tuple[Refusal, ...]
    rules: tuple[RuleResult, ...]
    warnings: tuple[str, ...]
    decided_at: datetime


class DecisionsAsked(Wire):
    """One or many questions in one call: many recipients cost one hop."""

    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=50)]


class DecisionsAnswered(Wire):
    """The decisions, in the order of the questions; each is recorded under its id."""

    items: tuple["RecordedDecision", ...]


class RecordedDecision(Wire):
    """A decision and the id it is recorded under."""

    decision_id: UUID
    decision: Decision


class IntakeAsked(Wire):
    """A partner's system sends people whom nobody has matched with a record (`POST /internal/intakes` of consent).

    The question's one subject is the intake itself: its id stands for the family until a person has matched it. What
    the sender says of the family's yes is kept as said of that subject, and then the question is decided as any other.
    """

    question: Question
    agreed_on: date
    agreed_how: Annotated[str, Field(pattern="^(in_person|online|telephone|video|written)$")]
    notice_reference: Annotated[str, Field(min_length=1, max_length=200)]
    """Which notice the family was shown before it agreed."""

    @model_validator(mode="after")
    def _of_one_subject(self) -> Self:
        """An intake is about itself."""
        if len(self.question.subjects) != 1:
            raise ValueError("an intake has one subject: itself")
        return self


class DisclosureAsked(Wire):
    """Decide and record one reading (`POST /internal/disclosures` of consent): of a request, or of a case's family.

    The reader is the person or client in `Hub-Identity`; the caller is in `Hub-Caller`: referrals for a request that
    its recipient reads, families for a family that a member of the team around it reads.
    """

    question: Question
    request_id: UUID | None = None
    request_version: Annotated[int, Field(ge=1)] | None = None
    case_id: UUID | None = None
    disclosure_id: UUID | None = None
    """Chosen by who asks, so that a disclosure whose answer was lost on the way can still be named; else drawn here."""

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        """A reading is of a request in a version, or of a case: never of both, nor of neither."""
        if (self.request_id is None) != (self.request_version is None) or (self.request_id is None) == (
            self.case_id is None
        ):
            raise ValueError("name a request with its version, or a case")
        return self


class NotDelivered(StrEnum):
    """Why a recorded disclosure was not delivered: nothing of it reached the reader."""

    CLOSED_MEANWHILE = "closed_meanwhile"
    """The request was put on hold, or could not be shown without a category that was refused."""
    DECISION_UNANSWERED = "decision_unanswered"
    """No answer came to the question, so it may or may not have been recorded."""
    FAULT = "fault"
    PERMIT_REFUSED = "permit_refused"
    TOO_SLOW = "too_slow"
    UNAVAILABLE = "unavailable"


class DisclosureAnswered(Wire):
    """The recorded decision and, unless it was a denial, the disclosure and its permit."""

    decision_id: UUID
    decision: Decision
    disclosure_id: UUID | None
    permit: str | None
    """A JWT signed by consent, audience `families`, valid for 30 seconds; absent when denied."""


PERMIT_LIFETIME_SECONDS = 30
PERMIT_TYPE = "hub-permit+jwt"


class PermitClaims(Wire):
    """What a permit says: who may read which categories about whom, under which disclosure."""

    iss: str
    aud: str
    jti: UUID
    """The disclosure id."""
    iat: int
    exp: int
    place: UUID
    organisation: UUID
    """The recipient."""
    discloser: UUID
    """The organisation that keeps the record: the permit opens no other's."""
    request_id: UUID | None = None
    case_id: UUID | None = None
    """What is read: one of the two."""
    subjects: dict[UUID, frozenset[Category]]


class SharedPerson(Wire):
    """The permitted fields of one person; a field without a value is absent."""

    person_id: UUID
    fields: dict[str, str | int | bool | dict[str, int] | list[str]]


class SharedFields(Wire):
    """Answer of families `GET /internal/shared?field=…` with the header `Hub-Permit`: live, never a snapshot."""

    disclosure_id: UUID
    people: tuple[SharedPerson, ...]
    withheld: tuple[str, ...]
    """Names of asked fields that a restriction hides although the permit covers them."""


class ResponsibleAdult(Wire):
    """A person who may speak for the subject, and how."""

    person_id: UUID
    authority: str
    """A code of connective.contracts.authority."""


class PersonFacts(Wire):
    """What other services may know of a person to apply a rule: codes, ages and ids; never a name."""

    person_id: UUID
    family_ids: tuple[UUID, ...]
    age_years: int | None
    """None for an unborn child or an unknown birth date."""
    living: bool
    notices_stopped: bool = False
    """Whether nobody is to be prompted to contact the family about this person; why is not said."""
    responsible: tuple[ResponsibleAdult, ...]
    whereabouts_restricted: bool


class FactsAsked(Wire):
    """`POST /internal/facts` or `/internal/essentials` of families, on behalf of the worker in `Hub-Identity`.

    Without people it asks about everybody in the family now. Answers 404 when the worker may not see the family or a
    person is not in it.
    """

    family_id: UUID | None = None
    person_ids: Annotated[tuple[UUID, ...], Field(max_length=60)]

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.family_id is None and not self.person_ids:
            raise ValueError("name people, or a family")
        return self


class FactsAnswered(Wire):
    """The facts, in the order asked."""

    organisation_id: UUID
    """The organisation that keeps the family's record: the discloser."""
    people: tuple[PersonFacts, ...]


class PersonEssentials(Wire):
    """What is looked at of a person before anything is sent: no authority, no restriction, no other family."""

    person_id: UUID
    age_years: int | None
    """None for an unborn child or an unknown birth date."""
    living: bool
    notices_stopped: bool
    """Whether nobody is to be prompted to contact the family about this person; why is not said."""


class EssentialsAnswered(Wire):
    """Answer of families `POST /internal/essentials`, which asks as `FactsAsked`; people in the order asked."""

    organisation_id: UUID
    """The organisation that keeps the family's record: the discloser."""
    people: tuple[PersonEssentials, ...]


_WALL_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"
WallTime = Annotated[time, WithJsonSchema({"type": "string", "pattern": _WALL_TIME, "examples": ["09:30:00"]})]
"""A time of day in the place, without an offset: JSON Schema's own `time` is one with an offset (RFC 3339)."""


class SameDay(Wire):
    """When a service can answer a request for today: local opening hours of the place, by ISO weekday (1 Monday)."""

    weekdays: frozenset[Annotated[int, Field(ge=1, le=7)]]
    opens_at: WallTime
    closes_at: WallTime
    answer_within_minutes: Annotated[int, Field(ge=5, le=600)]


class AssuranceEnd(Wire):
    """One thing that an organisation has shown, the last day it vouches, and what is said once that has passed."""

    kind: str
    """A code of the rules of assurance, such as `insurance`."""
    until: date
    sentence: str


class ServiceFacts(Wire):
    """What referrals needs to know of a service (`POST /internal/service-facts` of partners)."""

    service_id: UUID
    version: int
    organisation_id: UUID
    organisation_name: str
    name: str
    kind: str
    """A code of the needs list's `service_kinds`, which is also the code of the form it takes."""
    status: str
    """`active`, `inactive`, `defunct` or `temporarily closed` (HSDS)."""
    organisation_active: bool
    takes_requests: bool
    reporting_route: bool
    """A front door, police or designated officer: never the recipient of a request."""
    sensitive: bool
    confidential_to_young_person: bool
    telephone: str | None
    acknowledge_within_days: Annotated[int, Field(ge=1, le=60)]
    decide_within_days: Annotated[int, Field(ge=1, le=260)]
    contact_attempts_promised: Annotated[int, Field(ge=1, le=10)]
    same_day: SameDay | None
    minimum_age: int | None
    maximum_age: int | None
    assured_until: date | None
    assurance: tuple[AssuranceEnd, ...] = ()
    """What its organisation has shown with an end; whoever asks sees by the day what of it lapsed."""


class ServiceFactsAsked(Wire):
    """Which services; unknown ones are left out of the answer."""

    service_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    place_id: UUID | None = None
    """Where nobody is signed in, as when a family asks by itself: the place it asks in."""


class ServiceFactsAnswered(Wire):
    """The facts of those that exist in the asker's place."""

    items: tuple[ServiceFacts, ...]


class OrganisationFacts(Wire):
    """One organisation (`GET /internal/organisations/{id}` of partners): for FHIR peers, and officers' lists."""

    organisation_id: UUID
    version: int
    name: str
    active: bool
    reporting_route: bool
    """A front door, police or designated officer: never the recipient of a request."""
    identifiers: dict[str, str]
    """Registered numbers by the org-id code of their register."""
