"""Accept an invitation: with a new account and its password, or, signed in, for the account one has."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from connective.contracts.gateway_events import AccountCreated
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.invite import membership_of
from connective.gateway.commands.memberships import memberships_set, tell_of_account
from connective.gateway.commands.passwords import Passwords
from connective.gateway.commands.refusals import NoProcessingAgreement, ProhibitedUsesNotAccepted
from connective.gateway.commands.sign_in import SIGN_IN_LIFE
from connective.gateway.domain.accounts import Account, Membership
from connective.gateway.domain.admission import need_a_contract
from connective.gateway.domain.invitations import Invitation
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.domain.password_rules import why_refused
from connective.gateway.storage.accounts import account_by_email, change_account, insert_account, set_memberships
from connective.gateway.storage.factors import SigningIn, lock_account
from connective.gateway.storage.invitations import open_invitation, use_invitation
from connective.gateway.storage.sessions import SignIn, insert_sign_in
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id

_ACTOR = service_actor("gateway")


class Standing(StrEnum):
    """What accepting takes."""

    CLOSED = "closed"
    """The address has an account that may not be used, or of another place."""
    NEW = "new"
    """A password: nobody signs in by the address yet."""
    SIGN_IN = "sign_in"
    """Signing in: the address has an account."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An invitation that its secret opens, and what accepting takes."""

    invitation: Invitation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Begun:
    """An account was made: the browser's secret for setting up a second factor."""

    token: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why what was typed is not taken."""

    sentence: str


class Over(Exception):
    """The invitation opens nothing: unknown, used, withdrawn, out of time, or not for this account."""


class Accepting:
    """Opens and uses invitations."""

    def __init__(self, database: Database, passwords: Passwords, admission: Admission) -> None:
        self._database = database
        self._passwords = passwords
        self._admission = admission

    async def open(self, token: str, now: datetime) -> Offered:
        """What the secret opens; nothing is used by it. Raises Over."""
        async with self._database.unit(_ACTOR) as unit:
            return await self._open(unit, token, now)

    async def with_password(self, token: str, name: str, password: str, now: datetime) -> Begun | NotTaken:
        """Make an account of it, and begin the sign-in in which its second factor is set up. Raises Over."""
        offered = await self.open(token, now)
        if offered.standing is not Standing.NEW:
            raise Over
        email = offered.invitation.email
        if refused := why_refused(password, email, name):
            return NotTaken(refused)
        stored = await self._passwords.hash(password)
        async with self._database.unit(_ACTOR) as unit:
            offered = await self._open(unit, token, now)
            member = membership_of(offered.invitation)
            account = Account(new_id(), offered.invitation.place_id, email, name, (member,), None, 1)
            if not await insert_account(unit.connection, account, stored):
                raise Over
            await self._use(unit, token, account, now)
            unit.tell(AccountCreated(account_id=account.id), version=1, place_id=account.place_id)
            _tell(unit, account, "account.created", member, now)
            browser = new_secret()
            begun = SignIn(new_id(), account.id, account.place_id, now)
            await insert_sign_in(unit.connection, begun, digest(browser), now + SIGN_IN_LIFE)
        return Begun(browser)

    async def signed_in(self, token: str, who: SigningIn, now: datetime) -> None:
        """Give the account that signed in with its second factor the roles it was invited to. Raises Over."""
        async with self._database.unit(_ACTOR) as unit:
            await lock_account(unit, who.account_id)
            offered = await self._open(unit, token, now)
            account = await account_by_email(unit.connection, offered.invitation.email)
            if account is None or account.id != who.account_id or offered.standing is not Standing.SIGN_IN:
                raise Over
            given = _joined(account, membership_of(offered.invitation))
            changed = replace(account, memberships=_with(account, given))
            await set_memberships(unit.connection, account.id, account.place_id, changed.memberships)
            version = await change_account(unit.connection, account.id)
            await self._use(unit, token, changed, now)
            _tell(unit, replace(changed, version=version), "invitation.accepted", given, now)

    async def _open(self, unit: Unit, token: str, now: datetime) -> Offered:
        found = await open_invitation(unit.connection, digest(token), now)
        if found is None:
            raise Over
        account = await account_by_email(unit.connection, found.email)
        if account is None:
            return Offered(found, Standing.NEW)
        usable = account.disabled_at is None and account.place_id == found.place_id
        return Offered(found, Standing.SIGN_IN if usable else Standing.CLOSED)

    async def _use(self, unit: Unit, token: str, account: Account, now: datetime) -> None:
        used = await use_invitation(unit, digest(token), now, account.id)
        if used is None:
            raise Over
        try:
            # What was there when it was approved may have ended since.
            await self._admission.refuse_unready(unit.connection, need_a_contract([membership_of(used)]), now)
        except (NoProcessingAgreement, ProhibitedUsesNotAccepted) as error:
            raise Over from error


def _joined(account: Account, invited: Membership) -> Membership:
    """With the roles held there already: an invitation takes nothing away."""
    held = account.membership(invited.organisation_id)
    roles = {*invited.roles, *(held.roles if held else ())}
    return replace(invited, roles=tuple(sorted(roles)))


def _with(account: Account, given: Membership) -> tuple[Membership, ...]:
    others = (each for each in account.memberships if each.organisation_id != given.organisation_id)
    return (*others, given)


def _tell(unit: Unit, account: Account, act: str, given: Membership, now: datetime) -> None:
    unit.tell(memberships_set(account), version=account.version, place_id=account.place_id)
    tell_of_account(unit, account, act, now, roles=given.roles)


def account_of(offered: Offered, who: SigningIn | None) -> UUID | None:
    """The account that signed in here, if it is the one that was invited."""
    return who.account_id if who is not None and who.email == offered.invitation.email else None
