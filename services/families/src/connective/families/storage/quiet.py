"""That another keeper's record of the same person stops notices, kept on the record: no reason, and no source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from connective.kit.database import Unit

_CARRY = """
WITH RECURSIVE reach (root, id) AS (
  SELECT i, i FROM unnest($1::uuid[]) AS i
  UNION
  SELECT r.root, CASE WHEN m.person_id = r.id THEN m.merged_person_id ELSE m.person_id END
  FROM reach r JOIN person_merge m ON m.state = 'merged' AND r.id IN (m.person_id, m.merged_person_id)
), whole AS (
  SELECT r.root, p.id, p.died_on IS NOT NULL OR EXISTS (
    SELECT FROM pregnancy l WHERE l.mother_id = p.id AND l.ended_as = 'loss' AND l.notices_resumed_on IS NULL) AS own
  FROM reach r JOIN person p ON p.id = r.id AND p.merged_into IS NULL
), wanted AS (
  SELECT t.id, t.own, coalesce(bool_or(s.own) FILTER (WHERE s.id <> t.id), false) AS elsewhere
  FROM whole t JOIN whole s ON s.root = t.root GROUP BY t.id, t.own
)
UPDATE person p SET quiet_elsewhere = w.elsewhere, version = p.version + 1 FROM wanted w
WHERE p.id = w.id AND p.quiet_elsewhere IS DISTINCT FROM w.elsewhere
RETURNING p.id, p.place_id, p.organisation_id, p.version, w.own, w.elsewhere
"""


@dataclass(frozen=True, slots=True)
class Carried:
    """A record about which notices stop, or may go again, because of another keeper's."""

    person_id: UUID
    place_id: UUID
    organisation_id: UUID
    version: int
    own: bool
    """Whether notices stop by what this record itself says, too."""
    elsewhere: bool


async def carry_quiet(unit: Unit, person_ids: Iterable[UUID]) -> Sequence[Carried]:
    """Let every record that counts as one of these people stand under what the others say; answers what changed.

    It is the service's own work: a keeper's transaction sees and changes their own record alone. Twice changes nothing.
    """
    rows = await unit.fetch(_CARRY, (list(person_ids),))
    return [Carried(r.id, r.place_id, r.organisation_id, r.version, r.own, r.elsewhere) for r in rows]


_LINKED = """
WITH RECURSIVE reach (id) AS (
  SELECT $1::uuid
  UNION
  SELECT CASE WHEN m.person_id = r.id THEN m.merged_person_id ELSE m.person_id END
  FROM reach r JOIN person_merge m ON m.state = 'merged' AND r.id IN (m.person_id, m.merged_person_id)
)
SELECT FROM reach r JOIN person_merge m ON m.state = 'merged' AND r.id IN (m.person_id, m.merged_person_id)
WHERE m.organisation_id <> m.merged_organisation_id LIMIT 1
"""


async def kept_elsewhere(unit: Unit, person_id: UUID) -> bool:
    """Whether another keeper has a record of the same person, as far as this record's own keeper may know."""
    return await unit.fetch_one(_LINKED, (person_id,)) is not None


async def leave_alone(unit: Unit, person_id: UUID) -> None:
    """Forget that another keeper's record stopped notices about this person: that record was erased."""
    await unit.run("UPDATE person SET quiet_elsewhere = false WHERE id = $1", (person_id,))
