"""What an officer reads through: the transaction that also records the look."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.database import Unit


@dataclass(slots=True)
class Look:
    """One look of an officer: through which transaction, for which legal entity, and how much it showed."""

    unit: Unit
    entity_id: UUID
    hits: int | None = None

    @property
    def connection(self) -> AsyncConnection:
        """Where to read."""
        return self.unit.connection

    @property
    def place_id(self) -> UUID:
        """The officer's place."""
        return self.unit.actor.place


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is read: beyond which id, how many at the most, and at what instant it is asked."""

    beyond: UUID | None
    limit: int
    now: datetime
