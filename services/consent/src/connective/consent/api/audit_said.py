"""`/audit/consents` and `/audit/notices`: what families said and were told, for officers."""

from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query

from connective.consent.api.audit_listing import Filters, OfficerDep, listing
from connective.consent.api.audit_words import Since, Until
from connective.consent.api.deps import Answer
from connective.consent.queries.audit_lists import Narrowed
from connective.consent.queries.audit_said import list_consents, list_notices
from connective.contracts.categories import Category, Purpose
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.pages import Page
from connective.kit.policy import operation

routes = router(tags=["audit"])
_POLICY = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")


class OfSaid(Filters):
    """Filters of what was said and told."""

    organisation_id: Annotated[UUID | None, Query(description="Recorded by this organisation.")] = None
    since: Since = None
    until: Until = None


class AuditedConsent(Answer):
    """A yes, a no or a withdrawal: by whose authority, how, and whether evidence is kept; never the words."""

    id: UUID
    organisation_id: UUID
    organisation_name: str | None
    kind: str
    state: str
    people: list[str]
    authorities: list[str]
    how: str
    recipient_organisation_ids: list[UUID]
    recipient_organisation_names: list[str]
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
    organisation_name: str | None
    people: list[str]
    how: str
    language: str
    document_reference: str
    purposes: list[Purpose]
    told_on: date
    recorded_by: str


@routes.get("/audit/consents", operation_id="consent_audit_consents", **_POLICY)
async def consents(officer: OfficerDep, asked: Annotated[OfSaid, Query()]) -> Page[AuditedConsent]:
    """What families said, oldest first: who, with which authority, how given, how withdrawn."""
    found = partial(list_consents, narrowed=Narrowed(**asked.said()))
    return await listing(officer, asked, "consents_listed", found, AuditedConsent.model_validate)


@routes.get("/audit/notices", operation_id="consent_audit_notices", **_POLICY)
async def notices(officer: OfficerDep, asked: Annotated[OfSaid, Query()]) -> Page[AuditedNotice]:
    """Who was told, with which notice, in which language, oldest first."""
    found = partial(list_notices, narrowed=Narrowed(**asked.said()))
    return await listing(officer, asked, "notices_listed", found, AuditedNotice.model_validate)
