"""Chase reports of listings that nobody answered: once each, and then the place's coordinators are asked too."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from connective.contracts.directory_events import ListingReportOverdue
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.partners.commands.watching import tell_watchers
from connective.partners.domain.reports import ANSWERED_WITHIN
from connective.partners.storage.services import services_by_id
from connective.partners.storage.watching import chase_reports


async def chase_unanswered_reports(database: Database, places: Iterable[UUID], now: datetime) -> None:
    """Announce each report that waits for longer than a week, and leave whoever watches the listing a notice."""
    for place in places:
        actor = service_actor("partners", place)
        async with database.unit(actor) as unit:
            late = await chase_reports(unit.connection, place, before=now - ANSWERED_WITHIN, at=now)
            owned = await services_by_id(unit.connection, actor, {report.service_id for report in late})
            for report in late:
                whose = report.organisation_id
                event = ListingReportOverdue(report_id=report.id, service_id=report.service_id, organisation_id=whose)
                unit.tell(event, version=report.version, place_id=place)
            await tell_watchers(unit, [each.service for each in owned], "report_overdue")
