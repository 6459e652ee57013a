"""What referrals keeps of one person, taken out by the one function that may: it wants an erasure to name them."""

from collections.abc import Sequence
from uuid import UUID

from connective.kit.database import Unit
from connective.kit.forgetting import digest, forget_ids
from connective.kit.ids import new_id
from connective.referrals.storage.merged_signposts import forget_signpost_traces
from connective.referrals.storage.stored_only import forget_stored_only

_BEGIN = "INSERT INTO erasure (id, place_id, people_digests) VALUES ($1, $2, $3::bytea[]) ON CONFLICT (id) DO NOTHING"
_REMOVE = "SELECT removed, kept FROM erase_person($1, $2::uuid[], $3::uuid[], $4::uuid[])"
_ALONE = """
SELECT id FROM request WHERE family_id = ANY($1::uuid[]) AND people <@ $2::uuid[]
UNION ALL SELECT id FROM signpost WHERE family_id = ANY($1::uuid[]) AND subjects <> '{}' AND subjects <@ $2::uuid[]
UNION ALL SELECT a.id FROM attachment AS a JOIN request AS r ON r.id = a.request_id
WHERE r.family_id = ANY($1::uuid[]) AND r.people && $2::uuid[]
"""
_OPEN = """
SELECT EXISTS (
  SELECT FROM request WHERE place_id = $1 AND family_id = ANY($2::uuid[]) AND is_open AND people && $3::uuid[]) AS open
"""


async def begin_person_erasure(unit: Unit, erasure_id: UUID, place_id: UUID, people: Sequence[UUID]) -> bool:
    """Keep that this erasure is done, so that it may be; False when it was before."""
    return await unit.run(_BEGIN, (erasure_id, place_id, [digest(each) for each in people])) == 1


async def remove_person(
    unit: Unit, erasure_id: UUID, families: Sequence[UUID], people: Sequence[UUID]
) -> tuple[int, int]:
    """Remove what is about these people alone, and blank the rest; answers rows removed, and rows kept of others.

    A request about others too keeps its codes and dates, and what is said of the others' needs. Its answers, free
    text and files go: nobody can tell of whom a sentence about a family speaks. In the person's place stands an id of
    nobody. A signpost for others too stays theirs, without its needs.
    """
    alone = [row.id for row in await unit.fetch(_ALONE, (list(families), list(people)))]
    stand_ins = [new_id() for _ in people]
    done = await unit.fetch_one(_REMOVE, (erasure_id, list(families), list(people), stand_ins))
    gone = done.removed + await forget_stored_only(unit, people) + await forget_signpost_traces(unit, people)
    return gone + await forget_ids(unit, (*people, *alone)), done.kept


async def has_open_request(unit: Unit, place_id: UUID, families: Sequence[UUID], people: Sequence[UUID]) -> bool:
    """Whether a request that names any of these people is still open, drafts among them."""
    return bool((await unit.fetch_one(_OPEN, (place_id, list(families), list(people)))).open)
