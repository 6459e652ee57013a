"""Lists of requests: reference, service, state, urgency, clocks, version; no category data, so nothing is disclosed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database
from connective.kit.problems import NotAllowed
from connective.referrals.domain.states import State
from connective.referrals.storage.seeing import received_by, request_seen_by, sent_by
from connective.referrals.storage.tables import request

COLUMNS: tuple[Any, ...] = (
    request.c.id,
    request.c.reference,
    request.c.referral_id,
    request.c.service_id,
    request.c.service_kind,
    request.c.referrer_organisation_id,
    request.c.recipient_organisation_id,
    request.c.state,
    request.c.version,
    request.c.submitted_at,
    request.c.received_at,
    request.c.needed_by,
    request.c.due_clock,
    request.c.due_owner,
    request.c.due_at,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which list. `after` is the id of the last one seen; newest come first."""

    direction: str
    """`sent`, `received`, or `place` for coordinators."""
    states: Sequence[State]
    after: UUID | None
    limit: int


async def list_requests(database: Database, actor: Actor, wanted: Wanted, *, coordinates: bool) -> list[Row[Any]]:
    """One more row than the limit, if there is one. Raises NotAllowed for the whole place without the permission."""
    if wanted.direction == "place":
        if not coordinates:
            raise NotAllowed("Only a hub coordinator sees the whole place.")
        # A coordinator's list is the Hub's own work, done in the coordinator's name: row security lets it through.
        actor = replace(actor, kind=ActorKind.SERVICE)
    conditions = [_seen(actor, wanted.direction)]
    if wanted.states:
        conditions.append(request.c.state.in_([str(state) for state in wanted.states]))
    if wanted.after is not None:
        conditions.append(request.c.id < wanted.after)
    async with database.reading(actor) as connection:
        rows = await connection.execute(
            select(*COLUMNS).where(*conditions).order_by(request.c.id.desc()).limit(wanted.limit + 1)
        )
        return list(rows.all())


def _seen(actor: Actor, direction: str) -> ColumnElement[bool]:
    if direction == "sent":
        return sent_by(actor)
    return received_by(actor) if direction == "received" else request_seen_by(actor)
