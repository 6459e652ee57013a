"""`/agreements`: what partners have agreed to share; drafting, reviewing and signing it."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from connective.consent.api.agreement_answers import (
    AgreementOut,
    VersionOut,
    show_agreement,
    show_view,
)
from connective.consent.api.audit_words import OfCategory, OfPurpose
from connective.consent.api.deps import Body, PartsDep, show_version
from connective.consent.api.terms import AgreementTerms
from connective.consent.api.words import Reference
from connective.consent.commands.draft_agreement import ReferenceTaken, draft_agreement
from connective.consent.commands.draft_next_version import draft_next_version
from connective.consent.commands.edit_terms import edit_terms
from connective.consent.commands.refusals import NotNow, NotYours
from connective.consent.domain.agreement import State
from connective.consent.domain.days import day_of
from connective.consent.queries.agreements import Filters, list_agreements, read_agreement, read_version
from connective.consent.queries.standings import Standing
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, MatchRequired, Stale, StillRunning

routes = router(tags=["agreements"])
VersionNumber = Annotated[int, Path(ge=1, le=9999, description="The version of the agreement.")]
_ACTING = (KeyMissing, StillRunning, NotNow, NotYours)


class DraftAgreement(Body):
    """A new agreement with the terms of its first draft."""

    reference: Reference
    terms: AgreementTerms


async def answer_version(
    agreement_id: UUID, number: int, actor: ActorDep, parts: PartsDep, response: Response
) -> VersionOut:
    """One version as every route of it answers."""
    async with parts.database.reading(actor) as connection:
        view = await read_version(connection, actor, agreement_id, number, day_of(parts.clock()))
    show_version(response, view.version.revision)
    return show_view(view)


async def _answer(agreement_id: UUID, actor: ActorDep, parts: PartsDep) -> AgreementOut:
    async with parts.database.reading(actor) as connection:
        return show_agreement(await read_agreement(connection, actor, agreement_id))


@routes.post(
    "/agreements",
    status_code=201,
    operation_id="consent_draft_agreement",
    **operation(Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=(*_ACTING, ReferenceTaken)),
)
async def draft(
    body: DraftAgreement, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> AgreementOut:
    """Draft an agreement, led by your legal entity. Nothing is shared under it until every party has signed."""
    terms = body.terms.to_domain()
    done = await draft_agreement(
        parts.database, actor, attempt, reference=body.reference, terms=terms, now=parts.clock()
    )
    show_done(response, done)
    response.headers["Location"] = f"/agreements/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts)


@routes.get(
    "/agreements",
    operation_id="consent_list_agreements",
    **operation(Permission.CONSENT_AGREEMENT_READ, relation="own_entity"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    state: Annotated[State | None, Query(description="Agreements with a version in this state.")] = None,
    legal_entity_id: Annotated[UUID | None, Query(description="Agreements that name this legal entity.")] = None,
    memorandum_id: Annotated[UUID | None, Query(description="Agreements that serve this memorandum.")] = None,
    reference: Annotated[str | None, Query(max_length=60)] = None,
    standing: Annotated[Standing | None, Query(description="Agreements that stand so.")] = None,
    purpose: OfPurpose = None,
    category: OfCategory = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AgreementOut]:
    """Agreements that your legal entity leads, is party to, or audits."""
    filters = Filters(state and state.value, legal_entity_id, reference, memorandum_id, standing, purpose, category)
    after, today = parts.cursors.after(cursor), day_of(parts.clock())
    async with parts.database.reading(actor) as connection:
        found = await list_agreements(connection, actor, filters, after, limit + 1, today=today)
    shown = [show_agreement(line) for line in found]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(
    "/agreements/{agreement_id}",
    operation_id="consent_read_agreement",
    **operation(Permission.CONSENT_AGREEMENT_READ, relation="own_entity"),
)
async def read(agreement_id: UUID, actor: ActorDep, parts: PartsDep) -> AgreementOut:
    """One agreement with its versions."""
    return await _answer(agreement_id, actor, parts)


@routes.post(
    "/agreements/{agreement_id}/versions",
    status_code=201,
    operation_id="consent_draft_agreement_version",
    **operation(Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=_ACTING),
)
async def draft_next(
    agreement_id: UUID, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> VersionOut:
    """Draft the next version from the terms of the latest; what is in force stays so until the new one is signed."""
    done = await draft_next_version(parts.database, actor, attempt, agreement_id, parts.clock())
    show_done(response, done)
    number = (await _answer(agreement_id, actor, parts)).latest_version
    response.headers["Location"] = f"/agreements/{agreement_id}/versions/{number}"
    return await answer_version(agreement_id, number, actor, parts, response)


@routes.get(
    "/agreements/{agreement_id}/versions/{number}",
    operation_id="consent_read_agreement_version",
    **operation(Permission.CONSENT_AGREEMENT_READ, relation="own_entity"),
)
async def read_one_version(
    agreement_id: UUID, number: VersionNumber, actor: ActorDep, parts: PartsDep, response: Response
) -> VersionOut:
    """One version: its terms, its text, who has reviewed and signed it, and what an officer would say of it."""
    return await answer_version(agreement_id, number, actor, parts, response)


@routes.put(
    "/agreements/{agreement_id}/versions/{number}",
    operation_id="consent_edit_agreement_terms",
    **operation(
        Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=(NotNow, NotYours, Stale, MatchRequired)
    ),
)
async def edit(
    *,
    agreement_id: UUID,
    number: VersionNumber,
    body: AgreementTerms,
    actor: ActorDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> VersionOut:
    """Replace the terms of a draft. Once it has left draft its text is frozen: draft the next version instead."""
    terms, now = body.to_domain(), parts.clock()
    await edit_terms(parts.database, actor, agreement_id, number, revision=version, terms=terms, now=now)
    return await answer_version(agreement_id, number, actor, parts, response)
