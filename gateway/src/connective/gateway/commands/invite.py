"""Invite somebody into an organisation: kept as a proposal, and posted when a second administrator has approved it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.contracts.permissions import Role
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.propose import About, keep_proposal
from connective.gateway.commands.refusals import InvitationClosed, ProposalClosed
from connective.gateway.domain.accounts import Membership, sign_in_name
from connective.gateway.domain.admission import need_a_contract
from connective.gateway.domain.invitations import LIVES, Invitation, beyond_one_organisation
from connective.gateway.domain.proposals import Proposal, ProposalKind, ProposalState
from connective.gateway.storage.invitations import (
    change_invitation,
    get_invitation,
    insert_invitation,
    organisation_name,
)
from connective.gateway.storage.works import ADMINISTERING, MEMBERS
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import FieldError, Invalid, NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Invited:
    """What an administrator says about a person."""

    email: str
    name: str
    organisation_id: UUID
    organisation_name: str | None
    roles: frozenset[Role]


async def invite(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    who: Invited,
    *,
    admission: Admission,
    now: datetime,
    every_organisation: bool,
) -> Done:
    """Keep it until somebody else approves. Whether the address has an account is not looked at, and so not told.

    Raises NotFound for an organisation the actor does not look after, NotAllowed for roles that reach beyond one,
    NoProcessingAgreement, ProhibitedUsesNotAccepted.
    """
    _refuse_foreign(actor, who, every_organisation)
    if actor.account_id is None:
        raise NotAllowed("People invite people, not systems.")
    async with database.unit(actor, work=ADMINISTERING if every_organisation else MEMBERS) as unit:
        if done := await earlier(unit, attempt):
            return done
        new = Invitation(
            id=new_id(),
            place_id=actor.place,
            organisation_id=who.organisation_id,
            organisation_name=await organisation_name(unit, who.organisation_id) or _given(who),
            roles=tuple(sorted(map(str, who.roles))),
            email=sign_in_name(who.email),
            name=who.name,
            invited_by=actor.account_id,
            invited_at=now,
            approved_at=None,
            letters=0,
            expires_at=now + LIVES,
            accepted_at=None,
            withdrawn_at=None,
            version=1,
        )
        await admission.refuse_unready(unit.connection, need_a_contract([membership_of(new)]), now)
        await insert_invitation(unit, new)
        await keep_proposal(unit, actor, _about(new), now)
        return await remember(unit, attempt, Done(new.id, 201))


async def end_or_resend(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    invitation_id: UUID,
    action: str,
    *,
    expected: int,
    now: datetime,
    every_organisation: bool,
) -> Done:
    """Withdraw it, which one administrator may at once; or post it again under a new secret, which ends the old one.

    Raises NotFound, Stale, InvitationClosed where it is too late for that.
    """
    async with database.unit(actor, work=ADMINISTERING if every_organisation else MEMBERS) as unit:
        if done := await earlier(unit, attempt):
            return done
        found = await get_invitation(unit.connection, actor, invitation_id, every_organisation=every_organisation)
        refuse_stale(expected, found.version)
        if action not in found.allowed_actions(now):
            raise InvitationClosed("It was accepted or withdrawn, or has been posted often enough.")
        await (_posted(unit, found, now) if action == "resend" else withdraw(unit, found, now))
        return await remember(unit, attempt, Done(invitation_id, 200))


async def apply_invitation(unit: Unit, actor: Actor, proposal: Proposal, now: datetime) -> tuple[str, ...]:
    """What approving or not approving the proposal does to the invitation; answers the roles it offers.

    Raises ProposalClosed for one that was withdrawn since.
    """
    found = await get_invitation(unit.connection, actor, proposal.subject_id, every_organisation=True)
    approved = proposal.state is ProposalState.APPROVED
    if found.version != proposal.subject_version or found.withdrawn_at is not None:
        if approved:
            raise ProposalClosed("The invitation was withdrawn.")
        return found.roles
    await (_posted(unit, replace(found, approved_at=now), now) if approved else withdraw(unit, found, now))
    return found.roles


def membership_of(invitation: Invitation) -> Membership:
    """What who accepts it is in the organisation."""
    return Membership(invitation.organisation_id, invitation.organisation_name, invitation.roles)


async def withdraw(unit: Unit, found: Invitation, now: datetime) -> None:
    """Let it open nothing any more. Raises InvitationClosed when it has just changed."""
    await _change(unit, replace(found, withdrawn_at=now, version=found.version + 1))


async def _posted(unit: Unit, found: Invitation, now: datetime) -> None:
    changed = replace(found, expires_at=now + LIVES, letters=found.letters + 1, version=found.version + 1)
    await _change(unit, changed, post_at=now)


async def _change(unit: Unit, changed: Invitation, post_at: datetime | None = None) -> None:
    if not await change_invitation(unit, changed, post_at=post_at):
        raise InvitationClosed("It has just changed.")


def _refuse_foreign(actor: Actor, who: Invited, every_organisation: bool) -> None:
    if every_organisation:
        return
    if who.organisation_id != actor.organisation:
        raise NotFound
    beyond = sorted(map(str, beyond_one_organisation(who.roles)))
    if beyond:
        raise NotAllowed(f"These roles reach beyond your organisation; the place gives them: {', '.join(beyond)}.")


def _given(who: Invited) -> str:
    if who.organisation_name is None:
        sentence = "Nobody works there yet: say how the organisation is called."
        raise Invalid(sentence, errors=(FieldError("/organisation_name", "missing", sentence),))
    return who.organisation_name


def _about(new: Invitation) -> About:
    change = {
        "email": new.email,
        "name": new.name,
        "organisation_id": str(new.organisation_id),
        "organisation_name": new.organisation_name,
        "roles": list(new.roles),
    }
    about = About(ProposalKind.INVITATION, new.id, new.version, change, new.organisation_id)
    return replace(about, proposal_id=new.id)
