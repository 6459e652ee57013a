"""Changes that a source proposes: they wait for somebody, or are taken over at once, and are never silently lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from connective.partners.domain.harvests.merging import ChangeKind, Difference, Fields, Merge, digest

ENDED_STATUS = "defunct"
MOST_GONE_SHARE = 0.5
"""A feed that lost more than half of its listings at once is likely ill: nothing of it ends by itself then."""
FEWEST_TO_DOUBT = 4
"""Below so many a share says nothing."""


class RecordKind(StrEnum):
    """What a change is about."""

    ORGANISATION = "organisation"
    SERVICE = "service"


class ChangeState(StrEnum):
    """What became of a change."""

    APPLIED = "applied"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    """The source said something else before anybody decided."""
    WAITING = "waiting"


class Gone(StrEnum):
    """Why a record is taken for gone."""

    CLOSED = "closed"
    """The source says that it has ended."""
    MISSING = "missing"
    """The source does not list it any more."""


@dataclass(frozen=True, slots=True)
class Change:
    """One record's change, as a source proposed it."""

    id: UUID
    place_id: UUID
    source_id: UUID
    run_id: UUID
    record: RecordKind
    record_id: UUID
    organisation_id: UUID
    kind: ChangeKind
    name: str
    told: Fields
    """Everything the source says of the record."""
    differences: tuple[Difference, ...]
    state: ChangeState
    made_at: datetime
    gone: Gone | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    version: int = 1

    @property
    def mark(self) -> str:
        """The same for the same words: a change that waits already is not proposed a second time."""
        return digest([str(self.kind), self.told, [[each.field, each.ours] for each in self.differences]])


def decided(change: Change, state: ChangeState, by: str, at: datetime) -> Change:
    """The change with what became of it."""
    return replace(change, state=state, decided_by=by, decided_at=at, version=change.version + 1)


def takes_over_at_once(merge: Merge, *, approves_itself: bool) -> bool:
    """Whether a change needs nobody: differences that somebody made here always do."""
    return approves_itself and merge.kind in {ChangeKind.NEW, ChangeKind.CHANGED}


def may_end_by_itself(missed: int, after: int | None, gone: int, known: int) -> bool:
    """Whether a listing that is gone is withdrawn without a person.

    `missed` whole readings in a row did not hold it; `gone` of `known` listings of the source are missing now.
    """
    if after is None or missed < after:
        return False
    return gone < FEWEST_TO_DOUBT or gone <= known * MOST_GONE_SHARE


def missing(known: Iterable[UUID], seen: Iterable[UUID]) -> list[UUID]:
    """Which known records a whole reading did not hold."""
    held = set(seen)
    return [each for each in known if each not in held]


def counted(changes: Iterable[Change]) -> Mapping[ChangeKind, int]:
    """How many changes of each kind."""
    found = dict.fromkeys(ChangeKind, 0)
    for each in changes:
        found[each.kind] += 1
    return found
