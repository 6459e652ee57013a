"""Read the files of listings that were sent: part by part, each kept by itself, by one worker at a time.

What a part changed stays, whatever becomes of the rest: rows stand for themselves. A worker that ends in the middle
holds its file for a while longer; then another goes on behind the last part that was kept, or from the beginning
where the file reads otherwise now, which changes nothing of what is kept.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.database import Unit
from connective.kit.logs import log
from connective.kit.sealing import NotSealedHere
from connective.partners.commands.import_file import FileKind, FileMeans, open_file
from connective.partners.commands.take_in import take_in
from connective.partners.commands.telling_apart import telling_of
from connective.partners.domain.harvests.sources import RunState
from connective.partners.domain.imports.parts import Part, parts_of
from connective.partners.domain.imports.report import Reading, told
from connective.partners.storage.harvests import Run, end_run, find_run_alone, find_source, save_source
from connective.partners.storage.sent_files import (
    Waiting,
    claim_file,
    erase_file,
    hold_file,
    note_progress,
    release_file,
)

_SELF = service_actor("partners")
_LEASE = timedelta(minutes=2)
"""How long a file is held for the next part: longer than any part may take."""
_PAUSE = timedelta(seconds=15)
_MOST_TRIES = 4
KEPT = timedelta(hours=24)
"""A file that nobody could read by then is erased: it must not lie about."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file whose reading has begun here, and what of it is kept already."""

    means: FileMeans
    clock: Clock
    file: Waiting
    reading: Reading
    parts: Sequence[Part]
    run: Run

    @property
    def begun(self) -> int:
        """How many parts were kept before; none, where the file reads otherwise now."""
        same = self.file.parts < len(self.parts) and self.file.rows == self.reading.rows
        return self.file.parts if same else 0


async def read_sent_files(means: FileMeans, clock: Clock) -> int:
    """Read what waits, file by file. Answers how many readings ended."""
    ended = 0
    while True:
        async with means.database.unit(_SELF) as unit:
            file = await claim_file(unit, clock(), clock() + _LEASE)
        if file is None:
            return ended
        ended += await _read_to_its_end(means, clock, file)


async def _read_to_its_end(means: FileMeans, clock: Clock, file: Waiting) -> bool:
    if clock() - file.sent_at > KEPT:
        return await _fail(means, clock, file, "not_read_in_time")
    try:
        return await _read(means, clock, file)
    except NotSealedHere:
        return await _fail(means, clock, file, "not_readable")
    except Exception as error:  # noqa: BLE001 - a file that nothing could prepare for must not stop the others
        log().error("file_not_read", run=str(file.run_id), attempt=file.tries, error=type(error).__name__)
        if file.tries >= _MOST_TRIES:
            return await _fail(means, clock, file, "not_taken_in")
        await _wait(means, clock, file)
        return False


async def _read(means: FileMeans, clock: Clock, file: Waiting) -> bool:
    reading = await asyncio.to_thread(_understood, means, file)
    taken = await _begin(means, clock, file, reading)
    if taken is None:
        return False
    counts: Mapping[str, int] = taken.run.counts if taken.begun else {}
    for number, part in enumerate(taken.parts[taken.begun :], start=taken.begun + 1):
        more = await _keep(taken, part, number, counts)
        if more is None:
            return False
        counts = more
    return True


def _understood(means: FileMeans, file: Waiting) -> Reading:
    """In a thread: thousands of rows take seconds to understand. By the day it was sent, so that it reads the same."""
    content = means.seal.open(file.sealed, file.run_id.bytes)
    return open_file(content, FileKind(file.kind)).read(means.locate, file.sent_at.date())


async def _begin(means: FileMeans, clock: Clock, file: Waiting, reading: Reading) -> _Taken | None:
    """Say how many rows there are, and what is wrong with them, before any is kept."""
    actor = service_actor("partners", file.place_id)
    async with means.database.unit(actor) as unit:
        if not await hold_file(unit, file):
            return None
        run = await find_run_alone(unit.connection, actor, file.run_id)
        taken = _Taken(means, clock, file, reading, list(parts_of(reading)), run)
        rows = run.rows if taken.begun else 0
        problems = told(reading.errors)
        begun = replace(run, state=RunState.RUNNING, rows=rows, told_total=reading.rows, problems=problems)
        await end_run(unit, begun)
        source = await find_source(unit.connection, actor, run.source_id, hold=True)
        await save_source(unit, replace(source, licence=file.licence, changed_at=clock()))
        await note_progress(unit, file.run_id, parts=taken.begun, rows=reading.rows, until=clock() + _LEASE)
    return replace(taken, run=begun)


async def _keep(taken: _Taken, part: Part, number: int, counts: Mapping[str, int]) -> dict[str, int] | None:
    """Keep one part and how far the file is, in one transaction; None where another worker took the file up."""
    actor, now, file = service_actor("partners", taken.file.place_id), taken.clock(), taken.file
    async with taken.means.database.unit(actor) as unit:
        if not await hold_file(unit, file):
            return None
        source = replace(await find_source(unit.connection, actor, taken.run.source_id), licence=file.licence)
        telling = await asyncio.to_thread(telling_of, source, part.reading, owners=part.owners)
        changed = (await take_in(unit, source, file.run_id, telling, now)).counts()
        sums = {name: counts.get(name, 0) + added for name, added in changed.items()}
        sums |= {"kept": part.kept, "refused": part.refused}
        run = replace(taken.run, rows=part.rows, counts=sums)
        if number < len(taken.parts):
            await end_run(unit, run)
            await note_progress(unit, file.run_id, parts=number, rows=taken.reading.rows, until=now + _LEASE)
        else:
            await _end(unit, replace(run, state=RunState.WHOLE, ended_at=now))
            await save_source(unit, replace(source, last_whole_at=now, failures=0, changed_at=now))
    return sums


async def _end(unit: Unit, run: Run) -> None:
    await end_run(unit, run)
    await erase_file(unit, run.id)


async def _fail(means: FileMeans, clock: Clock, file: Waiting, code: str) -> bool:
    """Give it up. What was kept of it stays, and its reading says how far that is."""
    actor = service_actor("partners", file.place_id)
    async with means.database.unit(actor) as unit:
        if not await hold_file(unit, file):
            return False
        run = await find_run_alone(unit.connection, actor, file.run_id)
        await _end(unit, replace(run, state=RunState.FAILED, failure=code, ended_at=clock()))
    return True


async def _wait(means: FileMeans, clock: Clock, file: Waiting) -> None:
    """Let it be taken up again before long."""
    async with means.database.unit(_SELF) as unit:
        if await hold_file(unit, file):
            await release_file(unit, file.run_id, clock() + _PAUSE)
