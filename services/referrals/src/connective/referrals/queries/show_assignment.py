"""Whose work a request is on the asker's own side, and how much somebody has to do."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.referrals.domain.states import Party, side_of
from connective.referrals.storage.assignments import has_left, holder_of, work_held
from connective.referrals.storage.requests import load
from connective.referrals.storage.seeing import parties_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """On which side, whose, and whether it waits for another because they have left."""

    request_id: UUID
    party: Party
    assigned_to: str | None
    needs_reassigning: bool


async def show_assignment(database: Database, actor: Actor, request_id: UUID) -> Assignment:
    """The assignment on the side of the actor's organisation. Raises NotFound."""
    async with database.reading(actor) as connection:
        request = await load(connection, actor, request_id)
        party = side_of(parties_of(request, actor))
        holder = await holder_of(connection, request, party, actor.organisation)
        left = holder is not None and await has_left(connection, holder, actor.organisation)
    return Assignment(request_id, party, holder, left)


async def count_work(database: Database, actor: Actor, account_id: UUID) -> Any:  # noqa: ANN401 - a row
    """How many requests `sent` and `received` are this member's work now."""
    async with database.reading(actor) as connection:
        return await work_held(connection, actor.place, actor.organisation, account_id)
