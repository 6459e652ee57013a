"""Agree to a merge, decline it, or take it apart again: what another person than the proposer decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.people_events import PersonMerged, PersonUnmerged
from connective.families.commands.means import Means
from connective.families.commands.propose_merge import match_of, side
from connective.families.commands.quiet import tell_stopped
from connective.families.commands.restriction_told import announce
from connective.families.domain.dates import day_of
from connective.families.domain.merging import (
    Merge,
    MergeReason,
    MergeState,
    agree,
    decline,
    parted,
    refuse_twins,
    undo,
    united,
)
from connective.families.domain.people import Person
from connective.families.domain.refusals import LaterMerge
from connective.families.domain.restrictions import Restriction, RestrictionKind
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.cards import forget, refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.merges import change_merge, merged_again, point, see_merge
from connective.families.storage.pictures import load
from connective.families.storage.seeing import see_people
from connective.families.storage.uniting import move_apart, move_together, person_before, trace_person
from connective.families.storage.writing import change, lock, move_families_on, move_on
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember


@dataclass(frozen=True, slots=True)
class Settling:
    """Which merge is decided on, in the version that was read, and why."""

    merge_id: UUID
    version: int
    reason: MergeReason | None = None


async def agree_to_merge(means: Means, actor: Actor, attempt: Attempt, settling: Settling, now: datetime) -> Done:
    """Agree for the actor's organisation; when every keeper has, the two are one in this same transaction.

    Raises NotFound, Stale, NotTheSecondPerson, AlreadyEnded, and LikelyTwin where they have come to look like twins.
    """
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        before = await _locked(unit, settling)
        after = agree(before, actor.organisation, actor.id, now)
        refuse_twins(
            match_of(
                before.merged_person_id,
                await side(unit, means, before.person_id, now),
                await side(unit, means, before.merged_person_id, now),
            )
        )
        await change_merge(unit, after)
        if after.state is MergeState.MERGED:
            await _unite(unit, means, after, now)
        audit(unit, actor, Act("person.merge_agreed", person_ids=_both(after)), now)
        return await remember(unit, attempt, Done(after.id, 200))


async def decline_merge(means: Means, actor: Actor, attempt: Attempt, settling: Settling, now: datetime) -> Done:
    """Leave the two records as they are. Raises NotFound, Stale or AlreadyEnded."""
    assert settling.reason is not None  # noqa: S101 - the route asks for one
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        after = decline(await _locked(unit, settling), actor.id, settling.reason, now)
        await change_merge(unit, after)
        audit(unit, actor, Act("person.merge_declined", person_ids=_both(after)), now)
        return await remember(unit, attempt, Done(after.id, 200))


async def undo_merge(means: Means, actor: Actor, attempt: Attempt, settling: Settling, now: datetime) -> Done:
    """Take the two apart: what the merge moved goes back. Raises NotFound, Stale, AlreadyEnded or LaterMerge."""
    assert settling.reason is not None  # noqa: S101 - the route asks for one
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        before = await _locked(unit, settling)
        after = undo(before, actor.id, settling.reason, now)
        await change_merge(unit, after)
        await _part(unit, means, after, now)
        audit(unit, actor, Act("person.unmerged", person_ids=_both(after)), now)
        return await remember(unit, attempt, Done(after.id, 200))


def _both(merge: Merge) -> tuple[UUID, UUID]:
    return merge.person_id, merge.merged_person_id


async def _locked(unit: Unit, settling: Settling) -> Merge:
    """The merge as it stands, if nothing shuts the actor out of the record they keep."""
    merge = await see_merge(unit.connection, unit.actor, settling.merge_id, locked=True)
    refuse_stale(settling.version, merge.version)
    own = [i for i, keeper in zip(_both(merge), merge.keepers, strict=True) if keeper == unit.actor.organisation]
    if merge.state is MergeState.MERGED and merge.one_record:
        own = [merge.person_id]
        if await merged_again(unit, merge.id):
            raise LaterMerge("One of these records was merged again since: undo that merge first.")
    await see_people(unit.connection, unit.actor, frozenset(own), uses=False)
    for person_id in sorted(own):
        await lock(unit, tables.person, person_id)
    return merge


async def _unite(unit: Unit, means: Means, merge: Merge, now: datetime) -> None:
    """Make them one. Records of two keepers are moved nowhere: both keepers now count them as one person."""
    if merge.one_record:
        loaded = await load(unit.connection, person_ids=_both(merge))
        stays, merged = (loaded.picture.people[person_id] for person_id in _both(merge))
        await trace_person(unit, merge)
        await move_together(unit, merge)
        await _write(unit, united(stays, merged))
        await point(unit, [merge.merged_person_id], merge.person_id)
        await forget(unit, [merge.merged_person_id])
        await announce(unit, unit.actor.place, merge.person_id, _kinds(merge, loaded.restrictions))
        await tell_stopped(unit, merge.person_id, loaded)
    versions = await move_on(unit, tables.person, _both(merge) if merge.one_record else _own(unit, merge))
    event = PersonMerged(
        person_id=merge.person_id, merged_person_id=merge.merged_person_id, one_record=merge.one_record
    )
    unit.tell(event, version=max(versions.values()))
    await _told(unit, means, merge, "person.merged", now)


async def _part(unit: Unit, means: Means, merge: Merge, now: datetime) -> None:
    versions = await move_on(unit, tables.person, _both(merge) if merge.one_record else _own(unit, merge))
    event = PersonUnmerged(
        person_id=merge.person_id, merged_person_id=merge.merged_person_id, one_record=merge.one_record
    )
    unit.tell(event, version=max(versions.values()))
    if merge.one_record:
        loaded = await load(unit.connection, person_ids=_both(merge))
        stayed, merged = (loaded.picture.people[person_id] for person_id in _both(merge))
        await point(unit, [merge.merged_person_id], None)
        await move_apart(unit, merge)
        await _write(unit, parted(stayed, await person_before(unit, merge), merged))
        for person_id in _both(merge):
            await tell_stopped(unit, person_id, loaded)
            await announce(unit, unit.actor.place, person_id, _kinds(merge, loaded.restrictions))
    await _told(unit, means, merge, "person.unmerged", now)


def _own(unit: Unit, merge: Merge) -> list[UUID]:
    return [i for i, keeper in zip(_both(merge), merge.keepers, strict=True) if keeper == unit.actor.organisation]


def _kinds(merge: Merge, restrictions: tuple[Restriction, ...]) -> frozenset[RestrictionKind]:
    return frozenset(r.kind for r in restrictions if r.person_id in _both(merge))


async def _write(unit: Unit, person: Person) -> None:
    columns = {k: v for k, v in mapping.of_person(person).items() if k not in {"id", "version"}}
    await change(unit, tables.person, person.id, columns)


async def _told(unit: Unit, means: Means, merge: Merge, code: str, now: datetime) -> None:
    """Say it in the families of the actor's organisation, and make their cards anew."""
    people = _both(merge) if merge.one_record else tuple(_own(unit, merge))
    for person_id in people:
        versions = await move_families_on(unit, person_id)
        await refresh(unit, Keeper.of(unit.actor), versions, means.search_key, day_of(now))
        tell_changed(unit, unit.actor, versions, "people")
        await enter_own(unit, unit.actor, code, versions, now, person_id=person_id)
