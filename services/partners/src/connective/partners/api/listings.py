"""`/services/{id}/watch`, `/reports`, `/assure` and the lists beside them: keeping the directory true together."""

from operator import attrgetter
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission, Role
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.partners.api.deps import Parts, PartsDep, show_version
from connective.partners.api.listing_schemas import AnswerBody, ReportBody, ReportOut, StaleOut, WatchedOut
from connective.partners.api.schemas import ServiceOut
from connective.partners.api.showing import show_service
from connective.partners.commands.answer_report import answer_report, coordinates_the_place
from connective.partners.commands.assure_listing import assure_listing
from connective.partners.commands.refusals import AlreadySo, NotYours
from connective.partners.commands.report_listing import report_listing
from connective.partners.commands.watching import person, stop_watching, watch_listing
from connective.partners.domain.reports import Report, stale_before
from connective.partners.queries import directory, listings

routes = router(tags=["services"])


@routes.get(
    "/services/watched",
    operation_id="partners_list_watched_services",
    **operation(Permission.PARTNERS_LISTING_REPORT, relation="self"),
)
async def list_watched(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[WatchedOut]:
    """The listings that the asker watches."""
    after = parts.cursors.after(cursor)
    found = await listings.watched(parts.means.database, actor, person(actor), after=after, limit=limit + 1)
    shown = [
        WatchedOut(
            service_id=row.service_id,
            name=row.name,
            organisation_name=row.organisation_name,
            since=row.since,
            version=row.version,
            news=row.news,
            last_news=row.last_news,
        )
        for row in found
    ]
    return page_of(request, response, parts.cursors, shown, limit=limit, at=attrgetter("service_id"))


@routes.get(
    "/services/reports",
    operation_id="partners_list_listing_reports",
    **operation(Permission.PARTNERS_LISTING_REPORT, relation="place"),
)
async def list_reports(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    only_open: Annotated[bool, Query(description="Only those that wait for an answer.")] = False,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ReportOut]:
    """Reports that the asker made, or answers for: administrators for their own listings, coordinators for all."""
    found = await listings.reports(
        parts.means.database,
        actor,
        coordinates=coordinates_the_place(actor),
        administers=Role.PARTNER_ADMIN in actor.roles,
        only_open=only_open,
        after=parts.cursors.after(cursor),
        limit=limit + 1,
    )
    return page_of(request, response, parts.cursors, found, limit=limit, show=_report)


@routes.get(
    "/services/stale",
    operation_id="partners_list_stale_services",
    **operation(Permission.PARTNERS_LISTING_ANSWER, relation="place"),
)
async def list_stale(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[StaleOut]:
    """Listings that nobody has checked for longer than the place allows: one's own, or, for coordinators, all."""
    before = stale_before(parts.clock().date(), parts.checked_within_days(actor.place))
    owner = None if coordinates_the_place(actor) else actor.organisation
    found = await listings.stale(
        parts.means.database, actor, before=before, owner=owner, after=parts.cursors.after(cursor), limit=limit + 1
    )
    shown = [
        StaleOut(
            service_id=row.id,
            name=row.name,
            organisation_id=row.organisation_id,
            organisation_name=row.organisation_name,
            source=row.source,
            checked_on=row.checked_on,
        )
        for row in found
    ]
    return page_of(request, response, parts.cursors, shown, limit=limit, at=attrgetter("service_id"))


@routes.put(
    "/services/{service_id}/watch",
    status_code=204,
    operation_id="partners_watch_service",
    **operation(Permission.PARTNERS_LISTING_REPORT, relation="place"),
)
async def watch(service_id: UUID, actor: ActorDep, parts: PartsDep) -> None:
    """Watch it: a notice without content follows when it changes, is reported or answered for, or goes stale.

    Watching it again says that you have seen the notices so far.
    """
    await watch_listing(parts.means, actor, service_id, parts.clock())


@routes.delete(
    "/services/{service_id}/watch",
    status_code=204,
    operation_id="partners_unwatch_service",
    **operation(Permission.PARTNERS_LISTING_REPORT, relation="place"),
)
async def unwatch(service_id: UUID, actor: ActorDep, parts: PartsDep) -> None:
    """Watch it no longer."""
    await stop_watching(parts.means, actor, service_id)


@routes.post(
    "/services/{service_id}/reports",
    status_code=201,
    operation_id="partners_report_service",
    **operation(Permission.PARTNERS_LISTING_REPORT, relation="place"),
)
async def report(
    *, service_id: UUID, body: ReportBody, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> ReportOut:
    """Report it wrong: to its organisation, or, for an imported listing, to the place's coordinators."""
    wrong = frozenset(body.wrong)
    now = parts.clock()
    done = await report_listing(parts.means, actor, attempt, service_id, wrong=wrong, words=body.words, now=now)
    show_done(response, done)
    return await _shown(done.resource_id, actor, parts, response)


@routes.post(
    "/services/{service_id}/assure",
    operation_id="partners_assure_service",
    **operation(Permission.PARTNERS_LISTING_ANSWER, relation="own_organisation", refuses=(NotYours,)),
)
async def assure(
    service_id: UUID, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> ServiceOut:
    """Say that it was checked today and is true. Coordinators may, for listings that nobody in the place keeps too."""
    done = await assure_listing(parts.means, actor, attempt, service_id, now=parts.clock())
    show_done(response, done)
    found = await directory.service(parts.means.database, actor, service_id)
    show_version(response, found.service.version)
    return show_service(found, actor, parts.clock())


@routes.post(
    "/services/reports/{report_id}/answer",
    operation_id="partners_answer_listing_report",
    **operation(Permission.PARTNERS_LISTING_ANSWER, relation="own_organisation", refuses=(AlreadySo,)),
)
async def answer(
    *, report_id: UUID, body: AnswerBody, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> ReportOut:
    """Answer a report: it is closed, and its maker is told that there is an answer."""
    now = parts.clock()
    done = await answer_report(parts.means, actor, attempt, report_id, answer=body.answer, words=body.words, now=now)
    show_done(response, done)
    return await _shown(done.resource_id, actor, parts, response)


async def _shown(report_id: UUID, actor: Actor, parts: Parts, response: Response) -> ReportOut:
    found = await listings.report(parts.means.database, actor, report_id, coordinates=coordinates_the_place(actor))
    show_version(response, found.version)
    return _report(found)


def _report(each: Report) -> ReportOut:
    return ReportOut(
        id=each.id,
        service_id=each.service_id,
        organisation_id=each.organisation_id,
        wrong=sorted(each.wrong),
        words=each.words,
        reporter_organisation_id=each.reporter_organisation_id,
        reported_at=each.reported_at,
        answer=each.answer,
        answer_words=each.answer_words,
        answered_at=each.answered_at,
        version=each.version,
    )
