"""`/retention/holds`: what is kept in spite of the schedule, why, and when somebody looks at it again."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field

from connective.consent.api.deps import Answer, Body, PartsDep, no_store, show_version
from connective.consent.api.words import Reasons, Reference
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.hold_records import Hold, lift_hold, place_hold, review_hold
from connective.consent.commands.refusals import NotNow, Unacceptable
from connective.consent.domain.days import day_of
from connective.consent.domain.legal_holds import HoldState, state_on
from connective.consent.storage.legal_holds import list_holds, load_hold
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, MatchRequired, Stale, StillRunning

routes = router(tags=["retention"])
_READ = operation(Permission.CONSENT_RETENTION_READ, relation="own_entity")
_ACT = operation(
    Permission.CONSENT_RETENTION_DECIDE,
    relation="own_entity",
    refuses=(KeyMissing, StillRunning, NotNow, Unacceptable),
)
_CHANGE = operation(
    Permission.CONSENT_RETENTION_DECIDE, relation="own_entity", refuses=(Stale, MatchRequired, NotNow, Unacceptable)
)
SomeIds = Annotated[tuple[UUID, ...], Field(max_length=200)]


class PlaceHold(Body):
    """What is held, and why. Name nobody in the reason."""

    reference: Reference
    reason: Reasons
    review_on: date
    family_ids: SomeIds = ()
    person_ids: SomeIds = ()
    agreement_ids: SomeIds = ()


class ReviewHold(Body):
    """Until when it still stands, and why it is still needed."""

    review_on: date
    note: Reasons


class LiftHold(Body):
    """Why it is needed no longer."""

    reason: Reasons


class HoldOut(Answer):
    """A legal hold. An id whose record has gone in the meantime is not among its ids any more."""

    id: UUID
    reference: str
    state: HoldState
    reason: str
    family_ids: list[UUID]
    person_ids: list[UUID]
    agreement_ids: list[UUID]
    review_on: date
    placed_by: str
    placed_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    review_note: str
    lifted_by: str | None
    lifted_at: datetime | None
    lift_reason: str
    version: int


def _show(row: dict[str, Any], now: datetime) -> HoldOut:
    state = state_on(row["review_on"], row["lifted_at"] is not None, day_of(now))
    return HoldOut.model_validate(row | {"state": state})


async def _answer(hold_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> HoldOut:
    now = parts.clock()
    async with looking(parts.database, actor, "hold_read", now, {"hold_id": hold_id}) as look:
        row = await load_hold(look, hold_id)
    no_store(response)
    show_version(response, row["version"])
    return _show(row, now)


@routes.post("/retention/holds", status_code=201, operation_id="consent_place_legal_hold", **_ACT)
async def place(body: PlaceHold, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> HoldOut:
    """Hold families, people or agreements: nothing erases them, whoever keeps them, until the hold is lifted."""
    done = await place_hold(parts.database, actor, attempt, Hold(**body.model_dump()), now=parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/retention/holds/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get("/retention/holds", operation_id="consent_list_legal_holds", **_READ)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    state: Annotated[HoldState | None, Query(description="`standing` also lists those whose review is due.")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[HoldOut]:
    """The holds your legal entity placed, oldest first; with `state=review_due`, those to be looked at now."""
    after, now = parts.cursors.after(cursor), parts.clock()
    async with looking(parts.database, actor, "holds_listed", now, {"state": state}) as look:
        rows = await list_holds(look, state, day_of(now), after, limit + 1)
    no_store(response)
    shown = [_show(row, now) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get("/retention/holds/{hold_id}", operation_id="consent_read_legal_hold", **_READ)
async def read(hold_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> HoldOut:
    """One hold."""
    return await _answer(hold_id, actor, parts, response)


@routes.put("/retention/holds/{hold_id}/review", operation_id="consent_review_legal_hold", **_CHANGE)
async def review(
    *,
    hold_id: UUID,
    body: ReviewHold,
    actor: ActorDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> HoldOut:
    """Record that the hold was looked at and is still needed, until another day."""
    await review_hold(
        parts.database, actor, hold_id, version, review_on=body.review_on, words=body.note, now=parts.clock()
    )
    return await _answer(hold_id, actor, parts, response)


@routes.post("/retention/holds/{hold_id}/lift", operation_id="consent_lift_legal_hold", **_ACT)
async def lift(
    *,
    hold_id: UUID,
    body: LiftHold,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> HoldOut:
    """End a hold; what it held falls under the schedule again."""
    done = await lift_hold(parts.database, actor, attempt, hold_id, reason=body.reason, now=parts.clock())
    show_done(response, done)
    return await _answer(hold_id, actor, parts, response)
