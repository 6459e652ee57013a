"""Take the steps of escalation that are due: remind, tell the coordinator, lapse. The Hub's clock, in batches."""

from datetime import datetime

from sqlalchemy import select

from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.referrals.domain.escalation import escalate
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
                await save(unit, before, after, (fact,))
                done += 1
    return done
