"""A recipient proposes another service, and the referrer who does not want that says so; redirecting says yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, done_before, earlier, remember
from connective.kit.problems import NotAllowed
from connective.referrals.commands.act_on_request import by_of
from connective.referrals.commands.redirect_request import other_service
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.details import Redirecting
from connective.referrals.domain.lifecycle import act
from connective.referrals.domain.proposals import (
    PROPOSED,
    REFUSED,
    Noted,
    Proposal,
    ProposalReason,
    proposals,
    refuse_proposal,
    refuse_same_service,
)
from connective.referrals.domain.request import By, Request
from connective.referrals.domain.states import Action, Party
from connective.referrals.storage.notes import add_note
from connective.referrals.storage.requests import load, load_locked, save
from connective.referrals.storage.seeing import parties_of
from connective.referrals.storage.tables import note


@dataclass(frozen=True, slots=True)
class Proposing:
    """Which version of which request, and which service would be better, and why."""

    request_id: UUID
    version: int
    service_id: UUID
    reason: ProposalReason


async def propose_redirect(room: Room, actor: Actor, attempt: Attempt, asked: Proposing) -> Done:
    """Note the proposal and tell the referrer: the request stays as it is until they decide.

    Raises NotFound, Stale, IllegalAction, NotAReportingRoute, and InvalidDetails for an unknown or the same service.
    """
    if done := await done_before(room.database, actor, attempt):
        return done
    await other_service(room, actor, asked.service_id)
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, asked.request_id)
        refuse_stale(asked.version, request.version)
        with translated():
            by = by_of(actor, request, Action.PROPOSE_REDIRECT)
            after, fact = act(request, Action.PROPOSE_REDIRECT, by, at, Redirecting(asked.service_id))
            refuse_same_service(request, asked.service_id)
        await save(unit, request, after, (fact,))
        details = {"service_id": str(asked.service_id), "reason": str(asked.reason)}
        await add_note(unit, request, Party.RECIPIENT, PROPOSED, at, **details)
        return await remember(unit, attempt, Done(request.id, 200))


async def refuse_redirect(room: Room, actor: Actor, attempt: Attempt, target: tuple[UUID, int]) -> Done:
    """The referrer keeps the request (id, version) where it is. Raises NotFound, NotAllowed, Stale, IllegalAction."""
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, target[0])
        if Party.REFERRER not in parties_of(request, actor):
            raise NotAllowed("Only the referrer of this request decides on a proposal.")
        refuse_stale(target[1], request.version)
        by = By(Party.REFERRER, actor.id, actor.organisation_id)
        with translated():
            after, fact = refuse_proposal(request, await _noted(unit.connection, request), by, at)
        await save(unit, request, after, (fact,))
        await add_note(unit, request, Party.REFERRER, REFUSED, at)
        return await remember(unit, attempt, Done(request.id, 200))


async def read_proposals(room: Room, actor: Actor, request_id: UUID) -> tuple[Request, tuple[Proposal, ...]]:
    """What was proposed, oldest first, to either party. Raises NotFound."""
    async with room.database.reading(actor) as connection:
        request = await load(connection, actor, request_id)
        return request, proposals(request, await _noted(connection, request))


async def _noted(connection: AsyncConnection, request: Request) -> Sequence[Noted]:
    kinds = note.c.kind.in_((PROPOSED, REFUSED))
    found = await connection.execute(select(note).where(note.c.request_id == request.id, kinds).order_by(note.c.id))
    return [
        Noted(
            id=row.id,
            at=row.at,
            service_id=UUID(row.details["service_id"]) if row.kind == PROPOSED else None,
            reason=ProposalReason(row.details["reason"]) if row.kind == PROPOSED else None,
        )
        for row in found
    ]
