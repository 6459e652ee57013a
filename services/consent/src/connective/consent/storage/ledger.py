"""The stored log: leaves in the order of sealing, completed inner nodes, the head, and signed checkpoints."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain import merkle
from connective.consent.domain.checkpoints import Checkpoint
from connective.kit.database import fetch, fetch_one

_SEALER = 0x7365616C  # "seal": the advisory lock that one sealer per database holds.
Place = tuple[int, int]
"""Level and index of a subtree."""

_LOCK = "SELECT pg_try_advisory_xact_lock($1) AS taken"
_HEAD = "SELECT size, root FROM ledger_head WHERE place_id = $1"
_PENDING = "SELECT entry_id, leaf_hash FROM ledger_pending WHERE place_id = $1 ORDER BY entry_id LIMIT $2 FOR UPDATE"
_LEAVES = "SELECT seq, leaf_hash FROM ledger_leaf WHERE place_id = $1 AND seq = ANY($2::bigint[])"
_NODES = """
SELECT n.level, n.index, n.hash FROM ledger_node AS n
JOIN unnest($2::int[], $3::bigint[]) AS w (level, index) ON n.level = w.level AND n.index = w.index
WHERE n.place_id = $1
"""
_APPEND = """
WITH leaves AS (
  INSERT INTO ledger_leaf (place_id, seq, entry_id, leaf_hash)
  SELECT $1::uuid, seq, entry_id, leaf_hash
  FROM unnest($2::bigint[], $3::uuid[], $4::bytea[]) AS l (seq, entry_id, leaf_hash)
), nodes AS (
  INSERT INTO ledger_node (place_id, level, index, hash)
  SELECT $1::uuid, level, index, hash FROM unnest($5::int[], $6::bigint[], $7::bytea[]) AS n (level, index, hash)
), done AS (
  DELETE FROM ledger_pending WHERE entry_id = ANY($3::uuid[])
)
INSERT INTO ledger_head (place_id, size, root) VALUES ($1::uuid, $8, $9)
ON CONFLICT (place_id) DO UPDATE SET size = excluded.size, root = excluded.root
"""
_SEALED = """
SELECT l.seq, l.leaf_hash, e.body FROM ledger_leaf AS l LEFT JOIN ledger_entry AS e ON e.id = l.entry_id
WHERE l.place_id = $1 AND l.seq >= $2 AND l.seq < $3 ORDER BY l.seq
"""
_LATEST = "SELECT * FROM checkpoint WHERE place_id = $1 ORDER BY signed_at DESC, size DESC LIMIT 1"
_ADD_CHECKPOINT = """
INSERT INTO checkpoint (id, place_id, size, root, text, signature, key_id, signed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_HEADS = """
SELECT place_id, coalesce(h.size, 0) AS size, h.root, p.waits, c.size AS signed_size, c.signed_at, c.key_id
FROM ledger_head AS h
FULL JOIN (SELECT DISTINCT place_id, true AS waits FROM ledger_pending) AS p USING (place_id)
LEFT JOIN LATERAL (
  SELECT size, signed_at, key_id FROM checkpoint AS c WHERE c.place_id = h.place_id
  ORDER BY c.signed_at DESC, c.size DESC LIMIT 1) AS c ON true
"""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a place's log stands, and what was last signed of it."""

    place_id: UUID
    size: int
    root: bytes
    signed_size: int | None = None
    signed_at: datetime | None = None
    waits: bool = False
    """Are there entries to seal?"""
    key_id: str | None = None
    """Of the key that last signed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One entry as it was sealed; `body` is None when the entry has gone."""

    seq: int
    leaf_hash: bytes
    body: str | None


async def become_sealer(connection: AsyncConnection) -> bool:
    """Take the sealer's lock for this transaction; False while another process seals."""
    return bool((await fetch_one(connection, _LOCK, (_SEALER,))).taken)


async def head_of(connection: AsyncConnection, place_id: UUID) -> Head:
    """The head of a place's log; an empty one before the first entry is sealed."""
    row = await fetch_one(connection, _HEAD, (place_id,))
    return Head(place_id, row.size, row.root) if row else Head(place_id, 0, merkle.EMPTY_ROOT)


async def heads(connection: AsyncConnection) -> list[Head]:
    """Every place's head with its latest checkpoint; an empty one for a place whose first entries wait."""
    return [
        Head(r.place_id, r.size, r.root or merkle.EMPTY_ROOT, r.signed_size, r.signed_at, bool(r.waits), r.key_id)
        for r in await fetch(connection, _HEADS)
    ]


async def pending_of(connection: AsyncConnection, place_id: UUID, limit: int) -> list[tuple[UUID, bytes]]:
    """Entries to seal, in the order their ids were made; a late commit comes with a later call."""
    rows = await fetch(connection, _PENDING, (place_id, limit))
    return [(row.entry_id, row.leaf_hash) for row in rows]


async def read_nodes(connection: AsyncConnection, place_id: UUID, wanted: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of completed subtrees, leaves included, in at most two queries."""
    places = list(wanted)
    found: dict[Place, bytes] = {}
    seqs = [index for level, index in places if level == 0]
    if seqs:
        found |= {(0, row.seq): row.leaf_hash for row in await fetch(connection, _LEAVES, (place_id, seqs))}
    inner = [place for place in places if place[0] > 0]
    if inner:
        levels, indexes = [p[0] for p in inner], [p[1] for p in inner]
        rows = await fetch(connection, _NODES, (place_id, levels, indexes))
        found |= {(row.level, row.index): row.hash for row in rows}
    return found


async def sealed_between(connection: AsyncConnection, place_id: UUID, first: int, upto: int) -> list[Sealed]:
    """Sealed entries from `first` to before `upto`, in order."""
    rows = await fetch(connection, _SEALED, (place_id, first, upto))
    return [Sealed(row.seq, row.leaf_hash, row.body) for row in rows]


async def append_leaves(
    connection: AsyncConnection, head: Head, sealed: list[tuple[UUID, bytes]], nodes: list[merkle.Node], root: bytes
) -> Head:
    """Store sealed leaves and the inner nodes they complete, and move the head; the sealer's lock is held."""
    inner = [node for node in nodes if node.level > 0]
    size = head.size + len(sealed)
    parameters = (
        head.place_id,
        list(range(head.size, size)),
        [entry for entry, _ in sealed],
        [leaf for _, leaf in sealed],
        [n.level for n in inner],
        [n.index for n in inner],
        [n.hash for n in inner],
        size,
        root,
    )
    await fetch(connection, _APPEND, parameters)
    return Head(head.place_id, size, root)


def _checkpoint(row: Any) -> Checkpoint:  # noqa: ANN401 - a driver row
    return Checkpoint(row.id, row.place_id, row.size, row.root, row.signed_at, row.text, row.signature, row.key_id)


async def latest_checkpoint(connection: AsyncConnection, place_id: UUID) -> Checkpoint | None:
    """The newest signed checkpoint of a place."""
    row = await fetch_one(connection, _LATEST, (place_id,))
    return _checkpoint(row) if row else None


async def add_checkpoint(connection: AsyncConnection, checkpoint: Checkpoint) -> None:
    """Keep a signed checkpoint."""
    values = (
        checkpoint.id,
        checkpoint.place_id,
        checkpoint.size,
        checkpoint.root,
        checkpoint.text,
        checkpoint.signature,
        checkpoint.key_id,
        checkpoint.signed_at,
    )
    await fetch(connection, _ADD_CHECKPOINT, values)
