"""Approve or reject what sources propose, several at once; each stands for itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.partners.commands.answer_report import coordinates_the_place
from connective.partners.commands.writing_listings import Wanted, held_now, write_listings
from connective.partners.domain.harvests.changes import ENDED_STATUS, Change, ChangeState, RecordKind
from connective.partners.domain.harvests.merging import ChangeKind, Fields, Origin, merge, overwritten, plain
from connective.partners.domain.harvests.sources import Source
from connective.partners.storage.changes import (
    Said,
    end_changes,
    keep_origins,
    lock_changes,
    lock_new_owners,
    note_kept,
    origins_of,
)
from connective.partners.storage.harvests import find_source
from connective.partners.storage.imported import kept_organisations, kept_services


async def decide_changes(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    ids: Sequence[UUID],
    *,
    approve: bool,
    overwrite: bool,
    now: datetime,
) -> Done:
    """Decide on those of the changes that wait and that the actor may see; the others stay as they are.

    `overwrite` takes the source's words also where somebody changed the listing here. Approving a service lists its
    organisation too, where that waits. A service whose organisation was rejected goes on waiting.
    """
    async with database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        found = await lock_changes(unit, actor, ids)
        waiting = [each for each in found if each.state is ChangeState.WAITING and may_decide(actor, each)]
        for source_id in {each.source_id for each in waiting}:
            source = await find_source(unit.connection, actor, source_id)
            of_source = [each for each in waiting if each.source_id == source_id]
            if approve:
                await _approve(unit, source, of_source, now, overwrite=overwrite)
            else:
                await _reject(unit, source, of_source, now)
        return await remember(unit, attempt, Done(new_id(), 200))


def may_decide(actor: Actor, change: Change) -> bool:
    """Whether the actor answers for the listing: the place's coordinators for all, an organisation for its own."""
    return coordinates_the_place(actor) or change.organisation_id == actor.organisation_id


async def _reject(unit: Unit, source: Source, changes: Sequence[Change], now: datetime) -> None:
    """What was said is remembered, so that the same words are not proposed a second time."""
    gone = [each.record_id for each in changes if each.kind is ChangeKind.GONE]
    await keep_origins(unit, unit.actor.place, source.id, await _said(unit, source, changes, keep_gone=True), now)
    await note_kept(unit, gone)
    await _end(unit, changes, ChangeState.REJECTED, now)


async def _approve(unit: Unit, source: Source, changes: Sequence[Change], now: datetime, *, overwrite: bool) -> None:
    wanted_owners = {each.organisation_id for each in changes if each.record is RecordKind.SERVICE}
    owners = [each for each in await lock_new_owners(unit, wanted_owners) if each not in changes]
    several = [*owners, *changes]
    current = await _held(unit, [*(each.record_id for each in several), *wanted_owners])
    there = current.keys() | {each.record_id for each in several if each.record is RecordKind.ORGANISATION}
    possible = [each for each in several if each.organisation_id in there or each.record is RecordKind.ORGANISATION]
    origins = await origins_of(unit, source.id, [each.record_id for each in possible])
    wanted = []
    for each in possible:
        origin = origins.get(each.record_id)
        fields = _becomes(each, current.get(each.record_id), origin and origin[1], overwrite=overwrite)
        if fields is not None and fields != current.get(each.record_id):
            wanted.append(Wanted(each.record, each.record_id, fields))
    await write_listings(unit, source.named, wanted, now)
    await keep_origins(unit, unit.actor.place, source.id, await _said(unit, source, possible, keep_gone=False), now)
    await _end(unit, possible, ChangeState.APPLIED, now)


def _becomes(change: Change, current: Fields | None, origin: Origin | None, *, overwrite: bool) -> Fields | None:
    """The record as the change makes it, as it stands now: somebody may have worked on it since it was proposed."""
    if change.kind is ChangeKind.GONE:
        return None if current is None else {**current, "status": ENDED_STATUS}
    if current is None:
        return change.told
    if overwrite:
        return overwritten(current, change.told)
    return merge(current, change.told, origin).fields or current


async def _said(unit: Unit, source: Source, changes: Iterable[Change], *, keep_gone: bool) -> list[Said]:
    several = list(changes)
    origins = await origins_of(unit, source.id, [each.record_id for each in several])
    said = []
    for each in several:
        before = origins[each.record_id][2] if each.record_id in origins else {}
        if each.kind is not ChangeKind.GONE:
            said.append(Said(each.record, each.record_id, each.told, source.licence, before))
        elif not keep_gone:
            words = {name: kept["value"] for name, kept in before.items()}
            said.append(Said(each.record, each.record_id, plain({**words, **each.told}), source.licence, before))
    return said


async def _held(unit: Unit, ids: Iterable[UUID]) -> dict[UUID, Fields]:
    """The records as they are, held until the transaction ends."""
    wanted = list(ids)
    await kept_organisations(unit.connection, unit.actor, wanted)
    await kept_services(unit.connection, unit.actor, wanted)
    return await held_now(unit, wanted)


async def _end(unit: Unit, changes: Iterable[Change], state: ChangeState, now: datetime) -> None:
    await end_changes(unit, [each.id for each in changes], state, unit.actor.id, now)
