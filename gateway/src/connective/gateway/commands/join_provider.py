"""Join an account to the subject that a provider knows its holder by, and part them: by the holder, just confirmed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.end_provider import end_hashes
from connective.gateway.domain.assurance import FRESH
from connective.gateway.domain.joining import Proved, why_not
from connective.gateway.domain.letters import Letter
from connective.gateway.domain.opaque import digest
from connective.gateway.domain.providers import Provider
from connective.gateway.storage.accounts import get_account, has_password
from connective.gateway.storage.factors import SigningIn, find_signing_in, lock_account
from connective.gateway.storage.letters import write_letter
from connective.gateway.storage.providers import (
    account_of,
    came_by,
    identities_of,
    keep_identity,
    newest_of,
    part_identity,
)
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id

_ACTOR = service_actor("gateway")
_ACTS = {Letter.PROVIDER_JOINED: "provider.joined", Letter.PROVIDER_PARTED: "provider.parted"}


@dataclass(frozen=True, slots=True)
class NotFresh:
    """Nobody who signed in in this browser gave a second factor in the last minutes."""


async def join(database: Database, token: str, provider: Provider, proved: Proved, now: datetime) -> str | NotFresh:
    """Join what was proved to the account of whoever signed in here; answers why not, or nothing.

    Where they are joined already it changes nothing.
    """
    async with database.unit(_ACTOR) as unit:
        # The subject before the account, as signing in by a provider takes them: neither waits for the other's second.
        taken = await account_of(unit, provider, proved.subject)
        who = await _fresh(unit, token, now)
        if who is None or who.account_id != proved.account_id or now.timestamp() > proved.until:
            return NotFresh()
        account = await get_account(unit.connection, _ACTOR, who.account_id)
        if account.place_id != provider.place_id:
            return NotFresh()
        issuers = [each.issuer for each in await identities_of(unit.connection, account.id)]
        refused = why_not(account, provider, issuers, taken)
        if refused is None and taken is None:
            await keep_identity(unit, provider, proved.subject, account.id, now)
            await _told(unit, who, provider.id, Letter.PROVIDER_JOINED, now)
        return refused or ""


async def part(database: Database, token: str, issuer: str, now: datetime) -> list[str] | NotFresh | None:
    """Part the account from a provider and end what was begun by it; answers the ids refused from now on.

    None where nothing was parted: they were not joined, or no other way in would be left.
    """
    async with database.unit(_ACTOR) as unit:
        who = await _fresh(unit, token, now)
        if who is None:
            return NotFresh()
        if not await has_password(unit, who.account_id) or not await part_identity(unit, who.account_id, issuer):
            return None
        provider_id = await newest_of(unit, who.place_id, issuer)
        await _told(unit, who, provider_id, Letter.PROVIDER_PARTED, now)
        return await end_hashes(unit, await came_by(unit, who.account_id, issuer), now)


async def _fresh(unit: Unit, token: str, now: datetime) -> SigningIn | None:
    """Whoever signed in here, with a second factor of the last minutes; nobody else changes the account meanwhile."""
    who = await find_signing_in(unit.connection, digest(token), now)
    if who is None or not FRESH.met(who.factor_at, now):
        return None
    await lock_account(unit, who.account_id)
    return who


async def _told(unit: Unit, who: SigningIn, provider_id: UUID | None, letter: Letter, now: datetime) -> None:
    """Enter it in the ledger, and write to the account's holder: it may not have been them."""
    await write_letter(unit, who.account_id, who.place_id, letter, now)
    told = GatewayAudited(
        act_id=new_id(),
        act=_ACTS[letter],
        actor_id=str(who.account_id),
        organisation_id=None,
        at=now,
        account_id=who.account_id,
        provider_id=provider_id,
    )
    unit.tell(told, version=1, place_id=who.place_id)
