"""Routes over cases: open one, list and read them, bring an organisation into the team around the family."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.families.api.answers import Answered
from connective.families.api.deps import Parts, PartsDep
from connective.families.api.problems import AlreadyEnded, AlreadyOnTeam
from connective.families.api.schemas import CaseIn, TeamIn
from connective.families.commands.join_team import join_team
from connective.families.commands.list_cases import list_cases
from connective.families.commands.open_case import open_case
from connective.families.commands.read_case import read_case
from connective.families.domain.cases import Case, CaseAction, CaseState, ClosingReason
from connective.families.storage.case_list import CaseFilter, ListedCase
from connective.families.storage.seeing import Standing
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.etags import etag
from connective.kit.ids import new_id
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation

routes = router(prefix="/cases", tags=["cases"])


class TeamMemberOut(Answered):
    """An organisation on the team."""

    organisation_id: UUID
    since: date | None
    until: date | None


class CaseOut(Answered):
    """An episode of early help."""

    id: UUID
    version: int
    family_id: UUID
    state: CaseState
    lead_practitioner_id: str
    opened_on: date
    closed_on: date | None
    review_on: date | None
    review_overdue: bool
    closing_proposed: bool
    closing_reason: ClosingReason | None
    allowed_actions: list[CaseAction]
    team: list[TeamMemberOut]
    processing_restricted: list[UUID]
    """Whom the work leaves out for now: their data are stored and not used, at their request (Article 18)."""
    safeguarding_notice: str


@routes.post(
    "",
    status_code=201,
    operation_id="families_open_case",
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation="own_organisation"),
)
async def open_one(body: CaseIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> CaseOut:
    """Open a case for a family; you lead it unless you name another account."""
    lead = str(body.lead_practitioner_id or actor.id)
    new = Case(new_id(), body.family_id, CaseState.OPEN, lead, parts.today)
    done = await open_case(parts.means, actor, attempt, new, parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/cases/{done.resource_id}"
    return await show_case(parts, actor, done.resource_id, response)


class CaseListed(Answered):
    """A case in a list."""

    id: UUID
    version: int
    family_id: UUID
    family_name: str | None
    """None while everybody in the family is stored only (Article 18): the case rests."""
    state: CaseState
    lead_practitioner_id: str
    opened_on: date
    closed_on: date | None
    review_on: date | None
    review_overdue: bool
    closing_proposed: bool


@routes.get(
    "",
    operation_id="families_list_cases",
    **operation(Permission.FAMILIES_FAMILY_READ, relation="own_organisation"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
    states: Annotated[list[CaseState] | None, Query(alias="state", description="One or more; all without.")] = None,
    lead_practitioner_id: Annotated[
        str | None, Query(max_length=80, description="The account that leads; `me` for your own.")
    ] = None,
    review_overdue: Annotated[bool | None, Query(description="Whether its review should have been.")] = None,
    review_before: Annotated[date | None, Query(description="With a review due before this day.")] = None,
    family_id: Annotated[UUID | None, Query(description="Of one family alone.")] = None,
) -> Page[CaseListed]:
    """The cases of your organisation: the next review first, those without one last. A worker's tasks, due and overdue.

    It names no person of the family, and the reading is logged.
    """
    lead = actor.id if lead_practitioner_id == "me" else lead_practitioner_id
    wanted = CaseFilter(parts.today, frozenset(states or ()), review_overdue, review_before, lead, family_id)
    after = parts.cursors.read(cursor, date.fromisoformat, UUID)
    found = await list_cases(
        parts.means, actor, wanted, after=after and (after[0], after[1]), limit=limit, now=parts.clock()
    )
    response.headers["Cache-Control"] = "no-store"
    show = partial(_listed, parts.today)
    return page_of(request, response, parts.cursors, found, limit=limit, show=show, at=lambda one: one.position)


def _listed(today: date, listed: ListedCase) -> CaseListed:
    case = listed.case
    return CaseListed(
        id=case.id,
        version=case.version,
        family_id=case.family_id,
        family_name=listed.family_name,
        state=case.state,
        lead_practitioner_id=case.lead_practitioner,
        opened_on=case.opened_on,
        closed_on=case.closed_on,
        review_on=case.review_on,
        review_overdue=case.overdue_on(today),
        closing_proposed=case.closing_asked_by is not None,
    )


@routes.get(
    "/{case_id}",
    operation_id="families_read_case",
    **operation(Permission.FAMILIES_FAMILY_READ, relation="own_organisation_or_team"),
)
async def read(case_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> CaseOut:
    """A case. A member of the team sees of the team only themselves."""
    return await show_case(parts, actor, case_id, response)


@routes.post(
    "/{case_id}/team",
    status_code=201,
    operation_id="families_join_team",
    **operation(Permission.FAMILIES_FAMILY_WRITE, relation="own_organisation", refuses=(AlreadyOnTeam, AlreadyEnded)),
)
async def join(
    case_id: UUID, *, body: TeamIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> CaseOut:
    """Bring an organisation into the team around the family. It is not permission to see: each read is decided."""
    done = await join_team(parts.means, actor, attempt, case_id, body.organisation_id, now=parts.clock())
    show_done(response, done)
    return await show_case(parts, actor, case_id, response)


def _not_theirs(actor: Actor) -> frozenset[CaseAction]:
    return frozenset() if actor.may(Permission.FAMILIES_CASE_CLOSE) else frozenset({CaseAction.CLOSE})


async def show_case(parts: Parts, actor: Actor, case_id: UUID, response: Response) -> CaseOut:
    """The normal read, with its entity tag."""
    read = await read_case(parts.means, actor, case_id, parts.clock())
    case, team, own = read.case, read.team, read.standing is Standing.KEEPER
    response.headers["ETag"] = etag(case.version)
    response.headers["Cache-Control"] = "no-store"
    return CaseOut(
        id=case.id,
        version=case.version,
        family_id=case.family_id,
        state=case.state,
        lead_practitioner_id=case.lead_practitioner,
        opened_on=case.opened_on,
        closed_on=case.closed_on,
        review_on=case.review_on if own else None,
        review_overdue=own and case.overdue_on(parts.today),
        closing_proposed=own and case.closing_asked_by is not None,
        closing_reason=case.closing_reason if own else None,
        allowed_actions=sorted(case.legal - _not_theirs(actor)) if own else [],
        team=[
            TeamMemberOut(organisation_id=m.organisation_id, since=m.period.since, until=m.period.until) for m in team
        ],
        processing_restricted=list(read.stored_only),
        safeguarding_notice=parts.notice(actor),
    )
