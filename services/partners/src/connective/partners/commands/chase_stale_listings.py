"""Chase listings that nobody has checked for longer than the place allows: once each, until somebody has."""

from collections.abc import Iterable
from datetime import datetime

from connective.contracts.directory_events import ListingStale
from connective.contracts.places import Place
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.partners.commands.watching import tell_watchers
from connective.partners.domain.reports import addressee, stale_before
from connective.partners.storage.services import services_by_id
from connective.partners.storage.watching import notice_stale


async def chase_stale_listings(database: Database, places: Iterable[Place], now: datetime) -> None:
    """Announce each listing that became stale, to its organisation or the coordinators, and to whoever watches it."""
    for place in places:
        actor = service_actor("partners", place.id)
        before = stale_before(now.date(), place.listings_checked_within_days)
        async with database.unit(actor) as unit:
            noticed = await notice_stale(unit.connection, place.id, before=before, at=now)
            stale = await services_by_id(unit.connection, actor, noticed)
            for owned in stale:
                event = ListingStale(service_id=owned.service.id, organisation_id=addressee(owned.organisation))
                unit.tell(event, version=owned.service.version, place_id=place.id)
            await tell_watchers(unit, [owned.service for owned in stale], "stale")
