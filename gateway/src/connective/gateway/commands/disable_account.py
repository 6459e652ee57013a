"""Disable an account: nobody signs in by it any more, and its tokens are refused within seconds."""

from datetime import date, datetime, timedelta
from uuid import UUID

from connective.contracts.gateway_events import AccountDisabled
from connective.gateway.commands.look_after_account import whole_account
from connective.gateway.commands.memberships import tell_of_account
from connective.gateway.commands.own_sessions import end_everything
from connective.gateway.commands.refusals import days_checked
from connective.gateway.domain.access_review import check_left
from connective.gateway.storage.accounts import disable_account as store
from connective.gateway.storage.accounts import get_account
from connective.gateway.storage.denials import DenialKind, deny
from connective.gateway.storage.works import ADMINISTERING
from connective.gateway.tokens.claims import ACCESS_TOKEN_SECONDS
from connective.kit.actor import Actor, service_actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember

_ACTOR = service_actor("gateway")


async def disable_account(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    account_id: UUID,
    expected: int,
    *,
    now: datetime,
    left_on: date | None = None,
    every_organisation: bool = True,
) -> Done:
    """Disable it, with the day on which its holder left where that is why.

    Raises as `whole_account`, Stale when it changed since it was read, Invalid for a day to come.
    """
    with days_checked():
        check_left(left_on, now.date())
    await whole_account(database, actor, account_id, every_organisation=every_organisation)
    async with database.unit(actor, work=ADMINISTERING) as unit:
        if done := await earlier(unit, attempt):
            return done
        account = await get_account(unit.connection, actor, account_id)
        refuse_stale(expected, account.version)
        if account.disabled_at is None:
            version = await store(unit.connection, account_id, now, left_on)
            until = now + timedelta(seconds=ACCESS_TOKEN_SECONDS)
            await unit.connection.run_sync(deny, DenialKind.ACCOUNT, str(account_id), until)
            unit.tell(AccountDisabled(account_id=account_id), version=version)
            tell_of_account(unit, account, "account.disabled", now, by=actor)
        done = await remember(unit, attempt, Done(account_id, 200))
    async with database.unit(_ACTOR) as unit:
        # None gets a token any more; so that none does either should the account be opened again.
        await end_everything(unit, account_id, now)
    return done
