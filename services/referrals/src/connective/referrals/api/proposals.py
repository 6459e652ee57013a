"""What waits for the referrer's word: a proposal to send the family elsewhere, and a request held in silence."""

from datetime import datetime
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import Invalid, KeyMissing, MatchRequired, Stale, StillRunning, Unavailable
from connective.referrals.api.actions import ActingDep, show_status
from connective.referrals.api.answers import StatusOut
from connective.referrals.api.bodies import Body
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.commands.carry_on import carry_on
from connective.referrals.commands.propose_redirect import (
    Proposing,
    propose_redirect,
    read_proposals,
    refuse_redirect,
)
from connective.referrals.commands.refusals import IllegalAction, InvalidDetails, NotAReportingRoute
from connective.referrals.domain.proposals import ProposalReason

routes = router(tags=["requests"])
_REFUSES = (KeyMissing, IllegalAction, StillRunning, Stale, Invalid, MatchRequired)


class ProposalIn(Body):
    """Which service would be better, and why in a code."""

    service_id: UUID
    reason: ProposalReason


class ProposalOut(BaseModel):
    """One proposal: `open` while it waits for the referrer, then `refused`, `superseded`, or `closed`."""

    id: UUID
    at: datetime
    service_id: UUID
    reason: ProposalReason
    state: str


@routes.post(
    "/requests/{request_id}/propose-redirect",
    operation_id="referrals_propose_redirect",
    response_model=StatusOut,
    **operation(
        Permission.REFERRALS_REQUEST_WORK,
        relation="recipient",
        refuses=(*_REFUSES, InvalidDetails, NotAReportingRoute, Unavailable),
    ),
)
async def propose(request_id: UUID, body: ProposalIn, acting: ActingDep, response: Response) -> StatusOut:
    """Propose another service; the request stays yours until the referrer decides."""
    asked = Proposing(request_id, acting.version, body.service_id, body.reason)
    done = await propose_redirect(acting.parts.room, acting.actor, acting.attempt, asked)
    return await show_status(acting.parts, acting.actor, done, response)


@routes.post(
    "/requests/{request_id}/refuse-redirect",
    operation_id="referrals_refuse_redirect",
    response_model=StatusOut,
    **operation(Permission.REFERRALS_REFERRAL_WRITE, relation="own_organisation", refuses=_REFUSES),
)
async def refuse(request_id: UUID, acting: ActingDep, response: Response) -> StatusOut:
    """Keep the request where it is; `redirect` would say yes."""
    target = (request_id, acting.version)
    done = await refuse_redirect(acting.parts.room, acting.actor, acting.attempt, target)
    return await show_status(acting.parts, acting.actor, done, response)


@routes.post(
    "/requests/{request_id}/carry-on",
    operation_id="referrals_carry_on_request",
    response_model=StatusOut,
    **operation(Permission.REFERRALS_REFERRAL_WRITE, relation="own_organisation", refuses=_REFUSES),
)
async def go_on(request_id: UUID, acting: ActingDep, response: Response) -> StatusOut:
    """Say that a request goes on that is held as `referrer_decides`; speak to the family first. `withdraw` ends it."""
    target = (request_id, acting.version)
    done = await carry_on(acting.parts.room, acting.actor, acting.attempt, target)
    return await show_status(acting.parts, acting.actor, done, response)


@routes.get(
    "/requests/{request_id}/proposals",
    operation_id="referrals_list_proposals",
    response_model=list[ProposalOut],
    **operation(Permission.REFERRALS_REQUEST_READ, relation="own_organisation_or_recipient"),
)
async def list_them(request_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> list[ProposalOut]:
    """What was proposed, oldest first."""
    request, found = await read_proposals(parts.room, actor, request_id)
    guard(response, request.version)
    return [ProposalOut(id=p.id, at=p.at, service_id=p.service_id, reason=p.reason, state=p.state) for p in found]
