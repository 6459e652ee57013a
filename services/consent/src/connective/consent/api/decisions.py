"""`/decisions` and `/disclosures`: asking, and what officers read of what was answered and shared."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import AwareDatetime

from connective.consent.api.deps import Answer, PartsDep, no_store
from connective.consent.api.explained import AskDecisions, DecisionsExplained, PathOut
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.decide import decide_for_worker
from connective.consent.queries.disclosures import (
    Filters,
    list_disclosures,
    read_batch,
    read_decision,
    read_disclosure,
)
from connective.consent.queries.explain import explain_asked, explain_recorded
from connective.contracts.categories import Category, Purpose
from connective.contracts.permissions import Permission
from connective.contracts.sharing import NotDelivered, Outcome, RuleResult
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, Unavailable

routes = router(tags=["decisions and disclosures"])


class OfficerRefusal(Answer):
    """Why one category was refused; the person by pseudonym, or null where it was the same for everyone."""

    rule: int
    code: str
    category: Category
    person: str | None
    sentence: str
    remedy: str


class OfficerDecision(Answer):
    """A decision as officers read it: everything but who the people are."""

    id: UUID
    outcome: Outcome
    discloser_organisation_id: UUID
    recipient_organisation_id: UUID
    purpose: Purpose
    asked: list[Category]
    permitted: dict[str, list[Category]]
    refusals: list[OfficerRefusal]
    rules: list[RuleResult]
    warnings: list[str]
    agreement_id: UUID | None
    agreement_reference: str | None
    agreement_version: int | None
    basis: str | None
    consent_record_ids: list[UUID]
    asked_by: str
    decided_at: datetime


class DisclosureOut(Answer):
    """What was shown to whom, under which decision; people by pseudonym."""

    id: UUID
    decision_id: UUID
    outcome: Outcome
    request_id: UUID | None
    request_version: int | None
    case_id: UUID | None
    """Of a reading by a member of the team around the family, which is of no request."""
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


def _show(row: dict[str, Any]) -> OfficerDecision:
    answer = row["answer"]
    refusals = [
        OfficerRefusal(
            rule=r.rule, code=r.code, category=r.category, person=person, sentence=r.sentence, remedy=r.remedy
        )
        for r, person in row["refusals"]
    ]
    return OfficerDecision.model_validate(
        {
            **row,
            "asked": sorted(row["question"]["categories"]),
            "refusals": refusals,
            "rules": answer.rules,
            "warnings": answer.warnings,
            "agreement_reference": answer.agreement_reference,
            "basis": answer.basis,
            "consent_record_ids": answer.consent_record_ids,
        }
    )


@routes.post(
    "/decisions",
    status_code=201,
    operation_id="consent_ask_decisions",
    **operation(
        Permission.CONSENT_DECISION_ASK,
        relation="own_organisation",
        refuses=(KeyMissing, StillRunning, Unavailable),
    ),
)
async def ask(
    body: AskDecisions, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> DecisionsExplained:
    """May your organisation share this? One or many questions; each answer is recorded, and nothing is shared yet.

    A recipient asks the same about what it would send back to the organisation that sent it the people.
    """
    now = parts.clock()
    done = await decide_for_worker(parts.database, parts.families, actor, attempt, body.questions, now=now)
    show_done(response, done)
    no_store(response)
    async with parts.database.reading(actor) as connection:
        answered = await read_batch(connection, actor, done.resource_id)
        if not body.explain:
            return DecisionsExplained(items=list(answered.items), paths=None)
        paths = await explain_asked(connection, actor, body.questions, answered.items, now)
    return DecisionsExplained(items=list(answered.items), paths=[PathOut.model_validate(path) for path in paths])


@routes.get(
    "/decisions/{decision_id}/explain",
    operation_id="consent_explain_decision",
    **operation(Permission.CONSENT_DECISION_READ, relation="own_entity"),
)
async def explain_one(decision_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> PathOut:
    """The path of one decision: what each rule looked at, as it stands now, and what it concluded then."""
    no_store(response)
    now = parts.clock()
    async with looking(parts.database, actor, "decision_explained", now, {"decision_id": decision_id}) as look:
        return PathOut.model_validate(await explain_recorded(look.connection, actor, decision_id, now))


@routes.get(
    "/decisions/{decision_id}",
    operation_id="consent_read_decision",
    **operation(Permission.CONSENT_DECISION_READ, relation="own_entity"),
)
async def read(decision_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> OfficerDecision:
    """One decision that your legal entity was part of or audits."""
    no_store(response)
    async with looking(parts.database, actor, "decision_read", parts.clock(), {"decision_id": decision_id}) as look:
        return _show(await read_decision(look.connection, actor, decision_id))


@routes.get(
    "/disclosures",
    operation_id="consent_list_disclosures",
    **operation(Permission.CONSENT_DISCLOSURE_READ, relation="own_entity"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    agreement_id: Annotated[UUID | None, Query(description="Made under this agreement.")] = None,
    organisation_id: Annotated[UUID | None, Query(description="Made by or to this organisation.")] = None,
    purpose: Annotated[Purpose | None, Query()] = None,
    since: Annotated[AwareDatetime | None, Query(alias="from", description="Made at or after this instant.")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to", description="Made before this instant.")] = None,
    undelivered: Annotated[
        bool | None, Query(description="Only those that did not reach their reader; or, false, only those that did.")
    ] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[DisclosureOut]:
    """Disclosures that your legal entity made, received or audits, newest first."""
    filters = Filters(agreement_id, organisation_id, purpose and purpose.value, since, until, undelivered)
    before = parts.cursors.after(cursor)
    async with looking(
        parts.database,
        actor,
        "disclosures_listed",
        parts.clock(),
        {name: getattr(filters, name) for name in Filters.__slots__},
    ) as look:
        rows = await list_disclosures(look.connection, actor, filters, before, limit + 1)
    no_store(response)
    shown = [DisclosureOut.model_validate(row) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(
    "/disclosures/{disclosure_id}",
    operation_id="consent_read_disclosure",
    **operation(Permission.CONSENT_DISCLOSURE_READ, relation="own_entity"),
)
async def read_one_disclosure(
    disclosure_id: UUID, actor: ActorDep, parts: PartsDep, response: Response
) -> DisclosureOut:
    """One disclosure."""
    no_store(response)
    async with looking(
        parts.database, actor, "disclosure_read", parts.clock(), {"disclosure_id": disclosure_id}
    ) as look:
        return DisclosureOut.model_validate(await read_disclosure(look.connection, actor, disclosure_id))
