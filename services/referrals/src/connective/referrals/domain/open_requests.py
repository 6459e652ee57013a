"""How the open requests of a hub stand, in counts that tell of nobody: with whom, for how long, whose turn it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from connective.referrals.domain.progress import told


class Age(StrEnum):
    """For how long a request has been open since it was sent; one that was not sent yet is new."""

    UNDER_1_WEEK = "under_1_week"
    FROM_1_TO_2_WEEKS = "1_to_2_weeks"
    FROM_2_TO_4_WEEKS = "2_to_4_weeks"
    FROM_1_TO_3_MONTHS = "1_to_3_months"
    OVER_3_MONTHS = "over_3_months"


AGES_BEGIN = tuple(timedelta(days=days) for days in (7, 14, 28, 91))
"""Where each age but the first begins."""
_AGES = tuple(Age)
NOBODY = "nobody"
"""Whose turn it is while nothing is owed: help is under way."""


@dataclass(frozen=True, slots=True)
class Standing:
    """So many requests that one organisation was asked, of one age, whose next step is one party's."""

    recipient_organisation_id: UUID
    age: int
    """How many ages it has outlived."""
    turn: str
    requests: int


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """Counts as they may be read; None where a number is too small to be told."""

    by_recipient: tuple[tuple[UUID, Age, int | None], ...]
    by_turn: tuple[tuple[str, int | None], ...]


def counted(standings: Iterable[Standing]) -> OpenCounts:
    """By whom was asked and age at once, and by turn: sums by either of the first would tell what a cell hides."""
    cells: Counter[tuple[UUID, int]] = Counter()
    turns: Counter[str] = Counter()
    for each in standings:
        cells[each.recipient_organisation_id, each.age] += each.requests
        turns[each.turn] += each.requests
    return OpenCounts(
        tuple((whom, _AGES[age], told(cells[whom, age])) for whom, age in sorted(cells)),
        tuple((turn, told(count)) for turn, count in sorted(turns.items())),
    )
