"""Harvest: read the feeds that are due, whole or not at all, and take in what they tell."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.database import Database
from connective.kit.ids import new_id
from connective.kit.logs import log
from connective.partners.clients.feeds import Feeds
from connective.partners.commands.look_after_harvests import tell_of_waiting
from connective.partners.commands.take_in import take_in
from connective.partners.commands.telling_apart import telling_of
from connective.partners.domain.harvests.sources import RunState, Source, after_failure, after_whole
from connective.partners.domain.harvests.walking import NotWhole, Walk
from connective.partners.domain.imports.hsds import read_hsds
from connective.partners.domain.imports.hsds_shapes import HsdsFile, HsdsService
from connective.partners.domain.imports.report import MOST_PROBLEMS, Reading, told
from connective.partners.storage.harvests import Run, add_run, end_run, find_source, next_due, save_source, start_asked
from connective.partners.storage.postcodes import PostcodeDirectory
from connective.partners.storage.reference_data import vocabulary

_LEASE = timedelta(hours=1)
"""How long a feed that is being read is nobody else's: longer than any reading may take."""


@dataclass(frozen=True, slots=True)
class HarvestMeans:
    """What harvesting works with."""

    database: Database
    feeds: Feeds
    postcodes: PostcodeDirectory
    clock: Clock


async def harvest_due(means: HarvestMeans, places: Iterable[UUID], now: datetime) -> None:
    """Read every source that is due, one after the other. A feed that fails delays the others, and harms nothing."""
    for place in places:
        while (claimed := await _claim(means, place, now)) is not None:
            await _harvest(means, *claimed)


async def _claim(means: HarvestMeans, place: UUID, now: datetime) -> tuple[Source, Run] | None:
    actor = service_actor("partners", place)
    async with means.database.unit(actor) as unit:
        source = await next_due(unit, actor, now)
        if source is None:
            return None
        await save_source(unit, replace(source, next_run_at=now + _LEASE))
        asked = await start_asked(unit, source.id, now)
        run = asked or Run(new_id(), source.id, RunState.RUNNING, actor.id, now)
        if asked is None:
            await add_run(unit, actor, run)
        return source, run


async def _harvest(means: HarvestMeans, source: Source, run: Run) -> None:
    walk = Walk()
    try:
        await means.feeds.read(str(source.url), walk)
        reading = await asyncio.to_thread(_read, walk, means)
        await _take_in(means, source, run, walk, reading)
    except NotWhole as error:
        await _fail(means, source, run, walk, error.code)
    except Exception as error:  # noqa: BLE001 - a feed that nothing could prepare for must not stop the others
        log().error("harvest_failed", source=str(source.id), error=type(error).__name__)
        await _fail(means, source, run, walk, "not_taken_in")


def _read(walk: Walk, means: HarvestMeans) -> Reading:
    """In a thread: thousands of records take seconds to understand."""
    services = tuple(HsdsService(f"/{at}", record) for at, record in enumerate(walk.records.values()))
    return read_hsds(HsdsFile(services, ()), vocabulary(), means.postcodes.find, means.clock().date())


async def _take_in(means: HarvestMeans, source: Source, run: Run, walk: Walk, reading: Reading) -> None:
    actor, now = service_actor("partners", source.place_id), means.clock()
    async with means.database.unit(actor) as unit:
        present = await find_source(unit.connection, actor, source.id, hold=True)
        if (present.url, present.licence) != (source.url, source.licence):
            raise NotWhole("source_changed")
        taken = await take_in(unit, present, run.id, telling_of(present, reading, held=walk.records), now)
        await end_run(
            unit,
            replace(
                _seen(run, walk, now),
                state=RunState.WHOLE,
                counts=taken.counts() | {"refused": len(walk.records) - len(reading.services) - len(reading.ended)},
                problems=_problems(walk, reading),
            ),
        )
        await tell_of_waiting(unit, present, run.id, now)
        await save_source(unit, after_whole(present, now))


async def _fail(means: HarvestMeans, source: Source, run: Run, walk: Walk, code: str) -> None:
    actor, now = service_actor("partners", source.place_id), means.clock()
    async with means.database.unit(actor) as unit:
        present = await find_source(unit.connection, actor, source.id, hold=True)
        await end_run(unit, replace(_seen(run, walk, now), state=RunState.FAILED, failure=code))
        await save_source(unit, after_failure(present, now))


def _seen(run: Run, walk: Walk, now: datetime) -> Run:
    return replace(run, ended_at=now, pages=walk.pages, rows=len(walk.records), told_total=walk.told_total)


def _problems(walk: Walk, reading: Reading) -> list[dict[str, Any]]:
    return [*walk.problems(), *told(reading.errors)][:MOST_PROBLEMS]
