"""`/retention/deletions`: who owes a confirmation that data were returned or deleted, and who gave it, when."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from connective.consent.api.deps import Answer, Body, PartsDep, no_store, show_version
from connective.consent.api.words import Line, Name, Text
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.confirm_deletion import Confirmation, DeletedHow, confirm_deletion
from connective.consent.commands.refusals import NotNow, NotYours, Unacceptable
from connective.consent.domain.days import day_of
from connective.consent.storage.deletions import list_deletions, load_deletion
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning

routes = router(tags=["retention"])
_READ = operation(Permission.CONSENT_DELETION_READ, relation="own_entity")
_ACT = operation(
    Permission.CONSENT_DELETION_CONFIRM,
    relation="own_entity",
    refuses=(KeyMissing, StillRunning, NotNow, NotYours, Unacceptable),
)


class DeletionState(StrEnum):
    """Which confirmations."""

    CONFIRMED = "confirmed"
    OUTSTANDING = "outstanding"
    OVERDUE = "overdue"


class ConfirmDeletion(Body):
    """What was done with the data, when, and whose word it is."""

    how: DeletedHow
    name: Name
    position: Line = ""
    done_on: date
    note: Text = ""


class DeletionOut(Answer):
    """A confirmation that a legal entity owes: for one agreement that has ended, or for one record that was erased."""

    id: UUID
    legal_entity_id: UUID
    to_entity_ids: list[UUID]
    own: bool
    """Whether it is yours to confirm."""
    agreement_id: UUID | None
    erasure_id: UUID | None
    request_ids: list[UUID]
    """By which requests it knew the record: what to look for in its own system."""
    at_end: str
    owed_since: datetime
    due_on: date
    state: DeletionState
    how: DeletedHow | None
    confirmed_name: str | None
    confirmed_position: str | None
    done_on: date | None
    note: str
    confirmed_by: str | None
    confirmed_at: datetime | None
    version: int


def show_deletion(row: dict[str, Any], now: datetime, entity_id: UUID) -> DeletionOut:
    """One of them as its reader sees it."""
    if row["confirmed_at"] is not None:
        state = DeletionState.CONFIRMED
    else:
        state = DeletionState.OVERDUE if row["due_on"] < day_of(now) else DeletionState.OUTSTANDING
    return DeletionOut.model_validate(row | {"state": state, "own": row["legal_entity_id"] == entity_id})


@routes.get("/retention/deletions", operation_id="consent_list_deletions", **_READ)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    state: Annotated[DeletionState | None, Query(description="`outstanding` also lists those overdue.")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[DeletionOut]:
    """Confirmations your legal entity owes or is owed, oldest first."""
    after, now = parts.cursors.after(cursor), parts.clock()
    async with looking(parts.database, actor, "deletions_listed", now, {"state": state}) as look:
        rows = await list_deletions(look, after, limit + 1, state=state, today=day_of(now))
        entity_id = look.entity_id
    no_store(response)
    shown = [show_deletion(row, now, entity_id) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get("/retention/deletions/{deletion_id}", operation_id="consent_read_deletion", **_READ)
async def read(deletion_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> DeletionOut:
    """One of them."""
    now = parts.clock()
    async with looking(parts.database, actor, "deletion_read", now, {"deletion_id": deletion_id}) as look:
        row = await load_deletion(look, deletion_id)
        entity_id = look.entity_id
    no_store(response)
    show_version(response, row["version"])
    return show_deletion(row, now, entity_id)


@routes.post("/retention/deletions/{deletion_id}/confirm", operation_id="consent_confirm_deletion", **_ACT)
async def confirm(
    *,
    deletion_id: UUID,
    body: ConfirmDeletion,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> DeletionOut:
    """Confirm for your legal entity that the data were returned or deleted: who says so, and since when."""
    said = Confirmation(**body.model_dump())
    done = await confirm_deletion(parts.database, actor, attempt, deletion_id, said, now=parts.clock())
    show_done(response, done)
    return await read(deletion_id, actor, parts, response)
