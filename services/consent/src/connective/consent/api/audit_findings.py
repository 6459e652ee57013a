"""`/audit/findings`: unusual access, each with its reason, and the officer's answer."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response

from connective.consent.api.audit_listing import Filters, OfficerDep, listing
from connective.consent.api.audit_words import ActorId
from connective.consent.api.deps import Answer, Body, PartsDep, no_store
from connective.consent.api.words import Reasons
from connective.consent.commands.answer_finding import answer_finding
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.refusals import NotNow, NotYours
from connective.consent.domain.audit_unusual import FindingKind, FindingState
from connective.consent.queries.audit_findings import Wanted, list_findings
from connective.consent.storage.audit_findings import load_finding
from connective.consent.storage.organisation_names import named
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import Page
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning

routes = router(tags=["audit"])
_POLICY = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")


class OfFindings(Filters):
    """Filters of findings."""

    kind: Annotated[FindingKind | None, Query(description="Unusual in this way.")] = None
    state: Annotated[FindingState | None, Query(description="Where it stands.")] = None
    organisation_id: Annotated[UUID | None, Query(description="About people of this organisation.")] = None
    actor_id: ActorId = None


class AnswerFinding(Body):
    """What came of asking: a good reason, or passed on to be looked into. Write no name of a family."""

    state: Literal[FindingState.EXPLAINED, FindingState.REFERRED]
    note: Reasons


class UnusualAccessOut(Answer):
    """A question about somebody's reading, with the figures it rests on."""

    id: UUID
    kind: FindingKind
    actor_id: str
    organisation_id: UUID
    organisation_name: str | None
    on_day: date
    sentence: str
    facts: dict[str, float]
    found_at: datetime
    state: FindingState
    reviewed_by: str | None
    reviewed_at: datetime | None
    review_note: str


@routes.get("/audit/findings", operation_id="consent_list_audit_findings", **_POLICY)
async def list_all(officer: OfficerDep, asked: Annotated[OfFindings, Query()]) -> Page[UnusualAccessOut]:
    """Unusual access, newest first: own record, no relationship, volume against colleagues, out of hours."""
    found = partial(list_findings, wanted=Wanted(**asked.said()))
    return await listing(officer, asked, "findings_listed", found, UnusualAccessOut.model_validate)


async def _answer(finding_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> UnusualAccessOut:
    async with looking(parts.database, actor, "finding_read", parts.clock(), {"finding_id": finding_id}) as look:
        row = await named(look.connection, await load_finding(look, finding_id))
    no_store(response)
    return UnusualAccessOut.model_validate(row)


@routes.get("/audit/findings/{finding_id}", operation_id="consent_read_audit_finding", **_POLICY)
async def read(finding_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> UnusualAccessOut:
    """One finding."""
    return await _answer(finding_id, actor, parts, response)


@routes.post(
    "/audit/findings/{finding_id}/answer",
    operation_id="consent_answer_audit_finding",
    **operation(
        Permission.CONSENT_AUDIT_WRITE, relation="own_entity", refuses=(KeyMissing, StillRunning, NotNow, NotYours)
    ),
)
async def answer(
    *,
    finding_id: UUID,
    body: AnswerFinding,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> UnusualAccessOut:
    """Answer a finding, as somebody other than the person it is about."""
    done = await answer_finding(
        parts.database, actor, attempt, finding_id, state=body.state, words=body.note, now=parts.clock()
    )
    show_done(response, done)
    return await _answer(finding_id, actor, parts, response)
