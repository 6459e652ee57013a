"""Where listings come from: feeds that are read on a schedule, and files that somebody reads in."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from connective.partners.domain.rules import Broken

FEED_PREFIX = "feed:"
"""Before the code of a feed in what a listing names as its source, so that no feed passes for a file."""
_FIRST_RETRY = timedelta(hours=1)
_MOST_DOUBLINGS = 6


class SourceKind(StrEnum):
    """How a source is read."""

    FILE = "file"
    """When somebody sends a file, or by an operator's command."""
    HSDS = "hsds"
    """An HSDS 3 or Open Referral UK 3 API, page by page."""


REMINDED_EVERY = timedelta(days=7)
"""How long a proposed change may wait before whoever decides is told of it again, as with reports of listings."""


class SourceState(StrEnum):
    """Whether a source is read."""

    ACTIVE = "active"
    PAUSED = "paused"


class RunState(StrEnum):
    """What became of one reading."""

    ASKED = "asked"
    FAILED = "failed"
    """It was not whole: of a feed nothing was used, of a file what was kept before it ended."""
    RUNNING = "running"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a place's listings."""

    id: UUID
    place_id: UUID
    code: str
    name: str
    kind: SourceKind
    url: str | None
    """The stub that every endpoint of the feed begins with; None for files."""
    licence: str | None
    """Under which licence it gives its listings (SPDX code); only open ones are passed on to the public."""
    every_hours: int
    approves_itself: bool
    """Whether what it says is taken over without a person; what was changed here never is."""
    withdraws_after: int | None
    """After how many whole readings in a row a listing that is gone is withdrawn; None: only by a person."""
    state: SourceState
    next_run_at: datetime | None
    last_whole_at: datetime | None
    failures: int
    """Readings in a row that failed."""
    version: int
    changed_at: datetime

    @property
    def named(self) -> str:
        """How listings name it."""
        return self.code if self.kind is SourceKind.FILE else f"{FEED_PREFIX}{self.code}"


def broken_source(source: Source) -> tuple[Broken, ...]:
    """Every rule that a feed breaks, beside its address."""
    broken = []
    if source.approves_itself and source.licence is None:
        sentence = "Name the licence before listings are taken over without anybody looking."
        broken.append(Broken("/licence", "licence", sentence))
    return tuple(broken)


def after_whole(source: Source, at: datetime) -> Source:
    """The source after a reading that was whole."""
    return replace(
        source, last_whole_at=at, failures=0, next_run_at=at + timedelta(hours=source.every_hours), changed_at=at
    )


def is_to_be_told(since: datetime, told_until: datetime | None, now: datetime) -> bool:
    """Whether another week has passed that a change waits, since whoever decides could be told last."""
    seen = since if told_until is None else max(since, told_until)
    return (now - since) // REMINDED_EVERY > (seen - since) // REMINDED_EVERY


def after_failure(source: Source, at: datetime) -> Source:
    """The source after a reading that failed: tried again after an hour, then two, and so on up to its own pace."""
    pace = timedelta(hours=source.every_hours)
    wait = min(pace, _FIRST_RETRY * 2 ** min(source.failures, _MOST_DOUBLINGS))
    return replace(source, failures=source.failures + 1, next_run_at=at + wait, changed_at=at)
