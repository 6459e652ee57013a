"""Give one request, or all the work of somebody who leaves, to a member of the same organisation."""

from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import FieldError
from connective.referrals.commands.refusals import InvalidDetails
from connective.referrals.commands.room import Room
from connective.referrals.domain.states import side_of
from connective.referrals.storage.assignments import assign, is_member, move_work
from connective.referrals.storage.events import audited
from connective.referrals.storage.requests import load_locked
from connective.referrals.storage.seeing import parties_of


async def assign_request(room: Room, actor: Actor, attempt: Attempt, request_id: UUID, account_id: UUID) -> Done:
    """Make it a member's work, on the side of the actor's organisation. The other side is not told whose it is.

    Raises NotFound, and InvalidDetails for somebody who is no member: work is assigned to members alone, by id.
    """
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, request_id)
        await _refuse_stranger(unit, account_id, "/account_id")
        await assign(unit, request, side_of(parties_of(request, actor)), account_id, at)
        act = audited(actor, "request.assigned", at, family_id=request.family_id, request_id=request.id)
        unit.tell(act, version=1)
        return await remember(unit, attempt, Done(request.id, 200))


async def reassign_work(room: Room, actor: Actor, attempt: Attempt, from_id: UUID, to_id: UUID) -> Done:
    """Everything that one still has to do becomes another's, sent and received alike, in one transaction.

    Whoever leaves need not be a member any more. Raises InvalidDetails for a receiver who is none.
    """
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await _refuse_stranger(unit, to_id, "/to_account_id")
        await move_work(unit, from_id, to_id, at)
        unit.tell(audited(actor, "work.reassigned", at, family_id=None), version=1)
        return await remember(unit, attempt, Done(to_id, 200))


async def _refuse_stranger(unit: Unit, account_id: UUID, pointer: str) -> None:
    if not await is_member(unit.connection, unit.actor.place, unit.actor.organisation, account_id):
        detail = "Nobody of your organisation signs in by this account."
        raise InvalidDetails(detail, errors=(FieldError(pointer, "not-a-member", detail),))
