"""What reading a file gives: listings to keep, and for every other row or cell where, why and how to fix it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from connective.partners.domain.organisations import Profile
from connective.partners.domain.services import Listing

_NAMESPACE = UUID("5d3f1c0a-9a44-5c51-8f0e-6f1b1e5d2a70")
MOST_PROBLEMS = 500
"""Of one reading: a source of rubbish must not fill the database with descriptions of it."""


class Effect(StrEnum):
    """What became of a row or cell that the report mentions."""

    NOTED = "noted"
    """Kept as it is; somebody should look at it."""
    REFUSED = "refused"
    """The whole row could not be kept."""
    SKIPPED = "skipped"
    """Nothing is wrong with the row, but it does not belong in this directory."""
    VALUE_DROPPED = "value dropped"
    """The row was kept without this value."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One line of the report."""

    row: int
    """As a spreadsheet numbers it: the headings are row 1. In a JSON file, the number of the record, from 1."""
    column: str
    reason: str
    fix: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class ReadOrganisation:
    """An organisation as the file gives it. `key` is the same each time the file is read."""

    key: str
    profile: Profile
    row: int = 0
    """Where it is told of first."""


@dataclass(frozen=True, slots=True)
class ReadService:
    """A service as the file gives it, and whose it is."""

    key: str
    organisation_key: str
    listing: Listing
    row: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one file gave."""

    source: str
    organisations: tuple[ReadOrganisation, ...]
    services: tuple[ReadService, ...]
    ended: tuple[str, ...]
    """Keys of services that the file says are closed for good: those listed from an earlier reading are withdrawn."""
    errors: tuple[RowError, ...]
    rows: int


def told(errors: Iterable[RowError]) -> list[dict[str, Any]]:
    """The report as a reading keeps it: row by row, and no longer than anybody reads."""
    return [asdict(each) for each in sorted(errors, key=lambda each: (each.row, each.column))[:MOST_PROBLEMS]]


class UnreadableFileError(ValueError):
    """The file as a whole is not of a kind that can be read."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason} {fix}")
        self.reason = reason
        self.fix = fix


def listed_id(place_id: UUID, source: str, record: str, key: str) -> UUID:
    """The id of a record read from a source: the same at every reading, so that reading twice changes nothing."""
    return uuid5(_NAMESPACE, "\n".join((str(place_id), source, record, key)))
