"""`/overrides`: what is shared, or not, to keep somebody safe, by a named person's recorded decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field

from connective.consent.api.deps import Answer, Body, PartsDep, no_store, show_version
from connective.consent.api.words import Reasons, Text
from connective.consent.commands.refusals import NotNow, NotYours, Unacceptable
from connective.consent.commands.review_override import confirm_override, review_override
from connective.consent.commands.use_override import Using, use_override
from connective.consent.domain.overrides import ReviewState
from connective.consent.storage.organisation_names import named
from connective.consent.storage.overrides import list_overrides, load_override
from connective.contracts.categories import Category
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, Unavailable

routes = router(tags=["overrides"])
_ACTING = (KeyMissing, StillRunning)
People = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=30)]
SomeCategories = Annotated[frozenset[Category], Field(min_length=1)]


class UseOverride(Body):
    """A safeguarding override, or the decision not to share. It is not a report to the front door."""

    family_id: UUID | None = None
    recipient_organisation_id: UUID
    person_ids: People
    categories: SomeCategories
    share: bool
    reason: Reasons
    risk_of_not_sharing: Reasons
    family_told: bool
    family_told_note: Text = ""


class ReviewOverride(Body):
    """What the safeguarding lead says of it."""

    upheld: bool
    note: Reasons


class OverrideOut(Answer):
    """An override, with its review."""

    id: UUID
    recipient_organisation_id: UUID
    recipient_organisation_name: str | None
    person_ids: list[UUID]
    categories: list[Category]
    share: bool
    reason: str
    risk_of_not_sharing: str
    family_told: bool
    family_told_note: str
    used_by: str
    used_at: datetime
    stands_until: datetime
    review_by: datetime
    decision_id: UUID
    restriction_confirmed_by: str | None
    restriction_confirmed_at: datetime | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    upheld: bool | None
    overdue: bool
    """Not reviewed, and past `review_by`."""
    review_note: str
    version: int


def _show(row: Mapping[str, Any], now: datetime) -> OverrideOut:
    overdue = row["reviewed_at"] is None and row["review_by"] < now
    return OverrideOut.model_validate({**row, "overdue": overdue})


async def _answer(override_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> OverrideOut:
    async with parts.database.reading(actor) as connection:
        row = await named(connection, dict(await load_override(connection, actor, override_id)))
    no_store(response)
    show_version(response, row["version"])
    return _show(row, parts.clock())


@routes.post(
    "/overrides",
    status_code=201,
    operation_id="consent_use_override",
    **operation(
        Permission.CONSENT_OVERRIDE_USE,
        relation="own_organisation",
        refuses=(*_ACTING, Unacceptable, Unavailable),
        step_up=True,
    ),
)
async def use(
    body: UseOverride, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> OverrideOut:
    """Use a safeguarding override: least data, a written reason, reviewed by the safeguarding lead in a day."""
    done = await use_override(
        parts.database,
        parts.families,
        actor,
        attempt,
        Using(**body.model_dump()),
        is_holiday=parts.is_holiday,
        working_days=parts.override_review_working_days,
        now=parts.clock(),
    )
    show_done(response, done)
    response.headers["Location"] = f"/overrides/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get(
    "/overrides",
    operation_id="consent_list_overrides",
    **operation(Permission.CONSENT_OVERRIDE_REVIEW, relation="own_organisation"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    state: Annotated[ReviewState | None, Query(description="How far the review is.")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[OverrideOut]:
    """Your organisation's overrides: those whose review is overdue first, then the oldest."""
    now = parts.clock()
    after = parts.cursors.read(cursor, bool, UUID)
    async with parts.database.reading(actor) as connection:
        found = await list_overrides(connection, actor, after, limit + 1, state=state, now=now)
        rows = await named(connection, [dict(row) for row in found])
    no_store(response)
    shown = [_show(row, now) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit, at=lambda o: (o.overdue, o.id))


@routes.get(
    "/overrides/{override_id}",
    operation_id="consent_read_override",
    **operation(Permission.CONSENT_OVERRIDE_USE, relation="own_organisation"),
)
async def read(override_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> OverrideOut:
    """One override of your organisation."""
    return await _answer(override_id, actor, parts, response)


@routes.post(
    "/overrides/{override_id}/review",
    operation_id="consent_review_override",
    **operation(Permission.CONSENT_OVERRIDE_REVIEW, relation="own_organisation", refuses=(*_ACTING, NotNow, NotYours)),
)
async def review(
    *,
    override_id: UUID,
    body: ReviewOverride,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> OverrideOut:
    """Review an override, as the safeguarding lead; one that is not upheld stands no longer."""
    done = await review_override(
        parts.database, actor, attempt, override_id, upheld=body.upheld, words=body.note, now=parts.clock()
    )
    show_done(response, done)
    return await _answer(override_id, actor, parts, response)


@routes.post(
    "/overrides/{override_id}/confirm-restriction",
    operation_id="consent_confirm_override",
    **operation(Permission.CONSENT_OVERRIDE_USE, relation="own_organisation", refuses=(*_ACTING, NotNow, NotYours)),
)
async def confirm(
    override_id: UUID, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> OverrideOut:
    """Confirm, as a second person, that an override goes beyond a restriction too."""
    done = await confirm_override(parts.database, actor, attempt, override_id, now=parts.clock())
    show_done(response, done)
    return await _answer(override_id, actor, parts, response)
