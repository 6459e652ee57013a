"""Where people who may decide for a child differ: what waits for the practice lead (§5, rule 5)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pydantic_core
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import fetch

Record = dict[str, Any]
_SCOPES = ("recipient_organisation_ids", "service_kinds", "purposes", "categories")


def _meet(one: str, other: str) -> str:
    """The SQL that asks whether two scopes have anything in common; an empty set means every one."""
    return " AND ".join(
        f"({one}.{name} = '{{}}' OR {other}.{name} = '{{}}' OR {one}.{name} && {other}.{name})" for name in _SCOPES
    )


_SAID = "coalesce({0}.withdrawn_at, {0}.said_at)"
_DIFFERENCES = f"""
WITH RECURSIVE reach (root, id) AS (
  SELECT person_id, person_id FROM same_person WHERE active
  UNION SELECT other_id, other_id FROM same_person WHERE active
  UNION
  SELECT r.root, CASE WHEN m.person_id = r.id THEN m.other_id ELSE m.person_id END
  FROM reach AS r JOIN same_person AS m ON m.active AND (m.person_id = r.id OR m.other_id = r.id)
), same AS (SELECT root, array_agg(id) AS ids FROM reach GROUP BY root)
SELECT n.id, n.kind, n.state, n.giver_id, n.giver_kind, n.organisation_id, {_SAID.format("n")} AS said_at,
       n.recipient_organisation_ids, n.service_kinds, n.purposes, n.categories,
       json_agg(json_build_object(
         'person_id', s.person_id, 'authority', s.authority, 'own', s.person_id = ANY (giver.ids), 'others', y.others
       ) ORDER BY s.person_id)::text AS people
FROM consent_record AS n
JOIN consent_subject AS s ON s.consent_id = n.id
JOIN LATERAL (SELECT coalesce((SELECT ids FROM same WHERE root = n.giver_id), ARRAY[n.giver_id]) AS ids) AS giver
  ON true
JOIN LATERAL (SELECT coalesce((SELECT ids FROM same WHERE root = s.person_id), ARRAY[s.person_id]) AS ids) AS child
  ON true
JOIN LATERAL (
  SELECT json_agg(json_build_object(
           'consent_id', g.id, 'given_by', g.giver_id, 'by_body', g.giver_kind = 'body',
           'authority', t.authority, 'said_at', g.said_at, 'organisation_id', g.organisation_id
         ) ORDER BY g.id) AS others
  FROM consent_subject AS t JOIN consent_record AS g ON g.id = t.consent_id
  WHERE t.person_id = ANY (child.ids) AND g.place_id = $1 AND g.kind = n.kind AND g.giver_id <> ALL (giver.ids)
    AND g.state = 'given' AND g.expires_at > $3 AND $2 IN (g.organisation_id, n.organisation_id)
    AND {_meet("g", "n")}
) AS y ON y.others IS NOT NULL
WHERE n.place_id = $1 AND n.state IN ('refused', 'withdrawn') AND ($4::uuid IS NULL OR n.id > $4)
  AND coalesce((SELECT min(f.age_years) FROM person_fact AS f WHERE f.person_id = ANY (child.ids)), 0) < 18
  AND NOT EXISTS (
    SELECT FROM consent_subject AS t JOIN consent_record AS l ON l.id = t.consent_id
    WHERE t.person_id = ANY (child.ids) AND l.giver_id = ANY (giver.ids) AND l.kind = n.kind AND l.id <> n.id
      AND {_SAID.format("l")} > {_SAID.format("n")} AND {_meet("l", "n")})
  AND NOT EXISTS (
    SELECT FROM ruling AS r
    WHERE r.person_id = ANY (child.ids) AND r.kind = n.kind AND r.decided_at >= {_SAID.format("n")}
      AND {_meet("r", "n")})
GROUP BY n.id ORDER BY n.id LIMIT $5
"""  # noqa: S608 - constants only


async def list_differences(
    connection: AsyncConnection, actor: Actor, at: datetime, after: UUID | None, limit: int
) -> list[Record]:
    """Each no that stands against another's yes about a child, oldest first, until the practice lead has ruled.

    Records that count as one person are one here as in a decision: nobody differs with themself, what was said about
    either record of a child is about the child, and of two ages the younger counts.
    One of the two was recorded by the actor's own organisation. Nobody's words are in it: neither holder is told what
    the other said.
    """
    rows = await fetch(connection, _DIFFERENCES, (actor.place, actor.organisation, at, after, limit))
    return [{**dict(row), "people": pydantic_core.from_json(row.people)} for row in rows]


def people_who_differ(row: Record) -> set[UUID]:
    """Whom one line is about: the children, and whoever said no or yes, unless a body did."""
    children = {UUID(each["person_id"]) for each in row["people"]}
    others = {UUID(other["given_by"]) for each in row["people"] for other in each["others"] if not other["by_body"]}
    return children | others | (set() if row["giver_kind"] == "body" else {row["giver_id"]})
