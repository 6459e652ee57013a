"""`/audit`: an officer's lists. Each look is an entry of the ledger, made in the transaction that reads."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from connective.consent.api.audit_words import (
    PAGED,
    PERIOD,
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
from connective.consent.api.deps import Answer, PartsDep, no_store, page, position
from connective.consent.commands.audit_reading import looking
from connective.consent.domain.days import day_of
from connective.consent.queries import audit_lists
from connective.consent.queries.audit_lists import Narrowed, ReviewState, Standing
from connective.contracts.categories import Category, Purpose
from connective.contracts.permissions import Permission
from connective.contracts.sharing import NotDelivered, Outcome
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.pages import CursorQuery, LimitQuery, Page, refuse_unknown_parameters
from connective.kit.policy import operation

routes = router(tags=["audit"])
_POLICY = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")


class RegisterLine(Answer):
    """An agreement as the register shows it: in force, or as its newest version stands."""

    id: UUID
    reference: str
    title: str
    lead_entity_id: UUID
    version: int
    state: str
    review_due: bool
    starts_on: date
    review_on: date
    ends_on: date
    party_ids: list[UUID]
    purposes: list[Purpose]
    categories: list[Category]


class AuditedDisclosure(Answer):
    """What was shown to whom, under which agreement and decision; people by pseudonym."""

    id: UUID
    decision_id: UUID
    request_id: UUID
    request_version: int
    discloser_organisation_id: UUID
    recipient_organisation_id: UUID
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
    recipient_organisation_id: UUID
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
    decided_at: datetime


class AuditedAccess(Answer):
    """One act of looking at or changing records, as the service that keeps them told it."""

    id: UUID
    service: str
    act: str
    actor_id: str
    organisation_id: UUID | None
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
    recipient_organisation_id: UUID
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
    recipient_organisation_id: UUID
    people: list[str]
    categories: list[Category]
    ground: str
    condition: str
    decided_by: str
    decided_at: datetime
    stands_until: datetime


def said(narrowed: Narrowed) -> Mapping[str, Any]:
    """The filters as the ledger's entry of the look holds them."""
    return {name: getattr(narrowed, name) for name in Narrowed.__slots__}


@routes.get("/audit/agreements", operation_id="consent_audit_agreements", **_POLICY)
async def register(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    standing: Annotated[Standing | None, Query(description="How the agreement stands.")] = None,
    legal_entity_id: EntityId = None,
    purpose: OfPurpose = None,
    category: OfCategory = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[RegisterLine]:
    """The register of agreements, in the order of drafting: which are in force, due for review, ended, and for what."""
    refuse_unknown_parameters(request, PAGED | {"standing", "legal_entity_id", "purpose", "category"})
    narrowed = Narrowed(standing=standing, legal_entity_id=legal_entity_id, purpose=purpose, category=category)
    after, now = position(parts.cursors, cursor), parts.clock()
    async with looking(parts.database, actor, "agreements_listed", now, said(narrowed)) as look:
        rows = await audit_lists.list_register(look, narrowed, day_of(now), after, limit + 1)
        look.hits = len(rows[:limit])
    shown = [RegisterLine.model_validate(row) for row in rows]
    return page(request, response, parts.cursors, shown, limit=limit, last=lambda r: r.id)


@routes.get("/audit/disclosures", operation_id="consent_audit_disclosures", **_POLICY)
async def disclosures(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    agreement_id: AgreementId = None,
    organisation_id: OrganisationId = None,
    purpose: OfPurpose = None,
    category: OfCategory = None,
    person: OfPerson = None,
    reader_id: ActorId = None,
    since: Since = None,
    until: Until = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AuditedDisclosure]:
    """What was disclosed, newest first: by agreement, organisation, purpose, category, time and pseudonymous person."""
    known = PAGED | PERIOD | {"agreement_id", "organisation_id", "purpose", "category", "person", "reader_id"}
    refuse_unknown_parameters(request, known)
    narrowed = Narrowed(
        agreement_id=agreement_id,
        organisation_id=organisation_id,
        purpose=purpose,
        category=category,
        person=person,
        actor_id=reader_id,
        since=since,
        until=until,
    )
    before = position(parts.cursors, cursor)
    async with looking(parts.database, actor, "disclosures_listed", parts.clock(), said(narrowed)) as look:
        rows = await audit_lists.list_disclosures(look, narrowed, before, limit + 1)
        look.hits = len(rows[:limit])
    no_store(response)
    shown = [AuditedDisclosure.model_validate(row) for row in rows]
    return page(request, response, parts.cursors, shown, limit=limit, last=lambda r: r.id)


@routes.get("/audit/decisions", operation_id="consent_audit_decisions", **_POLICY)
async def decisions(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    outcome: Annotated[Outcome | None, Query(description="Answered so.")] = None,
    code: RefusalCode = None,
    agreement_id: AgreementId = None,
    organisation_id: OrganisationId = None,
    purpose: OfPurpose = None,
    person: OfPerson = None,
    asked_by: ActorId = None,
    since: Since = None,
    until: Until = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AuditedDecision]:
    """What was decided, newest first, also what was refused and nothing shown."""
    known = PAGED | PERIOD | {"outcome", "code", "agreement_id", "organisation_id", "purpose", "person", "asked_by"}
    refuse_unknown_parameters(request, known)
    narrowed = Narrowed(
        agreement_id=agreement_id,
        organisation_id=organisation_id,
        purpose=purpose,
        person=person,
        actor_id=asked_by,
        since=since,
        until=until,
        outcome=outcome,
        code=code,
    )
    before = position(parts.cursors, cursor)
    async with looking(parts.database, actor, "decisions_listed", parts.clock(), said(narrowed)) as look:
        rows = await audit_lists.list_decisions(look, narrowed, before, limit + 1)
        look.hits = len(rows[:limit])
    no_store(response)
    shown = [AuditedDecision.model_validate(row) for row in rows]
    return page(request, response, parts.cursors, shown, limit=limit, last=lambda r: r.id)


@routes.get("/audit/accesses", operation_id="consent_audit_accesses", **_POLICY)
async def accesses(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    organisation_id: Annotated[UUID | None, Query(description="By people of this organisation.")] = None,
    actor_id: ActorId = None,
    act: ActName = None,
    purpose: OfPurpose = None,
    person: OfPerson = None,
    since: Since = None,
    until: Until = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AuditedAccess]:
    """Who looked at records, newest first; officers' own looks included."""
    refuse_unknown_parameters(request, PAGED | PERIOD | {"organisation_id", "actor_id", "act", "purpose", "person"})
    narrowed = Narrowed(
        organisation_id=organisation_id,
        actor_id=actor_id,
        act=act,
        purpose=purpose,
        person=person,
        since=since,
        until=until,
    )
    before = position(parts.cursors, cursor)
    async with looking(parts.database, actor, "accesses_listed", parts.clock(), said(narrowed)) as look:
        rows = await audit_lists.list_accesses(look, narrowed, before, limit + 1)
        look.hits = len(rows[:limit])
    no_store(response)
    shown = [AuditedAccess.model_validate(row) for row in rows]
    return page(request, response, parts.cursors, shown, limit=limit, last=lambda r: r.id)


@routes.get("/audit/overrides", operation_id="consent_audit_overrides", **_POLICY)
async def overrides(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    review: Annotated[ReviewState | None, Query(description="Where its review stands.")] = None,
    organisation_id: Annotated[UUID | None, Query(description="Used by this organisation.")] = None,
    since: Since = None,
    until: Until = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AuditedOverride]:
    """Safeguarding overrides, oldest first: which await review, which are overdue, who reviewed and how soon."""
    refuse_unknown_parameters(request, PAGED | PERIOD | {"review", "organisation_id"})
    narrowed = Narrowed(organisation_id=organisation_id, since=since, until=until)
    after, now = position(parts.cursors, cursor), parts.clock()
    async with looking(parts.database, actor, "overrides_listed", now, {**said(narrowed), "review": review}) as look:
        rows = await audit_lists.list_overrides(look, narrowed, review, now=now, after=after, limit=limit + 1)
        look.hits = len(rows[:limit])
    no_store(response)
    shown = [AuditedOverride.model_validate(row) for row in rows]
    return page(request, response, parts.cursors, shown, limit=limit, last=lambda r: r.id)


@routes.get("/audit/one-offs", operation_id="consent_audit_one_offs", **_POLICY)
async def one_offs(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    organisation_id: Annotated[UUID | None, Query(description="Decided in this organisation.")] = None,
    since: Since = None,
    until: Until = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AuditedOneOff]:
    """One-off disclosures, oldest first: a duty in law, vital interests, or an officer's recorded decision."""
    refuse_unknown_parameters(request, PAGED | PERIOD | {"organisation_id"})
    narrowed = Narrowed(organisation_id=organisation_id, since=since, until=until)
    after = position(parts.cursors, cursor)
    async with looking(parts.database, actor, "one_offs_listed", parts.clock(), said(narrowed)) as look:
        rows = await audit_lists.list_one_offs(look, narrowed, after, limit + 1)
        look.hits = len(rows[:limit])
    no_store(response)
    shown = [AuditedOneOff.model_validate(row) for row in rows]
    return page(request, response, parts.cursors, shown, limit=limit, last=lambda r: r.id)
