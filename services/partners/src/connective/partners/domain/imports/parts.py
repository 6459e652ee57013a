"""A reading of a file in parts: each is kept in a transaction of its own, and says how far the file has been read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from connective.partners.domain.imports.report import Effect, Reading, ReadOrganisation, ReadService

AT_ONCE = 250
"""Records of one part: a second's work at most, so that progress moves and nobody waits long for a row that is held."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a reading, and how far the file has been read once it is kept."""

    reading: Reading
    owners: frozenset[str]
    """Keys of organisations that an earlier part told of, and whose services are in this one."""
    rows: int
    refused: int
    skipped: int

    @property
    def kept(self) -> int:
        """Rows of which something is in the directory, in this part and those before it."""
        return max(self.rows - self.refused - self.skipped, 0)


@dataclass(frozen=True, slots=True)
class _Record:
    row: int
    organisation: ReadOrganisation
    service: ReadService | None


def parts_of(reading: Reading, at_once: int = AT_ONCE) -> Iterator[Part]:
    """The reading in its own order. The same file gives the same parts, so that a reading cut off goes on where it was.

    Services that have ended are in the last part. A reading of which nothing is kept is one part.
    """
    records = _records(reading)
    starts = range(0, max(len(records), 1), at_once)
    told: set[str] = set()
    for start in starts:
        some, last = records[start : start + at_once], start == starts[-1]
        owners = {each.organisation.key: each.organisation for each in some}
        part = replace(
            reading,
            organisations=tuple(each for key, each in owners.items() if key not in told),
            services=tuple(each.service for each in some if each.service is not None),
            ended=reading.ended if last else (),
        )
        read_to = None if last else some[-1].row
        left = [_left_out(reading, effect, read_to) for effect in (Effect.REFUSED, Effect.SKIPPED)]
        read = reading.rows if last else min(start + len(some) + sum(left), reading.rows)
        yield Part(part, frozenset(owners.keys() & told), read, *left)
        told |= owners.keys()


def _records(reading: Reading) -> Sequence[_Record]:
    """What is kept, row by row: each service with its organisation, and organisations that have none."""
    owners = {each.key: each for each in reading.organisations}
    records = [_Record(each.row, owners[each.organisation_key], each) for each in reading.services]
    with_services = {each.organisation_key for each in reading.services}
    records += [_Record(each.row, each, None) for each in reading.organisations if each.key not in with_services]
    return sorted(records, key=lambda each: each.row)


def refused(reading: Reading) -> int:
    """How many rows of the whole reading could not be kept."""
    return _left_out(reading, Effect.REFUSED, None)


def _left_out(reading: Reading, effect: Effect, read_to: int | None) -> int:
    """How many rows were left out in this way, up to a row."""
    rows = {each.row for each in reading.errors if each.effect is effect}
    return len(rows) if read_to is None else sum(row <= read_to for row in rows)
