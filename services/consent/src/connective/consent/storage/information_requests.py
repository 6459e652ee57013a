"""Information requests: each is open to every controller it concerns, and to nobody else."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.information_requests import PauseReason, RequestClock, RequestKind
from connective.consent.storage.audit_look import Look
from connective.consent.storage.audit_scope import scoped
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

Record = dict[str, Any]
SCOPE = "(i.place_id = $1 AND i.controllers @> ARRAY[$2::uuid])"
"""Rows of `information_request AS i`."""
_COLUMNS = """i.*, coalesce((
  SELECT jsonb_agg(jsonb_build_object('legal_entity_id', a.legal_entity_id, 'outcome', a.outcome, 'note', a.note,
    'answered_by', a.answered_by, 'answered_at', a.answered_at) ORDER BY a.answered_at, a.legal_entity_id)
  FROM information_request_answer AS a WHERE a.request_id = i.id), '[]') AS answers,
  ARRAY(SELECT c.id FROM correction AS c WHERE c.information_request_id = i.id ORDER BY c.id) AS correction_ids,
  ARRAY(SELECT c.id FROM access_copy AS c WHERE c.place_id = i.place_id AND c.legal_entity_id = $2
    AND c.information_request_id = i.id ORDER BY c.id) AS access_copy_ids"""
_ADD = """
INSERT INTO information_request (id, place_id, legal_entity_id, reference, kind, about, people, controllers,
  agreed_under, received_on, acknowledge_by, due_on, extended_months, extension_reason, paused_days, recorded_by,
  recorded_at, version, origin, origin_id)
SELECT $1, $2, $3, $4, $5, $6,
  ARRAY(SELECT p FROM unnest($7::text[]) AS p UNION SELECT k.pseudonym FROM person_key AS k
    WHERE k.place_id = $2 AND k.person_id = ANY ($8::uuid[]) AND k.pseudonym IS NOT NULL ORDER BY 1),
  $9, $10, $11, $12, $13, 0, '', 0, $14, $15, 1, $16, $17
"""
_OF_ORIGIN = "SELECT * FROM information_request WHERE place_id = $1 AND origin_id = $2 FOR UPDATE"
_SAVE_ORIGIN = "UPDATE information_request SET origin = $2, origin_id = $3, version = version + 1 WHERE id = $1"
_SAVE = """
UPDATE information_request SET acknowledged_on = $2, due_on = $3, extended_months = $4, extension_reason = $5,
  paused_since = $6, pause_reason = $7, paused_days = $8, closed_at = $9, version = version + 1 WHERE id = $1
"""
_ANSWER = """
INSERT INTO information_request_answer (request_id, legal_entity_id, place_id, outcome, note, answered_by, answered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING request_id
"""
_WAITED_FOR = """
SELECT count(*) AS waiting FROM information_request AS i, unnest(i.controllers) AS c WHERE i.id = $1 AND NOT EXISTS (
  SELECT FROM information_request_answer AS a WHERE a.request_id = i.id AND a.legal_entity_id = c)
"""


async def add_request(unit: Unit, values: Sequence[Any]) -> None:
    """Keep a new request; `values` in the order of the statement."""
    await unit.run(_ADD, values)


async def load_request(look: Look, request_id: UUID, *, lock: bool = False) -> Record:
    """One request that concerns the officer's legal entity. Raises NotFound."""
    statement = f"SELECT {_COLUMNS} FROM information_request AS i WHERE {SCOPE} AND i.id = $3"  # noqa: S608 - constants
    tail = " FOR UPDATE OF i" if lock else ""
    row = await fetch_one(look.connection, statement + tail, (look.place_id, look.entity_id, request_id))
    if row is None:
        raise NotFound
    return dict(row)


async def request_from_origin(look: Look, origin_id: UUID) -> Record | None:
    """The request that this record, an objection or one for erasure, stands in the register as; kept from changing."""
    row = await fetch_one(look.connection, _OF_ORIGIN, (look.place_id, origin_id))
    return None if row is None else dict(row)


async def save_origin(unit: Unit, request_id: UUID, origin: str, origin_id: UUID) -> None:
    """Keep in which record a request that the caller has locked is decided."""
    await unit.run(_SAVE_ORIGIN, (request_id, origin, origin_id))


async def list_requests(
    look: Look, kind: str | None, controller_id: UUID | None, condition: str | None, *, beyond: UUID | None, limit: int
) -> list[Record]:
    """Requests that concern the officer's legal entity, oldest first."""
    where = scoped(SCOPE, look.place_id, look.entity_id)
    where.add("i.kind = {0}::text", kind)
    where.add("i.controllers @> ARRAY[{0}::uuid]", controller_id)
    where.also(condition)
    where.add("i.id > {0}::uuid", beyond)
    limited = where.limit(limit)
    statement = f"SELECT {_COLUMNS} FROM information_request AS i WHERE {where} ORDER BY i.id {limited}"  # noqa: S608 - constants
    return [dict(row) for row in await fetch(look.connection, statement, where.parameters)]


def clock_of(row: Record) -> RequestClock:
    """The clock as it is stored."""
    return RequestClock(
        kind=RequestKind(row["kind"]),
        received_on=row["received_on"],
        acknowledged_on=row["acknowledged_on"],
        extended_months=row["extended_months"],
        extension_reason=row["extension_reason"],
        paused_since=row["paused_since"],
        pause_reason=PauseReason(row["pause_reason"]) if row["pause_reason"] else None,
        paused_days=row["paused_days"],
        closed=row["closed_at"] is not None,
    )


async def save_clock(
    unit: Unit, request_id: UUID, clock: RequestClock, due_on: date | None, closed_at: datetime | None = None
) -> None:
    """Keep the clock of a request that the caller has locked."""
    paused = (clock.paused_since, clock.pause_reason and clock.pause_reason.value, clock.paused_days)
    extended = (clock.extended_months, clock.extension_reason)
    await unit.run(_SAVE, (request_id, clock.acknowledged_on, due_on, *extended, *paused, closed_at))


async def add_answer(look: Look, request_id: UUID, outcome: str, note: str, at: datetime) -> bool:
    """Keep the answer of the officer's legal entity; False when it has answered already."""
    values = (request_id, look.entity_id, look.place_id, outcome, note, look.unit.actor.id, at)
    return await fetch_one(look.connection, _ANSWER, values) is not None


async def waited_for(look: Look, request_id: UUID) -> int:
    """How many controllers have not answered yet."""
    row = await fetch_one(look.connection, _WAITED_FOR, (request_id,))
    return int(row.waiting) if row else 0
