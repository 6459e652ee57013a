"""Lists of requests: reference, service, state, urgency, clocks, version; no category data, so nothing is disclosed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, any_, bindparam, cast, select

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database
from connective.kit.prepared import Prepared
from connective.kit.problems import NotAllowed
from connective.referrals.domain.states import State
from connective.referrals.storage.seeing import RECEIVED, SEEN, SENT, Sight, asker
from connective.referrals.storage.tables import request

# Ids as text: they are only written into the answer, and making 250 UUID values of a page took longer than reading it.
COLUMNS: tuple[Any, ...] = (
    *(
        cast(column, Text).label(column.key)
        for column in (
            request.c.id,
            request.c.referral_id,
            request.c.service_id,
            request.c.referrer_organisation_id,
            request.c.recipient_organisation_id,
        )
    ),
    request.c.reference,
    request.c.service_kind,
    request.c.state,
    request.c.version,
    request.c.submitted_at,
    request.c.received_at,
    request.c.needed_by,
    request.c.due_clock,
    request.c.due_owner,
    request.c.due_at,
)
_OF = {"sent": SENT, "received": RECEIVED, "place": SEEN[Sight.PLACE]}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which list. `after` is the id of the last one seen; newest come first."""

    direction: str
    """`sent`, `received`, or `place` for coordinators."""
    states: Sequence[State]
    after: UUID | None
    limit: int


@cache
def _listing(direction: str, some_states: bool, goes_on: bool) -> Prepared:
    conditions = [_OF[direction]]
    if some_states:
        conditions.append(request.c.state == any_(bindparam("states", type_=ARRAY(Text))))
    if goes_on:
        conditions.append(request.c.id < bindparam("after", type_=Uuid))
    newest_first = select(*COLUMNS).where(*conditions).order_by(request.c.id.desc())
    return Prepared(newest_first.limit(bindparam("most", type_=Integer)))


async def list_requests(database: Database, actor: Actor, wanted: Wanted, *, coordinates: bool) -> list[Any]:
    """One more row than the limit, if there is one. Raises NotAllowed for the whole place without the permission."""
    if wanted.direction == "place":
        if not coordinates:
            raise NotAllowed("Only a hub coordinator sees the whole place.")
        # A coordinator's list is the Hub's own work, done in the coordinator's name: row security lets it through.
        actor = replace(actor, kind=ActorKind.SERVICE)
    values: dict[str, Any] = {**asker(actor), "most": wanted.limit + 1}
    if wanted.states:
        values["states"] = [str(state) for state in wanted.states]
    if wanted.after is not None:
        values["after"] = wanted.after
    statement = _listing(wanted.direction, bool(wanted.states), wanted.after is not None)
    async with database.reading(actor) as connection:
        return await statement.fetch(connection, **values)
