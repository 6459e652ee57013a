"""What an administrator does to an account at once, because it takes something away: end its sessions, end a role."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from connective.gateway.commands.memberships import memberships_set, tell_of_account
from connective.gateway.commands.own_sessions import end_everything
from connective.gateway.domain.accounts import Account
from connective.gateway.domain.letters import Letter
from connective.gateway.storage.accounts import change_account, get_account, set_memberships
from connective.gateway.storage.denials import DenialKind, deny
from connective.gateway.storage.letters import write_letter
from connective.gateway.storage.works import ADMINISTERING
from connective.gateway.tokens.access import older_than
from connective.gateway.tokens.claims import ACCESS_TOKEN_SECONDS
from connective.kit.actor import Actor, service_actor
from connective.kit.database import Database, Unit
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, done_before, earlier, remember
from connective.kit.problems import NotAllowed, NotFound

_ACTOR = service_actor("gateway")


async def whole_account(database: Database, actor: Actor, account_id: UUID, *, every_organisation: bool) -> Account:
    """An account that the actor may act on as a whole.

    Raises NotFound for one they do not look after, NotAllowed where its holder works for others too: what happens to
    the account is then for the place to decide, and the partner may end what they are in its own organisation.
    """
    async with database.reading(actor, work=ADMINISTERING) as connection:
        account = await get_account(connection, actor, account_id, every_organisation=every_organisation)
    if not every_organisation and any(m.organisation_id != actor.organisation for m in account.memberships):
        raise NotAllowed("This person works elsewhere too: end their role in your organisation, or ask the place.")
    return account


async def end_sessions(
    database: Database, actor: Actor, attempt: Attempt, account_id: UUID, *, now: datetime, every_organisation: bool
) -> tuple[Done, list[str]]:
    """End everything that is open under an account; answers the ids refused from now on. Raises as `whole_account`."""
    account = await whole_account(database, actor, account_id, every_organisation=every_organisation)
    if done := await done_before(database, actor, attempt):
        return done, []
    async with database.unit(_ACTOR) as unit:
        ended = await end_everything(unit, account_id, now)
        await write_letter(unit, account_id, account.place_id, Letter.SESSIONS_ENDED, now)
        tell_of_account(unit, account, "account.sessions_ended", now, by=actor)
    # Last, since doing it twice ends no more than doing it once, and not at all would be worse.
    async with database.unit(actor) as unit:
        return await remember(unit, attempt, Done(account_id, 200)), ended


async def end_membership(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    account_id: UUID,
    organisation_id: UUID,
    *,
    expected: int,
    now: datetime,
    every_organisation: bool,
) -> Done:
    """Take somebody's roles in one organisation away, at once. Raises NotFound, Stale."""
    if not every_organisation and organisation_id != actor.organisation:
        raise NotFound
    async with database.unit(actor, work=ADMINISTERING) as unit:
        if done := await earlier(unit, attempt):
            return done
        account = await get_account(unit.connection, actor, account_id, every_organisation=every_organisation)
        refuse_stale(expected, account.version)
        if account.membership(organisation_id) is None:
            raise NotFound
        left = tuple(each for each in account.memberships if each.organisation_id != organisation_id)
        await set_memberships(unit.connection, account.id, account.place_id, left)
        version = await change_account(unit.connection, account.id)
        await refuse_older_tokens(unit, account.id, version, now)
        unit.tell(memberships_set(replace(account, memberships=left)), version=version)
        tell_of_account(unit, account, "account.membership_ended", now, by=actor)
        return await remember(unit, attempt, Done(account_id, 200))


async def refuse_older_tokens(unit: Unit, account_id: UUID, version: int, now: datetime) -> None:
    """Refuse the tokens that say which roles somebody had before this version of the account."""
    until = now + timedelta(seconds=ACCESS_TOKEN_SECONDS)
    old = older_than(str(account_id), version)
    await unit.connection.run_sync(deny, DenialKind.ACCOUNT, old, until)
