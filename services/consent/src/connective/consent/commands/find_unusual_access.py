from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from connective.consent.domain.audit_unusual import USUAL, Thresholds, unusual
from connective.consent.domain.days import ENGLAND, day_of
from connective.consent.storage.audit_findings import keep_findings, places, read_day
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit

_ACTOR = service_actor("consent")


async def find_unusual_access(
    database: Database, now: datetime, is_holiday: Callable[[date], bool], limits: Thresholds = USUAL
) -> None:
    """Look through today and yesterday, in every place; acts told late are found at the next turn."""
    async with database.unit(_ACTOR) as unit:
        everywhere = await places(unit)
    today = day_of(now)
    for place_id in everywhere:
        for on_day in (today - timedelta(days=1), today):
            async with database.unit(service_actor("consent", place_id)) as unit:
                await _look_through(unit, place_id, on_day, now, limits, day_off=is_holiday(on_day))


async def _look_through(
    unit: Unit, place_id: UUID, on_day: date, now: datetime, limits: Thresholds, *, day_off: bool
) -> None:
    begins = datetime.combine(on_day, time.min, tzinfo=ENGLAND)
    ends = datetime.combine(on_day + timedelta(days=1), time.min, tzinfo=ENGLAND)
    days = await read_day(unit, place_id, on_day, (begins, ends), limits, day_off=day_off)
    await keep_findings(unit, place_id, [finding for day in days for finding in unusual(day, limits)], now)
