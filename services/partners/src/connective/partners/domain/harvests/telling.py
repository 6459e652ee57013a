"""What one reading of a source tells, record by record, under the ids that the directory knows them by."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from connective.partners.domain.harvests.changes import RecordKind
from connective.partners.domain.harvests.merging import Fields


@dataclass(frozen=True, slots=True)
class Told:
    """One record as a source tells it."""

    record: RecordKind
    record_id: UUID
    organisation_id: UUID
    name: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything that one reading told."""

    records: tuple[Told, ...]
    ended: tuple[UUID, ...]
    """Services that the source says are closed for good."""
    held: frozenset[UUID] | None = None
    """Every service that a whole reading of a feed held, readable or not; None where absence says nothing, as in a
    file that lists only some."""
    owners: frozenset[UUID] = frozenset()
    """Organisations that were told of before, in the same reading, and whose services are told of here."""

    def ids(self) -> Iterable[UUID]:
        """The records told of."""
        return (*(each.record_id for each in self.records), *self.ended)
