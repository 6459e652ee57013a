"""Signposts of people whose two records became one: whom they are about, and whom they were about before."""

from collections.abc import Sequence
from uuid import UUID

from connective.kit.database import Unit

_TRACE = """
INSERT INTO signpost_trace (person_id, merged_person_id, signpost_id, place_id, before)
SELECT $2, $3, id, place_id, subjects FROM signpost WHERE place_id = $1 AND subjects && ARRAY[$3::uuid]
ON CONFLICT DO NOTHING
"""
_TOGETHER = """
SELECT array_agg(CASE WHEN s = $3::uuid THEN $2::uuid ELSE s END ORDER BY nth)
FROM unnest({subjects}) WITH ORDINALITY AS u (s, nth)
WHERE s <> $3::uuid OR NOT $2::uuid = ANY({subjects})
"""
_MERGE = f"""
UPDATE signpost SET subjects = ({_TOGETHER.format(subjects="subjects")})
WHERE place_id = $1 AND subjects && ARRAY[$3::uuid]
"""  # noqa: S608 - constants of this module
_UNMERGE = f"""
WITH traced AS (
  DELETE FROM signpost_trace WHERE place_id = $1 AND person_id = $2 AND merged_person_id = $3
  RETURNING signpost_id, before)
UPDATE signpost SET subjects = traced.before FROM traced
WHERE signpost.id = traced.signpost_id AND signpost.subjects = ({_TOGETHER.format(subjects="traced.before")})
"""  # noqa: S608 - constants of this module
_FORGET = """
DELETE FROM signpost_trace
WHERE person_id = ANY($1::uuid[]) OR merged_person_id = ANY($1::uuid[]) OR before && $1::uuid[]
"""


async def merge_signposts(unit: Unit, place_id: UUID, stays: UUID, merged: UUID) -> int:
    """Put the record that stays in the place of the merged one, each person once; answers how many changed."""
    await unit.run(_TRACE, (place_id, stays, merged))
    return await unit.run(_MERGE, (place_id, stays, merged))


async def unmerge_signposts(unit: Unit, place_id: UUID, stays: UUID, merged: UUID) -> int:
    """Put back whom each was about, unless that changed since."""
    return await unit.run(_UNMERGE, (place_id, stays, merged))


async def forget_signpost_traces(unit: Unit, people: Sequence[UUID]) -> int:
    """What was kept for undoing a merge goes with whom it names; answers how many."""
    return await unit.run(_FORGET, (list(people),))
