"""Requests as FHIR peers search them: by id, state, recipient and the time of the last change; no category data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, text, true
from sqlalchemy.sql.selectable import LateralFromClause

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.problems import NotFound
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import State
from connective.referrals.storage.mapping import request_from
from connective.referrals.storage.seeing import received_by, sent_by
from connective.referrals.storage.tables import history, request

LATELY = timedelta(days=7)
"""Changes of the last week are few beside all requests and found by their time; all others by walking newest first."""
_FOR_THIS_INSTANT = text("SET LOCAL plan_cache_mode = force_custom_plan")
"""A plan for any instant at all would walk through every request: it was a hundred times slower at 100,000."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, from its beginning up to but without its end; None is open."""

    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What is searched for; None does not narrow, an empty list finds nothing."""

    ids: Sequence[UUID] | None = None
    states: Sequence[State] | None = None
    owners: Sequence[UUID] | None = None
    updated: Sequence[Span] = ()
    after: UUID | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A request, when it last changed, and the code of why."""

    request: Request
    updated_at: datetime
    reason_code: str | None

    @property
    def id(self) -> UUID:
        """The request's id, by which pages go on."""
        return self.request.id


def _last_change() -> LateralFromClause:
    return (
        select(history.c.at, history.c.reason_code)
        .where(history.c.request_id == request.c.id)
        .order_by(history.c.version.desc())
        .limit(1)
        .lateral("last_change")
    )


def _within(at: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    begins = true() if span.begins is None else at >= span.begins
    return begins if span.ends is None else and_(begins, at < span.ends)


def _lately(sought: Sought) -> list[datetime]:
    """Since when only what changed is wanted, where that is not long ago: as whoever polls asks."""
    week_ago = datetime.now(UTC) - LATELY
    return [span.begins for span in sought.updated if span.begins is not None and span.begins >= week_ago]


def _changed_since(begins: datetime) -> Select[Any]:
    return select(history.c.request_id).where(history.c.at >= begins)


def _statement(actor: Actor, sought: Sought) -> Select[Any]:
    last = _last_change()
    updated_at = last.c.at
    # What was blocked is never sent, so for a FHIR peer it does not exist.
    conditions = [or_(sent_by(actor), received_by(actor)), request.c.state != str(State.BLOCKED)]
    if sought.ids is not None:
        conditions.append(request.c.id.in_(sought.ids))
    if sought.states is not None:
        conditions.append(request.c.state.in_([str(state) for state in sought.states]))
    if sought.owners is not None:
        conditions.append(request.c.recipient_organisation_id.in_(sought.owners))
    if sought.after is not None:
        conditions.append(request.c.id < sought.after)
    conditions += [_within(updated_at, span) for span in sought.updated]
    # What changed last in a stretch of time changed in it: its index leads there, past everything that did not.
    conditions += [request.c.id.in_(_changed_since(begins)) for begins in _lately(sought)]
    return (
        select(request, updated_at.label("updated_at"), last.c.reason_code)
        .outerjoin(last, true())
        .where(*conditions)
        .order_by(request.c.id.desc())
        .limit(sought.limit + 1)
    )


async def find_tasks(database: Database, actor: Actor, sought: Sought) -> list[Found]:
    """Those the actor's organisation sent or was sent, newest first; one more than the limit, if there is one."""
    async with database.reading(actor) as connection:
        if _lately(sought):
            await connection.execute(_FOR_THIS_INSTANT)
        rows = list(await connection.execute(_statement(actor, sought)))
    return [Found(request_from(row), row.updated_at or row.since, row.reason_code) for row in rows]


async def find_task(database: Database, actor: Actor, request_id: UUID) -> Found:
    """One of them. Raises NotFound, for a blocked one too."""
    found = await find_tasks(database, actor, Sought(ids=[request_id], limit=1))
    if not found:
        raise NotFound
    return found[0]
