"""`/audit/consents` and `/audit/notices`: what families said and were told, for officers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from connective.consent.api.audit import said
from connective.consent.api.audit_words import PAGED, PERIOD, Since, Until
from connective.consent.api.deps import Answer, PartsDep, no_store, page, position
from connective.consent.commands.audit_reading import looking
from connective.consent.queries.audit_lists import Narrowed
from connective.consent.queries.audit_said import list_consents, list_notices
from connective.contracts.categories import Category, Purpose
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.pages import CursorQuery, LimitQuery, Page, refuse_unknown_parameters
from connective.kit.policy import operation

routes = router(tags=["audit"])
_POLICY = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")
_KNOWN = PAGED | PERIOD | {"organisation_id"}
RecordedBy = Annotated[UUID | None, Query(description="Recorded by this organisation.")]


class AuditedConsent(Answer):
    """A yes, a no or a withdrawal: by whose authority, how, and whether evidence is kept; never the words."""

    id: UUID
    organisation_id: UUID
    kind: str
    state: str
    people: list[str]
    authorities: list[str]
    how: str
    recipient_organisation_ids: list[UUID]
    purposes: list[Purpose]
    categories: list[Category]
    notice_reference: str
    evidence_kept: bool
    recorded_by: str
    said_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None


class AuditedNotice(Answer):
    """That people were told: with which notice, how, in which language."""

    id: UUID
    organisation_id: UUID
    people: list[str]
    how: str
    language: str
    document_reference: str
    purposes: list[Purpose]
    told_on: date
    recorded_by: str


@routes.get("/audit/consents", operation_id="consent_audit_consents", **_POLICY)
async def consents(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    organisation_id: RecordedBy = None,
    since: Since = None,
    until: Until = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AuditedConsent]:
    """What families said, oldest first: who, with which authority, how given, how withdrawn."""
    refuse_unknown_parameters(request, _KNOWN)
    narrowed = Narrowed(organisation_id=organisation_id, since=since, until=until)
    after = position(parts.cursors, cursor)
    async with looking(parts.database, actor, "consents_listed", parts.clock(), said(narrowed)) as look:
        rows = await list_consents(look, narrowed, after, limit + 1)
        look.hits = len(rows[:limit])
    no_store(response)
    shown = [AuditedConsent.model_validate(row) for row in rows]
    return page(request, response, parts.cursors, shown, limit=limit, last=lambda r: r.id)


@routes.get("/audit/notices", operation_id="consent_audit_notices", **_POLICY)
async def notices(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    organisation_id: RecordedBy = None,
    since: Since = None,
    until: Until = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AuditedNotice]:
    """Who was told, with which notice, in which language, oldest first."""
    refuse_unknown_parameters(request, _KNOWN)
    narrowed = Narrowed(organisation_id=organisation_id, since=since, until=until)
    after = position(parts.cursors, cursor)
    async with looking(parts.database, actor, "notices_listed", parts.clock(), said(narrowed)) as look:
        rows = await list_notices(look, narrowed, after, limit + 1)
        look.hits = len(rows[:limit])
    no_store(response)
    shown = [AuditedNotice.model_validate(row) for row in rows]
    return page(request, response, parts.cursors, shown, limit=limit, last=lambda r: r.id)
