"""The referrer decides that a request goes on that was held in silence after a death or a loss in the family."""

from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotAllowed
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.clocks import QUIET
from connective.referrals.domain.lifecycle import act, allowed_actions
from connective.referrals.domain.refusals import IllegalAction
from connective.referrals.domain.request import By
from connective.referrals.domain.states import Action, Party
from connective.referrals.storage.requests import load_locked, save
from connective.referrals.storage.seeing import parties_of


async def carry_on(room: Room, actor: Actor, attempt: Attempt, target: tuple[UUID, int]) -> Done:
    """Let the Hub release the request (id, version), on the word of the referrer, who is named in its history.

    Raises NotFound, NotAllowed, Stale, and IllegalAction where it is held for another reason too, or not at all: the
    referrer decides on nothing else that the Hub holds.
    """
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, target[0])
        if Party.REFERRER not in parties_of(request, actor):
            raise NotAllowed("Only the referrer of this request decides whether it goes on.")
        refuse_stale(target[1], request.version)
        with translated():
            if request.hold is None or request.hold.reasons != (QUIET,):
                raise IllegalAction("carry_on", request.state, allowed_actions(request, Party.REFERRER, at))
            by = By(Party.HUB, actor.id, actor.organisation_id)
            after, fact = act(request, Action.RELEASE, by, at)
        await save(unit, request, after, (fact,))
        return await remember(unit, attempt, Done(request.id, 200))
