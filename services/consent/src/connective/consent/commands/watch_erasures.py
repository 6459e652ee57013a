"""What has to be looked after once a record is erased or an agreement has ended, by the clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from connective.consent.domain.erasures import OVERDUE_AFTER
from connective.consent.storage.deletions import owe_after_agreements
from connective.consent.storage.erasures import overdue_since
from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.conditions import Condition
from connective.kit.database import Database
from connective.kit.logs import log
from connective.kit.scheduler import Job

_SELF = service_actor("consent")
_EVERY = timedelta(minutes=5)


async def owe_deletions(database: Database) -> int:
    """Ask each party that received under an agreement that has ended to confirm; answers how many are new."""
    async with database.unit(_SELF) as unit:
        return await owe_after_agreements(unit)


class ErasureWatch:
    """Raises an alarm while an erasure waits for a service's answer longer than it should."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def conditions(self) -> Sequence[Condition]:
        """Whether any erasure is overdue, and since when the oldest of them has waited."""
        now = self._clock()
        async with self._database.reading(_SELF) as connection:
            _, since = await overdue_since(connection, now - OVERDUE_AFTER)
        waited = (now - since).total_seconds() if since else 0.0
        return [Condition("erasures", waited, alarm=since is not None)]

    def job(self) -> Job:
        """Looks every five minutes, and repeats the alarm for as long as it stands."""

        async def turn(now: datetime) -> None:
            async with self._database.reading(_SELF) as connection:
                count, since = await overdue_since(connection, now - OVERDUE_AFTER)
            if since is not None:
                log().error("erasure_overdue", count=count, lag_ms=int((now - since).total_seconds() * 1000))

        return Job("erasure_watch", _EVERY, turn)
