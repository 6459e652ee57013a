"""The ledger's watch: writes go on while nobody seals, and stop while it cannot be written; somebody must be told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from connective.consent.storage.ledger_health import is_writable, ledger_conditions
from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.conditions import Condition
from connective.kit.database import Database
from connective.kit.logs import log
from connective.kit.scheduler import Job

_WATCH = service_actor("consent")
_EVERY = timedelta(seconds=15)


class LedgerWatch:
    """Reads the ledger's conditions for health and metrics, and writes an alarm to the log for as long as one is up."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._up: frozenset[str] = frozenset()
        self._unwritable_since: datetime | None = None

    async def conditions(self) -> Sequence[Condition]:
        """As they stand now. A change is logged by whoever sees it first, the worker or the process that serves."""
        async with self._database.reading(_WATCH) as connection:
            sealing = await ledger_conditions(connection, self._clock())
        found = (await self._writing(), *sealing)
        up = frozenset(each.name for each in found if each.alarm)
        for each in found:
            if each.name in up - self._up:
                _say(each)
            elif each.name in self._up - up:
                log().info("ledger_alarm_over", code=each.name)
        self._up = up
        return found

    async def _writing(self) -> Condition:
        """Whether entries can be made, and for how long they could not as far as this process has seen."""
        if await is_writable(self._database, _WATCH):
            self._unwritable_since = None
            return Condition("ledger_writing", 0.0, alarm=False)
        now = self._clock()
        self._unwritable_since = self._unwritable_since or now
        return Condition("ledger_writing", (now - self._unwritable_since).total_seconds(), alarm=True)

    def job(self) -> Job:
        """Looks every quarter of a minute, and repeats an alarm that stays up."""

        async def turn(_: datetime) -> None:
            before = self._up
            for each in await self.conditions():
                if each.alarm and each.name in before:
                    _say(each)

        return Job("ledger_watch", _EVERY, turn)


def _say(condition: Condition) -> None:
    log().error("ledger_alarm", code=condition.name, lag_ms=int(condition.behind_seconds * 1000))
