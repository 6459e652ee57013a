"""Proposed changes and what sources last said of records, in the database."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch
from connective.partners.domain.harvests.changes import Change, ChangeState, Gone, RecordKind
from connective.partners.domain.harvests.merging import ChangeKind, Difference, Fields, Origin, digest

_AT_ONCE = 1000
_ADD = """
INSERT INTO harvest_change (id, place_id, source_id, run_id, record, record_id, organisation_id, kind, name, told,
  differences, gone, mark, state, made_at, decided_by, decided_at, version)
SELECT r.id, r.place_id, r.source_id, r.run_id, r.record, r.record_id, r.organisation_id, r.kind, r.name, r.told,
  r.differences, r.gone, r.mark, r.state, r.made_at, r.decided_by, r.decided_at, r.version
FROM jsonb_populate_recordset(NULL::harvest_change, $1::jsonb) AS r
"""
_WAITING = "SELECT record_id, id, mark FROM harvest_change WHERE source_id = $1 AND state = 'waiting'"
_END = """
UPDATE harvest_change SET state = $2, decided_by = $3, decided_at = $4, version = version + 1
WHERE id = ANY($1::uuid[]) AND state = 'waiting'
"""
_LOCK = """
SELECT * FROM harvest_change WHERE place_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE
"""
_LOCK_NEW_OWNERS = """
SELECT * FROM harvest_change
WHERE record_id = ANY($1::uuid[]) AND record = 'organisation' AND kind = 'new' AND state = 'waiting' FOR UPDATE
"""
_PAGE = """
SELECT * FROM harvest_change WHERE place_id = $1 AND ($2 OR organisation_id = $3)
  AND ($4::uuid IS NULL OR source_id = $4) AND ($5::text IS NULL OR state = $5) AND ($6::text IS NULL OR kind = $6)
  AND ($7::uuid IS NULL OR id < $7)
ORDER BY id DESC LIMIT $8
"""
_STATES = """
SELECT id, state FROM harvest_change WHERE place_id = $1 AND id = ANY($2::uuid[]) AND ($3 OR organisation_id = $4)
"""
_ORIGINS = "SELECT * FROM listing_origin WHERE source_id = $1 AND ($2::uuid[] IS NULL OR record_id = ANY($2::uuid[]))"
_ORIGIN = """
SELECT l.*, s.kind AS source_kind, s.name AS source_name FROM listing_origin l
JOIN harvest_source s ON s.id = l.source_id WHERE l.place_id = $1 AND l.record_id = $2
"""
_KEEP_ORIGINS = """
INSERT INTO listing_origin (record_id, place_id, source_id, record, fields)
SELECT r.record_id, $1, $2, r.record, r.fields
FROM jsonb_to_recordset($3::jsonb) AS r(record_id uuid, record text, fields jsonb)
ON CONFLICT (record_id) DO UPDATE SET fields = excluded.fields, missed = 0, kept_though_gone = false
"""
_SEEN = """
UPDATE listing_origin SET missed = 0, kept_though_gone = false
WHERE record_id = ANY($1::uuid[]) AND (missed > 0 OR kept_though_gone)
"""
_MISSED = "UPDATE listing_origin SET missed = missed + 1 WHERE record_id = ANY($1::uuid[])"
_KEPT = "UPDATE listing_origin SET kept_though_gone = true WHERE record_id = ANY($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Said:
    """What a source says of one record now, to be kept as its last words."""

    record: RecordKind
    record_id: UUID
    told: Fields
    licence: str | None
    before: Mapping[str, Any]
    """What is kept of its former words, by field: a field that says the same keeps the day it first did."""


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """What a list of changes is narrowed to; None narrows nothing."""

    source_id: UUID | None = None
    state: ChangeState | None = None
    kind: ChangeKind | None = None


async def add_changes(unit: Unit, changes: Iterable[Change]) -> None:
    """Store proposed changes, those that were taken over at once among them."""
    rows = [_row_of(each) for each in changes]
    for start in range(0, len(rows), _AT_ONCE):
        await unit.run(_ADD, [json.dumps(rows[start : start + _AT_ONCE], default=str)])


async def waiting_changes(unit: Unit, source_id: UUID) -> dict[UUID, tuple[UUID, str]]:
    """The changes of a source that wait: by record, each one's id and mark."""
    return {row.record_id: (row.id, row.mark) for row in await unit.fetch(_WAITING, [source_id])}


async def end_changes(unit: Unit, ids: Iterable[UUID], state: ChangeState, by: str, at: datetime) -> None:
    """Keep what became of changes that waited."""
    await unit.run(_END, [list(ids), str(state), by, at])


async def lock_changes(unit: Unit, actor: Actor, ids: Iterable[UUID]) -> list[Change]:
    """Those of the wanted changes that are there for the actor's place, held until the transaction ends."""
    return [_change_of(row) for row in await unit.fetch(_LOCK, [actor.place, list(ids)])]


async def lock_new_owners(unit: Unit, organisation_ids: Iterable[UUID]) -> list[Change]:
    """The changes by which these organisations would be listed, where they wait."""
    return [_change_of(row) for row in await unit.fetch(_LOCK_NEW_OWNERS, [list(organisation_ids)])]


async def page_of_changes(
    connection: AsyncConnection,
    actor: Actor,
    narrowed: ChangeFilter,
    *,
    everybodys: bool,
    after: UUID | None,
    limit: int,
) -> list[Change]:
    """The place's changes, newest first: all, or those of the actor's own organisation."""
    state = None if narrowed.state is None else str(narrowed.state)
    kind = None if narrowed.kind is None else str(narrowed.kind)
    wanted = [actor.place, everybodys, actor.organisation_id, narrowed.source_id, state, kind]
    rows = await fetch(connection, _PAGE, [*wanted, after, limit])
    return [_change_of(row) for row in rows]


async def states_of(
    connection: AsyncConnection, actor: Actor, ids: Iterable[UUID], *, everybodys: bool
) -> dict[UUID, ChangeState]:
    """What became of these changes, as far as they are there for the actor."""
    rows = await fetch(connection, _STATES, [actor.place, list(ids), everybodys, actor.organisation_id])
    return {row.id: ChangeState(row.state) for row in rows}


async def origins_of(
    unit: Unit, source_id: UUID, ids: Iterable[UUID] | None = None
) -> dict[UUID, tuple[RecordKind, Origin, Mapping[str, Any]]]:
    """What a source last said of records: of these, or of all it ever told of."""
    rows = await unit.fetch(_ORIGINS, [source_id, None if ids is None else list(ids)])
    return {row.record_id: (RecordKind(row.record), _origin_of(row), row.fields) for row in rows}


async def origin_of(connection: AsyncConnection, actor: Actor, record_id: UUID) -> Any:  # noqa: ANN401 - a driver's row
    """What a source last said of one record, with the source's kind and name; None where none ever did."""
    rows = await fetch(connection, _ORIGIN, [actor.place, record_id])
    return rows[0] if rows else None


async def keep_origins(unit: Unit, place_id: UUID, source_id: UUID, said: Iterable[Said], at: datetime) -> None:
    """Keep what a source says now as its last words, field by field, with the day and the licence."""
    rows = [
        {"record_id": str(each.record_id), "record": str(each.record), "fields": _kept_fields(each, at)}
        for each in said
    ]
    for start in range(0, len(rows), _AT_ONCE):
        await unit.run(_KEEP_ORIGINS, [place_id, source_id, json.dumps(rows[start : start + _AT_ONCE])])


async def note_seen(unit: Unit, ids: Iterable[UUID]) -> None:
    """A whole reading held these records."""
    await unit.run(_SEEN, [list(ids)])


async def note_missed(unit: Unit, ids: Iterable[UUID]) -> None:
    """A whole reading did not hold these records."""
    await unit.run(_MISSED, [list(ids)])


async def note_kept(unit: Unit, ids: Iterable[UUID]) -> None:
    """Somebody decided that these stay, though their source lists them no more."""
    await unit.run(_KEPT, [list(ids)])


def _kept_fields(said: Said, at: datetime) -> dict[str, Any]:
    kept = {}
    for name, value in said.told.items():
        now = {"digest": digest(value), "at": at.isoformat(), "licence": said.licence, "value": value}
        before = said.before.get(name)
        same = before is not None and (before["digest"], before.get("licence")) == (now["digest"], said.licence)
        kept[name] = before if same else now
    return kept


def _origin_of(row: Any) -> Origin:  # noqa: ANN401 - a driver's row
    said = {name: each["digest"] for name, each in row.fields.items()}
    return Origin(said, row.missed, row.kept_though_gone)


def _row_of(change: Change) -> dict[str, Any]:
    columns = {name: getattr(change, name) for name in ("id", "place_id", "source_id", "run_id", "record_id")}
    told = ("organisation_id", "record", "kind", "name", "told", "gone", "mark", "state", "decided_by", "version")
    instants = {name: at and at.isoformat() for name in ("made_at", "decided_at") if (at := getattr(change, name))}
    # Not by dataclasses.asdict, which copies every value deeply: a quarter of the time that a file took.
    differences = [
        {"field": each.field, "ours": each.ours, "theirs": each.theirs, "kept": each.kept}
        for each in change.differences
    ]
    return columns | {name: getattr(change, name) for name in told} | instants | {"differences": differences}


def _change_of(row: Any) -> Change:  # noqa: ANN401 - a driver's row
    return Change(
        id=row.id,
        place_id=row.place_id,
        source_id=row.source_id,
        run_id=row.run_id,
        record=RecordKind(row.record),
        record_id=row.record_id,
        organisation_id=row.organisation_id,
        kind=ChangeKind(row.kind),
        name=row.name,
        told=row.told,
        differences=tuple(Difference(**each) for each in row.differences),
        state=ChangeState(row.state),
        made_at=row.made_at,
        gone=Gone(row.gone) if row.gone else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        version=row.version,
    )
