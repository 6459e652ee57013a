"""Read what was proposed as one person: to look at both, side by side, before anybody agrees. The look is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.domain.merging import Merge, MergeState
from connective.families.storage.acts import Act, audit
from connective.families.storage.cards import card_of
from connective.families.storage.merges import merges_kept, see_merge
from connective.families.storage.pictures import load
from connective.kit.actor import Actor
from connective.kit.database import Unit


@dataclass(frozen=True, slots=True)
class Named:
    """One of the two, with no more than a search shows: a name and a year of birth; nothing for a hidden one."""

    person_id: UUID
    keeper_id: UUID
    name: str | None
    birth_year: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A merge and the two it is about."""

    merge: Merge
    people: tuple[Named, Named]


async def read_merge(means: Means, actor: Actor, merge_id: UUID, now: datetime) -> Shown:
    """One merge. Raises NotFound unless the actor's organisation keeps one of the records."""
    async with means.database.unit(actor) as unit:
        merge = await see_merge(unit.connection, actor, merge_id)
        people = (
            await _named(unit, merge.person_id, merge.keepers[0]),
            await _named(unit, merge.merged_person_id, merge.keepers[1]),
        )
        audit(unit, actor, Act("merge.read", person_ids=(merge.person_id, merge.merged_person_id)), now)
    return Shown(merge, people)


async def list_merges(
    means: Means, actor: Actor, *, state: MergeState | None, before: UUID | None, limit: int, now: datetime
) -> Sequence[Merge]:
    """The newest first, at most `limit`, that come before the given id: ids and codes, nobody's name."""
    async with means.database.unit(actor) as unit:
        found = await merges_kept(unit.connection, actor, state=state, before=before, limit=limit)
        audit(unit, actor, Act("merges.listed", hits=len(found)), now)
    return found


async def _named(unit: Unit, person_id: UUID, keeper_id: UUID) -> Named:
    if keeper_id == unit.actor.organisation:
        person = (await load(unit.connection, person_ids=[person_id])).picture.people[person_id]
        year = person.date_of_birth.year if person.date_of_birth else None
        return Named(person_id, keeper_id, person.name.full, year)
    card = await card_of(unit, unit.actor.place, person_id)
    if card is None:
        return Named(person_id, keeper_id, None, None)
    return Named(person_id, keeper_id, card.name, card.birth_year)
