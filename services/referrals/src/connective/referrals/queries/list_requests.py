"""Lists of requests: reference, service, state, urgency, clocks, version; no category data, so nothing is disclosed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Text,
    TextClause,
    Uuid,
    any_,
    bindparam,
    cast,
    literal_column,
    select,
    text,
)

from connective.kit import json_sql
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database
from connective.kit.prepared import Prepared
from connective.kit.problems import Invalid, NotAllowed
from connective.referrals.domain.states import State
from connective.referrals.storage.events import SUBMITTED
from connective.referrals.storage.seeing import RECEIVED, SEEN, SENT, Sight, asker
from connective.referrals.storage.tables import request

_FIELDS = {
    "id": json_sql.code("id"),
    "reference": json_sql.code("reference"),
    "referral_id": json_sql.NULL,
    "family_id": json_sql.NULL,
    "service_id": json_sql.code("service_id"),
    "service_kind": json_sql.text("service_kind"),
    "referrer_organisation_id": json_sql.code("referrer_organisation_id"),
    "recipient_organisation_id": json_sql.code("recipient_organisation_id"),
    "state": json_sql.code("state"),
    "since": json_sql.instant("since"),
    "version": json_sql.number("version"),
    "urgent": json_sql.truth("needed_by IS NOT NULL"),
    "queued": "'false'",
    "submitted_at": json_sql.optional(json_sql.instant("submitted_at")),
    "received_at": json_sql.optional(json_sql.instant("received_at")),
    "needed_by": json_sql.optional(json_sql.instant("needed_by")),
    "due": json_sql.optional(
        json_sql.record(
            {
                "clock": json_sql.code("due_clock"),
                "owner": json_sql.code("due_owner"),
                "at": json_sql.instant("due_at"),
            }
        )
    ),
}
"""A RequestItem as the server writes it. A recipient is told neither referral nor family: it learns of no siblings."""
_FAMILY = "(SELECT f.family_id FROM referral AS f WHERE f.id = newest.referral_id)"
_QUEUED = f"id IN (SELECT o.aggregate_id FROM outbox AS o WHERE o.published_at IS NULL AND o.subject = '{SUBMITTED}')"  # noqa: S608 - constants only
_WHAT_THE_SENDER_SEES = _FIELDS | {
    "referral_id": json_sql.code("referral_id"),
    "family_id": json_sql.optional(json_sql.code(_FAMILY)),
    "queued": json_sql.truth(_QUEUED),
}
_OF = {"sent": SENT, "received": RECEIVED, "place": SEEN[Sight.PLACE]}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which list. `after` is the id of the last one seen; newest come first."""

    direction: str
    """`sent`, `received`, or `place` for coordinators."""
    states: Sequence[State]
    after: UUID | None
    limit: int
    assigned_to: str = ""
    """`nobody`, `needs_reassigning`, or an account's id; whatever anybody has to do, where nothing is said."""
    turn: str = ""
    """The party whose next step it is; any, and nobody's, where nothing is said."""


_HOLDER = {
    "sent": """coalesce((SELECT a.account_id::text FROM assignment AS a WHERE a.request_id = request.id
        AND a.party = 'referrer'), (SELECT f.made_by FROM referral AS f WHERE f.id = request.referral_id))""",
    "received": """(SELECT a.account_id::text FROM assignment AS a WHERE a.request_id = request.id
        AND a.party = 'recipient')""",
}
_TO_DO = "(request.is_open OR (request.state = 'declined' AND request.family_told IS NULL))"
_OWN_SIDE = {"sent": "request.referrer_organisation_id", "received": "request.recipient_organisation_id"}


def _assigned(direction: str, assigned_to: str) -> TextClause:
    """Work of somebody, of nobody, or of somebody who has left: it waits for another."""
    holder = _HOLDER[direction]
    if assigned_to == "nobody":
        return text(f"{_TO_DO} AND {holder} IS NULL")
    if assigned_to == "needs_reassigning":
        left = f"(m.disabled_at IS NOT NULL OR NOT {_OWN_SIDE[direction]} = ANY (m.organisation_ids))"
        found = f"SELECT FROM member_copy AS m WHERE m.account_id::text = {holder} AND {left}"
        return text(f"{_TO_DO} AND EXISTS ({found})")
    return text(f"{_TO_DO} AND {holder} = :holder").bindparams(bindparam("holder", type_=Text))


@cache
def _listing(direction: str, some_states: bool, goes_on: bool, assigned_to: str, one_turn: bool) -> Prepared:
    conditions: list[ColumnElement[bool] | TextClause] = [_OF[direction]]
    if some_states:
        conditions.append(request.c.state == any_(bindparam("states", type_=ARRAY(Text))))
    if goes_on:
        conditions.append(request.c.id < bindparam("after", type_=Uuid))
    if assigned_to:
        conditions.append(_assigned(direction, assigned_to))
    if one_turn:
        conditions.append(request.c.due_owner == bindparam("turn", type_=Text))
    fields = _WHAT_THE_SENDER_SEES if direction == "sent" else _FIELDS
    newest_first = (
        select(request).where(*conditions).order_by(request.c.id.desc()).limit(bindparam("most", type_=Integer))
    ).subquery("newest")
    item: ColumnElement[str] = literal_column(json_sql.record(fields)).label("item")
    return Prepared(select(cast(newest_first.c.id, Text).label("id"), item))


async def list_requests(database: Database, actor: Actor, wanted: Wanted, *, coordinates: bool) -> list[Any]:
    """Each request's id, and the request as JSON; one more than the limit, if there is one.

    Raises NotAllowed for the whole place without the permission, and Invalid for whose work it is there: that is
    known within an organisation alone.
    """
    if wanted.direction == "place" and wanted.assigned_to:
        raise Invalid("Whose work it is is known within an organisation alone: ask for `sent` or `received`.")
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
    named = wanted.assigned_to
    if named not in {"", "nobody", "needs_reassigning"}:
        values["holder"], named = named, "somebody"
    if wanted.turn:
        values["turn"] = wanted.turn
    statement = _listing(wanted.direction, bool(wanted.states), wanted.after is not None, named, bool(wanted.turn))
    return await statement.read_alone(database, actor, **values)
