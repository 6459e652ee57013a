"""What is sent to and answered by `/consents`: statements, how they were made, and about whom."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from connective.consent.api.deps import Answer, Body
from connective.consent.api.words import Code, Language, Line, Name, Text
from connective.consent.domain.consent import (
    Assessment,
    ConsentState,
    How,
    Interpreter,
    InterpreterKind,
    Kind,
    Manner,
    Scope,
    Spoken,
)
from connective.contracts.authority import Authority
from connective.contracts.categories import Category, Purpose

Recipients = Annotated[frozenset[UUID], Field(max_length=50)]


class ScopeBody(Body):
    """What it is about; an empty list of recipients, kinds of service or purposes means every one."""

    recipient_organisation_ids: Recipients = frozenset()
    service_kinds: Annotated[frozenset[Code], Field(max_length=50)] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    categories: frozenset[Category] = frozenset()

    def to_domain(self) -> Scope:
        """The domain's scope."""
        return Scope(self.recipient_organisation_ids, self.service_kinds, self.purposes, self.categories)


class AssessmentBody(Body):
    """Who judged whether somebody understands what is decided, how and when."""

    assessed_by: Line
    how: Line
    on: date

    def to_domain(self) -> Assessment:
        """The domain's value."""
        return Assessment(self.assessed_by, self.how, self.on)


class AboutBody(Body):
    """One person it is about, and on what authority the giver speaks for them."""

    person_id: UUID
    authority: Authority
    competence: AssessmentBody | None = None
    incapacity: AssessmentBody | None = None
    evidence: Line = ""

    def to_domain(self) -> Spoken:
        """The domain's value."""
        competence = self.competence.to_domain() if self.competence else None
        incapacity = self.incapacity.to_domain() if self.incapacity else None
        return Spoken(self.person_id, self.authority, competence, self.evidence, incapacity)


class InterpreterBody(Body):
    """Who interpreted: never a child or relative of the family."""

    kind: InterpreterKind
    name: Name
    language: Language

    def to_domain(self) -> Interpreter:
        """The domain's value."""
        return Interpreter(self.kind, self.name, self.language)


class MannerBody(Body):
    """How something was said, and through whom."""

    how: How
    interpreter: InterpreterBody | None = None

    def manner(self, *, reference: str = "", version: str = "", evidence: str = "") -> Manner:
        """The domain's value, with the notice that was shown."""
        interpreter = self.interpreter.to_domain() if self.interpreter else None
        return Manner(self.how, interpreter, reference, version, evidence)


class NoticeShown(Body):
    """The privacy notice that was shown, and which version of it."""

    reference: Line
    version: Line = ""


class ForBody(Body):
    """A body on the register that has authority, and who spoke for it: for example the council under a care order."""

    legal_entity_id: UUID
    spoken_by: Name


class RecordConsent(MannerBody):
    """A yes or a no, by one person or for one body, about one or more."""

    kind: Kind
    state: Literal[ConsentState.GIVEN, ConsentState.REFUSED]
    family_id: UUID | None = None
    given_by: UUID | None = None
    given_for: ForBody | None = None
    about: Annotated[list[AboutBody], Field(min_length=1, max_length=30)]
    scope: ScopeBody = ScopeBody()
    notice: NoticeShown | None = None
    evidence: Line = ""
    note: Text = ""
    ends_on: date | None = None

    @property
    def giver_id(self) -> UUID:
        """The person, or the legal entity of the body, whose yes or no it is."""
        if self.given_for is not None:
            return self.given_for.legal_entity_id
        assert self.given_by is not None  # noqa: S101 - the validator below lets exactly one in
        return self.given_by

    @model_validator(mode="after")
    def _one_giver(self) -> Self:
        if (self.given_by is None) is (self.given_for is None):
            raise ValueError("say either which person gave it or for which body it was given")
        if len({one.person_id for one in self.about}) < len(self.about):
            raise ValueError("name each person once")
        return self


class WithdrawBody(Body):
    """How the giver said so, and their words for the family's own record."""

    how: How = How.IN_PERSON
    interpreter: InterpreterBody | None = None
    note: Text = ""


class AboutOut(Answer):
    """One person a record is about."""

    person_id: UUID
    authority: Authority
    competence: dict[str, Any] | None
    incapacity: dict[str, Any] | None
    evidence: str


class ScopeOut(Answer):
    """What a record is about."""

    recipient_organisation_ids: list[UUID]
    service_kinds: list[str]
    purposes: list[Purpose]
    categories: list[Category]


class NoticeShownOut(Answer):
    """The notice that was shown."""

    reference: str
    version: str


class ForBodyOut(Answer):
    """The body it was given for, and who spoke for it."""

    legal_entity_id: UUID
    spoken_by: str


class ActOut(Answer):
    """One act of a record's history: what, when, by whose hand, and how it was said."""

    act: str
    at: datetime
    recorded_by: str
    how: str
    interpreter: dict[str, Any] | None
    note: str


class ConsentOut(Answer):
    """A consent record or agreement to engage."""

    id: UUID
    kind: Kind
    state: ConsentState
    family_id: UUID | None
    given_by: UUID | None
    given_for: ForBodyOut | None
    about: list[AboutOut]
    scope: ScopeOut
    how: str
    interpreter: dict[str, Any] | None
    notice: NoticeShownOut | None
    evidence: str
    note: str
    said_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None
    history: list[ActOut]
    allowed_actions: list[str]
    version: int


def show_consent(row: dict[str, Any]) -> ConsentOut:
    """A record as it is answered."""
    body = row["giver_kind"] == "body"
    notice = NoticeShownOut(reference=row["notice_reference"], version=row["notice_version"])
    return ConsentOut.model_validate(
        {
            **row,
            "given_by": None if body else row["giver_id"],
            "given_for": {"legal_entity_id": row["giver_id"], "spoken_by": row["spoken_by"]} if body else None,
            "scope": row,
            "notice": notice if notice.reference else None,
            "history": [{**act, "recorded_by": act["actor_id"]} for act in row["acts"]],
            "allowed_actions": ["withdraw"] if row["state"] == ConsentState.GIVEN.value else [],
        }
    )
