"""What every change of restrictions has in common: the cards, the event, the log."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from connective.contracts.family_events import RestrictionChanged
from connective.families.commands.means import Means
from connective.families.domain.dates import day_of
from connective.families.domain.restrictions import Restriction, RestrictionKind, standing
from connective.families.storage import tables
from connective.families.storage.acts import Act, audit, ids_of
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.merges import pointing_to
from connective.families.storage.pictures import load
from connective.families.storage.writing import move_families_on, move_on
from connective.kit.actor import Actor
from connective.kit.database import Unit


async def told(unit: Unit, means: Means, actor: Actor, restriction: Restriction, now: datetime) -> None:
    """Make the search cards anew, announce what is restricted now, and log who did it.

    The chronology says nothing of it: whoever reads that may be the one who must not know.
    """
    person_id = restriction.person_id
    versions = await move_families_on(unit, person_id)
    await refresh(unit, Keeper.of(actor), versions, means.search_key, day_of(now))
    await announce(unit, actor.place, person_id, {restriction.kind})
    act = "restriction.changed" if restriction.lift_asked_by is None else "restriction.lift"
    audit(unit, actor, Act(act, person_ids=(person_id,)), now)


async def announce(unit: Unit, place_id: UUID, person_id: UUID, kinds: Iterable[RestrictionKind]) -> None:
    """Say what the restrictions of these kinds on a person come to, under the person's id and every id merged into it.

    Whoever keeps a copy keeps one for each person and kind, so the fact is of all of them together.
    """
    restrictions = (await load(unit.connection, person_ids=[person_id])).restrictions
    people = (person_id, *await pointing_to(unit.connection, person_id))
    versions = await move_on(unit, tables.person, people)
    for kind in sorted(kinds):
        found = standing(restrictions, person_id, kind)
        for each in people:
            event = RestrictionChanged(
                person_id=each,
                kind=kind,
                active=found is not None,
                named_organisation_ids=ids_of(found.named_organisation_ids) if found else (),
                named_actor_ids=tuple(sorted(found.named_actor_ids)) if found else (),
            )
            unit.tell(event, version=versions[each], place_id=place_id)
