"""Two records of one person became one: requests then speak of the record that stays, until the merge is undone."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from connective.kit.database import Unit
from connective.referrals.domain.request import PeopleAsked
from connective.referrals.storage.mapping import request_from
from connective.referrals.storage.tables import request

WHOLE = 0
"""Under this number the trace keeps the request itself; contents stand under their own versions, which begin at 1."""
_TRACE = """
INSERT INTO merge_trace (person_id, merged_person_id, request_id, content_version, place_id, before)
SELECT $2::uuid, $3::uuid, r.id, 0, r.place_id,
  jsonb_build_object('subjects', r.subjects, 'contact', r.contact_person_id, 'outcome', r.outcome)
FROM request AS r WHERE r.id = $1
UNION ALL
SELECT $2::uuid, $3::uuid, c.request_id, c.version, $4::uuid, jsonb_build_object('needs', c.needs)
FROM request_content AS c WHERE c.request_id = $1 AND c.needs::text LIKE '%' || ($3::uuid)::text || '%'
ON CONFLICT DO NOTHING
"""
_PEOPLE = "UPDATE request SET subjects = $2, contact_person_id = $3, people = $4 WHERE id = $1"
_SPOKEN_OF = (
    "UPDATE request_content SET needs = replace(needs::text, $2::text, $3::text)::jsonb WHERE request_id = $1",
    "UPDATE request SET outcome = replace(outcome::text, $2::text, $3::text)::jsonb"
    " WHERE id = $1 AND outcome IS NOT NULL",
)
"""Ids are of one length and look like nothing else, so the text of a document can be replaced."""
_TRACED = """
DELETE FROM merge_trace WHERE person_id = $1 AND merged_person_id = $2 AND place_id = $3
RETURNING request_id, content_version, before
"""
_NEEDS_BACK = "UPDATE request_content SET needs = $3::jsonb WHERE request_id = $1 AND version = $2"
_OUTCOME_BACK = """
UPDATE request SET outcome = $2::jsonb
WHERE id = $1 AND outcome::text = replace(($2::jsonb)::text, $3::text, $4::text)
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """The record that stays, and the one that became part of it."""

    stays: UUID
    merged: UUID


async def merge_person(unit: Unit, place_id: UUID, pair: Pair) -> int:
    """Put the id that stays in the place of the merged one, in final requests too. Answers how many changed.

    It is a correction of identifiers, not a new version: nobody's ETag grows old.
    """
    rows = await unit.connection.execute(
        select(request)
        .where(request.c.place_id == place_id, request.c.people.overlap([pair.merged]))
        .order_by(request.c.id)
        .with_for_update()
    )
    changed = [request_from(row) for row in rows]
    for each in changed:
        await unit.run(_TRACE, (each.id, pair.stays, pair.merged, place_id))
        await _set_people(unit, each.id, together(each.people, pair))
        for statement in _SPOKEN_OF:
            await unit.run(statement, (each.id, str(pair.merged), str(pair.stays)))
    return len(changed)


def together(people: PeopleAsked, pair: Pair) -> PeopleAsked:
    """The same people, each once, with the record that stays for the merged one."""
    subjects = tuple(dict.fromkeys(pair.stays if person == pair.merged else person for person in people.subjects))
    return PeopleAsked(subjects, pair.stays if people.contact == pair.merged else people.contact)


async def _set_people(unit: Unit, request_id: UUID, people: PeopleAsked) -> None:
    await unit.run(_PEOPLE, (request_id, list(people.subjects), people.contact, list(people.everyone)))


async def unmerge_person(unit: Unit, place_id: UUID, pair: Pair) -> int:
    """Put back what the merge changed. What was asked or changed since then stays as it was asked.

    Answers how many requests are again as they were.
    """
    traced = await unit.fetch(_TRACED, (pair.stays, pair.merged, place_id))
    restored = 0
    for row in traced:
        if row.content_version != WHOLE:
            needs = json.dumps(row.before["needs"])
            await unit.run(_NEEDS_BACK, (row.request_id, row.content_version, needs))
            continue
        restored += await _restore(unit, row.request_id, row.before, pair)
    return restored


async def _restore(unit: Unit, request_id: UUID, before: dict[str, object], pair: Pair) -> bool:
    found = await unit.connection.execute(select(request).where(request.c.id == request_id).with_for_update())
    now = request_from(found.one()).people
    subjects = before["subjects"]
    assert isinstance(subjects, list)  # noqa: S101 - written above
    were = PeopleAsked(tuple(map(UUID, subjects)), UUID(str(before["contact"])))
    if before["outcome"] is not None:
        ids = (str(pair.merged), str(pair.stays))
        await unit.run(_OUTCOME_BACK, (request_id, json.dumps(before["outcome"]), *ids))
    if together(were, pair) != now:
        return False
    await _set_people(unit, request_id, were)
    return True
