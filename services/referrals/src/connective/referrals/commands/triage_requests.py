"""Accept, decline or waitlist several requests in one call: each in its own transaction, on its own version."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import Refusal
from connective.referrals.commands.act_on_request import Order, act_on_request
from connective.referrals.commands.room import Room

MOST_AT_ONCE = 50
"""A page of an inbox; more would keep one caller's answer waiting for longer than a gateway does."""


@dataclass(frozen=True, slots=True)
class Triaged:
    """What became of one order: done, or why not."""

    order: Order
    done: Done | None
    refusal: Refusal | None


async def triage_requests(room: Room, actor: Actor, attempt: Attempt, orders: Sequence[Order]) -> list[Triaged]:
    """Take every action that is possible; one refusal stops none of the others.

    The key holds for the whole (another body under it is refused) and for each item: a repeat of a call that broke
    off does what is left, and answers what was done. Raises KeyReused, StillRunning.
    """
    await _claim(room, actor, attempt)
    return [await _one(room, actor, attempt, order) for order in orders]


async def _claim(room: Room, actor: Actor, attempt: Attempt) -> None:
    async with room.database.unit(actor) as unit:
        if await earlier(unit, attempt) is None:
            await remember(unit, attempt, Done(actor.organisation, 207))


async def _one(room: Room, actor: Actor, attempt: Attempt, order: Order) -> Triaged:
    own = replace(attempt, route=f"{attempt.route} {order.request_id}")
    try:
        return Triaged(order, await act_on_request(room, actor, own, order), None)
    except Refusal as refusal:
        return Triaged(order, None, refusal)
