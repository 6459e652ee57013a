"""What is taken and given of sources, their readings, and the changes they propose."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, with_config
from typing_extensions import TypedDict

from connective.partners.api.parts import Body, Name
from connective.partners.domain.harvests.changes import ChangeState, Gone, RecordKind
from connective.partners.domain.harvests.merging import ChangeKind
from connective.partners.domain.harvests.sources import RunState, SourceKind, SourceState

FeedUrl = Annotated[str, StringConstraints(min_length=10, max_length=300, pattern=r"^https?://[!-~]+$")]
SourceCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Licence = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.+-]{2,40}$")]
Hours = Annotated[int, Field(ge=1, le=720)]
Runs = Annotated[int, Field(ge=1, le=100)]


class AddSource(Body):
    """A feed of Open Referral UK 3 or HSDS 3, and how what it says is to be treated."""

    code: SourceCode
    """Listings name it as `feed:` and this code; it never changes."""
    name: Name
    url: FeedUrl
    """The stub that `/services` follows: HTTPS, on port 443 or 8443, on the public internet."""
    licence: Licence | None = None
    """Under which licence it gives its listings (SPDX code); only open ones are passed on to the public."""
    every_hours: Hours = 24
    approves_itself: bool = False
    """True takes over new and changed listings without a person. What was changed here never is."""
    withdraws_after: Runs | None = None
    """After how many whole readings in a row a listing that is gone is withdrawn; null leaves that to a person."""


@with_config(ConfigDict(extra="forbid"))
class ChangeSource(TypedDict, total=False):
    """A merge patch (RFC 7396) of a source: what is absent stays, null takes a value away."""

    name: Name
    url: FeedUrl
    licence: Licence | None
    every_hours: Hours
    approves_itself: bool
    withdraws_after: Runs | None
    state: SourceState


class SourceOut(BaseModel):
    """One source of listings, and how its readings went."""

    id: UUID
    code: str
    name: str
    kind: SourceKind
    url: str | None
    licence: str | None
    every_hours: int
    approves_itself: bool
    withdraws_after: int | None
    state: SourceState
    next_run_at: datetime | None
    last_whole_at: datetime | None
    failures: int
    """Readings in a row that failed; nothing of them was used."""
    version: int
    changed_at: datetime
    allowed_actions: list[str]


class RunOut(BaseModel):
    """One reading of a source."""

    id: UUID
    source_id: UUID
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    failure: str | None
    """Why it was not whole: `answered_500`, `changed_while_read`, `fewer_than_told`, `timed_out`, and others. Of a feed
    nothing was used then; of a file (`not_read_in_time`, `not_taken_in`) what was kept before stays."""
    pages: int
    rows: int
    """How many records were read; of a file, rows so far."""
    told_total: int | None
    """How many the feed said that it has; of a file, how many rows there are."""
    counts: dict[str, int]
    """What came of its records so far; of a file also how many of its rows were `kept` and `refused`."""


class ProblemOut(BaseModel):
    """One row or value that could not be kept as it is, and how the source can mend it."""

    row: int
    column: str
    effect: str
    reason: str
    fix: str


class RunWithProblemsOut(RunOut):
    """One reading with what was wrong with its rows: the first five hundred."""

    problems: list[ProblemOut]


class DifferenceOut(BaseModel):
    """One field in which the source and the directory do not agree."""

    field: str
    ours: Any
    theirs: Any
    kept: bool
    """Whether ours stays, because somebody changed it here."""


class ChangeOut(BaseModel):
    """What a source proposes for one record, or what became of that."""

    id: UUID
    source_id: UUID
    run_id: UUID
    record: RecordKind
    record_id: UUID
    organisation_id: UUID
    kind: ChangeKind
    gone: Gone | None
    name: str
    differences: list[DifferenceOut]
    state: ChangeState
    made_at: datetime
    decided_at: datetime | None
    allowed_actions: list[str]


class DecideChanges(Body):
    """One decision about several changes."""

    decision: Literal["approve", "reject"]
    change_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    overwrite: bool = False
    """True takes the source's words also where somebody changed the listing here."""


class DecidedOut(BaseModel):
    """What became of one change."""

    id: UUID
    state: ChangeState | None
    """Null for one that is not there; `waiting` for one that cannot be taken over yet."""


class DecisionsOut(BaseModel):
    """What became of each, in the order that was sent."""

    items: list[DecidedOut]


class FieldOriginOut(BaseModel):
    """Where one field of a listing comes from."""

    field: str
    licence: str | None
    since: datetime
    """When the source first said what it says now."""
    theirs: Any
    changed_here: bool
    """Whether the listing says something else, because somebody changed it here."""


class OriginOut(BaseModel):
    """Where a listing comes from, field by field. What is not named was written here."""

    service_id: UUID
    source_id: UUID | None
    source: str | None
    fields: list[FieldOriginOut]
