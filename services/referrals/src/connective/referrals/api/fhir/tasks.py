"""Task through FHIR: search and read, which disclose nothing, and the owner's update, an action of the lifecycle."""

from typing import Annotated
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.actor import Actor
from connective.kit.deps import ActorDep, VersionDep
from connective.kit.etags import matches, refuse_stale
from connective.kit.idempotency import HEADER, Attempt, read_attempt
from connective.kit.ids import new_id
from connective.kit.policy import operation
from connective.kit.problems import (
    BadRequest,
    FieldError,
    Invalid,
    MatchRequired,
    NotAllowed,
    NotFound,
    Stale,
    Unavailable,
)
from connective.referrals.api.deps import Parts, PartsDep
from connective.referrals.api.fhir.reading import NoneMatch, TermsDep
from connective.referrals.api.fhir.searching import Pairs, bundle, read_search
from connective.referrals.api.fhir.tasks_in import (
    TaskIn,
    changed_references,
    in_fhir,
    organisation_of,
    wanted_of,
)
from connective.referrals.api.fhir.tasks_out import task
from connective.referrals.api.fhir.terms import Terms
from connective.referrals.api.fhir.wire import BASE, FhirRoute, described, fhir_response, weak_etag
from connective.referrals.commands.act_on_request import Order, act_on_request
from connective.referrals.commands.refusals import IllegalAction, InvalidDetails, NotAReportingRoute, translated
from connective.referrals.domain.safeguarding import may_receive
from connective.referrals.domain.states import Party
from connective.referrals.queries.find_tasks import Found, find_task, find_tasks
from connective.referrals.storage.seeing import parties_of

routes = APIRouter(prefix=BASE, tags=["fhir"], route_class=FhirRoute)
_EITHER = "own_organisation_or_recipient"
_SEARCHING = described(operation(Permission.REFERRALS_REQUEST_LIST, relation=_EITHER), "A Bundle of Tasks")
_MOST_FIELDS = 30
Prefer = Annotated[str | None, Header(description="`handling=strict` refuses unknown search parameters.")]


async def _found(request: Request, parts: Parts, actor: Actor, terms: Terms, pairs: Pairs) -> Response:
    strict = "handling=strict" in request.headers.get("prefer", "").replace(" ", "").lower()
    search = read_search(pairs, parts.cursors, strict=strict)
    rows = await find_tasks(parts.room.database, actor, search.sought)
    shown = rows[: search.sought.limit]
    onward = parts.cursors.write(shown[-1].id) if len(rows) > len(shown) else None
    entries = [task(terms, each, whole=False) for each in shown]
    return fhir_response(bundle(terms.url("Task"), search, entries, onward))


@routes.get("/Task", operation_id="referrals_search_tasks", **_SEARCHING)
async def search_tasks(
    *, request: Request, actor: ActorDep, parts: PartsDep, terms: TermsDep, prefer: Prefer = None
) -> Response:
    """Search by `_id`, `status`, `owner` and `_lastUpdated`; pages of `_count`, newest first, no category data."""
    del prefer  # Declared for the description; read with the other way of searching.
    return await _found(request, parts, actor, terms, request.query_params.multi_items())


@routes.post("/Task/_search", operation_id="referrals_search_tasks_by_form", **_SEARCHING)
async def search_tasks_by_form(request: Request, actor: ActorDep, parts: PartsDep, terms: TermsDep) -> Response:
    """The same search with its parameters in a form (search.html#Introduction)."""
    try:
        text = (await request.body()).decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise BadRequest("The form cannot be read.") from error
    return await _found(request, parts, actor, terms, [*request.query_params.multi_items(), *pairs])


@routes.get(
    "/Task/{request_id}",
    operation_id="referrals_read_task",
    **described(operation(Permission.REFERRALS_REQUEST_READ, relation=_EITHER), "A Task"),
)
async def read_task(
    request_id: UUID, actor: ActorDep, parts: PartsDep, terms: TermsDep, held: NoneMatch = None
) -> Response:
    """Where a request stands: discloses nothing, receives nothing."""
    found = await find_task(parts.room.database, actor, request_id)
    if matches(held, found.request.version):
        headers = {"ETag": weak_etag(found.request.version), "Cache-Control": "no-store"}
        return Response(status_code=304, headers=headers)
    return _answer(terms, found)


def _answer(terms: Terms, found: Found) -> Response:
    resource = task(terms, found, whole=True)
    return fhir_response(resource, version=found.request.version, updated=found.updated_at)


@routes.put(
    "/Task/{request_id}",
    operation_id="referrals_update_task",
    **described(
        operation(
            Permission.REFERRALS_REQUEST_WORK,
            relation="recipient",
            refuses=(IllegalAction, InvalidDetails, NotAReportingRoute, Stale, MatchRequired, Unavailable),
        ),
        "The Task as it then stands",
    ),
)
async def update_task(
    *,
    request: Request,
    request_id: UUID,
    body: TaskIn,
    actor: ActorDep,
    version: VersionDep,
    parts: PartsDep,
    terms: TermsDep,
) -> Response:
    """The owner's next step, by `status`, `statusReason`, `restriction` and `output`; all else stays as it is."""
    found = await find_task(parts.room.database, actor, request_id)
    if Party.RECIPIENT not in parties_of(found.request, actor):
        raise NotAllowed("Only a Task's owner changes it.")
    if body.id != str(request_id):
        raise BadRequest("The Task names another id than the address.")
    refuse_stale(version, found.request.version)
    await _refuse_other_parties(parts, actor, terms, found, body)
    wanted = wanted_of(found.request, body)
    if wanted is None:
        return _answer(terms, found)
    await _act(request, parts, actor, Order(request_id, version, wanted.action, wanted.details))
    return _answer(terms, await find_task(parts.room.database, actor, request_id))


async def _act(request: Request, parts: Parts, actor: Actor, order: Order) -> None:
    """Take the action. If-Match keeps a repeat from acting twice; a key, where one is sent, replays it."""
    body = await request.body()
    key = request.headers.get(HEADER) or str(new_id())
    attempt: Attempt = read_attempt(key, f"PUT {request.url.path}", body, request.app.state.running.attempt_key)
    try:
        await act_on_request(parts.room, actor, attempt, order)
    except Invalid as refused:
        raise in_fhir(refused) from refused


async def _refuse_other_parties(parts: Parts, actor: Actor, terms: Terms, found: Found, body: TaskIn) -> None:
    """Raise InvalidDetails for a Task that would change hands, NotAReportingRoute for one given to a reporting route.

    A front door, the police or the designated officer is phoned, over FHIR as over the API (domain rules, section 10).
    """
    changed = changed_references(body, task(terms, found, whole=False))
    if "owner" in changed:
        await _refuse_reporting_route(parts, actor, body)
    if changed:
        words = "This element stays as it is: an update sets status, statusReason, restriction and output."
        errors = tuple(FieldError(f"Task.{name}", "not-to-be-changed", words) for name in changed)
        raise InvalidDetails("A Task keeps whom and what it is about.", errors=errors)


async def _refuse_reporting_route(parts: Parts, actor: Actor, body: TaskIn) -> None:
    organisation_id = organisation_of(body)
    if organisation_id is None:
        return
    try:
        facts = await parts.room.others.directory.organisation(actor, organisation_id)
    except NotFound:
        return
    with translated():
        may_receive(facts.reporting_route, parts.room.safeguarding(actor).sentence)
