"""Write to the other side about a request that is under way: a question, an answer, news; never a concern."""

from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.referrals.commands.act_on_request import by_of
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.commands.stored_only import refuse_stored
from connective.referrals.domain.details import Saying
from connective.referrals.domain.lifecycle import act
from connective.referrals.domain.request import Words
from connective.referrals.domain.states import Action
from connective.referrals.storage.requests import load_locked, save


async def post_message(room: Room, actor: Actor, attempt: Attempt, request_id: UUID, words: Words) -> Done:
    """Add it to the thread, whatever was written meanwhile: a message overwrites nothing, so it needs no version.

    The request's version grows, so that whoever acts on it has seen what was said. Raises NotFound, IllegalAction,
    InvalidDetails, ProcessingRestricted.
    """
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, request_id)
        await refuse_stored(unit.connection, request)
        with translated():
            by = by_of(actor, request, Action.MESSAGE)
            after, fact = act(request, Action.MESSAGE, by, at, Saying(words))
        await save(unit, request, after, (fact,))
        return await remember(unit, attempt, Done(request.id, 201))
