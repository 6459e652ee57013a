"""What searches did not find, as a hub's coordinator may read it: small numbers untold, the rest rounded."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.partners.commands.authority import refuse_unless_coordinating
from connective.partners.domain.unmet import Told, monday, told_by_district, told_by_outward
from connective.partners.storage.directory import unmet_counts
from connective.partners.storage.hubs import find_hub


@dataclass(frozen=True, slots=True)
class Unmet:
    """The counts, and the weeks they are of."""

    since: date
    until: date
    counts: tuple[Told, ...]


async def unmet_needs(
    database: Database, actor: Actor, hub_id: UUID, *, weeks: int, by_district: bool, today: date
) -> Unmet:
    """Counts of the hub's area over whole weeks, the present one left out. Raises NotFound and NotYours.

    A hub without half-postcodes of its own reads the whole place.
    """
    until = monday(today)
    since = until - timedelta(weeks=weeks)
    async with database.reading(actor) as connection:
        hub = await find_hub(connection, actor, hub_id)
        refuse_unless_coordinating(actor, hub.coordinator_account_id)
        outwards = list(hub.outward_postcodes) or None
        counts = await unmet_counts(connection, actor, since=since, until=until, outwards=outwards)
    return Unmet(since, until, (told_by_district if by_district else told_by_outward)(counts))
