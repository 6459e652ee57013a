from datetime import datetime

from connective.consent.commands.agreement_changes import keep
from connective.consent.domain.agreement import State, activate_if_due, expire_if_due
from connective.consent.domain.days import day_of
from connective.consent.storage.agreement_clock import Due, lock_due, versions_due
from connective.consent.storage.agreements import Act
from connective.consent.storage.locks import lock_for_changing
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit

_CLOCK = service_actor("consent")


async def run_agreement_clock(database: Database, now: datetime) -> None:
    """Put signed versions in force on their start day, and expire those past their end."""
    async with database.reading(_CLOCK) as connection:
        due = await versions_due(connection, day_of(now))
    for one in due:
        async with database.unit(_CLOCK) as unit:
            await _turn(unit, one, now)


async def _turn(unit: Unit, due: Due, now: datetime) -> None:
    await lock_for_changing(unit, [due.agreement_id])
    version = await lock_due(unit.connection, due)
    today = day_of(now)
    changed = expire_if_due(activate_if_due(version, today, now), today, now)
    if changed.state is not version.state:
        name = "activated" if changed.state is State.ACTIVE else "expired"
        await keep(unit, version, changed, Act(name, None, unit.actor.id, now), due.place_id)
