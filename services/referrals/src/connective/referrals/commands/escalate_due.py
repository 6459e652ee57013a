"""Take the steps of escalation that are due: remind, tell the coordinator, lapse. The Hub's clock, in batches."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.referrals.domain.escalation import COORDINATOR_TOLD, escalate, whose_hub
from connective.referrals.domain.request import Fact, Request
from connective.referrals.storage.hubs import coordinator_for
from connective.referrals.storage.mapping import request_from
from connective.referrals.storage.requests import save
from connective.referrals.storage.tables import request

BATCH = 100


async def escalate_due(database: Database, at: datetime) -> int:
    """Handle everything due at this instant; answers how many steps were taken.

    Rows another worker holds are skipped, so this may run late, twice, or on two machines at once.
    """
    taken = 0
    while True:
        done = await _batch(database, at)
        taken += done
        if done < BATCH:
            return taken


async def _batch(database: Database, at: datetime) -> int:
    async with database.unit(service_actor("referrals")) as unit:
        rows = await unit.connection.execute(
            select(request)
            .where(request.c.next_step_at <= at)
            .order_by(request.c.next_step_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        done = 0
        for row in rows.all():
            before = request_from(row)
            step = escalate(before, at)
            if step is not None:
                after, fact = step
                await save(unit, before, after, (await _addressed(unit, after, fact),))
                done += 1
    return done


async def _addressed(unit: Unit, overdue: Request, fact: Fact) -> Fact:
    """The fact with the coordinator who is to act, where the step is theirs and a hub has one."""
    if not (fact.reason_code or "").endswith(COORDINATOR_TOLD):
        return fact
    coordinator = await coordinator_for(unit, overdue.place_id, whose_hub(overdue))
    return replace(fact, escalated_to=coordinator)
