"""What administrators have made of a place's settings: every version whole, by whom and when; none is ever changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.database import Unit, fetch

_NEWEST = """
SELECT place_id, version, document::text AS document, changed, changed_by, approved_by, changed_at FROM place_version
WHERE place_id = $1 AND version < coalesce($2, 2147483647) ORDER BY version DESC LIMIT $3
"""
_ALL_NEWEST = """
SELECT DISTINCT ON (place_id) version, document::text AS document FROM place_version ORDER BY place_id, version DESC
"""
_INSERT = """
INSERT INTO place_version (place_id, version, document, changed, changed_by, approved_by, changed_at)
VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7) ON CONFLICT (place_id, version) DO NOTHING RETURNING version
"""


@dataclass(frozen=True, slots=True)
class PlaceVersion:
    """A place's settings as one change left them."""

    place_id: UUID
    version: int
    document: Mapping[str, Any]
    changed: tuple[str, ...]
    """Which settings it changed, by name."""
    changed_by: UUID
    approved_by: UUID | None
    """The second administrator, where the change needed one."""
    changed_at: datetime


async def place_versions(
    connection: AsyncConnection, place_id: UUID, *, before: int | None = None, limit: int = 1
) -> list[PlaceVersion]:
    """What a place was made to be, the newest first, one more than asked when there are more."""
    rows = await fetch(connection, _NEWEST, (place_id, before, limit))
    return [
        PlaceVersion(
            row["place_id"],
            row["version"],
            json.loads(row["document"]),
            tuple(row["changed"]),
            row["changed_by"],
            row["approved_by"],
            row["changed_at"],
        )
        for row in rows
    ]


async def newest_places(connection: AsyncConnection) -> list[tuple[int, Mapping[str, Any]]]:
    """Of every place that was ever changed, the version it is at and what it says."""
    return [(row["version"], json.loads(row["document"])) for row in await fetch(connection, _ALL_NEWEST)]


async def insert_version(unit: Unit, new: PlaceVersion) -> bool:
    """Store it; False where somebody else has stored this version meanwhile."""
    values = (new.place_id, new.version, json.dumps(new.document), list(new.changed))
    stored = await unit.fetch(_INSERT, (*values, new.changed_by, new.approved_by, new.changed_at))
    return bool(stored)
