"""Keep the public directory in step: writes what a migration, a new form or a crash left behind."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.partners.domain.codes import FINDABLE_STATUSES
from connective.partners.domain.open_referral.publishing import OPEN_LICENCES
from connective.partners.storage.published import outdated_services, publish_services

_AT_ONCE = 200


async def keep_publication(database: Database, places: Iterable[UUID], _: datetime) -> None:
    """Publish anew every service whose publication is missing or of another version, a batch a transaction."""
    for place in places:
        while await _next_batch(database, place):
            pass


async def _next_batch(database: Database, place: UUID) -> bool:
    """Whether there may be more."""
    async with database.unit(service_actor("partners", place)) as unit:
        ids = await outdated_services(
            unit.connection, place, statuses=map(str, FINDABLE_STATUSES), licences=OPEN_LICENCES, most=_AT_ONCE
        )
        await publish_services(unit.connection, ids)
    return len(ids) == _AT_ONCE
