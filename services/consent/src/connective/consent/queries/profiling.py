"""Figures that may be given to anybody who asks for information, and how such requests were answered."""

from typing import Any

from connective.consent.domain.days import day_of
from connective.consent.domain.small_numbers import publishable
from connective.consent.storage.audit_look import Look, Window
from connective.kit.database import fetch, fetch_one

_DISCLOSED = """
SELECT d.purpose, count(*) AS times FROM disclosure AS d
WHERE d.place_id = $1 AND (d.discloser_entity_id = $2 OR d.recipient_entity_id = $2)
  AND d.disclosed_at >= $3::timestamptz - interval '1 year' AND d.disclosed_at < $3 GROUP BY d.purpose ORDER BY 1
"""
_ASKED = """
SELECT count(*) AS received, count(*) FILTER (WHERE closed_at IS NOT NULL) AS answered,
  count(*) FILTER (WHERE closed_at IS NULL AND due_on < $3) AS overdue,
  count(*) FILTER (WHERE (closed_at AT TIME ZONE 'Europe/London')::date <= due_on) AS answered_in_time
FROM information_request AS i
WHERE i.place_id = $1 AND i.controllers @> ARRAY[$2::uuid] AND i.kind = 'freedom_of_information'
"""


async def figures(look: Look, window: Window) -> dict[str, int | None]:
    """How often records were disclosed in the last year for each purpose, as it may be published."""
    rows = await fetch(look.connection, _DISCLOSED, (look.place_id, look.entity_id, window.now))
    return publishable({row.purpose: row.times for row in rows})


async def information_log(look: Look, window: Window) -> dict[str, Any]:
    """How many requests for information came, and how many were answered in their twenty working days."""
    row = await fetch_one(look.connection, _ASKED, (look.place_id, look.entity_id, day_of(window.now)))
    return dict(row) if row else {}
