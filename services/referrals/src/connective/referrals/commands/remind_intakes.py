"""Remind who is to match an intake that waits too long, then tell the coordinator of their hub; in batches."""

from datetime import datetime

from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.referrals.domain.intake_clock import COORDINATOR, escalate
from connective.referrals.storage.hubs import coordinator_for
from connective.referrals.storage.intakes import due_to_remind, save_reminded_intake

BATCH = 100


async def remind_intakes(database: Database, at: datetime) -> int:
    """Take every step that is due; answers how many. May run late, twice, or on two machines: rows held are skipped."""
    taken = 0
    while True:
        async with database.unit(service_actor("referrals")) as unit:
            due = await due_to_remind(unit, at, BATCH)
            for intake in due:
                step = escalate(intake, at)
                if step is None:
                    continue
                after, told = step
                whose = (after.recipient_organisation_id,)
                hears = await coordinator_for(unit, after.place_id, whose) if told.reason == COORDINATOR else None
                await save_reminded_intake(unit, intake, after, (told.reason, hears), at)
                taken += 1
        if len(due) < BATCH:
            return taken
