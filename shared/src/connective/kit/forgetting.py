"""What the kit's own tables keep of a record that is erased: events that were set aside, and keys of retries.

Events sent and taken hold ids alone and are removed by the clock (`housekeeping`); what was set aside no clock removes.
"""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from connective.kit.database import Unit

_PARKED = "DELETE FROM parked_event WHERE aggregate_id = ANY($1::uuid[]) OR body LIKE ANY($2::text[])"
_RETRIES = "DELETE FROM idempotency_key WHERE resource_id = ANY($1::uuid[]) OR route LIKE ANY($2::text[])"


def digest(record_id: UUID) -> bytes:
    """What may be kept of an id to know it again: most of its bits are random, so nobody finds it from this."""
    return sha256(record_id.bytes).digest()


async def forget_ids(unit: Unit, ids: Iterable[UUID]) -> int:
    """Remove the events set aside and the keys of retries that name any of these ids; answers how many.

    A replay then brings nothing of them back. Both tables are small: one is empty while all goes well, the other holds
    a day.
    """
    named = list(ids)
    patterns = [f"%{each}%" for each in named]
    gone = await unit.run(_PARKED, (named, patterns))
    return gone + await unit.run(_RETRIES, (named, patterns))
