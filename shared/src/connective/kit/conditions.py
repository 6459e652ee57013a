"""What must go on besides answering requests: where it does not, an alarm rises while requests are still answered."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge

from connective.kit.problems import Refusal


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must go on, as it stands now."""

    name: str
    behind_seconds: float
    """For how long the oldest piece of its work has waited."""
    alarm: bool
    waiting: int = 0
    """How many pieces of work wait, where they are counted."""

    @property
    def word(self) -> str:
        """How `/readyz` shows it."""
        return "alarm" if self.alarm else "fine"


Conditions = Callable[[], Awaitable[Sequence[Condition]]]
"""Reads the conditions of a service as they stand now."""


async def none() -> Sequence[Condition]:
    """The conditions of a service that has none."""
    return ()


class ConditionGauges:
    """The conditions as metrics, read anew whenever the metrics are asked for."""

    def __init__(self, registry: CollectorRegistry, read: Conditions) -> None:
        self._read = read
        self._behind = Gauge("condition_behind_seconds", "How far behind it is.", ["condition"], registry=registry)
        self._waiting = Gauge("condition_waiting", "How much of its work waits.", ["condition"], registry=registry)
        self._alarm = Gauge("condition_alarm", "1 while its alarm is up.", ["condition"], registry=registry)

    async def refresh(self) -> None:
        """Read them. When they cannot be read the last figures stand: `/readyz` says that the database is away."""
        try:
            found = await self._read()
        except Refusal:
            return
        for condition in found:
            self._behind.labels(condition.name).set(condition.behind_seconds)
            self._waiting.labels(condition.name).set(condition.waiting)
            self._alarm.labels(condition.name).set(condition.alarm)
