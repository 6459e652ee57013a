"""`/retention/runs`: the dry run that lists what would go, and the officer's approval of that very list."""

from datetime import date, datetime
from uuid import UUID

from fastapi import Request, Response

from connective.consent.api.deps import Answer, Body, PartsDep, no_store, show_version
from connective.consent.api.words import HashHex
from connective.consent.commands.approve_run import approve_run
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.list_due import list_due
from connective.consent.commands.refusals import NotNow
from connective.consent.domain.erasures import Outcome, Result, RunState
from connective.consent.storage.retention_runs import items_of, list_runs, load_run
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, TooSlow, Unavailable

routes = router(tags=["retention"])
_READ = operation(Permission.CONSENT_RETENTION_READ, relation="own_entity")
_ACT = operation(
    Permission.CONSENT_RETENTION_DECIDE,
    relation="own_entity",
    refuses=(KeyMissing, StillRunning, NotNow, Unavailable, TooSlow),
)


class ApproveRun(Body):
    """The hash of the list that was read."""

    list_hash: HashHex


class RunOut(Answer):
    """One list; `complete` is false where more has come to its end than one list holds."""

    id: UUID
    on_day: date
    state: RunState
    complete: bool
    list_hash: str
    would_go: int
    held_back: int
    for_review: int
    ordered: int
    stale: int
    asked_by: str
    asked_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    version: int


class ItemOut(Answer):
    """One record on a list: a family by pseudonym, or an agreement; why it is held back, and what came of it."""

    nth: int
    rule_key: str
    family: str | None
    agreement_id: UUID | None
    people: int
    outcome: Outcome
    reasons: list[str]
    result: Result | None
    erasure_id: UUID | None


async def _answer(run_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> RunOut:
    async with looking(parts.database, actor, "run_read", parts.clock(), {"run_id": run_id}) as look:
        row = await load_run(look, run_id)
    no_store(response)
    show_version(response, row["version"])
    return RunOut.model_validate(row)


@routes.post("/retention/runs", status_code=201, operation_id="consent_list_due_records", **_ACT)
async def start(actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> RunOut:
    """List what your legal entity keeps that has come to its end today: what would go, and what is held back and why.

    Nothing is changed. Read its items, then approve that list by its hash, or leave it.
    """
    done = await list_due(parts.database, parts.keepers, actor, attempt, parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/retention/runs/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get("/retention/runs", operation_id="consent_list_retention_runs", **_READ)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[RunOut]:
    """The lists of your legal entity, newest first."""
    before = parts.cursors.after(cursor)
    async with looking(parts.database, actor, "runs_listed", parts.clock()) as look:
        rows = await list_runs(look, before, limit + 1)
    no_store(response)
    shown = [RunOut.model_validate(row) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get("/retention/runs/{run_id}", operation_id="consent_read_retention_run", **_READ)
async def read(run_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> RunOut:
    """One list, with its counts."""
    return await _answer(run_id, actor, parts, response)


@routes.get("/retention/runs/{run_id}/items", operation_id="consent_list_retention_items", **_READ)
async def items(
    *,
    run_id: UUID,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ItemOut]:
    """The records on a list, in its order; no names."""
    (after,) = parts.cursors.read(cursor, int) or (0,)
    async with looking(parts.database, actor, "run_read", parts.clock(), {"run_id": run_id}) as look:
        await load_run(look, run_id)
        rows = await items_of(look, run_id, after, limit + 1)
        look.hits = len(rows[:limit])
    no_store(response)
    return page_of(
        request, response, parts.cursors, rows, limit=limit, show=ItemOut.model_validate, at=lambda row: row["nth"]
    )


@routes.post("/retention/runs/{run_id}/approve", operation_id="consent_approve_retention_run", **_ACT)
async def approve(
    *,
    run_id: UUID,
    body: ApproveRun,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> RunOut:
    """Approve the list that you read, by its hash: what would go is ordered erased, in every service.

    What has changed since it was listed (worked on, held, opened again) is not: it is marked stale and stays.
    """
    now, seen = parts.clock(), body.list_hash
    done = await approve_run(parts.database, parts.keepers, actor, attempt, run_id, hash_seen=seen, now=now)
    show_done(response, done)
    return await _answer(run_id, actor, parts, response)
