"""How much room a service says it has. The question is always asked without identity."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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


def room(capacity: Capacity | None, *, sensitive: bool, now: datetime) -> Room:
    """Room as others may see it now."""
    if sensitive:
        return Room.NOT_SHOWN
    if capacity is None or now - capacity.as_of > STALE_AFTER:
        return Room.NOT_KNOWN
    return Room.SOME if capacity.available > 0 else Room.NONE
