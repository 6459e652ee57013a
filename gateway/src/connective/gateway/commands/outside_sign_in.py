"""Sign in by an outside provider: who the subject is here, what its directory makes of them, and what still lacks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from connective.contracts.gateway_events import AccountCreated, GatewayAudited
from connective.contracts.permissions import Role
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.memberships import memberships_set
from connective.gateway.commands.refusals import NoProcessingAgreement, ProhibitedUsesNotAccepted
from connective.gateway.commands.sign_in import SIGN_IN_LIFE
from connective.gateway.domain.accounts import Account, Membership, sign_in_name
from connective.gateway.domain.admission import need_a_contract
from connective.gateway.domain.assurance import STEP_UP_AGE, methods_outside
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.domain.outside_sign_in import Journey
from connective.gateway.domain.providers import Outsider, Provider, roles_by_directory
from connective.gateway.storage.accounts import change_account, get_account, insert_account, set_memberships
from connective.gateway.storage.denials import DenialKind, deny
from connective.gateway.storage.providers import (
    account_of,
    insert_outside_sign_in,
    keep_identity,
    note_sign_in,
    take_answer,
)
from connective.gateway.tokens.access import older_than
from connective.gateway.tokens.claims import ACCESS_TOKEN_SECONDS
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id

_ACTOR = service_actor("gateway")
_NO_ADDRESS = "outside.invalid"
"""Where a provider tells no address: nothing is ever sent there (RFC 2606)."""


class Unwelcome(StrEnum):
    """Why somebody whom their provider knows does not get in."""

    DISABLED = "disabled"
    NAME_TAKEN = "name_taken"
    NO_ROLE = "no_role"
    NOT_READY = "not_ready"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CameIn:
    """The browser's new secret."""

    token: str


async def take_once(database: Database, journey: Journey, until: datetime) -> bool:
    """Take the answer to a journey, before anything is asked with it; False for one that was taken."""
    async with database.unit(_ACTOR) as unit:
        return await take_answer(unit, digest(journey.state), until)


class OutsideSignIn:
    """Lets in whom a provider has sent."""

    def __init__(self, database: Database, admission: Admission, told: Callable[[str], None]) -> None:
        self._database, self._admission, self._told = database, admission, told

    async def __call__(self, provider: Provider, who: Outsider, now: datetime) -> CameIn | Unwelcome:
        """Let them in, with the roles that their directory gives them today in the provider's organisation."""
        try:
            async with self._database.unit(_ACTOR) as unit:
                account_id = await account_of(unit, provider, who.subject)
                if account_id is None:
                    account = await self._new_account(unit, provider, who, now)
                else:
                    account = await self._known(unit, provider, who, account_id, now)
                if isinstance(account, Unwelcome):
                    return account
                token = await _remember(unit, provider, who, account, now)
        except (NoProcessingAgreement, ProhibitedUsesNotAccepted):
            return Unwelcome.NOT_READY
        return CameIn(token)

    async def _new_account(self, unit: Unit, provider: Provider, who: Outsider, now: datetime) -> Account | Unwelcome:
        if not provider.new_accounts:
            return Unwelcome.UNKNOWN
        if not who.roles:
            return Unwelcome.NO_ROLE
        account_id = new_id()
        account = Account(
            id=account_id,
            place_id=provider.place_id,
            email=sign_in_name(who.email or f"{account_id}@{_NO_ADDRESS}"),
            name=who.name,
            memberships=(_membership(provider, who),),
            disabled_at=None,
            version=1,
        )
        await self._admission.refuse_unready(unit.connection, need_a_contract(account.memberships), now)
        if not await insert_account(unit.connection, account, None):
            # Whose address it is does not say who somebody is: the account that has it is never opened by it.
            return Unwelcome.NAME_TAKEN
        await keep_identity(unit, provider, who.subject, account_id, now)
        unit.tell(AccountCreated(account_id=account_id), version=1, place_id=provider.place_id)
        unit.tell(memberships_set(account), version=1, place_id=provider.place_id)
        unit.tell(
            _act("account.created_by_provider", provider, account, who, now), version=1, place_id=provider.place_id
        )
        return account

    async def _known(
        self, unit: Unit, provider: Provider, who: Outsider, account_id: UUID, now: datetime
    ) -> Account | Unwelcome:
        account = await get_account(unit.connection, _ACTOR, account_id)
        if account.disabled_at is not None or account.place_id != provider.place_id:
            return Unwelcome.DISABLED
        held = account.membership(provider.organisation_id)
        roles = roles_by_directory(held.roles if held else (), who.roles)
        if (held.roles if held else ()) != roles:
            account = await self._set_roles(unit, provider, replace(who, roles=roles), account, now)
        return account if who.roles else Unwelcome.NO_ROLE

    async def _set_roles(
        self, unit: Unit, provider: Provider, who: Outsider, account: Account, now: datetime
    ) -> Account:
        """The directory has changed its mind: tokens that tell the old roles are refused at once."""
        others = tuple(m for m in account.memberships if m.organisation_id != provider.organisation_id)
        changed = replace(account, memberships=(*others, _membership(provider, who)) if who.roles else others)
        await self._admission.refuse_unready(unit.connection, need_a_contract(changed.memberships), now)
        await set_memberships(unit.connection, account.id, account.place_id, changed.memberships)
        version = await change_account(unit.connection, account.id)
        old = older_than(str(account.id), version)
        until = now + timedelta(seconds=ACCESS_TOKEN_SECONDS)
        await unit.connection.run_sync(deny, DenialKind.ACCOUNT, old, until)
        self._told(old)
        unit.tell(memberships_set(changed), version=version, place_id=provider.place_id)
        unit.tell(
            _act("account_roles.set_by_provider", provider, account, who, now), version=1, place_id=provider.place_id
        )
        return changed


def _membership(provider: Provider, who: Outsider) -> Membership:
    return Membership(provider.organisation_id, provider.organisation_name, who.roles)


def _act(act: str, provider: Provider, account: Account, who: Outsider, now: datetime) -> GatewayAudited:
    return GatewayAudited(
        act_id=new_id(),
        act=act,
        actor_id=_ACTOR.id,
        organisation_id=provider.organisation_id,
        at=now,
        account_id=account.id,
        provider_id=provider.id,
        roles=tuple(Role(role) for role in who.roles),
    )


async def _remember(unit: Unit, provider: Provider, who: Outsider, account: Account, now: datetime) -> str:
    """Begin a sign-in, whole where the provider's second factor is trusted; it never counts as a fresh one of ours."""
    token = new_secret()
    methods, factor_at = [], None
    if who.two_factors:
        methods, factor_at = list(methods_outside()), min(who.signed_in_at, now - STEP_UP_AGE - timedelta(seconds=1))
        await note_sign_in(unit, account.id, now)
    await insert_outside_sign_in(
        unit,
        *(new_id(), account.place_id, account.id, digest(token), now, now + SIGN_IN_LIFE, methods, factor_at),
        *(provider.id, who.session, provider.organisation_id),
    )
    return token
