"""Take in what a reading of a source told: compare it with the directory, keep what it would change, apply what may be.

Files and feeds share this one way. Nothing here overwrites what somebody changed in the directory, and nothing ends
because it is missing from one reading.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.kit.database import Unit
from connective.kit.ids import new_id
from connective.partners.commands.writing_listings import Wanted, held_now, write_listings
from connective.partners.domain.harvests.changes import (
    ENDED_STATUS,
    Change,
    ChangeState,
    Gone,
    RecordKind,
    may_end_by_itself,
    missing,
    takes_over_at_once,
)
from connective.partners.domain.harvests.merging import (
    ChangeKind,
    Difference,
    Fields,
    Merge,
    Origin,
    digests,
    edited_here,
    merge,
)
from connective.partners.domain.harvests.sources import Source
from connective.partners.domain.harvests.telling import Telling, Told
from connective.partners.storage.changes import (
    Said,
    add_changes,
    end_changes,
    keep_origins,
    note_missed,
    note_seen,
    origins_of,
    waiting_changes,
)
from connective.partners.storage.imported import Kept, kept_organisations, kept_services

_WITHOUT_REST = 200
"""How many records are compared before anything else has its turn."""
Origins = dict[UUID, tuple[RecordKind, Origin, Mapping[str, Any]]]


@dataclass
class Taken:
    """What came of a reading."""

    changes: list[Change] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    unchanged: list[Told] = field(default_factory=list)
    waits_still: dict[UUID, RecordKind] = field(default_factory=dict)
    """Records whose change waited before, and is the same."""

    def counts(self) -> dict[str, int]:
        """How many records of each sort, and how many changes were taken over at once or wait."""
        found = {str(kind): sum(each.kind is kind for each in self.changes) for kind in ChangeKind}
        applied = sum(each.state is ChangeState.APPLIED for each in self.changes)
        return found | {
            "unchanged": len(self.unchanged),
            "applied": applied,
            "waiting": len(self.changes) - applied + len(self.waits_still),
        }


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a reading is compared with."""

    source: Source
    run_id: UUID
    now: datetime
    current: Mapping[UUID, Fields]
    origins: Origins
    waiting: Mapping[UUID, tuple[UUID, str]]

    def origin(self, record_id: UUID) -> Origin | None:
        found = self.origins.get(record_id)
        return None if found is None else found[1]

    def before(self, record_id: UUID) -> Mapping[str, Any]:
        found = self.origins.get(record_id)
        return {} if found is None else found[2]


async def take_in(unit: Unit, source: Source, run_id: UUID, telling: Telling, now: datetime) -> Taken:
    """Compare, keep and apply, in the transaction at hand."""
    ground = await _ground(unit, source, run_id, telling, now)
    taken = Taken()
    there = {key for key in ground.current if key not in telling.ended}
    for number, told in enumerate(telling.records):
        if number % _WITHOUT_REST == 0:
            # Who searches meanwhile, in the same process, is answered between.
            await asyncio.sleep(0)
        _compare(ground, told, taken, there)
    for ended in telling.ended:
        _end(ground, ended, Gone.CLOSED, taken, alone=source.approves_itself)
    if telling.held is not None:
        await _miss(unit, ground, telling.held, taken)
    await _keep(unit, ground, telling, taken)
    return taken


async def _ground(unit: Unit, source: Source, run_id: UUID, telling: Telling, now: datetime) -> _Ground:
    actor = unit.actor
    ids = list(telling.ids())
    # Held until the transaction ends, so that nobody changes between the comparison and the writing.
    kept = {
        **await kept_organisations(unit.connection, actor, ids),
        **await kept_services(unit.connection, actor, ids),
    }
    origins = await origins_of(unit, source.id, None if telling.held is not None else ids)
    wanted = set(kept) | (origins.keys() if telling.held is not None else set())
    current = await held_now(unit, wanted | telling.owners)
    for told in telling.records:
        if told.record_id in kept and told.record_id not in origins:
            origins[told.record_id] = (told.record, _formerly(kept[told.record_id], current[told.record_id]), {})
    return _Ground(source, run_id, now, current, origins, await waiting_changes(unit, source.id))


def _formerly(kept: Kept, current: Fields) -> Origin:
    """What a source said of a record that was read before its words were kept field by field."""
    return Origin({} if kept.changed_here else digests(current))


def _compare(ground: _Ground, told: Told, taken: Taken, there: set[UUID]) -> None:
    found = merge(ground.current.get(told.record_id), told.fields, ground.origin(told.record_id))
    if found.kind is None:
        taken.unchanged.append(told)
        return
    at_once = takes_over_at_once(found, approves_itself=ground.source.approves_itself)
    # A service cannot be listed under an organisation that somebody decided not to list.
    at_once = at_once and (told.record is RecordKind.ORGANISATION or told.organisation_id in there)
    _propose(ground, told, found, taken, at_once=at_once)
    if at_once:
        there.add(told.record_id)
        taken.wanted.append(Wanted(told.record, told.record_id, found.fields))
        taken.said.append(_said(ground, told.record, told.record_id, told.fields))


def _end(ground: _Ground, record_id: UUID, gone: Gone, taken: Taken, *, alone: bool) -> None:
    """Propose that a service ends, where the directory lists it; one that somebody changed here waits for a person."""
    current, origin = ground.current.get(record_id), ground.origin(record_id)
    if current is None or current.get("status") == ENDED_STATUS:
        return
    said = origin.digests if origin is not None else digests(current)
    at_once = alone and not edited_here(current, said)
    owner, ended = UUID(current["organisation_id"]), {"status": ENDED_STATUS}
    difference = Difference("status", current.get("status"), ENDED_STATUS, kept=False)
    told = Told(RecordKind.SERVICE, record_id, owner, current["name"], ended)
    _propose(ground, told, Merge(ChangeKind.GONE, (difference,)), taken, at_once=at_once, gone=gone)
    if at_once:
        taken.wanted.append(Wanted(RecordKind.SERVICE, record_id, {**current, **ended}))
        words = {name: each["value"] for name, each in ground.before(record_id).items()} or current
        taken.said.append(_said(ground, RecordKind.SERVICE, record_id, {**words, **ended}))


async def _miss(unit: Unit, ground: _Ground, held: frozenset[UUID], taken: Taken) -> None:
    """Count what a whole reading did not hold; what somebody keeps though it is gone is asked about no more."""
    known = [
        key
        for key, (record, origin, _) in ground.origins.items()
        if record is RecordKind.SERVICE and not origin.kept_though_gone
        if ground.current.get(key, {}).get("status", ENDED_STATUS) != ENDED_STATUS
    ]
    absent = missing(known, held)
    for key in absent:
        missed = ground.origins[key][1].missed + 1
        alone = may_end_by_itself(missed, ground.source.withdraws_after, len(absent), len(known))
        _end(ground, key, Gone.MISSING, taken, alone=alone)
    await note_seen(unit, held & ground.origins.keys())
    await note_missed(unit, absent)


def _propose(
    ground: _Ground, told: Told, found: Merge, taken: Taken, *, at_once: bool, gone: Gone | None = None
) -> None:
    change = Change(
        id=new_id(),
        place_id=ground.source.place_id,
        source_id=ground.source.id,
        run_id=ground.run_id,
        record=told.record,
        record_id=told.record_id,
        organisation_id=told.organisation_id,
        kind=ChangeKind(found.kind) if found.kind is not None else ChangeKind.CHANGED,
        name=told.name,
        told=told.fields,
        differences=found.differences,
        state=ChangeState.APPLIED if at_once else ChangeState.WAITING,
        made_at=ground.now,
        gone=gone,
        decided_by=ground.source.named if at_once else None,
        decided_at=ground.now if at_once else None,
    )
    _, mark = ground.waiting.get(told.record_id, (None, None))
    if not at_once and mark == change.mark:
        taken.waits_still[told.record_id] = told.record
    else:
        taken.changes.append(change)


async def _keep(unit: Unit, ground: _Ground, telling: Telling, taken: Taken) -> None:
    looked_at = ground.waiting.keys() if telling.held is not None else ground.waiting.keys() & set(telling.ids())
    outdated = [ground.waiting[key][0] for key in looked_at if key not in taken.waits_still]
    await end_changes(unit, outdated, ChangeState.SUPERSEDED, ground.source.named, ground.now)
    await write_listings(unit, ground.source.named, taken.wanted, ground.now)
    await add_changes(unit, taken.changes)
    first_heard = [each for each in taken.unchanged if not ground.before(each.record_id)]
    told = [_said(ground, each.record, each.record_id, each.fields) for each in first_heard]
    await keep_origins(unit, unit.actor.place, ground.source.id, [*taken.said, *told], ground.now)


def _said(ground: _Ground, record: RecordKind, record_id: UUID, fields: Fields) -> Said:
    return Said(record, record_id, fields, ground.source.licence, ground.before(record_id))
