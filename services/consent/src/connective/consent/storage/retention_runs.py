"""Lists of what has come to its end, each its legal entity's own."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.storage.audit_look import Look
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

Record = dict[str, Any]
_ORGANISATIONS = "SELECT id FROM organisation WHERE place_id = $1 AND legal_entity_id = $2 ORDER BY id"
_AGREEMENTS = """
SELECT v.agreement_id, v.number, v.terms ->> 'title' AS title FROM agreement_version AS v
JOIN agreement AS a ON a.id = v.agreement_id
WHERE v.place_id = $1 AND a.lead_entity_id = $2 AND v.state IN ('expired', 'terminated')
  AND (CASE v.state WHEN 'expired' THEN v.ends_on ELSE (v.changed_at AT TIME ZONE 'Europe/London')::date END) <= $3
  AND NOT EXISTS (SELECT FROM agreement_version AS o WHERE o.agreement_id = v.agreement_id AND o.number > v.number)
  AND NOT EXISTS (SELECT FROM agreement_review AS k WHERE k.agreement_id = v.agreement_id AND k.review_on > $4)
ORDER BY v.agreement_id LIMIT 500
"""
_ADD = """
INSERT INTO retention_run (
  id, place_id, legal_entity_id, on_day, state, complete, list_hash, asked_by, asked_at, version)
VALUES ($1, $2, $3, $4, 'listed', $5, $6, $7, $8, 1)
"""
_ADD_ITEMS = """
INSERT INTO retention_item (run_id, nth, place_id, rule_key, family_id, family, agreement_id, record_version, people,
  outcome, reasons)
SELECT $1, i.nth, $2, i.rule, i.family_id, i.family, i.agreement, i.version, i.people, i.outcome,
  coalesce(string_to_array(NULLIF(i.reasons, ''), ' '), '{}')
FROM unnest($3::int[], $4::text[], $5::uuid[], $6::text[], $7::uuid[], $8::int[], $9::int[], $10::text[], $11::text[])
  AS i (nth, rule, family_id, family, agreement, version, people, outcome, reasons)
"""
_COUNTS = """
SELECT count(*) FILTER (WHERE i.outcome = 'would_go') AS would_go,
  count(*) FILTER (WHERE i.outcome = 'held_back') AS held_back,
  count(*) FILTER (WHERE i.outcome = 'for_review') AS for_review,
  count(*) FILTER (WHERE i.result = 'ordered') AS ordered, count(*) FILTER (WHERE i.result = 'stale') AS stale
FROM retention_item AS i WHERE i.run_id = r.id
"""
_OWN = "r.place_id = $1 AND r.legal_entity_id = $2"
_ONE = f"""
SELECT r.*, c.* FROM retention_run AS r CROSS JOIN LATERAL ({_COUNTS}) AS c WHERE {_OWN} AND r.id = $3
"""  # noqa: S608 - constants only
_LIST = f"""
SELECT r.*, c.* FROM retention_run AS r CROSS JOIN LATERAL ({_COUNTS}) AS c
WHERE {_OWN} AND ($3::uuid IS NULL OR r.id < $3) ORDER BY r.id DESC LIMIT $4
"""  # noqa: S608 - constants only
_LOCK = f"SELECT r.id FROM retention_run AS r WHERE {_OWN} AND r.id = $3 FOR UPDATE"  # noqa: S608 - constants only
_ITEMS = "SELECT * FROM retention_item WHERE run_id = $1 AND nth > $2 ORDER BY nth LIMIT $3"
_RESULTS = """
UPDATE retention_item AS i SET result = r.result, erasure_id = r.erasure,
  reasons = coalesce(string_to_array(NULLIF(r.reasons, ''), ' '), '{}')
FROM unnest($2::int[], $3::text[], $4::uuid[], $5::text[]) AS r (nth, result, erasure, reasons)
WHERE i.run_id = $1 AND i.nth = r.nth
"""
_APPROVE = """
UPDATE retention_run SET state = 'approved', approved_by = $2, approved_at = $3, version = version + 1 WHERE id = $1
"""


async def organisations_of(look: Look) -> tuple[UUID, ...]:
    """The organisations of the officer's legal entity: the keepers it answers for."""
    rows = await fetch(look.connection, _ORGANISATIONS, (look.place_id, look.entity_id))
    return tuple(row.id for row in rows)


async def agreements_ended_by(look: Look, cutoff: date, today: date) -> list[tuple[UUID, int]]:
    """Agreements that the officer's legal entity leads and that ended by then, with their last version's number.

    Not those that an officer keeps on until a later day.
    """
    rows = await fetch(look.connection, _AGREEMENTS, (look.place_id, look.entity_id, cutoff, today))
    return [(row.agreement_id, row.number) for row in rows]


async def add_run(look: Look, values: Sequence[Any], items: Sequence[Record]) -> None:
    """Keep a list: `values` in the order of the statement, whose first is the run's id."""
    await look.unit.run(_ADD, values)
    names = ("nth", "rule_key", "family_id", "family", "agreement_id", "record_version", "people", "outcome")
    columns = [[item[name] for item in items] for name in names]
    reasons = [" ".join(item["reasons"]) for item in items]
    await look.unit.run(_ADD_ITEMS, (values[0], look.place_id, *columns, reasons))


async def load_run(look: Look, run_id: UUID, *, lock: bool = False) -> Record:
    """One list of the officer's legal entity, with its counts. Raises NotFound."""
    scope = (look.place_id, look.entity_id, run_id)
    if lock:
        await fetch(look.connection, _LOCK, scope)
    row = await fetch_one(look.connection, _ONE, scope)
    if row is None:
        raise NotFound
    return dict(row)


async def list_runs(look: Look, before: UUID | None, limit: int) -> list[Record]:
    """The lists of the officer's legal entity, newest first."""
    rows = await fetch(look.connection, _LIST, (look.place_id, look.entity_id, before, limit))
    return [dict(row) for row in rows]


async def items_of(look: Look, run_id: UUID, after: int, limit: int) -> list[Record]:
    """The records on a list that the caller has loaded, in its order."""
    return [dict(row) for row in await fetch(look.connection, _ITEMS, (run_id, after, limit))]


async def save_results(unit: Unit, run_id: UUID, results: Sequence[Record], at: datetime) -> None:
    """Keep what came of each record, and that the list was approved."""
    columns = [[each[name] for each in results] for name in ("nth", "result", "erasure_id")]
    reasons = [" ".join(each["reasons"]) for each in results]
    await unit.run(_RESULTS, (run_id, *columns, reasons))
    await unit.run(_APPROVE, (run_id, unit.actor.id, at))
