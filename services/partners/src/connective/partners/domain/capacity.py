"""How much room a service says it has. The question is always asked without identity.

A service may tell several rows (HSDS `capacities`): what there is, for whom, how many at the most, how many free now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from connective.partners.domain.rules import Broken

STALE_AFTER = timedelta(days=28)
"""After four weeks a figure of room is history, not news."""


class Room(StrEnum):
    """Room in one word."""

    NONE = "none"
    NOT_KNOWN = "not_known"
    NOT_SHOWN = "not_shown"
    """A sensitive service answers this whether it has room or none, so that its use cannot be watched."""
    SOME = "some"


@dataclass(frozen=True, slots=True)
class Capacity:
    """Room as somebody of the service told it at one moment; later rows replace it, none is altered."""

    available: int
    unit: str
    as_of: datetime
    maximum: int | None = None
    waiting_weeks: int | None = None
    audience: str | None = None
    """For whom, where a service counts its places apart: `children under 5`, `wheelchair users`."""

    @property
    def what(self) -> tuple[str, str | None]:
        """What the row counts; a service tells each once."""
        return self.unit, self.audience


def room(capacities: Iterable[Capacity], *, sensitive: bool, now: datetime) -> Room:
    """Room as others may see it now: some, when any row that is still news has a place free."""
    if sensitive:
        return Room.NOT_SHOWN
    news = [each for each in capacities if now - each.as_of <= STALE_AFTER]
    if not news:
        return Room.NOT_KNOWN
    return Room.SOME if any(each.available > 0 for each in news) else Room.NONE


def broken_capacities(rows: tuple[Capacity, ...]) -> tuple[Broken, ...]:
    """Rows that count the same thing twice."""
    seen: set[tuple[str, str | None]] = set()
    broken = []
    for at, each in enumerate(rows):
        if each.what in seen:
            broken.append(Broken(f"/rows/{at}", "repeated", "Each unit is told once for each audience."))
        seen.add(each.what)
    return tuple(broken)
