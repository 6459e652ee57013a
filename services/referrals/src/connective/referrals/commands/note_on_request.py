"""Note something beside the lifecycle: a try to reach the family, the family told of a no, a concern reported."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotAllowed
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.request import By, Fact, Request
from connective.referrals.domain.states import Party
from connective.referrals.storage.notes import add_note
from connective.referrals.storage.requests import load_locked, save
from connective.referrals.storage.seeing import parties_of

Change = Callable[[Request, By, datetime], tuple[Request, tuple[Fact, ...]]]
"""What a note changes, and the facts it makes; neither, for most."""


@dataclass(frozen=True, slots=True)
class Noting:
    """What to note, by whom it may be noted, and what it changes in the request (nothing, for a concern reported)."""

    request_id: UUID
    kind: str
    parties: frozenset[Party]
    details: dict[str, Any]
    change: Change


async def note_on_request(room: Room, actor: Actor, attempt: Attempt, noting: Noting) -> Done:
    """Store the note and what it changes. Raises NotFound, NotAllowed for the other party, IllegalAction."""
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, noting.request_id)
        held = parties_of(request, actor) & noting.parties
        if not held:
            raise NotAllowed("Only the other party to this request notes that.")
        with translated():
            after, facts = noting.change(request, By(min(held), actor.id, actor.organisation_id), at)
        if after.version != request.version:
            await save(unit, request, after, facts)
        await add_note(unit, request, min(held), noting.kind, at, **noting.details)
        return await remember(unit, attempt, Done(request.id, 200))
