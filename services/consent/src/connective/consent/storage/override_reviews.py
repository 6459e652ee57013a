"""Overrides whose review is overdue, for the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.database import Unit, fetch_one

_TAKE = """
UPDATE safeguarding_override SET overdue_told_at = $1, version = version + 1 WHERE id IN (
  SELECT o.id FROM safeguarding_override AS o
  WHERE o.reviewed_at IS NULL AND o.review_by < $1 AND o.overdue_told_at IS NULL
  ORDER BY o.review_by LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING id, place_id, organisation_id, review_by, version
"""
_LONGEST = """
SELECT review_by FROM safeguarding_override WHERE reviewed_at IS NULL AND review_by < $1 ORDER BY review_by LIMIT 1
"""


async def take_overdue(unit: Unit, now: datetime, limit: int) -> Sequence[Any]:
    """Those of which it has not been said yet, marked as said."""
    return list(await unit.fetch(_TAKE, (now, limit)))


async def longest_overdue(connection: AsyncConnection, now: datetime) -> datetime | None:
    """By when the longest overdue review was due; None when none is overdue."""
    row = await fetch_one(connection, _LONGEST, (now,))
    return row.review_by if row else None
