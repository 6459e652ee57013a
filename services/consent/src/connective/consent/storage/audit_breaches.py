"""Breach records of the officer's legal entity, and who saw what of the people concerned."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.storage import audit_scope
from connective.consent.storage.audit_look import Look, Window
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

Record = dict[str, Any]
MOST_SEEN = 5000
_ADD = """
INSERT INTO breach (id, place_id, legal_entity_id, kind, description, aware_at, since, until, people, agreement_id,
  state, assessment, ico_reference, reason, recorded_by, recorded_at, version)
SELECT $1, $2, $3, $4, $5, $6, $7, $8,
  ARRAY(SELECT p FROM unnest($9::text[]) AS p UNION SELECT k.pseudonym FROM person_key AS k
    WHERE k.place_id = $2 AND k.person_id = ANY ($10::uuid[]) AND k.pseudonym IS NOT NULL ORDER BY 1),
  $11, 'open', '', '', '', $12, $13, 1
"""
_OWN = "place_id = $1 AND legal_entity_id = $2"
"""The one predicate: what an officer of the legal entity put here."""
_ONE = f"SELECT * FROM breach WHERE {_OWN} AND id = $3"  # noqa: S608 - constants only
_LIST = f"""
SELECT * FROM breach WHERE {_OWN} AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4
"""  # noqa: S608 - constants only
_ASSESS = """
UPDATE breach SET state = 'assessed', risk = $2, assessment = $3, assessed_by = $4, assessed_at = $5,
  version = version + 1 WHERE id = $1
"""
_DECIDE = """
UPDATE breach SET state = 'decided', ico_notified = $2::timestamptz IS NOT NULL, ico_notified_at = $2,
  ico_reference = $3, reason = $4, people_told = $5, decided_by = $6, decided_at = $7, version = version + 1
WHERE id = $1
"""
_SEEN = f"""
WITH people AS (SELECT person_id, pseudonym FROM person_key WHERE place_id = $1 AND pseudonym = ANY ($3::text[]))
SELECT 'disclosure' AS how, d.id AS record_id, d.disclosed_at AS at, d.reader_id AS actor_id,
  d.recipient_organisation_id AS organisation_id, d.agreement_id, d.purpose, d.categories, 'request.read' AS act,
  ARRAY(SELECT p.pseudonym FROM people AS p WHERE p.person_id = ANY (d.person_ids) ORDER BY 1) AS people
FROM disclosure AS d
WHERE {audit_scope.DISCLOSURES} AND d.disclosed_at >= $4 AND d.disclosed_at < $5
  AND d.person_ids && (SELECT coalesce(array_agg(person_id), '{{}}') FROM people)
UNION ALL
SELECT 'access', r.id, r.at, r.actor_id, r.organisation_id, NULL, r.purpose, '{{}}', r.act,
  ARRAY(SELECT p FROM unnest(r.people) AS p WHERE p = ANY ($3) ORDER BY 1)
FROM access_record AS r
WHERE {audit_scope.ACCESSES} AND r.at >= $4 AND r.at < $5 AND r.people && $3
ORDER BY at, record_id LIMIT {MOST_SEEN}
"""  # noqa: S608 - constants only


async def add_breach(unit: Unit, values: Sequence[Any]) -> None:
    """Keep a new record; `values` in the order of the statement."""
    await unit.run(_ADD, values)


async def load_breach(look: Look, breach_id: UUID, *, lock: bool = False) -> Record:
    """One record of the officer's legal entity. Raises NotFound."""
    statement = f"{_ONE} FOR UPDATE" if lock else _ONE
    row = await fetch_one(look.connection, statement, (look.place_id, look.entity_id, breach_id))
    if row is None:
        raise NotFound
    return dict(row)


async def list_breaches(look: Look, window: Window) -> list[Record]:
    """The records of the officer's legal entity, oldest first."""
    rows = await fetch(look.connection, _LIST, (look.place_id, look.entity_id, window.beyond, window.limit))
    return [dict(row) for row in rows]


async def save_assessment(unit: Unit, breach_id: UUID, risk: str, words: str, at: datetime) -> None:
    """Keep the assessment of a record that the caller has locked."""
    await unit.run(_ASSESS, (breach_id, risk, words, unit.actor.id, at))


async def save_decision(unit: Unit, breach_id: UUID, decided: Sequence[Any], at: datetime) -> None:
    """Keep what was decided: notified at, reference, reason, whether the people were told."""
    await unit.run(_DECIDE, (breach_id, *decided, unit.actor.id, at))


async def who_saw(look: Look, people: Sequence[str], since: datetime, until: datetime) -> list[Record]:
    """Who saw what of these people in a period, in order: every disclosure and every look the officer may see."""
    rows = await fetch(look.connection, _SEEN, (look.place_id, look.entity_id, list(people), since, until))
    return [dict(row) for row in rows]
