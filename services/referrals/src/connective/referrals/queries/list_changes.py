"""The feed: everything that happened to the requests an organisation may see, in the order the relay gave it.

The order is the relay's, not the clock's, so nothing that was committed late is skipped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, func, literal, or_, select

from connective.contracts.referral_events import MessagePosted
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.referrals.storage.events import MESSAGE_POSTED
from connective.referrals.storage.seeing import received_by, sent_by
from connective.referrals.storage.tables import outbox, outbox_head, request

_PREFIX = "hub.referrals.request."
_MESSAGE = MessagePosted.subject
_NOT_FOR_RECIPIENTS = f"{_PREFIX}blocked"
"""What could not be sent is between the referrer and its agreements."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which part of the feed is wanted: of requests received or sent, and these facts; all, where nothing is said."""

    direction: str = ""
    facts: Sequence[str] = ()


EVERYTHING = Narrowed()


@dataclass(frozen=True, slots=True)
class Changes:
    """A part of the feed, and the position to go on from: behind the last row, or at the head when all was read."""

    rows: list[Row[Any]]
    position: int
    more: bool
    removed: bool
    """Whether some of what happened after the position asked for is kept no longer."""


async def list_changes(
    database: Database, actor: Actor, position: int, limit: int, narrowed: Narrowed = EVERYTHING
) -> Changes:
    """What happened after a position. A narrower feed moves on past what it leaves out.

    A removed part is told of, not refused here: whoever begins without a position wants what there is.
    """
    received = received_by(actor) & (outbox.c.subject != _NOT_FOR_RECIPIENTS)
    seen = {"received": received, "sent": sent_by(actor)}.get(narrowed.direction, or_(sent_by(actor), received))
    if narrowed.facts:
        seen &= outbox.c.subject.in_([_MESSAGE if f == MESSAGE_POSTED else _PREFIX + f for f in narrowed.facts])
    rows = (
        select(
            outbox.c.feed_position,
            outbox.c.aggregate_id.label("request_id"),
            outbox.c.aggregate_version.label("version"),
            case(
                (outbox.c.subject == _MESSAGE, MESSAGE_POSTED), else_=func.substr(outbox.c.subject, len(_PREFIX) + 1)
            ).label("fact"),
            outbox.c.data,
            outbox.c.occurred_at,
        )
        .join(request, request.c.id == outbox.c.aggregate_id)
        .where(
            outbox.c.place_id == actor.place,
            outbox.c.feed_position > position,
            or_(outbox.c.subject.startswith(_PREFIX), outbox.c.subject == _MESSAGE),
            seen,
        )
        .order_by(outbox.c.feed_position)
        .limit(limit + 1)
        .cte("part")
    )
    # The head is read in the same statement, hence the same snapshot: what is not yet numbered lies beyond it.
    query = select(outbox_head.c.position.label("head"), outbox_head.c.removed_to, rows).select_from(
        outbox_head.outerjoin(rows, literal(value=True))
    )
    async with database.reading(actor) as connection:
        found = list(await connection.execute(query.order_by(rows.c.feed_position)))
    part = [row for row in found if row.feed_position is not None]
    more = len(part) > limit
    part = part[:limit]
    onward = part[-1].feed_position if more else max(found[0].head, position)
    return Changes(part, onward, more, position < found[0].removed_to)


async def feed_head(database: Database, actor: Actor) -> int:
    """The position of the last thing that happened, whoever it concerns."""
    async with database.reading(actor) as connection:
        return int(await connection.scalar(select(outbox_head.c.position)) or 0)
