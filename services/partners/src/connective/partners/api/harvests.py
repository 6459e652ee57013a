"""`/harvest-sources` and `/harvest-changes`: listings from other directories, and what they would change here."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale
from connective.partners.api.deps import Parts, PartsDep, show_version
from connective.partners.api.harvest_schemas import (
    AddSource,
    ChangeOut,
    ChangeSource,
    DecideChanges,
    DecidedOut,
    DecisionsOut,
    OriginOut,
    RunOut,
    RunWithProblemsOut,
    SourceOut,
)
from connective.partners.api.showing_harvests import (
    show_change,
    show_origin,
    show_run,
    show_run_with_problems,
    show_source,
)
from connective.partners.commands.answer_report import coordinates_the_place
from connective.partners.commands.decide_changes import decide_changes
from connective.partners.commands.harvest_sources import NewSource, add_feed, ask_for_run, change_feed
from connective.partners.commands.refusals import AlreadySo, NotYours, RulesBroken, SourceNotRead
from connective.partners.domain.harvests.changes import ChangeState
from connective.partners.domain.harvests.merging import ChangeKind
from connective.partners.queries import harvests as queries
from connective.partners.storage.changes import ChangeFilter

routes = router(tags=["harvests"])
_READ, _WRITE = Permission.PARTNERS_LISTING_ANSWER, Permission.PARTNERS_SOURCE_WRITE


@routes.post(
    "/harvest-sources",
    status_code=201,
    operation_id="partners_add_harvest_source",
    **operation(_WRITE, relation="place_admin", refuses=(NotYours, RulesBroken, AlreadySo)),
)
async def add(body: AddSource, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> SourceOut:
    """Read another directory's feed on a schedule. Nothing of it is listed before somebody approves, unless you say."""
    new = NewSource(**body.model_dump())
    done = await add_feed(parts.sources, actor, attempt, new, parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/harvest-sources/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get("/harvest-sources", operation_id="partners_list_harvest_sources", **operation(_READ, relation="place"))
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[SourceOut]:
    """Where the place's listings come from: feeds, and files that were read in."""
    found = await queries.sources(parts.means.database, actor, after=parts.cursors.after(cursor), limit=limit + 1)
    return page_of(request, response, parts.cursors, found, limit=limit, show=partial(show_source, actor=actor))


@routes.get(
    "/harvest-sources/{source_id}",
    operation_id="partners_read_harvest_source",
    **operation(_READ, relation="place"),
)
async def read(source_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> SourceOut:
    """One source, and how its readings go."""
    return await _answer(source_id, actor, parts, response)


@routes.patch(
    "/harvest-sources/{source_id}",
    operation_id="partners_change_harvest_source",
    **operation(_WRITE, relation="place_admin", refuses=(NotYours, RulesBroken, Stale, MatchRequired)),
)
async def change(
    *, source_id: UUID, body: ChangeSource, actor: ActorDep, version: VersionDep, parts: PartsDep, response: Response
) -> SourceOut:
    """Change its address, licence or pace, whether it approves itself, or switch it off."""
    now = parts.clock()
    changed = await change_feed(parts.sources, actor, source_id, based_on=version, changes=body, now=now)
    show_version(response, changed.version)
    return show_source(changed, actor)


@routes.post(
    "/harvest-sources/{source_id}/runs",
    status_code=202,
    operation_id="partners_ask_for_harvest_run",
    **operation(_WRITE, relation="place_admin", refuses=(NotYours, SourceNotRead)),
)
async def ask_run(source_id: UUID, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> RunOut:
    """Have it read within a minute."""
    done = await ask_for_run(parts.sources, actor, attempt, source_id, parts.clock())
    show_done(response, done)
    return show_run(await queries.run(parts.means.database, actor, source_id, done.resource_id))


@routes.get(
    "/harvest-sources/{source_id}/runs",
    operation_id="partners_list_harvest_runs",
    **operation(_READ, relation="place"),
)
async def list_runs(
    *,
    source_id: UUID,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[RunOut]:
    """Its readings, newest first."""
    after = parts.cursors.after(cursor)
    found = await queries.runs(parts.means.database, actor, source_id, after=after, limit=limit + 1)
    return page_of(request, response, parts.cursors, found, limit=limit, show=show_run)


@routes.get(
    "/harvest-sources/{source_id}/runs/{harvest_run_id}",
    operation_id="partners_read_harvest_run",
    **operation(_READ, relation="place"),
)
async def read_run(source_id: UUID, harvest_run_id: UUID, actor: ActorDep, parts: PartsDep) -> RunWithProblemsOut:
    """One reading: what came, what it would change, and what was wrong with its rows."""
    return show_run_with_problems(await queries.run(parts.means.database, actor, source_id, harvest_run_id))


@routes.get("/harvest-changes", operation_id="partners_list_harvest_changes", **operation(_READ, relation="place"))
async def list_changes(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    source_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[ChangeState | None, Query()] = None,
    kind: Annotated[ChangeKind | None, Query()] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ChangeOut]:
    """What sources propose, newest first, each with what differs: coordinators see all, organisations their own."""
    narrowed = ChangeFilter(source_id, state, kind)
    after = parts.cursors.after(cursor)
    found = await queries.changes(
        parts.means.database,
        actor,
        narrowed,
        everybodys=coordinates_the_place(actor),
        after=after,
        limit=limit + 1,
    )
    return page_of(request, response, parts.cursors, found, limit=limit, show=partial(show_change, actor=actor))


@routes.post(
    "/harvest-changes/decisions",
    operation_id="partners_decide_harvest_changes",
    **operation(_READ, relation="place"),
)
async def decide(
    body: DecideChanges, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> DecisionsOut:
    """Approve or reject several at once; each stands for itself. What was decided before stays as it was."""
    done = await decide_changes(
        parts.means.database,
        actor,
        attempt,
        body.change_ids,
        approve=body.decision == "approve",
        overwrite=body.overwrite,
        now=parts.clock(),
    )
    show_done(response, done)
    database, everybodys = parts.means.database, coordinates_the_place(actor)
    found = await queries.states(database, actor, body.change_ids, everybodys=everybodys)
    return DecisionsOut(items=[DecidedOut(id=each, state=state) for each, state in found])


@routes.get(
    "/services/{service_id}/origin",
    operation_id="partners_read_service_origin",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place"),
)
async def read_origin(service_id: UUID, actor: ActorDep, parts: PartsDep) -> OriginOut:
    """Which source each field of a listing comes from, under which licence and since when, and what differs here."""
    source_id, name, fields = await queries.origin(parts.means.database, actor, service_id)
    return show_origin(service_id, source_id, name, fields)


async def _answer(source_id: UUID, actor: Actor, parts: Parts, response: Response) -> SourceOut:
    found = await queries.source(parts.means.database, actor, source_id)
    show_version(response, found.version)
    return show_source(found, actor)
