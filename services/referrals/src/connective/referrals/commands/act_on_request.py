"""Take one action of the lifecycle on one request: the verbs that need nobody else's answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.contracts.permissions import Permission
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Unit
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.details import Details
from connective.referrals.domain.lifecycle import act, allowed_actions
from connective.referrals.domain.request import By, Request
from connective.referrals.domain.states import RULES, Action, Party
from connective.referrals.storage.requests import load_locked, save
from connective.referrals.storage.seeing import parties_of


@dataclass(frozen=True, slots=True)
class Order:
    """Which action, on which version of which request. Details may depend on the instant (a default date)."""

    request_id: UUID
    version: int
    action: Action
    details: Details | Callable[[datetime], Details] = None


def by_of(actor: Actor, request: Request, action: Action) -> By:
    """In what capacity the actor takes this action; a capacity the table does not know is refused by it."""
    held = parties_of(request, actor)
    if action in COORDINATED:
        return By(Party.COORDINATOR, actor.id, actor.organisation_id)
    party = min(held & RULES[action].parties or held)
    return By(party, actor.id, actor.organisation_id)


COORDINATED = frozenset({Action.HOLD, Action.RELEASE})
"""What a coordinator does on anybody's request in the place; the operation's permission has been checked."""


_OPENED_BY = {
    Party.COORDINATOR: Permission.REFERRALS_REQUEST_COORDINATE,
    Party.RECIPIENT: Permission.REFERRALS_REQUEST_WORK,
    Party.REFERRER: Permission.REFERRALS_REFERRAL_WRITE,
}
"""What an asker's role or scope must open, to act in this capacity; a message needs its own."""


def actions_open_to(actor: Actor, request: Request, at: datetime) -> frozenset[Action]:
    """What this asker may do with the request now: in every capacity of theirs, as far as their role or scope goes.

    The operations check the same permissions, so that nobody is shown what would be refused.
    """
    held = set(parties_of(request, actor))
    if actor.may(_OPENED_BY[Party.COORDINATOR]):
        held.add(Party.COORDINATOR)
    legal = {(action, party) for party in held for action in allowed_actions(request, party, at)}
    return frozenset(
        action
        for action, party in legal
        if actor.may(Permission.REFERRALS_MESSAGE_WRITE if action is Action.MESSAGE else _OPENED_BY[party])
    )


def acting(actor: Actor, action: Action) -> Actor:
    """The actor whose transaction it is: a coordinator's work is the Hub's own, done in the coordinator's name."""
    return replace(actor, kind=ActorKind.SERVICE) if action in COORDINATED else actor


async def act_on_request(room: Room, actor: Actor, attempt: Attempt, order: Order) -> Done:
    """Take the action. Raises NotFound, Stale, IllegalAction (with the legal ones) or InvalidDetails."""
    at = room.clock()
    async with room.database.unit(acting(actor, order.action)) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, order.request_id)
        refuse_stale(order.version, request.version)
        await _take(unit, actor, request, order, at)
        return await remember(unit, attempt, Done(request.id, 200))


async def _take(unit: Unit, actor: Actor, request: Request, order: Order, at: datetime) -> None:
    details = order.details(at) if callable(order.details) else order.details
    with translated():
        after, fact = act(request, order.action, by_of(actor, request, order.action), at, details)
    await save(unit, request, after, (fact,))
