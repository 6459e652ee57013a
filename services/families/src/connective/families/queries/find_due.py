"""Which families' records have come to their end: the question consent's schedule asks, never by a birth date."""

from typing import Any

from connective.contracts.retention import MOST_FAMILIES, DueAnswered, DueAsked, DueFamily, Trigger
from connective.families.domain.retention import RecordDays, due_under
from connective.kit.actor import Actor
from connective.kit.database import Database, fetch

_LOOKED_AT = 2000
_RECORDS = """
SELECT f.id, f.version, c.had_case, c.open_case, c.closed, b.youngest, b.birth_unknown, b.people,
  greatest(f.registered_on, a.last) AS active
FROM family f
CROSS JOIN LATERAL (
  SELECT count(*) > 0 AS had_case, coalesce(bool_or(h.state <> 'closed'), false) AS open_case,
    max(coalesce(h.closed_on, h.opened_on)) AS closed
  FROM help_case h WHERE h.family_id = f.id) AS c
CROSS JOIN LATERAL (
  SELECT max(p.date_of_birth) AS youngest, array_agg(p.id ORDER BY p.id) AS people,
    max(p.date_of_birth) IS NULL
      OR bool_or(p.date_of_birth IS NULL AND p.age_group IS DISTINCT FROM 'adult') AS birth_unknown
  FROM membership m JOIN person p ON p.id = m.person_id WHERE m.family_id = f.id) AS b
CROSS JOIN LATERAL (
  SELECT (max(e.at) AT TIME ZONE 'Europe/London')::date AS last FROM chronology_entry e WHERE e.family_id = f.id) AS a
WHERE f.place_id = $1 AND f.organisation_id = ANY($2::uuid[])
  AND ($3::uuid[] IS NULL OR f.id = ANY($3::uuid[])) AND ($4::uuid IS NULL OR f.id > $4)
ORDER BY f.id LIMIT $5
"""


async def find_due(database: Database, actor: Actor, asked: DueAsked) -> DueAnswered:
    """How the families named stand, or the next of those that are at their end."""
    named = None if asked.family_ids is None else list(asked.family_ids)
    parameters = (asked.place_id, list(asked.organisation_ids), named, asked.after, _LOOKED_AT)
    async with database.reading(actor) as connection:
        rows = await fetch(connection, _RECORDS, parameters)
    items: list[DueFamily] = []
    for row in rows:
        record = _record(row)
        rule = due_under(record, asked.rules)
        if rule is not None or named is not None:
            items.append(_answer(record, rule))
        if len(items) == MOST_FAMILIES:
            return DueAnswered(items=tuple(items), after=row.id)
    return DueAnswered(items=tuple(items), after=rows[-1].id if len(rows) == _LOOKED_AT else None)


def _record(row: Any) -> RecordDays:  # noqa: ANN401 - a driver row
    days = {
        Trigger.CASE_CLOSED: row.closed,
        Trigger.LAST_ACTIVITY: row.active,
        Trigger.YOUNGEST_BORN: row.youngest,
    }
    return RecordDays(
        family_id=row.id,
        version=row.version,
        person_ids=tuple(row.people or ()),
        had_case=row.had_case,
        open_case=row.open_case,
        birth_unknown=row.birth_unknown,
        days={trigger: day for trigger, day in days.items() if day is not None},
    )


def _answer(record: RecordDays, rule: str | None) -> DueFamily:
    return DueFamily(
        family_id=record.family_id,
        version=record.version,
        person_ids=record.person_ids,
        rule=rule,
        open_case=record.open_case,
        birth_unknown=record.birth_unknown,
    )
