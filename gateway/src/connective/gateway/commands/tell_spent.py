"""Enter in the ledger whose day is spent, once a day each: who looks after the records asks why."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.domain.budgets import Budget, day_of
from connective.gateway.storage.budgets import take_untold
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.ids import new_id
from connective.kit.logs import log

_ACTOR = service_actor("gateway")


def telling_spent(database: Database, most: Budget) -> Callable[[datetime], Awaitable[None]]:
    """The job that tells."""

    async def tell(now: datetime) -> None:
        async with database.unit(_ACTOR) as unit:
            for row in await take_untold(unit, day_of(now), most, now):
                whose = {"client_id" if row["system"] else "account_id": row["account_id"]}
                log().warning("people_budget_spent", **{name: str(value) for name, value in whose.items()})
                act = GatewayAudited(
                    act_id=new_id(),
                    act="client.budget_spent" if row["system"] else "account.budget_spent",
                    actor_id=_ACTOR.id,
                    organisation_id=None,
                    at=now,
                    **whose,
                )
                unit.tell(act, version=1, place_id=row["place_id"])

    return tell
