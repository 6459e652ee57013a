"""Erasures ordered, each service's answer, requests for erasure, and the erasing of what consent keeps itself."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.erasures import KEEPERS
from connective.consent.storage.access_copies import forget_copies
from connective.consent.storage.audit_look import Look
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.forgetting import digest, forget_ids
from connective.kit.ids import new_id
from connective.kit.problems import NotFound

Record = dict[str, Any]
_ADD = """
INSERT INTO erasure (id, place_id, legal_entity_id, family_id, family, person_id, person, rule_key, run_id, request_id,
  record_version, state, ordered_by, ordered_at, entry_ids, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'ordered', $12, $13, $14::uuid[], 1)
"""
_ADD_PARTS = """
INSERT INTO erasure_part (erasure_id, service, place_id, asked_at) SELECT $1, s, $2, $3 FROM unnest($4::text[]) AS s
"""
_ADD_REQUEST = """
INSERT INTO erasure_request (id, place_id, legal_entity_id, family_id, family, person_id, person, asked_on, due_on,
  ground, granted, exemption, reasons, decided_by, decided_at, erasure_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""
_UNDER_WAY = """
SELECT 1 FROM erasure WHERE place_id = $1 AND family_id = $2 AND state IN ('ordered', 'under_way')
"""
_LOCKED = "SELECT * FROM erasure WHERE id = $1 AND place_id = $2 FOR UPDATE"
_PART = """
UPDATE erasure_part SET done_at = $3, removed = $4, kept = $5, kept_words = $6::jsonb
WHERE erasure_id = $1 AND service = $2 AND done_at IS NULL
"""
_OUTSTANDING = "SELECT count(*) AS n FROM erasure_part WHERE erasure_id = $1 AND done_at IS NULL"
_STATE = """
UPDATE erasure SET state = $2, reason_code = $3, completed_at = $4, people = coalesce($5, people),
  entry_ids = entry_ids || $6::uuid[], version = version + 1 WHERE id = $1
"""
_LIST = """
SELECT e.*, (
  SELECT coalesce(json_agg(p ORDER BY p.service), '[]') FROM erasure_part AS p WHERE p.erasure_id = e.id
)::text AS parts
FROM erasure AS e WHERE e.place_id = $1 AND e.legal_entity_id = $2
  AND ($3::uuid IS NULL OR e.id < $3) AND ($4::uuid IS NULL OR e.id = $4)
  AND CASE $5::text WHEN 'overdue' THEN e.state IN ('ordered', 'under_way') AND e.ordered_at < $6
    ELSE $5 IS NULL OR e.state = $5 END
ORDER BY e.id DESC LIMIT $7
"""
_REQUESTS = """
SELECT * FROM erasure_request WHERE place_id = $1 AND legal_entity_id = $2
  AND ($3::uuid IS NULL OR id < $3) AND ($4::uuid IS NULL OR id = $4) ORDER BY id DESC LIMIT $5
"""
_OVERDUE = """
SELECT count(*) AS n, min(ordered_at) AS since FROM erasure WHERE state IN ('ordered', 'under_way') AND ordered_at < $1
"""
_ERASE = "SELECT removed, kept, words::text AS words FROM erase_subjects($1, $2::uuid[], $3::uuid[])"
_STAND_INS = "SELECT person_id, pseudonym FROM person_key WHERE place_id = $1 AND person_id = ANY($2::uuid[])"
_FORGET = """
INSERT INTO erased_id (digest, place_id, erased_at) SELECT d, $2, $3 FROM unnest($1::bytea[]) AS d
ON CONFLICT DO NOTHING
"""
_ERASED = "SELECT digest FROM erased_id WHERE digest = ANY($1::bytea[])"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be erased, and on what ground: a rule of the schedule, or a request."""

    id: UUID
    family_id: UUID
    family: str
    record_version: int
    person_id: UUID | None = None
    """One person of the family alone, and their pseudonym; None for the whole record."""
    person: str | None = None
    rule_key: str | None = None
    run_id: UUID | None = None
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What a service did: rows removed, rows kept about nobody, and records whose words stay, by what they are."""

    removed: int
    kept: int
    words: Mapping[str, int] = field(default_factory=dict)


async def add_erasure(look: Look, order: Order, entry_ids: Sequence[UUID], at: datetime) -> None:
    """Keep an order, and that each service is asked."""
    whom = (order.family_id, order.family, order.person_id, order.person)
    why = (order.rule_key, order.run_id, order.request_id, order.record_version)
    values = (order.id, look.place_id, look.entity_id, *whom, *why)
    await look.unit.run(_ADD, (*values, look.unit.actor.id, at, list(entry_ids)))
    await look.unit.run(_ADD_PARTS, (order.id, look.place_id, at, list(KEEPERS)))


async def is_under_way(unit: Unit, place_id: UUID, family_id: UUID) -> bool:
    """Whether the family's erasure was ordered and is not done."""
    return await unit.fetch_one(_UNDER_WAY, (place_id, family_id)) is not None


async def add_request(look: Look, values: Sequence[Any]) -> None:
    """Keep how a request for erasure was decided; `values` in the order of the statement, without the place."""
    await look.unit.run(_ADD_REQUEST, (values[0], look.place_id, look.entity_id, *values[1:]))


async def lock_erasure(unit: Unit, place_id: UUID, erasure_id: UUID) -> Record | None:
    """One erasure, kept from changing until the transaction ends."""
    row = await unit.fetch_one(_LOCKED, (erasure_id, place_id))
    return None if row is None else dict(row)


async def answer_part(unit: Unit, erasure_id: UUID, service: str, at: datetime, did: Erased) -> bool:
    """Keep a service's answer. False when it had answered before."""
    values = (erasure_id, service, at, did.removed, did.kept, json.dumps(dict(did.words)))
    return await unit.run(_PART, values) == 1


async def outstanding(unit: Unit, erasure_id: UUID) -> int:
    """How many services have not answered yet."""
    return int((await unit.fetch_one(_OUTSTANDING, (erasure_id,))).n)


async def save_state(
    unit: Unit,
    erasure_id: UUID,
    state: str,
    *,
    reason: str | None = None,
    completed_at: datetime | None = None,
    people: int | None = None,
    entries: Iterable[UUID] = (),
) -> None:
    """Move an erasure on, with the ledger's entries of the step."""
    await unit.run(_STATE, (erasure_id, state, reason, completed_at, people, list(entries)))


async def list_erasures(
    look: Look, before: UUID | None, limit: int, *, state: str | None, overdue_before: datetime
) -> list[Record]:
    """The erasures of the officer's legal entity, newest first, each with its parts."""
    parameters = (look.place_id, look.entity_id, before, None, state, overdue_before, limit)
    return [dict(row) for row in await fetch(look.connection, _LIST, parameters)]


async def load_erasure(look: Look, erasure_id: UUID) -> Record:
    """One erasure of the officer's legal entity. Raises NotFound."""
    row = await fetch_one(look.connection, _LIST, (look.place_id, look.entity_id, None, erasure_id, None, None, 1))
    if row is None:
        raise NotFound
    return dict(row)


async def list_requests(look: Look, before: UUID | None, limit: int, one: UUID | None = None) -> list[Record]:
    """Requests for erasure that the officer's legal entity decided, newest first; or one of them."""
    rows = await fetch(look.connection, _REQUESTS, (look.place_id, look.entity_id, before, one, limit))
    return [dict(row) for row in rows]


async def overdue_since(connection: AsyncConnection, before: datetime) -> tuple[int, datetime | None]:
    """How many erasures of every place were ordered before then and are not whole, and since when."""
    row = await fetch_one(connection, _OVERDUE, (before,))
    return row.n, row.since


async def erase_own(
    unit: Unit, place_id: UUID, erasure_id: UUID, ids: tuple[Sequence[UUID], UUID | None], at: datetime
) -> Erased:
    """Take out what consent keeps of these people, and of the family that goes with them, if it does.

    In rows that are kept a person's id gives way to their pseudonym, which has the form of an id: the rows still tell
    two people apart, as the ledger does, and the key that led from a person to it is destroyed here.
    """
    people, family_id = ids
    rows = await unit.fetch(_STAND_INS, (place_id, list(people)))
    known: Mapping[UUID, UUID] = {row.person_id: UUID(hex=row.pseudonym) for row in rows}
    stand_ins = [known.get(person) or new_id() for person in people]
    copies = await forget_copies(unit, people)
    done = await unit.fetch_one(_ERASE, (erasure_id, list(people), stand_ins))
    gone = [*people] if family_id is None else [family_id, *people]
    await unit.run(_FORGET, ([digest(each) for each in gone], place_id, at))
    return Erased(copies + done.removed + await forget_ids(unit, gone), done.kept, json.loads(done.words))


async def erased_among(unit: Unit, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these ids were erased: an event that comes late must not bring them back."""
    named = {digest(each): each for each in ids}
    if not named:
        return set()
    return {named[bytes(row.digest)] for row in await unit.fetch(_ERASED, (list(named),))}
