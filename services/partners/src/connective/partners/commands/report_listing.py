"""Report a listing wrong: to its organisation, or, for one that was imported, to the place's coordinators."""

from datetime import datetime
from uuid import UUID

from connective.contracts.directory_events import ListingReported
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.partners.commands.means import Means
from connective.partners.commands.watching import person, tell_watchers
from connective.partners.domain.reports import Report, Wrong, addressee
from connective.partners.storage.services import find_service
from connective.partners.storage.watching import add_report
from connective.partners.storage.works import TELLING


async def report_listing(
    means: Means,
    actor: Actor,
    attempt: Attempt,
    service_id: UUID,
    *,
    wrong: frozenset[Wrong],
    words: str | None,
    now: datetime,
) -> Done:
    """Keep the report, open until it is answered. Raises NotFound and NotAllowed."""
    reporter = person(actor)
    async with means.database.unit(actor, work=TELLING) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        owned = await find_service(unit.connection, actor, service_id)
        report = Report(
            id=new_id(),
            place_id=actor.place,
            service_id=service_id,
            organisation_id=addressee(owned.organisation),
            wrong=wrong,
            words=words,
            reporter_id=reporter,
            reporter_organisation_id=actor.organisation,
            reported_at=now,
        )
        await add_report(unit.connection, report)
        told = ListingReported(report_id=report.id, service_id=service_id, organisation_id=report.organisation_id)
        unit.tell(told, version=report.version)
        await tell_watchers(unit, [owned.service], "reported")
        return await remember(unit, attempt, Done(report.id, 201))
