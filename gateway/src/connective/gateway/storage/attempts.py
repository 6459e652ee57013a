"""Failed sign-ins, counted per account and address."""

from datetime import datetime

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.attempts import FORGOTTEN_AFTER, seconds_to_wait
from connective.gateway.storage.tables import sign_in_attempt


async def begin_attempt(connection: AsyncConnection, key: bytes, now: datetime) -> tuple[int, int]:
    """Count a try as failed before it is made, so that tries made at once cannot all pass as the first.

    Answers how many failures there now are, and how many seconds this one came too early (it is then not counted).
    """
    begun = upsert(sign_in_attempt).values(key=key, failures=0, last_failed_at=now)
    # One statement makes the row or locks it: between two, a right password elsewhere could forget it.
    locked = begun.on_conflict_do_update(index_elements=["key"], set_={"failures": sign_in_attempt.c.failures})
    row = (await connection.execute(locked.returning(sign_in_attempt))).one()
    wait = seconds_to_wait(row.failures, row.last_failed_at, now)
    if wait:
        return row.failures, wait
    forgotten = sign_in_attempt.c.last_failed_at < now - FORGOTTEN_AFTER
    failures = case((forgotten, 1), else_=sign_in_attempt.c.failures + 1)
    counted = sign_in_attempt.update().where(sign_in_attempt.c.key == key)
    values = counted.values(failures=failures, last_failed_at=now).returning(sign_in_attempt.c.failures)
    return (await connection.execute(values)).scalar_one(), 0


async def forget_attempts(connection: AsyncConnection, key: bytes) -> None:
    """The right password was given: start again from nought."""
    await connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.key == key))
