"""Codes for links in the database: asked for, sent once each, and of the code a slow digest alone."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from connective.gateway.domain.link_codes import CODES_A_LINK, CODES_A_WEEK
from connective.kit.database import Unit

_WHILE = timedelta(days=8)
"""As long as a link may still be opened by a code, and a day more."""
_ASK = """
UPDATE link AS l SET code_try_at = $2
FROM link_contact AS c
WHERE l.id = $1 AND c.organisation_id = l.organisation_id AND c.telephone IS NOT NULL AND l.code_try_at IS NULL
  AND l.codes < $3
  AND (SELECT coalesce(sum(o.codes), 0) FROM link AS o
       WHERE o.organisation_id = l.organisation_id AND o.made_at > $4) < $5
RETURNING 1
"""
_TO_SEND = """
SELECT l.id, c.telephone FROM link AS l JOIN link_contact AS c USING (organisation_id)
WHERE l.code_try_at <= $1 AND c.telephone IS NOT NULL ORDER BY l.code_try_at LIMIT $2 FOR UPDATE OF l SKIP LOCKED
"""
_KEEP = """
UPDATE link SET code_hash = $2, code_expires_at = $3, code_try_at = NULL, codes = codes + 1 WHERE id = $1
"""
_DROP = "UPDATE link SET code_hash = NULL, code_expires_at = NULL WHERE id = $1"


async def ask_for_code(unit: Unit, link_id: UUID, at: datetime) -> bool:
    """Have a code sent for a link; False where no telephone is registered, or enough went out already."""
    values = (link_id, at, CODES_A_LINK, at - _WHILE, CODES_A_WEEK)
    return await unit.fetch_one(_ASK, values) is not None


async def codes_to_send(unit: Unit, at: datetime, most: int) -> list[Any]:
    """Links whose holder asked for a code, with the registered telephone; no other worker takes them meanwhile."""
    return await unit.fetch(_TO_SEND, (at, most))


async def keep_code(unit: Unit, link_id: UUID, code_hash: str, expires_at: datetime) -> None:
    """Keep the digest of the code about to be sent, instead of an older one; it counts as sent from here on."""
    await unit.run(_KEEP, (link_id, code_hash, expires_at))


async def drop_code(unit: Unit, link_id: UUID) -> None:
    """It did not go out: nothing opens by it."""
    await unit.run(_DROP, (link_id,))
