"""Approve, reject or withdraw a proposed change; what is approved takes effect in the same transaction."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from connective.contracts.places import PlacesInForce
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.change_place import set_safeguarding
from connective.gateway.commands.invite import apply_invitation
from connective.gateway.commands.look_after_account import refuse_older_tokens
from connective.gateway.commands.memberships import memberships_set
from connective.gateway.commands.propose import told
from connective.gateway.commands.refusals import OwnProposal, ProposalClosed
from connective.gateway.commands.set_provider import set_provider
from connective.gateway.domain import proposals as rules
from connective.gateway.domain.accounts import Membership
from connective.gateway.domain.admission import need_a_contract
from connective.gateway.domain.clients import Credential, CredentialKind
from connective.gateway.domain.proposals import Proposal, ProposalKind, ProposalState
from connective.gateway.storage.accounts import change_account, get_account, set_memberships
from connective.gateway.storage.clients import change_client, get_client, replace_credentials
from connective.gateway.storage.proposals import decide, get_proposal
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotAllowed

_CHANGED = "What this proposal is about has changed since it was made, or is gone: propose it anew."


async def decide_proposal(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    proposal_id: UUID,
    decision: ProposalState,
    *,
    admission: Admission,
    places: PlacesInForce,
    expected: int,
    now: datetime,
    every_organisation: bool,
) -> Done:
    """Decide it.

    Raises NotFound for one the actor may not see, Stale, OwnProposal where who proposed it would approve it,
    ProposalClosed where it was decided, is too old, or its subject has changed since.
    """
    if actor.account_id is None:
        raise NotAllowed("People decide such changes, not systems.")
    # A partner finds proposals of its own organisation alone; what one changes of an account is told with all it is.
    async with database.unit(actor, work=ADMINISTERING) as unit:
        if done := await earlier(unit, attempt):
            return done
        found = await get_proposal(
            unit.connection, actor, proposal_id, every_organisation=every_organisation, lock=True
        )
        refuse_stale(expected, found.version)
        _check(found, decision, actor.account_id, now)
        decided = replace(found, state=decision, decided_by=actor.account_id, decided_at=now, version=found.version + 1)
        await decide(unit.connection, decided)
        if decided.kind is ProposalKind.INVITATION:
            roles = await apply_invitation(unit, actor, decided, now)
            unit.tell(told(decided, f"invitation.{decision}", actor, now, roles=roles), version=1)
        elif decision is ProposalState.APPROVED:
            if decided.kind is ProposalKind.ACCOUNT_ROLES:
                # What was there when it was proposed may have ended since.
                await admission.refuse_unready(unit.connection, need_a_contract(_memberships(decided)), now)
            await _apply(unit, actor, decided, places, now)
        else:
            unit.tell(told(decided, f"{decided.kind}.{decision}", actor, now), version=1)
        return await remember(unit, attempt, Done(proposal_id, 200))


def _check(proposal: Proposal, decision: ProposalState, account_id: UUID, now: datetime) -> None:
    try:
        proposal.check(decision, account_id, now)
    except rules.OwnProposal as error:
        raise OwnProposal("Whoever proposed a change withdraws it; another administrator approves it.") from error
    except rules.NotOpen as error:
        raise ProposalClosed("It was decided already, or nobody decided it within a week.") from error


async def _apply(unit: Unit, actor: Actor, proposal: Proposal, places: PlacesInForce, now: datetime) -> None:
    if proposal.kind is ProposalKind.ACCOUNT_ROLES:
        await _apply_roles(unit, actor, proposal, now)
    elif proposal.kind is ProposalKind.PROVIDER:
        if not await set_provider(unit, actor, proposal):
            raise ProposalClosed(_CHANGED)
        unit.tell(told(proposal, "provider.approved", actor, now), version=1)
    elif proposal.kind is ProposalKind.PLACE_SAFEGUARDING:
        version = await set_safeguarding(unit, places, actor, proposal, now)
        if version is None:
            raise ProposalClosed(_CHANGED)
        unit.tell(told(proposal, "place_safeguarding.approved", actor, now, place_version=version), version=1)
    elif proposal.kind in {ProposalKind.ACCOUNT_OPENED, ProposalKind.ACCOUNT_FACTORS}:
        await _apply_to_account(unit, actor, proposal, now)
    else:
        await _apply_to_client(unit, actor, proposal, now)


def _memberships(proposal: Proposal) -> tuple[Membership, ...]:
    return tuple(
        Membership(UUID(each["organisation_id"]), each["organisation_name"], tuple(each["roles"]))
        for each in proposal.change["memberships"]
    )


async def _apply_roles(unit: Unit, actor: Actor, proposal: Proposal, now: datetime) -> None:
    account = await get_account(unit.connection, actor, proposal.subject_id)
    if account.version != proposal.subject_version or account.disabled_at is not None:
        raise ProposalClosed(_CHANGED)
    within = proposal.change.get("within")
    kept = (each for each in account.memberships if within and str(each.organisation_id) != within)
    memberships = (*kept, *_memberships(proposal))
    await set_memberships(unit.connection, account.id, account.place_id, memberships)
    version = await change_account(unit.connection, account.id)
    await refuse_older_tokens(unit, account.id, version, now)
    unit.tell(memberships_set(replace(account, memberships=memberships)), version=version)
    roles = tuple(sorted({role for held in memberships for role in held.roles}))
    unit.tell(told(proposal, "account_roles.approved", actor, now, roles=roles), version=1)


async def _apply_to_account(unit: Unit, actor: Actor, proposal: Proposal, now: datetime) -> None:
    """Open it, or enter that its factors go: sign-in's own tables are changed by the gateway itself (`carry_out`)."""
    account = await get_account(unit.connection, actor, proposal.subject_id)
    opening = proposal.kind is ProposalKind.ACCOUNT_OPENED
    if account.version != proposal.subject_version or (account.disabled_at is None) == opening:
        raise ProposalClosed(_CHANGED)
    if opening:
        await change_account(unit.connection, account.id, disabled_at=None, left_on=None)
    else:
        await change_account(unit.connection, account.id)
    unit.tell(told(proposal, f"{proposal.kind}.approved", actor, now), version=1)


async def _apply_to_client(unit: Unit, actor: Actor, proposal: Proposal, now: datetime) -> None:
    client = await get_client(unit.connection, actor, proposal.subject_id, every_organisation=True)
    if client.version != proposal.subject_version or client.revoked_at is not None:
        raise ProposalClosed(_CHANGED)
    change = proposal.change
    if proposal.kind is ProposalKind.CLIENT_CREDENTIAL:
        added = [
            Credential(
                UUID(each["id"]),
                CredentialKind(each["kind"]),
                bytes.fromhex(each["secret_hash"]) if each["secret_hash"] else None,
                each["jwk"],
                now,
                None,
                each["jwks_uri"],
            )
            for each in change["credentials"]
        ]
        until = now + timedelta(seconds=change["overlap_seconds"])
        await replace_credentials(unit.connection, client, added, until)
    else:
        changed = replace(
            client,
            name=change.get("name", client.name),
            scopes=tuple(change.get("scopes", client.scopes)),
            networks=tuple(change.get("networks", client.networks)),
        )
        await change_client(unit.connection, changed)
    unit.tell(told(proposal, f"{proposal.kind}.approved", actor, now), version=1)
