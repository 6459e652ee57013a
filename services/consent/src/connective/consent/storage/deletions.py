"""Who owes a confirmation that data were returned or deleted: after an erasure, and at the end of an agreement."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.days import day_of
from connective.consent.domain.erasures import DELETE_WITHIN
from connective.consent.storage.audit_look import Look
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.ids import new_id
from connective.kit.problems import NotFound

Record = dict[str, Any]
_RECEIVED = """
SELECT d.recipient_entity_id AS entity, array_agg(DISTINCT d.discloser_entity_id) AS givers,
  coalesce(array_agg(DISTINCT d.request_id) FILTER (WHERE d.request_id IS NOT NULL), '{}') AS requests
FROM disclosure AS d LEFT JOIN undelivered_disclosure AS u ON u.disclosure_id = d.id
WHERE d.place_id = $1 AND d.person_ids && $2::uuid[] AND u.disclosure_id IS NULL
  AND d.recipient_entity_id <> d.discloser_entity_id
GROUP BY d.recipient_entity_id
"""
_OWE = """
INSERT INTO deletion_owed (id, place_id, legal_entity_id, to_entity_ids, agreement_id, erasure_id, request_ids, at_end,
  owed_since, due_on, note, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 1) ON CONFLICT DO NOTHING
"""
_ENDED = """
SELECT v.place_id, v.agreement_id, f.to_entity_id AS entity, array_agg(DISTINCT f.from_entity_id) AS givers,
  v.terms ->> 'at_end' AS at_end,
  (CASE v.state WHEN 'expired' THEN v.ends_on::timestamptz ELSE v.changed_at END) AS since
FROM agreement_version AS v JOIN agreement_flow AS f ON f.agreement_id = v.agreement_id AND f.version = v.number
WHERE v.state IN ('expired', 'terminated')
  AND NOT EXISTS (SELECT FROM agreement_version AS o WHERE o.agreement_id = v.agreement_id AND o.number > v.number)
  AND NOT EXISTS (
    SELECT FROM deletion_owed AS w WHERE w.agreement_id = v.agreement_id AND w.legal_entity_id = f.to_entity_id)
GROUP BY v.place_id, v.agreement_id, f.to_entity_id, v.terms, v.state, v.ends_on, v.changed_at
ORDER BY v.agreement_id, f.to_entity_id LIMIT 500
"""
_SEEN = "w.place_id = $1 AND (w.legal_entity_id = $2 OR w.to_entity_ids @> ARRAY[$2::uuid])"
_LIST = f"""
SELECT w.*, (w.legal_entity_id = $2) AS own FROM deletion_owed AS w
WHERE {_SEEN} AND ($3::uuid IS NULL OR w.id > $3) AND ($4::uuid IS NULL OR w.id = $4)
  AND CASE $5::text WHEN 'outstanding' THEN w.confirmed_at IS NULL WHEN 'confirmed' THEN w.confirmed_at IS NOT NULL
    WHEN 'overdue' THEN w.confirmed_at IS NULL AND w.due_on < $6 ELSE true END
ORDER BY w.id LIMIT $7
"""  # noqa: S608 - constants only
_LOCK = "SELECT id FROM deletion_owed WHERE id = $1 AND place_id = $2 FOR UPDATE"
_CONFIRM = """
UPDATE deletion_owed SET how = $2, confirmed_name = $3, confirmed_position = $4, done_on = $5, note = $6,
  confirmed_by = $7, confirmed_at = $8, version = version + 1 WHERE id = $1
"""
_OF_ERASURE = "SELECT * FROM deletion_owed WHERE erasure_id = $1 ORDER BY legal_entity_id"
_DELETE = "delete"
"""What an erased record asks of whoever received it (UK GDPR Article 19)."""


async def owe_after_erasure(unit: Unit, place_id: UUID, erasure_id: UUID, people: Sequence[UUID], at: datetime) -> None:
    """Each legal entity that received anything of these people owes a confirmation; read before their ids go."""
    for row in await unit.fetch(_RECEIVED, (place_id, list(people))):
        whom = (new_id(), place_id, row.entity, sorted(row.givers), None, erasure_id)
        due_on = DELETE_WITHIN.after(day_of(at))
        await unit.run(_OWE, (*whom, sorted(row.requests), _DELETE, at, due_on))


async def owe_after_agreements(unit: Unit) -> int:
    """Each party that received under an agreement that ended owes a confirmation; answers how many are new."""
    rows = await unit.fetch(_ENDED)
    for row in rows:
        whom = (new_id(), row.place_id, row.entity, sorted(row.givers), row.agreement_id, None)
        due_on = DELETE_WITHIN.after(day_of(row.since))
        await unit.run(_OWE, (*whom, [], row.at_end, row.since, due_on))
    return len(rows)


async def list_deletions(look: Look, after: UUID | None, limit: int, *, state: str | None, today: date) -> list[Record]:
    """What the officer's legal entity owes, and what it is owed, oldest first."""
    parameters = (look.place_id, look.entity_id, after, None, state, today, limit)
    return [dict(row) for row in await fetch(look.connection, _LIST, parameters)]


async def load_deletion(look: Look, deletion_id: UUID, *, lock: bool = False) -> Record:
    """One of them. Raises NotFound."""
    if lock:
        await fetch(look.connection, _LOCK, (deletion_id, look.place_id))
    row = await fetch_one(look.connection, _LIST, (look.place_id, look.entity_id, None, deletion_id, None, None, 1))
    if row is None:
        raise NotFound
    return dict(row)


async def save_confirmation(unit: Unit, deletion_id: UUID, confirmed: Sequence[Any], at: datetime) -> None:
    """Keep who confirmed: how, name, position, the day it was done, and a note."""
    await unit.run(_CONFIRM, (deletion_id, *confirmed, unit.actor.id, at))


async def owed_for_erasure(look: Look, erasure_id: UUID) -> list[Record]:
    """Who received anything of an erased record, and whether they have confirmed."""
    return [dict(row) for row in await fetch(look.connection, _OF_ERASURE, (erasure_id,))]
