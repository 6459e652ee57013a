"""The map of flows and the coverage: what agreements allow, what really moved, and what was tried without one."""

from typing import Any

from connective.consent.domain.audit_period import Period
from connective.consent.storage import audit_scope
from connective.consent.storage.audit_look import Look
from connective.kit.database import fetch

Record = dict[str, Any]
MOST = 5000
"""Lines of one answer at the most; a place has some hundreds of pairs."""

_NODES = f"""
SELECT so.id, so.name, so.legal_entity_id, e.name AS legal_entity_name, so.kind, so.state
FROM organisation AS so LEFT JOIN legal_entity AS e ON e.id = so.legal_entity_id
WHERE so.place_id = $1 AND (
  so.id IN ({audit_scope.ORGANISATIONS})
  OR so.legal_entity_id IN (SELECT unnest(ARRAY[f.from_entity_id, f.to_entity_id]) FROM agreement_flow AS f
    WHERE f.place_id = $1 AND f.state = 'active' AND f.agreement_id IN ({audit_scope.AGREEMENTS})))
ORDER BY so.id
"""  # noqa: S608 - constants only
_ALLOWED = f"""
SELECT f.agreement_id, f.reference AS agreement_reference, f.version AS agreement_version, f.from_entity_id,
  f.to_entity_id, f.purpose, array_agg(DISTINCT c ORDER BY c) AS categories,
  array_agg(DISTINCT m ORDER BY m) AS methods, min(f.ends_on) AS ends_on
FROM agreement_flow AS f, unnest(f.categories) AS c, unnest(f.methods) AS m
WHERE f.place_id = $1 AND f.state = 'active' AND f.signed AND f.agreement_id IN ({audit_scope.AGREEMENTS})
GROUP BY f.agreement_id, f.reference, f.version, f.from_entity_id, f.to_entity_id, f.purpose
ORDER BY f.reference, f.from_entity_id, f.to_entity_id, f.purpose LIMIT {MOST}
"""  # noqa: S608 - constants only
_MOVED = f"""
WITH seen AS (
  SELECT d.* FROM disclosure AS d
  WHERE {audit_scope.DISCLOSURES} AND d.disclosed_at >= $3 AND d.disclosed_at < $4
)
SELECT s.agreement_id, s.discloser_entity_id, s.recipient_entity_id, s.discloser_organisation_id,
  s.recipient_organisation_id, s.purpose, count(DISTINCT s.id) AS disclosures, count(DISTINCT p) AS people,
  array_agg(DISTINCT c ORDER BY c) AS categories, max(s.disclosed_at) AS last_at
FROM seen AS s LEFT JOIN unnest(s.person_ids) AS p ON true LEFT JOIN unnest(s.categories) AS c ON true
GROUP BY s.agreement_id, s.discloser_entity_id, s.recipient_entity_id, s.discloser_organisation_id,
  s.recipient_organisation_id, s.purpose
ORDER BY s.discloser_organisation_id, s.recipient_organisation_id, s.purpose LIMIT {MOST}
"""  # noqa: S608 - constants only
_BLOCKED = f"""
SELECT d.discloser_organisation_id, d.recipient_organisation_id, r ->> 'code' AS code,
  count(DISTINCT d.id) AS decisions, max(d.decided_at) AS last_at
FROM decision AS d, jsonb_array_elements(d.answer -> 'refusals') AS r
WHERE {audit_scope.DECISIONS} AND d.decided_at >= $3 AND d.decided_at < $4 AND d.outcome <> 'permit'
  AND (r ->> 'rule') = '2'
GROUP BY d.discloser_organisation_id, d.recipient_organisation_id, r ->> 'code'
ORDER BY d.discloser_organisation_id, d.recipient_organisation_id, code LIMIT {MOST}
"""  # noqa: S608 - constants only
_REFERENCES = f"SELECT a.id, a.reference FROM agreement AS a WHERE a.id IN ({audit_scope.AGREEMENTS})"  # noqa: S608 - constants only


async def _moved(look: Look, period: Period) -> list[Record]:
    rows = await fetch(look.connection, _MOVED, (look.place_id, look.entity_id, period.since, period.until))
    return [dict(row) for row in rows]


async def map_of_flows(look: Look, period: Period) -> Record:
    """Organisations, and who may share what with whom under which agreement, with what really moved beside it.

    What moved under no agreement in force (one-off disclosures, overrides, within one entity, an agreement that has
    ended since) stands under `apart`.
    """
    scope = (look.place_id, look.entity_id)
    nodes = [dict(row) for row in await fetch(look.connection, _NODES, scope)]
    edges = [dict(row) | {"moved": []} for row in await fetch(look.connection, _ALLOWED, scope)]
    by_key = {(e["agreement_id"], e["from_entity_id"], e["to_entity_id"], e["purpose"]): e for e in edges}
    apart: list[Record] = []
    for line in await _moved(look, period):
        key = tuple(line[n] for n in ("agreement_id", "discloser_entity_id", "recipient_entity_id", "purpose"))
        edge = by_key.get(key)
        (edge["moved"] if edge else apart).append(line)
    return {"organisations": nodes, "flows": edges, "apart": apart}


async def coverage(look: Look, period: Period) -> list[Record]:
    """Each pair of organisations that exchanged anything or tried to: under which agreement, and what was blocked."""
    scope = (look.place_id, look.entity_id)
    references = {row.id: row.reference for row in await fetch(look.connection, _REFERENCES, scope)}
    pairs: dict[tuple[Any, Any], Record] = {}

    def pair(line: Record) -> Record:
        key = (line["discloser_organisation_id"], line["recipient_organisation_id"])
        blank = {
            "discloser_organisation_id": key[0],
            "recipient_organisation_id": key[1],
            "exchanged": [],
            "blocked": [],
        }
        return pairs.setdefault(key, blank)

    for line in await _moved(look, period):
        pair(line)["exchanged"].append(line | {"agreement_reference": references.get(line["agreement_id"])})
    for row in await fetch(look.connection, _BLOCKED, (*scope, period.since, period.until)):
        pair(dict(row))["blocked"].append(dict(row))
    return [pairs[key] for key in sorted(pairs)]
