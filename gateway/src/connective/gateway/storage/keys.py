"""The signing keys of access tokens, sealed."""

import secrets
from datetime import datetime

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.storage.tables import signing_key
from connective.gateway.tokens.keys import AccessKey, KeyState, seal, unseal

_ONE_AT_A_TIME = 0x6B657973  # "keys": held while keys are made or rotated.


async def lock_keys(connection: AsyncConnection) -> None:
    """Let nobody else make or rotate keys until this transaction ends."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})


async def load_keys(connection: AsyncConnection, secret: bytes) -> list[AccessKey]:
    """Every stored key, opened. Raises Unsealable."""
    rows = await connection.execute(select(signing_key.c.kid, signing_key.c.state, signing_key.c.sealed))
    return [unseal(row.kid, KeyState(row.state), row.sealed, secret) for row in rows]


async def stored_kids(connection: AsyncConnection) -> frozenset[tuple[str, str]]:
    """Which keys are stored, and where each stands: enough to see whether anything changed."""
    rows = await connection.execute(select(signing_key.c.kid, signing_key.c.state))
    return frozenset((row.kid, row.state) for row in rows)


async def insert_key(connection: AsyncConnection, new: AccessKey, secret: bytes, now: datetime) -> None:
    """Store a new key, sealed."""
    sealed = seal(new, secret, secrets.token_bytes(12))
    await connection.execute(insert(signing_key).values(kid=new.kid, state=str(new.state), sealed=sealed, since=now))


async def current_since(connection: AsyncConnection) -> datetime | None:
    """Since when the current key signs."""
    wanted = select(signing_key.c.since).where(signing_key.c.state == str(KeyState.CURRENT))
    since: datetime | None = (await connection.execute(wanted)).scalar_one_or_none()
    return since


async def move_key(connection: AsyncConnection, before: KeyState, after: KeyState, now: datetime) -> None:
    """Let the key that stands at one state stand at another."""
    moved = update(signing_key).where(signing_key.c.state == str(before)).values(state=str(after), since=now)
    await connection.execute(moved)


async def drop_key(connection: AsyncConnection, state: KeyState) -> None:
    """Forget the key that stands at this state."""
    await connection.execute(delete(signing_key).where(signing_key.c.state == str(state)))
