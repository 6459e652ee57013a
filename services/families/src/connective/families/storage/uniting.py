"""Moving what hangs on one record to another, with a picture of every row as it was; and moving it back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from connective.families.domain.merging import Merge
from connective.families.domain.people import Person
from connective.families.storage import mapping, tables
from connective.families.storage.mapping import Keeper
from connective.kit.database import Unit

_OWNED = {
    "contact_point": "person_id",
    "need": "person_id",
    "pregnancy": "mother_id",
    "restriction": "person_id",
    "strength": "person_id",
}
"""What hangs on one person alone: moved as it is."""
_PAIR = "(t.person_id = $2 OR t.of_person_id = $2)"
_BETWEEN = "t.person_id IN ($1, $2) AND t.of_person_id IN ($1, $2)"
_TWICE = """EXISTS (
  SELECT 1 FROM relationship s WHERE s.id <> t.id AND s.kind = t.kind AND s.until IS NULL AND t.until IS NULL
    AND (s.responsibility IS NOT DISTINCT FROM t.responsibility)
    AND ((t.person_id = $2 AND s.person_id = $1 AND s.of_person_id = t.of_person_id)
      OR (t.of_person_id = $2 AND s.of_person_id = $1 AND s.person_id = t.person_id)))"""
_TWO_WAYS = (("$1", "$2"), ("$2", "$1"))
_LIMITED = """
UPDATE relationship s SET limit_kind = t.limit_kind, limit_since = t.limit_since, limit_until = t.limit_until,
  limit_copy_seen = t.limit_copy_seen
FROM relationship t
WHERE s.limit_kind IS NULL AND t.limit_kind IS NOT NULL AND s.until IS NULL
  AND ((t.person_id = {theirs} AND s.person_id = {ours} AND s.of_person_id = t.of_person_id)
    OR (t.of_person_id = {theirs} AND s.of_person_id = {ours} AND s.person_id = t.person_id))
"""
"""A court's limit on either record is a limit on the person: it enters every relationship with the same other."""
_SAME_FAMILY = "EXISTS (SELECT 1 FROM membership s WHERE s.family_id = t.family_id AND s.person_id = $1)"
_STILL_THERE = """
UPDATE membership s SET residence = t.residence, since = t.since, until = t.until, end_reason = t.end_reason
FROM membership t
WHERE s.person_id = $1 AND t.person_id = $2 AND s.family_id = t.family_id AND s.until IS NOT NULL AND t.until IS NULL
"""
"""Where one record says that somebody left and the other that they are there, they are there."""


_MOVE_RELATED = """
UPDATE relationship t SET person_id = CASE WHEN t.person_id = $2 THEN $1 ELSE t.person_id END,
  of_person_id = CASE WHEN t.of_person_id = $2 THEN $1 ELSE t.of_person_id END
WHERE t.person_id = $2 OR t.of_person_id = $2
"""


async def _trace(unit: Unit, merge: Merge, table: str, where: str, *, gone: bool = False) -> None:
    """Keep a picture of the rows that are about to change. `$1` is the record that stays, `$2` the other."""
    statement = f"""
INSERT INTO merge_trace (id, place_id, organisation_id, merge_id, kept_in, gone, before)
SELECT gen_random_uuid(), t.place_id, t.organisation_id, $3, '{table}', {gone}, to_jsonb(t) FROM {table} t WHERE {where}
"""  # noqa: S608 - constants only; values go as parameters
    await unit.run(statement.replace("$1", "$1::uuid").replace("$2", "$2::uuid"), _ids(merge, merge.id))


def _ids(merge: Merge, *more: UUID) -> tuple[UUID, ...]:
    return (merge.person_id, merge.merged_person_id, *more)


async def move_together(unit: Unit, merge: Merge) -> None:
    """Let everything that hangs on the merged record hang on the one that stays; nothing is lost."""
    await _move_owned(unit, merge)
    await _move_relationships(unit, merge)
    await _move_memberships(unit, merge)


async def _move_owned(unit: Unit, merge: Merge) -> None:
    for table, column in _OWNED.items():
        await _trace(unit, merge, table, f"t.{column} = $2 AND $1 IS NOT NULL")
        await unit.run(f"UPDATE {table} SET {column} = $1 WHERE {column} = $2", _ids(merge))  # noqa: S608 - constants


async def _move_relationships(unit: Unit, merge: Merge) -> None:
    vanishing = f"(({_BETWEEN}) OR ({_PAIR} AND {_TWICE}))"
    await _trace(unit, merge, "relationship", f"$1 IN (t.person_id, t.of_person_id) AND NOT {_PAIR}")
    await _trace(unit, merge, "relationship", vanishing, gone=True)
    await _trace(unit, merge, "relationship", f"{_PAIR} AND NOT {vanishing}")
    for ours, theirs in _TWO_WAYS:
        await unit.run(_LIMITED.format(ours=ours, theirs=theirs), _ids(merge))
    await unit.run(f"DELETE FROM relationship t WHERE {vanishing}", _ids(merge))  # noqa: S608 - constants only
    await unit.run(_MOVE_RELATED, _ids(merge))


async def _move_memberships(unit: Unit, merge: Merge) -> None:
    await _trace(unit, merge, "membership", "t.person_id = $1 AND $2 IS NOT NULL")
    await unit.run(_STILL_THERE, _ids(merge))
    twice = f"t.person_id = $2 AND {_SAME_FAMILY}"
    await _trace(unit, merge, "membership", twice, gone=True)
    await unit.run(f"DELETE FROM membership t WHERE {twice}", _ids(merge))  # noqa: S608 - constants only
    await _trace(unit, merge, "membership", "t.person_id = $2 AND $1 IS NOT NULL")
    await unit.run("UPDATE membership SET person_id = $1 WHERE person_id = $2", _ids(merge))


async def trace_person(unit: Unit, merge: Merge) -> None:
    """Keep a picture of the record that stays, before its gaps are filled."""
    await _trace(unit, merge, "person", "t.id = $1 AND $2 IS NOT NULL")


async def person_before(unit: Unit, merge: Merge) -> Person:
    """The record that stayed, as it was before the merge filled its gaps."""
    found = await unit.fetch("SELECT before FROM merge_trace WHERE merge_id = $1 AND kept_in = 'person'", (merge.id,))
    # A picture of an earlier release does not know of quiet that another keeper's record brings, nor of restriction.
    unknown = {"quiet_elsewhere": False, "processing_restricted": False}
    (row,) = mapping.decode(tables.person, [unknown | found[0].before])
    return mapping.to_person(row)


_BACK = """
UPDATE {table} t SET {column} = $2 FROM merge_trace m
WHERE m.merge_id = $1 AND m.kept_in = '{table}' AND t.id = (m.before->>'id')::uuid AND t.{column} = $3
"""
_RELATED_BACK = """
UPDATE relationship t SET person_id = (m.before->>'person_id')::uuid, of_person_id = (m.before->>'of_person_id')::uuid,
  limit_kind = m.before->>'limit_kind', limit_since = (m.before->>'limit_since')::date,
  limit_until = (m.before->>'limit_until')::date, limit_copy_seen = (m.before->>'limit_copy_seen')::boolean
FROM merge_trace m
WHERE m.merge_id = $1 AND m.kept_in = 'relationship' AND NOT m.gone AND t.id = (m.before->>'id')::uuid
"""
_MEMBER_BACK = """
UPDATE membership t SET person_id = $2 FROM merge_trace m
WHERE m.merge_id = $1 AND m.kept_in = 'membership' AND NOT m.gone AND (m.before->>'person_id')::uuid = $2
  AND t.family_id = (m.before->>'family_id')::uuid AND t.person_id = $3
"""
_LEFT_BEFORE = """
UPDATE membership t SET residence = m.before->>'residence', since = (m.before->>'since')::date,
  until = (m.before->>'until')::date, end_reason = m.before->>'end_reason'
FROM merge_trace m JOIN merge_trace g ON g.merge_id = m.merge_id AND g.kept_in = 'membership' AND g.gone
  AND g.before->>'family_id' = m.before->>'family_id'
WHERE m.merge_id = $1 AND m.kept_in = 'membership' AND NOT m.gone AND (m.before->>'person_id')::uuid = $2
  AND t.family_id = (m.before->>'family_id')::uuid AND t.person_id = $2 AND t.until IS NULL
  AND m.before->>'until' IS NOT NULL
"""
_AGAIN = """
INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, m.before)).* FROM merge_trace m
WHERE m.merge_id = $1 AND m.kept_in = '{table}' AND m.gone
"""
_CARRY = """
INSERT INTO restriction (id, place_id, organisation_id, person_id, kind, placed_by, placed_at, named_organisation_ids,
  named_actor_ids, carried_from)
SELECT gen_random_uuid(), r.place_id, r.organisation_id, $1, r.kind, r.placed_by, r.placed_at, r.named_organisation_ids,
  r.named_actor_ids, r.carried_from
FROM restriction r WHERE r.person_id = $2 AND r.lifted_at IS NULL AND r.placed_at >= $3
  AND NOT EXISTS (
    SELECT 1 FROM merge_trace m
    WHERE m.merge_id = $4 AND m.kept_in = 'restriction' AND (m.before->>'id')::uuid = r.id)
"""


async def move_apart(unit: Unit, merge: Merge) -> None:
    """Put every row back that the merge moved or folded. What was added since stays with the record that stayed.

    A restriction placed since then holds for both: nobody can know whom it was meant for, and the stricter wins.
    """
    assert merge.settled_at is not None  # noqa: S101 - only what was merged is taken apart
    for table, column in _OWNED.items():
        if table == "restriction":
            carried = (merge.merged_person_id, merge.person_id, merge.settled_at, merge.id)
            await unit.run(_CARRY, carried)
        back = _BACK.format(table=table, column=column)
        await unit.run(back, (merge.id, merge.merged_person_id, merge.person_id))
    await unit.run(_RELATED_BACK, (merge.id,))
    await unit.run(_AGAIN.format(table="relationship"), (merge.id,))
    await unit.run(_LEFT_BEFORE, (merge.id, merge.person_id))
    await unit.run(_MEMBER_BACK, (merge.id, merge.merged_person_id, merge.person_id))
    await unit.run(_AGAIN.format(table="membership"), (merge.id,))


_COPY = """
INSERT INTO restriction (id, place_id, organisation_id, person_id, kind, placed_by, placed_at, named_organisation_ids,
  named_actor_ids, carried_from)
SELECT gen_random_uuid(), p.place_id, p.organisation_id, p.id, r.kind, 'service:families', $3, r.named_organisation_ids,
  r.named_actor_ids, r.id
FROM restriction r, person p
WHERE r.person_id = $1 AND p.id = $2 AND r.lifted_at IS NULL AND r.carried_from IS NULL
  AND NOT EXISTS (SELECT 1 FROM restriction c WHERE c.carried_from = r.id AND c.person_id = $2 AND c.lifted_at IS NULL)
RETURNING kind
"""
_RELEASE = """
UPDATE restriction c SET lifted_at = $3, lifted_by = 'service:families' FROM restriction r
WHERE c.person_id = $2 AND c.carried_from = r.id AND r.person_id = $1 AND c.lifted_at IS NULL
  AND (r.lifted_at IS NOT NULL OR NOT $4)
RETURNING c.kind
"""


async def carry(unit: Unit, source_id: UUID, target_id: UUID, now: datetime, *, linked: bool) -> Sequence[str]:
    """Let a record stand under the restrictions of another keeper's record of the same person, or of no longer so.

    Answers the kinds that changed. Doing it twice changes nothing.
    """
    placed = await unit.fetch(_COPY, (source_id, target_id, now)) if linked else []
    lifted = await unit.fetch(_RELEASE, (source_id, target_id, now, linked))
    return sorted({row.kind for row in (*placed, *lifted)})


async def keeper_of(unit: Unit, person_id: UUID) -> Keeper | None:
    """Who keeps a record, for the service's own work."""
    row = await unit.fetch_one("SELECT place_id, organisation_id FROM person WHERE id = $1", (person_id,))
    return None if row is None else Keeper(row.place_id, row.organisation_id)
