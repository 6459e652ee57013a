"""Copies that people asked for, each its legal entity's own; and what consent itself holds about a person."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.storage.audit_look import Look
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

Record = dict[str, Any]
_ADD = """
INSERT INTO access_copy (id, place_id, legal_entity_id, person_id, person, information_request_id, state, asked_by,
  asked_at, version)
VALUES ($1, $2, $3, $4, $5, $6, 'held', $7, $8, 1)
"""
_OWN = "place_id = $1 AND legal_entity_id = $2"
"""The one predicate: asked for at the legal entity."""
_ONE = f"SELECT * FROM access_copy WHERE {_OWN} AND id = $3"  # noqa: S608 - constants only
_LIST = f"""
SELECT * FROM access_copy WHERE {_OWN} AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""  # noqa: S608 - constants only
_RELEASE = """
UPDATE access_copy SET state = 'released', content_hash = $2, withheld = $3::jsonb, released_by = $4, released_at = $5,
  version = version + 1 WHERE id = $1
"""
_FORGET = "DELETE FROM access_copy WHERE person_id = ANY($1::uuid[])"
_BY_ID: dict[str, str] = {
    "what_was_agreed": """
SELECT jsonb_build_object('kind', r.kind, 'state', r.state, 'how', r.how, 'said_at', r.said_at,
  'expires_at', r.expires_at, 'withdrawn_at', r.withdrawn_at, 'purposes', r.purposes, 'categories', r.categories,
  'recorded_by', (SELECT e.name FROM organisation AS w JOIN legal_entity AS e ON e.id = w.legal_entity_id
    WHERE w.id = r.organisation_id), 'they_said_it', r.giver_id = ANY ($2::uuid[]),
  'note', r.note) AS data, r.note <> '' AND NOT r.giver_id = ANY ($2::uuid[]) AS review
FROM consent_record AS r WHERE r.place_id = $1 AND (r.giver_id = ANY ($2::uuid[]) OR EXISTS (
  SELECT FROM consent_subject AS s WHERE s.consent_id = r.id AND s.person_id = ANY ($2::uuid[]))) ORDER BY r.id""",
    "what_they_were_told": """
SELECT jsonb_build_object('told_on', t.told_on, 'how', t.how, 'language', t.language, 'notice', t.document_reference,
  'purposes', t.purposes, 'by', (SELECT e.name FROM organisation AS w JOIN legal_entity AS e ON e.id = w.legal_entity_id
    WHERE w.id = t.organisation_id)) AS data, false AS review
FROM notice AS t WHERE t.place_id = $1 AND EXISTS (
  SELECT FROM notice_subject AS s WHERE s.notice_id = t.id AND s.person_id = ANY ($2::uuid[])) ORDER BY t.id""",
    "objections": """
SELECT jsonb_build_object('raised_at', b.raised_at, 'state', b.state, 'reason', b.reason, 'resolution', b.resolution)
  AS data, NOT b.raised_by = ANY ($2::uuid[]) AS review
FROM objection AS b WHERE b.place_id = $1 AND b.person_id = ANY ($2::uuid[]) ORDER BY b.id""",
    "rulings_where_holders_of_responsibility_differed": """
SELECT jsonb_build_object('decided_at', r.decided_at, 'share', r.share, 'reasons', r.reasons) AS data, true AS review
FROM ruling AS r WHERE r.place_id = $1 AND r.person_id = ANY ($2::uuid[]) ORDER BY r.id""",
    "who_received_what": """
SELECT jsonb_build_object('at', d.disclosed_at,
  'from', (SELECT e.name FROM legal_entity AS e WHERE e.id = d.discloser_entity_id),
  'to', (SELECT e.name FROM legal_entity AS e WHERE e.id = d.recipient_entity_id),
  'purpose', d.purpose, 'categories', d.categories,
  'how', (SELECT q.question ->> 'method' FROM decision AS q WHERE q.id = d.decision_id)) AS data,
  false AS review
FROM disclosure AS d WHERE d.place_id = $1 AND d.person_ids && $2::uuid[]
  AND NOT EXISTS (SELECT FROM undelivered_disclosure AS u WHERE u.disclosure_id = d.id) ORDER BY d.id""",
    "safeguarding_decisions": """
SELECT jsonb_build_object('at', o.used_at, 'shared', o.share, 'categories', o.categories, 'reason', o.reason,
  'risk_of_not_sharing', o.risk_of_not_sharing) AS data, true AS review
FROM safeguarding_override AS o WHERE o.place_id = $1 AND o.person_ids && $2::uuid[] ORDER BY o.id""",
    "one_off_decisions": """
SELECT jsonb_build_object('at', o.decided_at, 'ground', o.ground, 'decision', o.decision, 'categories', o.categories,
  'reason', o.reason) AS data, true AS review
FROM one_off_disclosure AS o WHERE o.place_id = $1 AND o.person_ids && $2::uuid[] ORDER BY o.id""",
}
"""What consent holds about somebody, by section: `$1` the place, `$2` their ids."""
_BY_NAME: dict[str, str] = {
    "who_looked": """
SELECT jsonb_build_object('at', a.at, 'what', a.act, 'purpose', a.purpose, 'organisation',
  (SELECT e.name FROM organisation AS w JOIN legal_entity AS e ON e.id = w.legal_entity_id
    WHERE w.id = a.organisation_id)) AS data, false AS review
FROM access_record AS a WHERE a.place_id = $1 AND a.people && $2::text[]
  AND a.act NOT LIKE 'audit.access_copy%' ORDER BY a.id""",
    "what_was_asked_before": """
SELECT jsonb_build_object('kind', i.kind, 'received_on', i.received_on, 'due_on', i.due_on, 'about', i.about) AS data,
  i.about <> '' AS review
FROM information_request AS i WHERE i.place_id = $1 AND i.people && $2::text[] ORDER BY i.id""",
}
"""The same for what is kept by pseudonym, which is `$2`. Looks at a copy are not in the copy."""
_LOCATING = {
    "what_was_agreed": frozenset({"recorded_by"}),
    "what_they_were_told": frozenset({"by"}),
    "who_looked": frozenset({"organisation"}),
    "who_received_what": frozenset({"from", "to"}),
}
"""By the services used somebody is found whose whereabouts are restricted."""


async def add_copy(unit: Unit, values: Sequence[Any]) -> None:
    """Keep that a copy was asked for; `values` in the order of the statement."""
    await unit.run(_ADD, values)


async def load_copy(look: Look, copy_id: UUID, *, lock: bool = False) -> Record:
    """One copy of the officer's legal entity. Raises NotFound."""
    statement = f"{_ONE} FOR UPDATE" if lock else _ONE
    row = await fetch_one(look.connection, statement, (look.place_id, look.entity_id, copy_id))
    if row is None:
        raise NotFound
    return dict(row)


async def list_copies(look: Look, before: UUID | None, limit: int) -> list[Record]:
    """Copies of the officer's legal entity, newest first."""
    return [dict(row) for row in await fetch(look.connection, _LIST, (look.place_id, look.entity_id, before, limit))]


async def save_release(unit: Unit, copy_id: UUID, content_hash: str, withheld: Mapping[str, str], at: datetime) -> None:
    """Keep what was reviewed, by its fingerprint, and what of it is not given, and why."""
    await unit.run(_RELEASE, (copy_id, content_hash, json.dumps(dict(withheld)), unit.actor.id, at))


async def forget_copies(unit: Unit, people: Sequence[UUID]) -> int:
    """Forget that erased people asked for copies; answers how many rows went."""
    return await unit.run(_FORGET, (list(people),))


async def held_here(
    look: Look, people: Sequence[UUID], pseudonyms: Sequence[str], *, hidden: bool
) -> list[tuple[str, Record, bool]]:
    """What consent itself holds about these ids of one person: section, data, and whether it is to be reviewed."""
    found: list[tuple[str, Record, bool]] = []
    by_id, by_name = (look.place_id, list(people)), (look.place_id, list(pseudonyms))
    asked = [(*each, by_id) for each in _BY_ID.items()] + [(*each, by_name) for each in _BY_NAME.items()]
    for section, statement, scope in asked:
        left_out = _LOCATING.get(section, frozenset()) if hidden else frozenset()
        for row in await fetch(look.connection, statement, scope):
            data = json.loads(row.data) if isinstance(row.data, str) else dict(row.data)
            shown = {name: value for name, value in data.items() if name not in left_out and value is not None}
            found.append((section, shown, bool(row.review)))
    return found
