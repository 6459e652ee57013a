"""Disable an account: nobody signs in by it any more, and its tokens are refused within seconds."""

from datetime import date, datetime, timedelta
from uuid import UUID

from connective.contracts.gateway_events import AccountDisabled, GatewayAudited
from connective.gateway.commands.refusals import days_checked
from connective.gateway.domain.access_review import check_left
from connective.gateway.storage.accounts import disable_account as store
from connective.gateway.storage.accounts import get_account
from connective.gateway.storage.denials import DenialKind, deny
from connective.gateway.storage.works import ADMINISTERING
from connective.gateway.tokens.claims import ACCESS_TOKEN_SECONDS
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


async def disable_account(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    account_id: UUID,
    expected: int,
    *,
    now: datetime,
    left_on: date | None = None,
) -> Done:
    """Disable it, with the day on which its holder left where that is why.

    Raises NotFound for one of another place, Stale when it changed since it was read, Invalid for a day to come.
    """
    with days_checked():
        check_left(left_on, now.date())
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
            act = GatewayAudited(
                act_id=new_id(),
                act="account.disabled",
                actor_id=actor.id,
                organisation_id=actor.organisation_id,
                at=now,
                account_id=account_id,
            )
            unit.tell(act, version=1)
        return await remember(unit, attempt, Done(account_id, 200))
