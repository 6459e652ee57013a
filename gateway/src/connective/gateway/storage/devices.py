"""Browsers in which somebody has signed in whole, by the digest of what their cookie holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.kit.database import Unit
from connective.kit.ids import new_id

_SEEN = """
INSERT INTO device (id, place_id, account_id, token_hash, name, first_seen_at, last_seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (account_id, token_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at, name = excluded.name
WHERE device.ended_at IS NULL
RETURNING id
"""
_KNOWN = "SELECT 1 AS known FROM device WHERE account_id = $1 AND token_hash = $2 AND ended_at IS NULL"


@dataclass(frozen=True, slots=True)
class Device:
    """One browser, as it shows itself."""

    token_hash: bytes
    name: str


async def note_device(unit: Unit, account_id: UUID, place_id: UUID, device: Device, now: datetime) -> UUID | None:
    """Know this browser from now on as one of theirs; None for one they ended, whose cookie is worth nothing."""
    values = (new_id(), place_id, account_id, device.token_hash, device.name, now)
    row = await unit.fetch_one(_SEEN, values)
    return None if row is None else row["id"]


async def is_known(unit: Unit, account_id: UUID, token_hash: bytes) -> bool:
    """Whether they signed in whole in this browser before."""
    return await unit.fetch_one(_KNOWN, (account_id, token_hash)) is not None
