"""Checkpoints as others keep them, and the public keys they were signed with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.checkpoints import Checkpoint
from connective.kit.database import Unit, fetch, fetch_one

_COLUMNS = "id, place_id, size, root, signed_at, text, signature, key_id"
_OF_PLACE = f"SELECT {_COLUMNS} FROM checkpoint WHERE place_id = $1"  # noqa: S608 - constants only
_LIST = f"""
{_OF_PLACE} AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
_ONE = f"{_OF_PLACE} AND id = $2"
_BETWEEN = f"""
SELECT DISTINCT ON (size, root) {_COLUMNS} FROM checkpoint
WHERE place_id = $1 AND size > $2 AND size <= $3 ORDER BY size, root, id
"""  # noqa: S608 - constants only
_KEEP_KEY = "INSERT INTO ledger_key (id, x, first_used_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_KEYS = "SELECT id, x FROM ledger_key ORDER BY first_used_at, id"
_LARGEST = 2**62


def _checkpoint(row: Any) -> Checkpoint:  # noqa: ANN401 - a driver row
    return Checkpoint(row.id, row.place_id, row.size, row.root, row.signed_at, row.text, row.signature, row.key_id)


async def list_checkpoints(
    connection: AsyncConnection, place_id: UUID, before: UUID | None, limit: int
) -> list[Checkpoint]:
    """Checkpoints of a place, newest first."""
    return [_checkpoint(row) for row in await fetch(connection, _LIST, (place_id, before, limit))]


async def checkpoint_by_id(connection: AsyncConnection, place_id: UUID, checkpoint_id: UUID) -> Checkpoint | None:
    """One checkpoint of a place."""
    row = await fetch_one(connection, _ONE, (place_id, checkpoint_id))
    return _checkpoint(row) if row else None


async def checkpoints_between(
    connection: AsyncConnection, place_id: UUID, after: int, upto: int | None
) -> Sequence[Checkpoint]:
    """Checkpoints over more than `after` entries and at most `upto`, smallest first.

    The first of each size and root: the later ones say the same. Two roots at one size would both be shown, since they
    are what betrays a log that was rewritten.
    """
    rows = await fetch(connection, _BETWEEN, (place_id, after, _LARGEST if upto is None else upto))
    return [_checkpoint(row) for row in rows]


async def keep_public_key(unit: Unit, jwk: dict[str, str], now: datetime) -> None:
    """Remember a public key that is about to sign, so that its checkpoints can be checked after it was changed."""
    await unit.run(_KEEP_KEY, (jwk["kid"], jwk["x"], now))


async def public_keys(connection: AsyncConnection) -> list[dict[str, str]]:
    """Every public key that ever signed, oldest first, as JWK."""
    return [{"kty": "OKP", "crv": "Ed25519", "kid": row.id, "x": row.x} for row in await fetch(connection, _KEYS)]
