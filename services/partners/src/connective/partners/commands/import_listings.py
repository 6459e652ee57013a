"""Keep what was read from a file in the directory; reading the same file twice changes nothing."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id
from connective.partners.commands.take_in import Taken, take_in
from connective.partners.commands.telling_apart import telling_of
from connective.partners.domain.harvests.changes import Change, ChangeState, RecordKind
from connective.partners.domain.harvests.merging import ChangeKind
from connective.partners.domain.harvests.sources import RunState, Source, SourceKind, SourceState
from connective.partners.domain.imports.parts import refused
from connective.partners.domain.imports.report import Reading, told
from connective.partners.storage.harvests import Run, add_run, add_source, end_run, save_source, source_by_code

_AT_NO_TIME = 24
"""Files are read when somebody reads them; the column wants a number."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records a reading added, changed, left as they were, left alone, and withdrew."""

    added: int
    changed: int
    unchanged: int
    changed_here: int
    """Somebody changed them in the directory since they were read: the file did not overwrite that."""
    withdrawn: int


async def import_listings(
    database: Database,
    actor: Actor,
    reading: Reading,
    *,
    legal_entity_id: UUID | None,
    now: datetime,
    licence: str | None = None,
) -> tuple[Imported, Imported]:
    """Keep organisations and services, in one transaction. Answers the counts of each.

    Organisations are only listed, unless they all belong to one legal entity, which is then named. Services are
    signposts: nobody there has agreed to take requests. `licence` (SPDX code) is the one the source gives them under.
    A file takes the same way as a feed: its changes are kept with the fields that differed, and whoever read it in has
    approved them, but for those that would overwrite a person's work.
    """
    async with database.unit(actor) as unit:
        known = await file_source(unit, reading.source, licence, now)
        source = replace(known, licence=licence, last_whole_at=now, changed_at=now)
        await save_source(unit, source)
        run = Run(new_id(), source.id, RunState.RUNNING, actor.id, now, rows=reading.rows)
        await add_run(unit, actor, run)
        telling = await asyncio.to_thread(telling_of, source, reading, legal_entity_id)
        taken = await take_in(unit, source, run.id, telling, now)
        counts, problems = taken.counts() | {"refused": refused(reading)}, told(reading.errors)
        await end_run(unit, replace(run, state=RunState.WHOLE, ended_at=now, counts=counts, problems=problems))
    return _counted(taken, RecordKind.ORGANISATION), _counted(taken, RecordKind.SERVICE)


async def file_source(unit: Unit, code: str, licence: str | None, now: datetime) -> Source:
    """The source that stands for all files of a kind, held until the transaction ends; the first one makes it."""
    actor = unit.actor
    known = await source_by_code(unit.connection, actor, SourceKind.FILE, code)
    if known is not None:
        return known
    source = Source(
        id=new_id(),
        place_id=actor.place,
        code=code,
        name=f"Files ({code})",
        kind=SourceKind.FILE,
        url=None,
        licence=licence,
        every_hours=_AT_NO_TIME,
        approves_itself=True,
        withdraws_after=None,
        state=SourceState.ACTIVE,
        next_run_at=None,
        last_whole_at=None,
        failures=0,
        version=1,
        changed_at=now,
    )
    await add_source(unit, source)
    return source


def _counted(taken: Taken, record: RecordKind) -> Imported:
    changes = [each for each in taken.changes if each.record is record]
    applied = [each for each in changes if each.state is ChangeState.APPLIED]
    here = [each for each in changes if each.kind is ChangeKind.DIFFERS]
    still = sum(each.record is record for each in taken.unchanged)
    return Imported(
        added=_of(applied, ChangeKind.NEW),
        changed=_of(applied, ChangeKind.CHANGED),
        unchanged=still,
        changed_here=len(here) + sum(each is record for each in taken.waits_still.values()),
        withdrawn=_of(applied, ChangeKind.GONE),
    )


def _of(changes: Iterable[Change], kind: ChangeKind) -> int:
    return sum(each.kind is kind for each in changes)
