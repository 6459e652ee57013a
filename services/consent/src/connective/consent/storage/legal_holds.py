"""Legal holds: each is its placer's legal entity's to see and lift, and stops everybody's erasing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.storage.audit_look import Look
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

Record = dict[str, Any]
_ADD = """
INSERT INTO legal_hold (id, place_id, legal_entity_id, reference, family_ids, person_ids, agreement_ids, reason,
  review_on, placed_by, placed_at, review_note, lift_reason, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', 1)
"""
_OWN = "place_id = $1 AND legal_entity_id = $2"
"""The one predicate: placed by an officer of the legal entity."""
_ONE = f"SELECT * FROM legal_hold WHERE {_OWN} AND id = $3"  # noqa: S608 - constants only
_LIST = f"""
SELECT * FROM legal_hold WHERE {_OWN} AND ($3::uuid IS NULL OR id > $3)
  AND CASE $4::text WHEN 'lifted' THEN lifted_at IS NOT NULL
    WHEN 'review_due' THEN lifted_at IS NULL AND review_on <= $5
    WHEN 'standing' THEN lifted_at IS NULL ELSE true END
ORDER BY id LIMIT $6
"""  # noqa: S608 - constants only
_REVIEW = """
UPDATE legal_hold SET review_on = $2, review_note = $3, reviewed_by = $4, reviewed_at = $5, version = version + 1
WHERE id = $1
"""
_LIFT = """
UPDATE legal_hold SET lift_reason = $2, lifted_by = $3, lifted_at = $4, version = version + 1 WHERE id = $1
"""
_HELD = """
SELECT DISTINCT held.id FROM legal_hold AS h
CROSS JOIN LATERAL unnest(h.family_ids || h.person_ids || h.agreement_ids) AS held (id)
WHERE h.place_id = $1 AND h.lifted_at IS NULL AND held.id = ANY ($2::uuid[])
"""


async def add_hold(unit: Unit, values: Sequence[Any]) -> None:
    """Keep a new hold; `values` in the order of the statement."""
    await unit.run(_ADD, values)


async def load_hold(look: Look, hold_id: UUID, *, lock: bool = False) -> Record:
    """One hold of the officer's legal entity. Raises NotFound."""
    statement = f"{_ONE} FOR UPDATE" if lock else _ONE
    row = await fetch_one(look.connection, statement, (look.place_id, look.entity_id, hold_id))
    if row is None:
        raise NotFound
    return dict(row)


async def list_holds(look: Look, state: str | None, today: date, after: UUID | None, limit: int) -> list[Record]:
    """The holds of the officer's legal entity, oldest first."""
    rows = await fetch(look.connection, _LIST, (look.place_id, look.entity_id, after, state, today, limit))
    return [dict(row) for row in rows]


async def save_review(unit: Unit, hold_id: UUID, review_on: date, words: str, at: datetime) -> None:
    """Keep that it was looked at, and until when it stands now."""
    await unit.run(_REVIEW, (hold_id, review_on, words, unit.actor.id, at))


async def save_lift(unit: Unit, hold_id: UUID, reason: str, at: datetime) -> None:
    """Keep that it holds no longer, and why."""
    await unit.run(_LIFT, (hold_id, reason, unit.actor.id, at))


async def held_among(unit: Unit, place_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these families, people or agreements any standing hold of the place names, whoever placed it."""
    return {row.id for row in await unit.fetch(_HELD, (place_id, sorted(set(ids))))}
