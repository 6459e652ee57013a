"""`/audit`: an officer's lists. Each look is an entry of the ledger, made in the transaction that reads."""

from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query

from connective.consent.api.audit_listing import Filters, OfficerDep, listing
from connective.consent.api.audit_words import (
    ActName,
    ActorId,
    AgreementId,
    EntityId,
    OfCategory,
    OfPerson,
    OfPurpose,
    OrganisationId,
    RefusalCode,
    Since,
    Until,
)
from connective.consent.api.deps import Answer
from connective.consent.queries import audit_lists
from connective.consent.queries.audit_lists import Narrowed, ReviewState
from connective.consent.queries.standings import Standing
from connective.contracts.categories import Category, Purpose
from connective.contracts.permissions import Permission
from connective.contracts.sharing import NotDelivered, Outcome
from connective.kit.app import router
from connective.kit.pages import Page
from connective.kit.policy import operation

routes = router(tags=["audit"])
_POLICY = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")


class OfRegister(Filters):
    """Filters of the register."""

    standing: Annotated[Standing | None, Query(description="How the agreement stands.")] = None
    legal_entity_id: EntityId = None
    purpose: OfPurpose = None
    category: OfCategory = None


class OfDisclosures(Filters):
    """Filters of disclosures."""

    agreement_id: AgreementId = None
    organisation_id: OrganisationId = None
    purpose: OfPurpose = None
    category: OfCategory = None
    person: OfPerson = None
    actor_id: Annotated[ActorId, Query(alias="reader_id")] = None
    since: Since = None
    until: Until = None


class OfDecisions(Filters):
    """Filters of decisions."""

    outcome: Annotated[Outcome | None, Query(description="Answered so.")] = None
    code: RefusalCode = None
    agreement_id: AgreementId = None
    organisation_id: OrganisationId = None
    purpose: OfPurpose = None
    person: OfPerson = None
    actor_id: Annotated[ActorId, Query(alias="asked_by")] = None
    since: Since = None
    until: Until = None


class OfAccesses(Filters):
    """Filters of the access log."""

    organisation_id: Annotated[UUID | None, Query(description="By people of this organisation.")] = None
    actor_id: ActorId = None
    act: ActName = None
    purpose: OfPurpose = None
    person: OfPerson = None
    since: Since = None
    until: Until = None


class OfOverrides(Filters):
    """Filters of overrides."""

    review: Annotated[ReviewState | None, Query(description="Where its review stands.")] = None
    organisation_id: Annotated[UUID | None, Query(description="Used by this organisation.")] = None
    since: Since = None
    until: Until = None


class OfOneOffs(Filters):
    """Filters of one-off disclosures."""

    organisation_id: Annotated[UUID | None, Query(description="Decided in this organisation.")] = None
    since: Since = None
    until: Until = None


class RegisterLine(Answer):
    """An agreement as the register shows it: in force, or as its newest version stands."""

    id: UUID
    reference: str
    title: str
    lead_entity_id: UUID
    lead_entity_name: str | None
    version: int
    state: str
    review_due: bool
    starts_on: date
    review_on: date
    ends_on: date
    party_ids: list[UUID]
    party_names: list[str]
    purposes: list[Purpose]
    categories: list[Category]


class AuditedDisclosure(Answer):
    """What was shown to whom, under which agreement and decision; people by pseudonym."""

    id: UUID
    decision_id: UUID
    request_id: UUID | None
    request_version: int | None
    case_id: UUID | None
    discloser_organisation_id: UUID
    discloser_organisation_name: str | None
    recipient_organisation_id: UUID
    recipient_organisation_name: str | None
    agreement_id: UUID | None
    agreement_reference: str | None
    agreement_version: int | None
    purpose: Purpose
    categories: list[Category]
    people: list[str]
    reader_id: str
    disclosed_at: datetime
    undelivered_at: datetime | None
    """When it failed on its way after it had been recorded: nothing was shown. Null for what was delivered."""
    undelivered_reason: NotDelivered | None


class AuditedDecision(Answer):
    """What was asked and answered; `GET /decisions/{id}` has every rule's sentence."""

    id: UUID
    discloser_organisation_id: UUID
    discloser_organisation_name: str | None
    recipient_organisation_id: UUID
    recipient_organisation_name: str | None
    agreement_id: UUID | None
    agreement_reference: str | None
    agreement_version: int | None
    basis: str | None
    purpose: Purpose
    outcome: Outcome
    asked: list[Category]
    refused_for: list[str]
    people: list[str]
    asked_by: str
    asker_organisation_id: UUID | None
    asker_organisation_name: str | None
    decided_at: datetime


class AuditedAccess(Answer):
    """One act of looking at or changing records, as the service that keeps them told it."""

    id: UUID
    service: str
    act: str
    actor_id: str
    organisation_id: UUID | None
    organisation_name: str | None
    purpose: str | None
    relation: str | None
    hits: int | None
    request_id: UUID | None
    family: str | None
    people: list[str]
    at: datetime


class AuditedOverride(Answer):
    """A safeguarding override and its review, without the reasons, which are about people."""

    id: UUID
    organisation_id: UUID
    organisation_name: str | None
    recipient_organisation_id: UUID
    recipient_organisation_name: str | None
    people: list[str]
    categories: list[Category]
    share: bool
    family_told: bool
    used_by: str
    used_at: datetime
    stands_until: datetime
    review_by: datetime
    overdue: bool
    decision_id: UUID
    restriction_confirmed_by: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    upheld: bool | None


class AuditedOneOff(Answer):
    """A disclosure decided once without an agreement, and on which ground."""

    id: UUID
    organisation_id: UUID
    organisation_name: str | None
    recipient_organisation_id: UUID
    recipient_organisation_name: str | None
    people: list[str]
    categories: list[Category]
    ground: str
    condition: str
    decided_by: str
    decided_at: datetime
    stands_until: datetime


@routes.get("/audit/agreements", operation_id="consent_audit_agreements", **_POLICY)
async def register(officer: OfficerDep, asked: Annotated[OfRegister, Query()]) -> Page[RegisterLine]:
    """The register of agreements, in the order of drafting: which are in force, due for review, ended, and for what."""
    found = partial(audit_lists.list_register, narrowed=Narrowed(**asked.said()))
    return await listing(officer, asked, "agreements_listed", found, RegisterLine.model_validate)


@routes.get("/audit/disclosures", operation_id="consent_audit_disclosures", **_POLICY)
async def disclosures(officer: OfficerDep, asked: Annotated[OfDisclosures, Query()]) -> Page[AuditedDisclosure]:
    """What was disclosed, newest first: by agreement, organisation, purpose, category, time and pseudonymous person."""
    found = partial(audit_lists.list_disclosures, narrowed=Narrowed(**asked.said()))
    return await listing(officer, asked, "disclosures_listed", found, AuditedDisclosure.model_validate)


@routes.get("/audit/decisions", operation_id="consent_audit_decisions", **_POLICY)
async def decisions(officer: OfficerDep, asked: Annotated[OfDecisions, Query()]) -> Page[AuditedDecision]:
    """What was decided, newest first, also what was refused and nothing shown."""
    found = partial(audit_lists.list_decisions, narrowed=Narrowed(**asked.said()))
    return await listing(officer, asked, "decisions_listed", found, AuditedDecision.model_validate)


@routes.get("/audit/accesses", operation_id="consent_audit_accesses", **_POLICY)
async def accesses(officer: OfficerDep, asked: Annotated[OfAccesses, Query()]) -> Page[AuditedAccess]:
    """Who looked at records, newest first; officers' own looks included."""
    found = partial(audit_lists.list_accesses, narrowed=Narrowed(**asked.said()))
    return await listing(officer, asked, "accesses_listed", found, AuditedAccess.model_validate)


@routes.get("/audit/overrides", operation_id="consent_audit_overrides", **_POLICY)
async def overrides(officer: OfficerDep, asked: Annotated[OfOverrides, Query()]) -> Page[AuditedOverride]:
    """Safeguarding overrides, oldest first: which await review, which are overdue, who reviewed and how soon."""
    found = partial(audit_lists.list_overrides, narrowed=Narrowed(**asked.said()))
    return await listing(officer, asked, "overrides_listed", found, AuditedOverride.model_validate)


@routes.get("/audit/one-offs", operation_id="consent_audit_one_offs", **_POLICY)
async def one_offs(officer: OfficerDep, asked: Annotated[OfOneOffs, Query()]) -> Page[AuditedOneOff]:
    """One-off disclosures, oldest first: a duty in law, vital interests, or an officer's recorded decision."""
    found = partial(audit_lists.list_one_offs, narrowed=Narrowed(**asked.said()))
    return await listing(officer, asked, "one_offs_listed", found, AuditedOneOff.model_validate)
