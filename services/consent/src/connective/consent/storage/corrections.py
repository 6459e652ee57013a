"""Corrections and their recipients, which are read off the disclosures themselves: nobody is named by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.storage.audit_look import Look, Window
from connective.consent.storage.audit_scope import scoped
from connective.kit.database import fetch, fetch_one
from connective.kit.problems import NotFound

Record = dict[str, Any]
_TOLD = "SELECT FROM correction_recipient AS r WHERE r.correction_id = c.id AND r.legal_entity_id = $2"
SCOPE = f"(c.place_id = $1 AND (c.legal_entity_id = $2 OR EXISTS ({_TOLD})))"
"""Rows of `correction AS c`: those the officer's legal entity made, and those it was told of."""
_RECIPIENTS = """SELECT jsonb_agg(jsonb_build_object('organisation_id', r.organisation_id,
  'legal_entity_id', r.legal_entity_id, 'disclosures', r.disclosures, 'last_disclosed_at', r.last_disclosed_at,
  'request_ids', r.request_ids, 'told_at', r.told_at, 'outcome', r.outcome, 'note', r.note,
  'confirmed_by', r.confirmed_by, 'confirmed_at', r.confirmed_at) ORDER BY r.last_disclosed_at, r.organisation_id)
  FROM correction_recipient AS r
  WHERE r.correction_id = c.id AND (c.legal_entity_id = $2 OR r.legal_entity_id = $2)"""
"""The corrector sees all of them; a recipient sees itself, and never who else was shown something."""
_COLUMNS = f"""c.*, coalesce(({_RECIPIENTS}), '[]') AS recipients, EXISTS (
  SELECT FROM correction_recipient AS r WHERE r.correction_id = c.id AND r.outcome IS NULL
    AND (c.legal_entity_id = $2 OR r.legal_entity_id = $2)) AS awaited"""
AWAITED = """EXISTS (SELECT FROM correction_recipient AS r WHERE r.correction_id = c.id AND r.outcome IS NULL
  AND (c.legal_entity_id = $2 OR r.legal_entity_id = $2))"""
_ADD = """
INSERT INTO correction (id, place_id, legal_entity_id, kind, what, categories, people, since, recorded_by, recorded_at,
  information_request_id)
SELECT $1, $2, $3, $4, $5, $6,
  ARRAY(SELECT k.pseudonym FROM person_key AS k WHERE k.place_id = $2 AND k.pseudonym IS NOT NULL
    AND (k.person_id = ANY ($7::uuid[]) OR k.pseudonym = ANY ($8::text[])) ORDER BY 1),
  $9, $10, $11, $12
RETURNING cardinality(people) AS people
"""
_FIND = """
INSERT INTO correction_recipient (correction_id, organisation_id, legal_entity_id, place_id, disclosures,
  last_disclosed_at, request_ids, told_at, note)
SELECT c.id, d.recipient_organisation_id, d.recipient_entity_id, c.place_id, count(DISTINCT d.id), max(d.disclosed_at),
  array_agg(DISTINCT d.request_id), $2, ''
FROM correction AS c
JOIN person_key AS k ON k.place_id = c.place_id AND k.pseudonym = ANY (c.people)
JOIN disclosure AS d ON d.place_id = c.place_id AND d.discloser_entity_id = c.legal_entity_id
  AND d.person_ids @> ARRAY[k.person_id] AND d.categories && c.categories AND d.disclosed_at >= c.since
WHERE c.id = $1 AND NOT EXISTS (SELECT FROM undelivered_disclosure AS u WHERE u.disclosure_id = d.id)
GROUP BY c.id, c.place_id, d.recipient_organisation_id, d.recipient_entity_id
RETURNING organisation_id
"""
_CONFIRM = """
UPDATE correction_recipient SET outcome = $3, note = $4, confirmed_by = $5, confirmed_at = $6
WHERE correction_id = $1 AND legal_entity_id = $2
"""
_MINE = """
SELECT bool_and(outcome IS NOT NULL) AS confirmed FROM correction_recipient
WHERE correction_id = $1 AND legal_entity_id = $2 HAVING count(*) > 0
"""


async def add_correction(look: Look, values: Sequence[Any]) -> int:
    """Keep a new correction; answers how many of the people named are known."""
    row = await fetch_one(look.connection, _ADD, values)
    return int(row.people) if row else 0


async def find_recipients(look: Look, correction_id: UUID, told_at: datetime) -> list[UUID]:
    """Keep every organisation that the officer's legal entity showed it to, and what it read; answers which."""
    rows = await fetch(look.connection, _FIND, (correction_id, told_at))
    return sorted(row.organisation_id for row in rows)


async def load_correction(look: Look, correction_id: UUID) -> Record:
    """One correction that the officer's legal entity made or was told of. Raises NotFound."""
    statement = f"SELECT {_COLUMNS} FROM correction AS c WHERE {SCOPE} AND c.id = $3"  # noqa: S608 - constants only
    row = await fetch_one(look.connection, statement, (look.place_id, look.entity_id, correction_id))
    if row is None:
        raise NotFound
    return dict(row)


async def list_corrections(look: Look, window: Window, condition: str | None) -> list[Record]:
    """Corrections, oldest first."""
    where = scoped(SCOPE, look.place_id, look.entity_id)
    where.also(condition)
    where.add("c.id > {0}::uuid", window.beyond)
    limited = where.limit(window.limit)
    statement = f"SELECT {_COLUMNS} FROM correction AS c WHERE {where} ORDER BY c.id {limited}"  # noqa: S608 - constants
    return [dict(row) for row in await fetch(look.connection, statement, where.parameters)]


async def has_confirmed(look: Look, correction_id: UUID) -> bool:
    """Whether the officer's legal entity has confirmed, as a recipient. Raises NotFound for one that is none."""
    row = await fetch_one(look.connection, _MINE, (correction_id, look.entity_id))
    if row is None:
        raise NotFound
    return bool(row.confirmed)


async def confirm(look: Look, correction_id: UUID, outcome: str, note: str, at: datetime) -> None:
    """Keep what the officer's legal entity, a recipient, did."""
    await look.unit.run(_CONFIRM, (correction_id, look.entity_id, outcome, note, look.unit.actor.id, at))
