"""Propose a change of roles or keys; another administrator approves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.contracts.permissions import Permission, Role
from connective.contracts.places import PlacesInForce, Safeguarding
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.change_place import proposed_safeguarding
from connective.gateway.commands.credentials import Offered, known_name, known_networks, known_scopes, make_credentials
from connective.gateway.commands.look_after_account import whole_account
from connective.gateway.commands.set_provider import ProviderSet, proposed_provider
from connective.gateway.domain.accounts import Membership
from connective.gateway.domain.admission import need_a_contract
from connective.gateway.domain.clients import Credential
from connective.gateway.domain.invitations import beyond_one_organisation
from connective.gateway.domain.proposals import Proposal, ProposalKind, ProposalState
from connective.gateway.storage.accounts import get_account
from connective.gateway.storage.clients import get_client
from connective.gateway.storage.proposals import insert_proposal
from connective.gateway.storage.works import ADMINISTERING, MEMBERS
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import NotAllowed, NotFound

SUBJECT_OF = {
    ProposalKind.ACCOUNT_FACTORS: "account_id",
    ProposalKind.ACCOUNT_OPENED: "account_id",
    ProposalKind.ACCOUNT_ROLES: "account_id",
    ProposalKind.CLIENT_CHANGE: "client_id",
    ProposalKind.CLIENT_CREDENTIAL: "client_id",
    ProposalKind.PROVIDER: "provider_id",
}
"""By which field the ledger's entry says what a proposal is about; who is invited has no account yet."""


@dataclass(frozen=True, slots=True)
class NewRoles:
    """What an account's holder is to be, and in which organisations; nothing else from then on."""

    account_id: UUID
    memberships: Sequence[Membership]


@dataclass(frozen=True, slots=True)
class AccountChange:
    """A disabled account is to be opened again, or its second factors are to be taken away, since they are lost."""

    account_id: UUID
    kind: ProposalKind


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A credential that replaces a client's, beside it for a while."""

    client_id: UUID
    offered: Offered
    overlap: timedelta


@dataclass(frozen=True, slots=True)
class ClientChange:
    """What is to change of a client: only what is given."""

    client_id: UUID
    name: str | None = None
    scopes: Sequence[str] | None = None
    networks: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class NewSafeguarding:
    """Whom to phone in a place, whole; and the places as they are."""

    place_id: UUID
    safeguarding: Safeguarding
    places: PlacesInForce


Change = NewRoles | AccountChange | NewCredential | ClientChange | ProviderSet | NewSafeguarding


@dataclass(frozen=True, slots=True)
class About:
    """What a proposal is about."""

    kind: ProposalKind
    id: UUID
    version: int
    change: Mapping[str, Any]
    organisation_id: UUID | None = None
    secret: str | None = field(default=None, repr=False)
    proposal_id: UUID | None = None
    """The proposal's own id, where it is made together with what it is about, so that whoever made that knows it."""


async def propose(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    change: Change,
    *,
    admission: Admission,
    now: datetime,
    every_organisation: bool,
) -> tuple[Done, str | None]:
    """Keep it until somebody else decides; answers a new secret too, once: it counts from the approval on.

    Raises NotFound for what the actor may not manage, NotAllowed for roles without the permission to change accounts,
    UnfitCredential, NoProcessingAgreement, ProhibitedUsesNotAccepted.
    """
    if isinstance(change, AccountChange) and not every_organisation and actor.may(Permission.GATEWAY_MEMBER_WRITE):
        await _refuse_partly_others(database, actor, change)
    async with database.unit(actor, work=ADMINISTERING if every_organisation else MEMBERS) as unit:
        if done := await earlier(unit, attempt):
            return done, None
        about = await _about(unit, actor, change, now, every_organisation)
        if isinstance(change, NewRoles):
            await admission.refuse_unready(unit.connection, need_a_contract(tuple(change.memberships)), now)
        new = await keep_proposal(unit, actor, about, now)
        return await remember(unit, attempt, Done(new.id, 201)), about.secret


async def keep_proposal(unit: Unit, actor: Actor, about: About, now: datetime) -> Proposal:
    """Store what a person proposes, and enter in the ledger that they did. Raises NotAllowed for systems."""
    if actor.account_id is None:
        raise NotAllowed("People propose such changes, not systems.")
    new = Proposal(
        id=about.proposal_id or new_id(),
        place_id=actor.place,
        organisation_id=about.organisation_id,
        kind=about.kind,
        subject_id=about.id,
        subject_version=about.version,
        change=about.change,
        proposed_by=actor.account_id,
        proposed_at=now,
        state=ProposalState.OPEN,
        decided_by=None,
        decided_at=None,
        version=1,
    )
    await insert_proposal(unit.connection, new)
    unit.tell(told(new, f"{new.kind}.proposed", actor, now), version=1)
    return new


def told(proposal: Proposal, act: str, actor: Actor, now: datetime, **more: Any) -> GatewayAudited:  # noqa: ANN401 - fields of the event
    """The ledger's entry about a proposal."""
    subject = {SUBJECT_OF[proposal.kind]: proposal.subject_id} if proposal.kind in SUBJECT_OF else {}
    organisation = proposal.organisation_id or actor.organisation_id
    return GatewayAudited(
        act_id=new_id(), act=act, actor_id=actor.id, organisation_id=organisation, at=now, **subject, **more
    )


async def _about(unit: Unit, actor: Actor, change: Change, now: datetime, every_organisation: bool) -> About:
    if isinstance(change, NewRoles):
        return await _roles(unit, actor, change, every_organisation)
    if isinstance(change, AccountChange):
        return await _account_change(unit, actor, change, every_organisation)
    if isinstance(change, ProviderSet):
        version, stored = await proposed_provider(unit, actor, change)
        return About(ProposalKind.PROVIDER, change.provider_id, version, stored)
    if isinstance(change, NewSafeguarding):
        version, stored = await proposed_safeguarding(unit, change.places, actor, change.place_id, change.safeguarding)
        return About(ProposalKind.PLACE_SAFEGUARDING, change.place_id, version, stored)
    client = await get_client(unit.connection, actor, change.client_id, every_organisation=every_organisation)
    if client.revoked_at is not None or client.organisation_id is None:
        raise NotFound
    if isinstance(change, ClientChange):
        return About(
            ProposalKind.CLIENT_CHANGE, client.id, client.version, _client_change(change), client.organisation_id
        )
    made, secret = make_credentials(change.offered, now)
    stored = {"credentials": [_stored(each) for each in made], "overlap_seconds": int(change.overlap.total_seconds())}
    return About(ProposalKind.CLIENT_CREDENTIAL, client.id, client.version, stored, client.organisation_id, secret)


async def _roles(unit: Unit, actor: Actor, change: NewRoles, every_organisation: bool) -> About:
    if not actor.may(Permission.GATEWAY_MEMBER_WRITE):
        raise NotAllowed("Roles are changed by an administrator of the organisation or of the place.")
    account = await get_account(unit.connection, actor, change.account_id, every_organisation=every_organisation)
    if account.disabled_at is not None:
        raise NotFound
    stored: dict[str, Any] = {"memberships": [_membership(each) for each in change.memberships]}
    organisation_id = None
    if not every_organisation:
        organisation_id = actor.organisation
        _refuse_beyond(change.memberships, organisation_id)
        stored["within"] = str(organisation_id)
    return About(ProposalKind.ACCOUNT_ROLES, account.id, account.version, stored, organisation_id)


def _membership(held: Membership) -> dict[str, Any]:
    name, roles = held.organisation_name, list(held.roles)
    return {"organisation_id": str(held.organisation_id), "organisation_name": name, "roles": roles}


def _refuse_beyond(memberships: Sequence[Membership], organisation_id: UUID) -> None:
    """A partner changes what somebody is in its own organisation, in roles that do not reach beyond it."""
    if any(each.organisation_id != organisation_id for each in memberships):
        raise NotFound
    roles = frozenset(Role(role) for each in memberships for role in each.roles)
    if beyond := sorted(map(str, beyond_one_organisation(roles))):
        raise NotAllowed(f"These roles reach beyond your organisation; the place gives them: {', '.join(beyond)}.")


async def _refuse_partly_others(database: Database, actor: Actor, change: AccountChange) -> None:
    """A partner opens the accounts of those alone who work for it and nobody else, in roles that end with it.

    Raises NotFound for whoever does not work there, NotAllowed for the others.
    """
    whole = await whole_account(database, actor, change.account_id, every_organisation=False)
    roles = frozenset(Role(role) for held in whole.memberships for role in held.roles)
    if beyond_one_organisation(roles):
        raise NotAllowed("This person's roles reach beyond your organisation: ask the administrators of the place.")


async def _account_change(unit: Unit, actor: Actor, change: AccountChange, every_organisation: bool) -> About:
    if not actor.may(Permission.GATEWAY_MEMBER_WRITE):
        raise NotAllowed("Administrators open accounts again and take lost second factors away.")
    account = await get_account(unit.connection, actor, change.account_id, every_organisation=every_organisation)
    if (account.disabled_at is None) == (change.kind is ProposalKind.ACCOUNT_OPENED):
        raise NotFound
    return About(change.kind, account.id, account.version, {}, None if every_organisation else actor.organisation)


def _client_change(change: ClientChange) -> Mapping[str, Any]:
    given: dict[str, Any] = {}
    if change.name is not None:
        given["name"] = known_name(change.name)
    if change.scopes is not None:
        given["scopes"] = known_scopes(change.scopes)
    if change.networks is not None:
        given["networks"] = known_networks(change.networks)
    return given


def _stored(credential: Credential) -> dict[str, Any]:
    return {
        "id": str(credential.id),
        "kind": str(credential.kind),
        "secret_hash": credential.secret_hash.hex() if credential.secret_hash else None,
        "jwk": credential.jwk,
        "jwks_uri": credential.jwks_uri,
    }
