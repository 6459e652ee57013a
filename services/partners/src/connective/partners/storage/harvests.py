"""Sources and their readings in the database. Everybody who answers for listings of a place sees those of the place."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound
from connective.partners.domain.harvests.sources import RunState, Source, SourceKind, SourceState

_SEEN = "SELECT * FROM harvest_source WHERE place_id = $1"
"""The one predicate: the sources of the asker's place."""
_FIND = f"{_SEEN} AND id = $2"
_BY_CODE = f"{_SEEN} AND kind = $2 AND code = $3 FOR UPDATE"
_PAGE = f"{_SEEN} AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3"
_DUE = """
SELECT * FROM harvest_source WHERE place_id = $1 AND state = 'active' AND kind <> 'file' AND next_run_at <= $2
ORDER BY next_run_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_ADD = """
INSERT INTO harvest_source (id, place_id, code, name, kind, url, licence, every_hours, approves_itself, withdraws_after,
  state, next_run_at, last_whole_at, failures, version, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""
_SAVE = """
UPDATE harvest_source SET name = $2, url = $3, licence = $4, every_hours = $5, approves_itself = $6,
  withdraws_after = $7, state = $8, next_run_at = $9, last_whole_at = $10, failures = $11, version = $12,
  changed_at = $13
WHERE id = $1
"""
_ADD_RUN = """
INSERT INTO harvest_run (id, place_id, source_id, state, asked_by, started_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
_START_ASKED = """
UPDATE harvest_run SET state = 'running', started_at = $2 WHERE source_id = $1 AND state = 'asked' RETURNING *
"""
_CUT_OFF = """
UPDATE harvest_run SET state = 'failed', failure = 'interrupted', ended_at = $2
WHERE source_id = $1 AND state = 'running'
"""
_OPEN_RUN = "SELECT * FROM harvest_run WHERE source_id = $1 AND state IN ('asked', 'running') ORDER BY id DESC LIMIT 1"
_END_RUN = """
UPDATE harvest_run SET state = $2, ended_at = $3, failure = $4, pages = $5, rows = $6, told_total = $7,
  counts = $8::jsonb, problems = $9::jsonb
WHERE id = $1
"""
_RUNS_SEEN = "SELECT * FROM harvest_run WHERE place_id = $1 AND source_id = $2"
_RUNS = f"{_RUNS_SEEN} AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"
_RUN = f"{_RUNS_SEEN} AND id = $3"
_RUN_ALONE = "SELECT * FROM harvest_run WHERE place_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of a source: what came, what it would change, and what was wrong with it."""

    id: UUID
    source_id: UUID
    state: RunState
    asked_by: str
    started_at: datetime
    ended_at: datetime | None = None
    failure: str | None = None
    """A code, when it was not whole."""
    pages: int = 0
    rows: int = 0
    told_total: int | None = None
    """How many the feed said that it has."""
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)


async def find_source(connection: AsyncConnection, actor: Actor, source_id: UUID, *, hold: bool = False) -> Source:
    """One source; `hold` keeps it until the transaction ends. Raises NotFound."""
    row = await fetch_one(connection, _FIND + (" FOR UPDATE" if hold else ""), [actor.place, source_id])
    if row is None:
        raise NotFound
    return _source_of(row)


async def source_by_code(connection: AsyncConnection, actor: Actor, kind: SourceKind, code: str) -> Source | None:
    """The place's source with this code, held until the transaction ends, or None."""
    row = await fetch_one(connection, _BY_CODE, [actor.place, str(kind), code])
    return None if row is None else _source_of(row)


async def page_of_sources(connection: AsyncConnection, actor: Actor, *, after: UUID | None, limit: int) -> list[Source]:
    """The place's next sources in the order they were added, at most `limit`."""
    return [_source_of(row) for row in await fetch(connection, _PAGE, [actor.place, after, limit])]


async def next_due(unit: Unit, actor: Actor, now: datetime) -> Source | None:
    """The source that has waited longest for its reading, unless another worker holds it."""
    row = await unit.fetch_one(_DUE, [actor.place, now])
    return None if row is None else _source_of(row)


async def add_source(unit: Unit, source: Source) -> None:
    """Store a new source."""
    head = [source.id, source.place_id, source.code, source.name, str(source.kind)]
    await unit.run(_ADD, [*head, *_values(source)])


async def save_source(unit: Unit, source: Source) -> None:
    """Store a source's next version, or what a reading changed of it."""
    await unit.run(_SAVE, [source.id, source.name, *_values(source)])


def _values(source: Source) -> list[Any]:
    wanted = [source.url, source.licence, source.every_hours, source.approves_itself, source.withdraws_after]
    stands = [str(source.state), source.next_run_at, source.last_whole_at, source.failures]
    return [*wanted, *stands, source.version, source.changed_at]


async def add_run(unit: Unit, actor: Actor, run: Run) -> None:
    """Store a reading that was asked for or begins."""
    await unit.run(_ADD_RUN, [run.id, actor.place, run.source_id, str(run.state), run.asked_by, run.started_at])


async def start_asked(unit: Unit, source_id: UUID, now: datetime) -> Run | None:
    """Begin the reading that somebody asked for, if somebody did; one that was cut off is over."""
    await unit.run(_CUT_OFF, [source_id, now])
    row = await unit.fetch_one(_START_ASKED, [source_id, now])
    return None if row is None else run_of(row)


async def open_run(connection: AsyncConnection, source_id: UUID) -> Run | None:
    """The reading that is asked for or goes on, if there is one."""
    row = await fetch_one(connection, _OPEN_RUN, [source_id])
    return None if row is None else run_of(row)


async def end_run(unit: Unit, run: Run) -> None:
    """Store what became of a reading."""
    outcome = [str(run.state), run.ended_at, run.failure, run.pages, run.rows, run.told_total]
    await unit.run(_END_RUN, [run.id, *outcome, json.dumps(run.counts), json.dumps(run.problems)])


async def page_of_runs(
    connection: AsyncConnection, actor: Actor, source_id: UUID, *, after: UUID | None, limit: int
) -> list[Run]:
    """A source's readings, newest first, at most `limit`. Raises NotFound for a source that is not there."""
    await find_source(connection, actor, source_id)
    return [run_of(row) for row in await fetch(connection, _RUNS, [actor.place, source_id, after, limit])]


async def find_run(connection: AsyncConnection, actor: Actor, source_id: UUID, run_id: UUID) -> Run:
    """One reading. Raises NotFound."""
    row = await fetch_one(connection, _RUN, [actor.place, source_id, run_id])
    if row is None:
        raise NotFound
    return run_of(row)


async def find_run_alone(connection: AsyncConnection, actor: Actor, run_id: UUID) -> Run:
    """One reading, for who does not know its source. Raises NotFound."""
    row = await fetch_one(connection, _RUN_ALONE, [actor.place, run_id])
    if row is None:
        raise NotFound
    return run_of(row)


def run_of(row: Any) -> Run:  # noqa: ANN401 - a driver's row
    """A row as it is known."""
    return Run(
        id=row.id,
        source_id=row.source_id,
        state=RunState(row.state),
        asked_by=row.asked_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        failure=row.failure,
        pages=row.pages,
        rows=row.rows,
        told_total=row.told_total,
        counts=row.counts,
        problems=row.problems,
    )


def _source_of(row: Any) -> Source:  # noqa: ANN401 - a driver's row
    return Source(
        id=row.id,
        place_id=row.place_id,
        code=row.code,
        name=row.name,
        kind=SourceKind(row.kind),
        url=row.url,
        licence=row.licence,
        every_hours=row.every_hours,
        approves_itself=row.approves_itself,
        withdraws_after=row.withdraws_after,
        state=SourceState(row.state),
        next_run_at=row.next_run_at,
        last_whole_at=row.last_whole_at,
        failures=row.failures,
        version=row.version,
        changed_at=row.changed_at,
    )
