"""Set up a source of listings, change it, and ask for it to be read now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.outward import Reach, UnfitAddress, read_address
from connective.partners.commands.authority import refuse_unless_running_the_place
from connective.partners.commands.refusals import AlreadySo, SourceNotRead, refuse_broken
from connective.partners.domain.harvests.sources import RunState, Source, SourceKind, SourceState, broken_source
from connective.partners.domain.rules import Broken
from connective.partners.storage.harvests import (
    Run,
    add_run,
    add_source,
    find_source,
    open_run,
    save_source,
    source_by_code,
)


@dataclass(frozen=True, slots=True)
class SourceMeans:
    """The database, and which addresses may be read."""

    database: Database
    reach: Reach


@dataclass(frozen=True, slots=True)
class NewSource:
    """A feed as somebody wants it read."""

    code: str
    name: str
    url: str
    licence: str | None
    every_hours: int
    approves_itself: bool
    withdraws_after: int | None


async def add_feed(means: SourceMeans, actor: Actor, attempt: Attempt, new: NewSource, now: datetime) -> Done:
    """Set it up; it is read at the clock's next turn. Raises NotYours, RulesBroken, and AlreadySo for a known code."""
    refuse_unless_running_the_place(actor)
    source = Source(
        id=new_id(),
        place_id=actor.place,
        code=new.code,
        name=new.name,
        kind=SourceKind.HSDS,
        url=new.url,
        licence=new.licence,
        every_hours=new.every_hours,
        approves_itself=new.approves_itself,
        withdraws_after=new.withdraws_after,
        state=SourceState.ACTIVE,
        next_run_at=now,
        last_whole_at=None,
        failures=0,
        version=1,
        changed_at=now,
    )
    _refuse_unfit(means, source)
    try:
        async with means.database.unit(actor) as unit:
            done = await earlier(unit, attempt)
            if done is not None:
                return done
            if await source_by_code(unit.connection, actor, SourceKind.HSDS, new.code) is not None:
                raise AlreadySo("A source with this code is read already.")
            await add_source(unit, source)
            return await remember(unit, attempt, Done(source.id, 201))
    except IntegrityError as error:
        # Two set up the same at one moment.
        raise AlreadySo("A source with this code is read already.") from error


async def change_feed(
    means: SourceMeans, actor: Actor, source_id: UUID, *, based_on: int, changes: Mapping[str, Any], now: datetime
) -> Source:
    """Apply the changes to the version they are based on. Raises NotFound, NotYours, Stale and RulesBroken.

    One that is switched on again, or has another address, is read at the clock's next turn.
    """
    refuse_unless_running_the_place(actor)
    async with means.database.unit(actor) as unit:
        before = await find_source(unit.connection, actor, source_id, hold=True)
        refuse_stale(based_on, before.version)
        wanted = replace(before, **changes)
        if wanted == before:
            return before
        _refuse_unfit(means, wanted)
        again = (wanted.state, wanted.url) != (before.state, before.url) and wanted.state is SourceState.ACTIVE
        soon = now if again else before.next_run_at
        after = replace(wanted, next_run_at=soon, version=before.version + 1, changed_at=now)
        await save_source(unit, after)
        return after


async def ask_for_run(means: SourceMeans, actor: Actor, attempt: Attempt, source_id: UUID, now: datetime) -> Done:
    """Have it read at the clock's next turn; asking while it is read gives the reading that goes on.

    Raises NotFound, NotYours, and SourceNotRead for a paused source and for files.
    """
    refuse_unless_running_the_place(actor)
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        source = await find_source(unit.connection, actor, source_id, hold=True)
        if source.kind is SourceKind.FILE or source.state is SourceState.PAUSED:
            raise SourceNotRead
        run = await open_run(unit.connection, source_id)
        if run is None:
            run = Run(new_id(), source_id, RunState.ASKED, actor.id, now)
            await add_run(unit, actor, run)
            await save_source(unit, replace(source, next_run_at=now))
        return await remember(unit, attempt, Done(run.id, 202))


def _refuse_unfit(means: SourceMeans, source: Source) -> None:
    broken = list(broken_source(source))
    if source.kind is SourceKind.FILE:
        broken.append(Broken("/kind", "file", "What is read from files is changed by reading them again."))
    else:
        try:
            read_address(str(source.url), means.reach)
        except UnfitAddress as unfit:
            broken.append(Broken("/url", unfit.code.replace("_", "-"), unfit.sentence))
    refuse_broken(broken)
