"""Whether the ledger can be written, is sealed and is signed: asked of the database, so it is known everywhere."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.conditions import Condition
from connective.kit.database import Database, fetch_one
from connective.kit.ids import new_id
from connective.kit.problems import Unavailable

SEALED_WITHIN_SECONDS = 30.0
"""Entries are sealed within seconds; one that waits longer than this means that nobody seals."""
SIGNED_WITHIN_SECONDS = 300.0
"""Checkpoints are at most five minutes apart (promise P7)."""
_TRY = """
WITH entered AS (INSERT INTO ledger_entry (id, place_id, kind, body) VALUES ($1, $1, 'access', ''))
INSERT INTO ledger_pending (entry_id, place_id, leaf_hash) VALUES ($1, $1, '')
"""
_OLDEST_PENDING = "SELECT entry_id FROM ledger_pending ORDER BY entry_id LIMIT 1"
_LONGEST_UNSIGNED = """
SELECT min(c.signed_at) AS signed_at FROM ledger_head AS h CROSS JOIN LATERAL (
  SELECT signed_at FROM checkpoint AS c WHERE c.place_id = h.place_id ORDER BY signed_at DESC, size DESC LIMIT 1
) AS c
"""


async def ledger_conditions(connection: AsyncConnection, now: datetime) -> tuple[Condition, Condition]:
    """How long the oldest entry waits to be sealed, and how old the newest checkpoint is where it is oldest."""
    pending = await fetch_one(connection, _OLDEST_PENDING)
    unsigned = await fetch_one(connection, _LONGEST_UNSIGNED)
    waits = (now - _made_at(pending.entry_id)).total_seconds() if pending else 0.0
    age = (now - unsigned.signed_at).total_seconds() if unsigned and unsigned.signed_at else 0.0
    return (
        Condition("ledger_sealing", max(waits, 0.0), waits > SEALED_WITHIN_SECONDS),
        Condition("ledger_checkpoints", max(age, 0.0), age > SIGNED_WITHIN_SECONDS),
    )


async def is_writable(database: Database, actor: Actor) -> bool:
    """Whether an entry could be made now: one is tried in a transaction that is always undone.

    Grants, a trigger and a full disk refuse it as they would refuse a real one; asking for rights alone would not tell.
    """
    try:
        async with database.rehearsing(actor) as unit:
            await unit.run(_TRY, (new_id(),))
    except (Unavailable, asyncpg.PostgresError):
        return False
    return True


def _made_at(entry_id: UUID) -> datetime:
    """When an entry was made: ids are UUIDv7, which begin with the time in milliseconds (RFC 9562 §5.7)."""
    return datetime.fromtimestamp((entry_id.int >> 80) / 1000, UTC)
