"""Changes of roles, keys and safeguarding numbers: one administrator proposes, another approves."""

from datetime import timedelta
from uuid import UUID

from fastapi import Request, Response

from connective.contracts.permissions import Permission
from connective.gateway.api.administering import everywhere, mark, work_of
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas_proposals import (
    AccountProposalIn,
    ClientProposalIn,
    ProposalIn,
    ProposalMadeOut,
    ProposalOut,
    RolesProposalIn,
    SafeguardingProposalIn,
)
from connective.gateway.api.schemas_providers import ProviderProposalIn
from connective.gateway.commands.carry_out import carry_out
from connective.gateway.commands.credentials import Offered
from connective.gateway.commands.decide_proposal import decide_proposal
from connective.gateway.commands.propose import (
    AccountChange,
    Change,
    ClientChange,
    NewCredential,
    NewRoles,
    NewSafeguarding,
    propose,
)
from connective.gateway.commands.refusals import (
    NoProcessingAgreement,
    OwnProposal,
    ProhibitedUsesNotAccepted,
    ProposalClosed,
    UnfitCredential,
    UnfitProvider,
)
from connective.gateway.commands.set_provider import ProviderSet
from connective.gateway.domain.proposals import Proposal, ProposalState
from connective.gateway.storage.proposals import get_proposal, list_proposals
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.idempotency import Attempt
from connective.kit.ids import new_id
from connective.kit.pages import DEFAULT_LIMIT, CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, NotAllowed, Stale

routes = router(tags=["proposals"])
_WRITE = Permission.GATEWAY_CLIENT_WRITE
_REFUSED = (Stale, MatchRequired, OwnProposal, ProposalClosed)
_DECIDING = operation(_WRITE, relation="own_organisation", refuses=_REFUSED)
_APPROVING = operation(_WRITE, relation="own_organisation", refuses=_REFUSED, step_up=True)


def _person(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotAllowed("People propose and decide such changes, not systems.")
    return actor.account_id


async def _read(parts: Parts, actor: Actor, proposal_id: UUID, response: Response) -> ProposalOut:
    async with parts.database.reading(actor, work=work_of(actor)) as connection:
        found = await get_proposal(connection, actor, proposal_id, every_organisation=everywhere(actor))
    mark(response, found.version)
    return ProposalOut.of(found, _person(actor), parts.clock())


@routes.get("/proposals", **operation(_WRITE, relation="own_organisation"))
async def list_them(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    waiting: bool = False,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[ProposalOut]:
    """Proposed changes of one's organisation's systems and people; of the whole place for who looks after it.

    With `waiting=true`, those alone that wait for one's own decision.
    """
    after, account_id, now = parts.cursors.after(cursor), _person(actor), parts.clock()
    async with parts.database.reading(actor, work=work_of(actor)) as connection:
        found = await list_proposals(
            connection,
            actor,
            every_organisation=everywhere(actor),
            waiting_at=now if waiting else None,
            after=after,
            limit=limit,
        )
    response.headers["Cache-Control"] = "no-store"

    def show(proposal: Proposal) -> ProposalOut:
        return ProposalOut.of(proposal, account_id, now)

    return page_of(request, response, parts.cursors, found, limit=limit, show=show)


@routes.get("/proposals/{proposal_id}", **operation(_WRITE, relation="own_organisation"))
async def read_one(proposal_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ProposalOut:
    """One proposed change, and what one may do with it."""
    return await _read(parts, actor, proposal_id, response)


@routes.post(
    "/proposals",
    status_code=201,
    **operation(
        _WRITE,
        relation="own_organisation",
        refuses=(UnfitCredential, UnfitProvider, NoProcessingAgreement, ProhibitedUsesNotAccepted),
        step_up=True,
    ),
)
async def make(
    body: ProposalIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> ProposalMadeOut:
    """Propose new roles, to open an account again or take its lost second factors away, a system's keys, scopes or
    networks, an outside provider, or the place's safeguarding numbers. Another administrator decides.
    """
    change = _change(parts, actor, body)
    done, secret = await propose(
        parts.database,
        actor,
        attempt,
        change,
        admission=parts.admission,
        now=parts.clock(),
        every_organisation=everywhere(actor),
    )
    shown = await _read(parts, actor, done.resource_id, response)
    show_done(response, done)
    response.headers["Location"] = f"/api/v1/proposals/{done.resource_id}"
    return ProposalMadeOut(**shown.model_dump(), client_secret=secret)


def _change(parts: Parts, actor: Actor, body: ProposalIn) -> Change:
    if isinstance(body, RolesProposalIn):
        return NewRoles(body.account_id, [each.to_domain() for each in body.memberships])
    if isinstance(body, AccountProposalIn):
        return AccountChange(body.account_id, body.kind)
    if isinstance(body, ClientProposalIn):
        return ClientChange(body.client_id, body.name, body.scopes, body.networks)
    if isinstance(body, ProviderProposalIn):
        return _provider(parts, body)
    if isinstance(body, SafeguardingProposalIn):
        return NewSafeguarding(actor.place, body.safeguarding, parts.places)
    offered = Offered(body.authentication, body.keys, body.jwks_uri, parts.key_set_reach)
    return NewCredential(body.client_id, offered, timedelta(hours=body.overlap_hours))


def _provider(parts: Parts, body: ProviderProposalIn) -> ProviderSet:
    provider_id, secret = body.provider_id or new_id(), body.client_secret
    return ProviderSet(
        provider_id=provider_id,
        is_new=body.provider_id is None,
        organisation_id=body.organisation_id,
        organisation_name=body.organisation_name,
        name=body.name,
        issuer=body.issuer,
        client_id=body.client_id,
        authentication=body.authentication,
        sealed_secret=parts.outside.secrets.close(secret.get_secret_value().encode(), provider_id.bytes)
        if secret
        else None,
        role_rules=tuple(each.to_domain() for each in body.role_rules),
        factor_rules=tuple(each.to_domain() for each in body.factor_rules),
        new_accounts=body.new_accounts,
        reach=parts.key_set_reach,
    )


async def _decide(
    parts: Parts,
    actor: Actor,
    proposal_id: UUID,
    decision: ProposalState,
    *,
    attempt: Attempt,
    version: int,
    response: Response,
) -> ProposalOut:
    done = await decide_proposal(
        parts.database,
        actor,
        attempt,
        proposal_id,
        decision,
        admission=parts.admission,
        places=parts.places,
        expected=version,
        now=parts.clock(),
        every_organisation=everywhere(actor),
    )
    if decision is ProposalState.APPROVED:
        await carry_out(parts.database, parts.clock())
    await parts.standing.refresh()
    show_done(response, done)
    return await _read(parts, actor, proposal_id, response)


@routes.post("/proposals/{proposal_id}/approve", **_APPROVING)
async def approve(
    proposal_id: UUID, response: Response, *, actor: ActorDep, attempt: AttemptDep, version: VersionDep, parts: PartsDep
) -> ProposalOut:
    """Let it take effect at once. Whoever proposed it may not."""
    decision = ProposalState.APPROVED
    return await _decide(parts, actor, proposal_id, decision, attempt=attempt, version=version, response=response)


@routes.post("/proposals/{proposal_id}/reject", **_DECIDING)
async def reject(
    proposal_id: UUID, response: Response, *, actor: ActorDep, attempt: AttemptDep, version: VersionDep, parts: PartsDep
) -> ProposalOut:
    """Refuse it."""
    decision = ProposalState.REJECTED
    return await _decide(parts, actor, proposal_id, decision, attempt=attempt, version=version, response=response)


@routes.post("/proposals/{proposal_id}/withdraw", **_DECIDING)
async def withdraw(
    proposal_id: UUID, response: Response, *, actor: ActorDep, attempt: AttemptDep, version: VersionDep, parts: PartsDep
) -> ProposalOut:
    """Take one's own proposal back."""
    decision = ProposalState.WITHDRAWN
    return await _decide(parts, actor, proposal_id, decision, attempt=attempt, version=version, response=response)
