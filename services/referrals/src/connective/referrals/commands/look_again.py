"""A no is looked at again: asked for by the referrer on the family's behalf, answered by whoever said it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotAllowed
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.request import By, Fact, Request
from connective.referrals.domain.second_look import ANSWERED, ASKED
from connective.referrals.domain.states import Party
from connective.referrals.storage.notes import add_note
from connective.referrals.storage.requests import load_locked, save
from connective.referrals.storage.seeing import parties_of

Look = Callable[[Request, Sequence[str], By, datetime], tuple[Request, Fact]]
_NOTED = "SELECT kind FROM request_note WHERE request_id = $1 AND kind = ANY ($2::text[]) ORDER BY id"


async def look_again(room: Room, actor: Actor, attempt: Attempt, request_id: UUID, asked: tuple[Party, Look]) -> Done:
    """Note that one party asks, or that the other answers; `asked` says which, and by what rule.

    Raises NotFound, NotAllowed for the other party, IllegalAction, InvalidDetails.
    """
    at, (party, look) = room.clock(), asked
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, request_id)
        if party not in parties_of(request, actor):
            raise NotAllowed("Only the other party to this request does that.")
        noted = [row.kind for row in await unit.fetch(_NOTED, (request_id, [ASKED, ANSWERED]))]
        with translated():
            after, fact = look(request, noted, By(party, actor.id, actor.organisation_id), at)
        await save(unit, request, after, (fact,))
        await add_note(unit, request, party, fact.name, at, code=fact.reason_code)
        return await remember(unit, attempt, Done(request.id, 200))
