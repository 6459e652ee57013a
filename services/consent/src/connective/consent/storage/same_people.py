"""Records that count as one person since families merged them.

Nothing that was said is moved or copied: a decision about one of them reads what stands about all of them, so that
undoing the merge leaves each with exactly what was said about it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.database import Unit, fetch

_GROUPS = """
WITH RECURSIVE reach (root, id) AS (
  SELECT i, i FROM unnest($1::uuid[]) AS i
  UNION
  SELECT r.root, CASE WHEN s.person_id = r.id THEN s.other_id ELSE s.person_id END
  FROM reach AS r JOIN same_person AS s ON s.active AND (s.person_id = r.id OR s.other_id = r.id)
)
SELECT root, array_agg(id ORDER BY id) AS ids FROM reach GROUP BY root HAVING count(*) > 1
"""
_MADE_ONE = _GROUPS.replace("ON s.active", "ON s.active AND s.one_record")
_KEEP = """
INSERT INTO same_person AS s (person_id, other_id, place_id, active, changed_at, one_record)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (person_id, other_id) DO UPDATE
SET active = excluded.active, changed_at = excluded.changed_at, one_record = excluded.one_record
WHERE s.changed_at <= excluded.changed_at
"""


@dataclass(frozen=True, slots=True)
class Same:
    """For each person who has several records, all of them."""

    groups: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)

    def of(self, person_id: UUID) -> frozenset[UUID]:
        """Every record of this person, the given one among them."""
        return self.groups.get(person_id, frozenset({person_id}))

    def everybody(self, person_ids: Iterable[UUID]) -> set[UUID]:
        """Every record of these people."""
        return {each for person_id in person_ids for each in self.of(person_id)}

    def giver_for(self, giver_id: UUID, subject_id: UUID) -> UUID:
        """Under which id somebody's word counts: the subject's own for the subject, one for each other person."""
        records = self.of(giver_id)
        return subject_id if subject_id in records else min(records)


NOBODY = Same()


async def same_people(connection: AsyncConnection, person_ids: Iterable[UUID]) -> Same:
    """What other records there are of these people, in the place of the transaction's actor."""
    rows = await fetch(connection, _GROUPS, (list(person_ids),))
    return Same({row.root: frozenset(row.ids) for row in rows})


async def made_one(connection: AsyncConnection, person_id: UUID) -> frozenset[UUID]:
    """The ids of one record: this one's, and those of records that were merged into it or it into them.

    Not those that another keeper keeps apart: what restricts one controller's record is not another's to keep.
    """
    rows = await fetch(connection, _MADE_ONE, ([person_id],))
    return Same({row.root: frozenset(row.ids) for row in rows}).of(person_id)


async def keep_same(
    unit: Unit, place_id: UUID, pair: tuple[UUID, UUID], at: datetime, *, active: bool, one_record: bool
) -> None:
    """Take over that two records count as one person, or no longer; what is older than what is kept changes nothing."""
    await unit.run(_KEEP, (*pair, place_id, active, at, one_record))
