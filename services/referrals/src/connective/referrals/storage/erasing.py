"""What referrals keeps of a family, taken out by the one function that may: it wants an erasure to name the family."""

from collections.abc import Sequence
from uuid import UUID

from connective.kit.database import Unit
from connective.kit.forgetting import digest, forget_ids
from connective.referrals.storage.stored_only import forget_stored_only

ERASED = frozenset(
    {
        "assignment",
        "attachment",
        "attachment_link",
        "merge_trace",
        "message_reading",
        "referral",
        "request",
        "request_content",
        "request_history",
        "request_note",
        "signpost",
        "signpost_trace",
        "stored_only",
        "voucher",
    }
)
"""Tables whose rows of a family go; what hangs on a request alone goes with it."""
NOT_OF_A_FAMILY = frozenset(
    {
        "erasure",
        "hub_copy",
        "intake",
        "member_copy",
        "newest_fact",
        "object_to_remove",
        "organisation_copy",
        "place_form",
        "service_copy",
    }
)
"""Tables that hold nothing of a family's record: an intake names its people only until one of them is matched."""
_BEGIN = "INSERT INTO erasure (id, place_id, family_digest) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING"
_REMOVE = "SELECT erase_family($1, $2) AS gone"
_IDS = """
SELECT id FROM request WHERE family_id = $1
UNION ALL SELECT id FROM referral WHERE family_id = $1 UNION ALL SELECT id FROM voucher WHERE family_id = $1
UNION ALL SELECT id FROM signpost WHERE family_id = $1 UNION ALL SELECT id FROM attachment WHERE family_id = $1
"""


async def begin_erasure(unit: Unit, erasure_id: UUID, place_id: UUID, family_id: UUID) -> bool:
    """Keep that this erasure is done, so that it may be; False when it was before."""
    return await unit.run(_BEGIN, (erasure_id, place_id, digest(family_id))) == 1


async def remove_all(unit: Unit, erasure_id: UUID, family_id: UUID, people: Sequence[UUID]) -> int:
    """Remove every row of the family, and what the kit keeps of its ids; answers how many."""
    records = [row.id for row in await unit.fetch(_IDS, (family_id,))]
    gone: int = (await unit.fetch_one(_REMOVE, (erasure_id, family_id))).gone
    gone += await forget_stored_only(unit, people)
    return gone + await forget_ids(unit, (family_id, *people, *records))
