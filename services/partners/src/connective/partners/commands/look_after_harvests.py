"""What is done about readings of sources afterwards: who decides is told, and what is long over is forgotten."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from connective.contracts.directory_events import HarvestWaiting
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.partners.domain.harvests.sources import Source, is_to_be_told
from connective.partners.storage.old_readings import coordinators_of, forget_changes, forget_runs, waiting_of

KEPT = timedelta(days=400)
"""A year and the days to look back over it: who took over what, from which source. Nobody's personal data are in it."""
_AT_ONCE = 500


async def tell_of_waiting(unit: Unit, source: Source, run_id: UUID, now: datetime) -> None:
    """Tell whoever decides that changes wait: after a reading that brought some, and each week that they wait."""
    waiting = await waiting_of(unit, source.id, run_id)
    if waiting.since is None or not (waiting.fresh or is_to_be_told(waiting.since, source.last_whole_at, now)):
        return
    event = HarvestWaiting(
        run_id=run_id,
        source_id=source.id,
        changes=waiting.changes,
        organisation_ids=waiting.organisations,
        account_ids=await coordinators_of(unit),
    )
    unit.tell(event, version=1, place_id=source.place_id)


async def forget_old_readings(database: Database, places: Iterable[UUID], now: datetime) -> None:
    """Remove decided changes and readings of more than 400 days ago, in short transactions."""
    for place in places:
        for forget in (forget_changes, forget_runs):
            removed = _AT_ONCE
            while removed == _AT_ONCE:
                async with database.unit(service_actor("partners", place)) as unit:
                    removed = await forget(unit, now - KEPT, _AT_ONCE)
