"""Days of reading, as the rules of unusual access take them, and the findings they raise."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.audit_unusual import DayOfReading, Finding, FindingState, Thresholds
from connective.consent.storage import audit_scope
from connective.consent.storage.audit_look import Look
from connective.kit.database import Unit, fetch_one
from connective.kit.ids import new_id
from connective.kit.problems import NotFound

_READS = ("%.read", "%.listed", "%.searched", "%.compared", "people.searched")
_ACTS = """
WITH acts AS (
  SELECT a.actor_id, a.organisation_id, a.act, a.family, a.people, a.relation, a.at
  FROM access_record AS a
  WHERE a.place_id = $1 AND a.at >= $2 AND a.at < $3 AND a.organisation_id IS NOT NULL AND a.act NOT LIKE 'audit.%'
  UNION ALL
  SELECT d.reader_id, d.recipient_organisation_id, 'request.read', NULL,
    ARRAY(SELECT k.pseudonym FROM person_key AS k WHERE k.person_id = ANY (d.person_ids) AND k.pseudonym IS NOT NULL),
    NULL, d.disclosed_at
  FROM disclosure AS d WHERE d.place_id = $1 AND d.disclosed_at >= $2 AND d.disclosed_at < $3
)"""
_SHUT = """
  SELECT DISTINCT k.pseudonym, named.actor_id FROM restriction AS x
  CROSS JOIN LATERAL unnest(x.named_actor_ids) AS named (actor_id)
  JOIN person_key AS k ON k.person_id = x.person_id
  WHERE x.place_id = $1 AND x.kind IN ('own_record', 'conflict') AND k.pseudonym IS NOT NULL"""
_DAY = f"""
{_ACTS}, shut AS ({_SHUT}), looked AS (
  SELECT a.actor_id, a.organisation_id, a.family,
    EXISTS (SELECT FROM access_record AS w WHERE w.actor_id = a.actor_id AND w.family = a.family
      AND w.at > $3::timestamptz - interval '90 days' AND w.at < $3 AND w.act NOT LIKE ALL ($7::text[])) AS worked
  FROM (SELECT DISTINCT actor_id, organisation_id, family FROM acts WHERE family IS NOT NULL AND act LIKE ANY ($7)) AS a
)
SELECT a.actor_id, a.organisation_id, count(*) AS acts,
  count(*) FILTER (WHERE $6 OR extract(isodow FROM a.at AT TIME ZONE 'Europe/London') > 5
    OR extract(hour FROM a.at AT TIME ZONE 'Europe/London') NOT BETWEEN $4::int AND $5::int - 1) AS out_of_hours,
  count(*) FILTER (WHERE EXISTS (
    SELECT FROM shut AS s WHERE s.actor_id = a.actor_id AND s.pseudonym = ANY (a.people))) AS shut_out_of,
  count(*) FILTER (WHERE a.relation IN ('none', 'break_glass')) AS broke_glass,
  (SELECT count(DISTINCT p) FROM acts AS b, unnest(b.people) AS p
   WHERE b.actor_id = a.actor_id AND b.organisation_id = a.organisation_id) AS people,
  (SELECT count(*) FROM looked AS l
   WHERE l.actor_id = a.actor_id AND l.organisation_id = a.organisation_id AND NOT l.worked) AS families_without_work
FROM acts AS a GROUP BY a.actor_id, a.organisation_id
"""  # noqa: S608 - constants only
_KEEP_VOLUME = """
INSERT INTO access_volume (place_id, on_day, actor_id, organisation_id, people, acts)
SELECT $1, $2, v.actor, v.organisation, v.people, v.acts
FROM unnest($3::text[], $4::uuid[], $5::int[], $6::int[]) AS v (actor, organisation, people, acts)
ON CONFLICT (place_id, on_day, actor_id, organisation_id) DO UPDATE SET people = excluded.people, acts = excluded.acts
"""
_MEDIANS = """
SELECT t.actor_id, t.organisation_id, (
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY p.people) FROM access_volume AS p
  WHERE p.organisation_id = t.organisation_id AND p.place_id = $1 AND p.actor_id <> t.actor_id
    AND p.on_day > $2::date - 28 AND p.on_day <= $2) AS median
FROM access_volume AS t WHERE t.place_id = $1 AND t.on_day = $2
"""
_PLACES = "SELECT DISTINCT place_id FROM organisation"
_ADD = """
INSERT INTO audit_finding (
  id, place_id, kind, actor_id, organisation_id, on_day, sentence, facts, found_at, state, review_note)
SELECT f.id, $1, f.kind, f.actor, f.organisation, f.on_day, f.sentence, f.facts::jsonb, $2, 'open', ''
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::date[], $8::text[], $9::text[])
  AS f (id, kind, actor, organisation, on_day, sentence, facts)
ON CONFLICT (place_id, on_day, kind, actor_id, organisation_id) DO UPDATE
  SET sentence = excluded.sentence, facts = excluded.facts
  WHERE audit_finding.state = 'open' AND audit_finding.facts IS DISTINCT FROM excluded.facts
"""


async def places(unit: Unit) -> list[UUID]:
    """Every place that has organisations."""
    return [row.place_id for row in await unit.fetch(_PLACES)]


async def read_day(
    unit: Unit, place_id: UUID, on_day: date, bounds: tuple[datetime, datetime], limits: Thresholds, *, day_off: bool
) -> list[DayOfReading]:
    """What each account looked at on that day, and how many people its colleagues look at; keeps the day's volume."""
    hours = (limits.day_begins, limits.day_ends)
    rows = await unit.fetch(_DAY, (place_id, *bounds, *hours, day_off, list(_READS)))
    columns = ("actor_id", "organisation_id", "people", "acts")
    await unit.run(_KEEP_VOLUME, (place_id, on_day, *([row[name] for row in rows] for name in columns)))
    medians = {(m.actor_id, m.organisation_id): m.median for m in await unit.fetch(_MEDIANS, (place_id, on_day))}
    return [_day(row, on_day, medians.get((row.actor_id, row.organisation_id))) for row in rows]


def _day(row: Any, on_day: date, median: float | None) -> DayOfReading:  # noqa: ANN401 - a driver row
    return DayOfReading(
        actor_id=row.actor_id,
        organisation_id=row.organisation_id,
        on_day=on_day,
        people=row.people,
        acts=row.acts,
        out_of_hours=row.out_of_hours,
        families_without_work=row.families_without_work,
        shut_out_of=row.shut_out_of,
        broke_glass=row.broke_glass,
        peers_median=median,
    )


async def keep_findings(unit: Unit, place_id: UUID, findings: Sequence[Finding], at: datetime) -> None:
    """Keep what was found, once per kind, account and day; an answered finding is not opened again."""
    columns = (
        [new_id() for _ in findings],
        [f.kind.value for f in findings],
        [f.actor_id for f in findings],
        [f.organisation_id for f in findings],
        [f.on_day for f in findings],
        [f.sentence for f in findings],
        [json.dumps(f.facts, sort_keys=True) for f in findings],
    )
    await unit.run(_ADD, (place_id, at, *columns))


_ONE = f"SELECT f.* FROM audit_finding AS f WHERE {audit_scope.FINDINGS} AND f.id = $3"  # noqa: S608 - constants only
_ANSWER = "UPDATE audit_finding SET state = $2, reviewed_by = $3, reviewed_at = $4, review_note = $5 WHERE id = $1"


async def load_finding(look: Look, finding_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    """One finding that the officer may read. Raises NotFound."""
    statement = f"{_ONE} FOR UPDATE OF f" if lock else _ONE
    row = await fetch_one(look.connection, statement, (look.place_id, look.entity_id, finding_id))
    if row is None:
        raise NotFound
    return dict(row)


async def answer_finding(unit: Unit, finding_id: UUID, state: FindingState, words: str, at: datetime) -> None:
    """Keep the answer to a finding, whose row the caller has locked."""
    await unit.run(_ANSWER, (finding_id, state.value, unit.actor.id, at, words))
