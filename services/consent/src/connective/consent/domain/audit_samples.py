"""Sampling for audit: a draw that anybody can repeat, a result for each item, and a conclusion.

The items are the records whose SHA-256 of seed and id comes first: whoever knows the seed and the records of the
period draws the same sample, and nobody who chose the seed beforehand could choose the items.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from secrets import token_hex
from uuid import UUID

from connective.consent.domain.refusals import NotNow, Unacceptable

MOST_ITEMS = 200
_SEED_BYTES = 16


class SampledKind(StrEnum):
    """What a sample is drawn from."""

    DECISIONS = "decisions"
    DISCLOSURES = "disclosures"


class Result(StrEnum):
    """What looking at one item found."""

    IN_ORDER = "in_order"
    NOT_IN_ORDER = "not_in_order"
    QUESTION = "question"
    """It needs an answer from somebody before it can be called either."""


class SampleState(StrEnum):
    """Whether results are still recorded."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Item:
    """One drawn record with what was found of it."""

    nth: int
    record_id: UUID
    result: Result | None
    note: str
    recorded_by: str | None
    recorded_at: datetime | None


def new_seed() -> str:
    """A seed nobody chose."""
    return token_hex(_SEED_BYTES)


def rank(seed: str, record_id: UUID) -> bytes:
    """Where a record stands in the draw; the database ranks in the same way, and a test holds the two together."""
    return sha256(f"{seed}{record_id}".encode()).digest()


def check_period(until: datetime, now: datetime) -> None:
    """A period that is not over would give another draw tomorrow. Raises Unacceptable."""
    if until > now:
        raise Unacceptable("period_not_over", "Draw from a period that is over, so that it can be repeated.", "/until")


def check_open(state: SampleState) -> None:
    """Raise NotNow when the audit is closed: its results are frozen."""
    if state is SampleState.CLOSED:
        raise NotNow("audit_closed", "This audit is closed; draw another sample.")


def check_complete(items: Iterable[Item]) -> None:
    """Raise NotNow while an item has no result."""
    waiting = [str(item.nth) for item in items if item.result is None]
    if waiting:
        raise NotNow("items_without_result", f"Record a result for items {', '.join(waiting[:20])} first.")
