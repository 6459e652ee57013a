"""Answer a report: the listing was put right, nothing was wrong with it, or it is gone."""

from datetime import datetime
from uuid import UUID

from connective.contracts.directory_events import ListingReportAnswered
from connective.contracts.permissions import Role
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import AlreadySo
from connective.partners.commands.watching import tell_watchers
from connective.partners.domain.reports import Answered, answered
from connective.partners.storage.services import find_service
from connective.partners.storage.watching import lock_report, save_answer
from connective.partners.storage.works import COORDINATING, TELLING

_COORDINATORS = frozenset({Role.HUB_COORDINATOR, Role.PLACE_ADMIN})


def coordinates_the_place(actor: Actor) -> bool:
    """Whether the actor answers for listings that no organisation of the place keeps."""
    return bool(actor.roles & _COORDINATORS)


async def answer_report(
    means: Means,
    actor: Actor,
    attempt: Attempt,
    report_id: UUID,
    *,
    answer: Answered,
    words: str | None,
    now: datetime,
) -> Done:
    """Close it with its answer; who reported it can read that. Raises NotFound and AlreadySo."""
    coordinates = coordinates_the_place(actor)
    async with means.database.unit(actor, work=COORDINATING if coordinates else TELLING) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        report = await lock_report(unit.connection, actor, report_id, coordinates=coordinates)
        if not report.is_open:
            raise AlreadySo("It is answered already.")
        after = answered(report, answer, words, actor.id, now)
        await save_answer(unit.connection, after)
        event = ListingReportAnswered(
            report_id=report.id,
            service_id=report.service_id,
            organisation_id=report.organisation_id,
            reporter_account_id=report.reporter_id,
            reason_code=str(answer),
        )
        unit.tell(event, version=after.version)
        owned = await find_service(unit.connection, actor, report.service_id)
        await tell_watchers(unit, [owned.service], "answered")
        return await remember(unit, attempt, Done(report.id, 200))
