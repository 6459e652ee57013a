"""Who of a legal entity's organisations has access: a look that the ledger is told of, or nothing is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.domain.access_review import DORMANT_AFTER, Reviewed
from connective.gateway.storage.access_reviews import count_accounts, page_of_accounts
from connective.gateway.storage.works import OFFICER
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Review:
    """Figures of every organisation, and one page of their accounts."""

    organisations: list[dict[str, Any]]
    accounts: list[Reviewed]


async def review_access(
    database: Database, actor: Actor, after: tuple[UUID, UUID] | None, limit: int, *, now: datetime
) -> Review:
    """The accounts of the organisations of the actor's legal entity, one more than asked when there are more."""
    async with database.unit(actor, work=OFFICER) as unit:
        counted = await count_accounts(unit, actor, now.date(), now - DORMANT_AFTER)
        found = await page_of_accounts(unit, actor, after, limit)
        look = GatewayAudited(
            act_id=new_id(), act="accounts.reviewed", actor_id=actor.id, organisation_id=actor.organisation, at=now
        )
        unit.tell(look, version=1)
        return Review(counted, found)
