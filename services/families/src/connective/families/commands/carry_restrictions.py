"""Two keepers' records count as one person: whatever either restricts holds for both, while it holds."""

from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.commands.restriction_told import announce
from connective.families.domain.dates import day_of
from connective.families.domain.restrictions import RestrictionKind
from connective.families.storage.cards import refresh
from connective.families.storage.merges import same_person
from connective.families.storage.uniting import carry, keeper_of
from connective.families.storage.writing import move_families_on
from connective.kit.database import Unit


async def carry_restrictions(unit: Unit, means: Means, people: tuple[UUID, ...], now: datetime) -> None:
    """Bring the restrictions of these records to the records that count as the same person, or take them back.

    Whichever of the two changed, both directions are looked at; doing it twice changes nothing. The other keeper's
    search cards are made anew in the same transaction, so that nobody is found there who must not be.
    """
    for source_id in people:
        linked = set(await same_person(unit.connection, source_id))
        for target_id in sorted(linked | (set(people) - {source_id})):
            kinds = await carry(unit, source_id, target_id, now, linked=target_id in linked)
            if kinds:
                await _tell(unit, means, target_id, tuple(map(RestrictionKind, kinds)), now)


async def _tell(unit: Unit, means: Means, person_id: UUID, kinds: tuple[RestrictionKind, ...], now: datetime) -> None:
    keeper = await keeper_of(unit, person_id)
    assert keeper is not None  # noqa: S101 - a restriction was just written for this record
    families = await move_families_on(unit, person_id)
    await refresh(unit, keeper, families, means.search_key, day_of(now))
    await announce(unit, keeper.place_id, person_id, kinds)
