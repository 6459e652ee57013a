"""`/consents/differences` and `/consents/rulings`: where people who may decide for a child differ, and who rules."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from connective.consent.api.consent_bodies import ScopeBody, ScopeOut
from connective.consent.api.deps import Answer, Body, PartsDep, no_store
from connective.consent.api.words import Reasons
from connective.consent.commands.record_ruling import Decided, record_ruling
from connective.consent.commands.recorded_reading import recorded_reading
from connective.consent.domain.consent import ConsentState, Kind
from connective.consent.queries.differences import list_differences, people_who_differ
from connective.consent.queries.statements import list_rulings, read_ruling
from connective.consent.storage.works import DECIDING
from connective.contracts.authority import Authority
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, Unavailable

routes = router(tags=["consents"])
_ACTING = (KeyMissing, StillRunning, Unavailable)


class RuleBody(Body):
    """A practice lead's decision where people who may decide differ."""

    family_id: UUID | None = None
    person_id: UUID
    kind: Kind
    share: bool
    scope: ScopeBody = ScopeBody()
    reasons: Reasons


class RulingOut(Answer):
    """A practice lead's decision."""

    id: UUID
    person_id: UUID
    kind: Kind
    share: bool
    scope: ScopeOut
    reasons: str
    decided_by: str
    decided_at: datetime


class OtherYes(Answer):
    """Another holder's yes that the no stands against."""

    consent_id: UUID
    given_by: UUID
    authority: Authority
    said_at: datetime
    organisation_id: UUID


class DifferAbout(Answer):
    """A child about whom they differ. `own`: the no is the child's own, who may decide."""

    person_id: UUID
    authority: Authority
    own: bool
    others: list[OtherYes]


class DifferenceOut(Answer):
    """A no that stands against another's yes: nothing closes by itself, and neither is told what the other said."""

    consent_id: UUID
    kind: Kind
    state: ConsentState
    refused_by: UUID
    organisation_id: UUID
    said_at: datetime
    scope: ScopeOut
    people: list[DifferAbout]


def _difference(row: dict[str, Any]) -> DifferenceOut:
    return DifferenceOut.model_validate({**row, "consent_id": row["id"], "refused_by": row["giver_id"], "scope": row})


def _ruling(row: dict[str, Any]) -> RulingOut:
    return RulingOut.model_validate({**row, "scope": row})


@routes.get(
    "/consents/differences",
    operation_id="consent_list_differences",
    **operation(Permission.CONSENT_RULING_DECIDE, relation="own_organisation"),
)
async def differences(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[DifferenceOut]:
    """What waits for the practice lead: each no about a child that stands against another's yes, oldest first.

    The reading is entered in the ledger: one of the two may have been recorded by another organisation.
    """
    after = parts.cursors.after(cursor)
    now = parts.clock()
    async with recorded_reading(parts.database, actor, "differences.listed", now, work=DECIDING) as reading:
        rows = await list_differences(reading.connection, actor, now, after, limit + 1)
        reading.people = {person for row in rows[:limit] for person in people_who_differ(row)}
        reading.hits = len(rows[:limit])
    no_store(response)
    shown = [_difference(row) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit, at=lambda d: d.consent_id)


@routes.post(
    "/consents/rulings",
    status_code=201,
    operation_id="consent_record_ruling",
    **operation(Permission.CONSENT_RULING_DECIDE, relation="own_organisation", refuses=_ACTING),
)
async def rule(body: RuleBody, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> RulingOut:
    """Decide, as practice lead, where people who may decide for a person differ; in the child's interest."""
    decided = Decided(body.family_id, body.person_id, body.kind, body.share, body.scope.to_domain(), body.reasons)
    done = await record_ruling(parts.database, parts.families, actor, attempt, decided, now=parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/consents/rulings/{done.resource_id}"
    return await read_one_ruling(done.resource_id, actor, parts, response)


@routes.get(
    "/consents/rulings",
    operation_id="consent_list_rulings",
    **operation(Permission.CONSENT_CONSENT_READ, relation="own_organisation"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    person_id: Annotated[UUID | None, Query(description="Whom the rulings are about.")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[RulingOut]:
    """Rulings of your organisation's practice leads, oldest first."""
    after = parts.cursors.after(cursor)
    async with recorded_reading(parts.database, actor, "rulings.listed", parts.clock()) as reading:
        rows = await list_rulings(reading.connection, actor, person_id, after, limit + 1)
        reading.people = {row["person_id"] for row in rows[:limit]}
        reading.hits = len(rows[:limit])
    no_store(response)
    shown = [_ruling(row) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(
    "/consents/rulings/{ruling_id}",
    operation_id="consent_read_ruling",
    **operation(Permission.CONSENT_CONSENT_READ, relation="own_organisation"),
)
async def read_one_ruling(ruling_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> RulingOut:
    """One ruling of your organisation; the reading is entered in the ledger."""
    async with recorded_reading(
        parts.database, actor, "ruling.read", parts.clock(), {"ruling_id": ruling_id}
    ) as reading:
        row = await read_ruling(reading.connection, actor, ruling_id)
        reading.people = {row["person_id"]}
    no_store(response)
    return _ruling(row)
