"""What placing and lifting a restriction have in common: the cards, the event, the log."""

from datetime import datetime

from connective.contracts.events import RestrictionChanged
from connective.families.commands.means import Means
from connective.families.domain.dates import day_of
from connective.families.domain.restrictions import Restriction
from connective.families.storage import tables
from connective.families.storage.acts import Act, audit, ids_of
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.writing import move_families_on, move_on
from connective.kit.actor import Actor
from connective.kit.database import Unit


async def told(unit: Unit, means: Means, actor: Actor, restriction: Restriction, now: datetime) -> None:
    """Make the search cards anew, announce the restriction as it now stands, and log who did it.

    The chronology says nothing of it: whoever reads that may be the one who must not know.
    """
    versions = await move_families_on(unit, restriction.person_id)
    person = await move_on(unit, tables.person, [restriction.person_id])
    await refresh(unit, Keeper.of(actor), versions, means.search_key, day_of(now))
    event = RestrictionChanged(
        person_id=restriction.person_id,
        kind=restriction.kind,
        active=restriction.active,
        named_organisation_ids=ids_of(restriction.named_organisation_ids),
        named_actor_ids=tuple(sorted(restriction.named_actor_ids)),
    )
    unit.tell(event, version=person[restriction.person_id])
    act = "restriction.changed" if restriction.lift_asked_by is None else "restriction.lift"
    audit(unit, actor, Act(act, person_ids=(restriction.person_id,)), now)
