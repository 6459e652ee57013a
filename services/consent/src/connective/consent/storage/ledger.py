"""The stored log: leaves in the order of sealing, completed inner nodes, the head, and signed checkpoints."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain import merkle
from connective.consent.domain.checkpoints import Checkpoint

_SEALER = 0x7365616C  # "seal": the advisory lock that one sealer per database holds.
Place = tuple[int, int]
"""Level and index of a subtree."""

_PENDING_PLACES = text("SELECT DISTINCT place_id FROM ledger_pending")
_LOCK = text("SELECT pg_try_advisory_xact_lock(:key)")
_HEAD = text("SELECT size, root FROM ledger_head WHERE place_id = :place")
_PENDING = text(
    "SELECT entry_id, leaf_hash FROM ledger_pending WHERE place_id = :place ORDER BY entry_id LIMIT :limit FOR UPDATE"
)
_LEAVES = text("SELECT seq, leaf_hash FROM ledger_leaf WHERE place_id = :place AND seq = ANY(:seqs)")
_NODES = text(
    "SELECT n.level, n.index, n.hash FROM ledger_node AS n"
    " JOIN unnest(CAST(:levels AS int[]), CAST(:indexes AS bigint[])) AS w (level, index)"
    " ON n.level = w.level AND n.index = w.index WHERE n.place_id = :place"
)
_ADD_LEAVES = text(
    "INSERT INTO ledger_leaf (place_id, seq, entry_id, leaf_hash)"
    " SELECT :place, l.seq, l.entry_id, l.leaf_hash FROM"
    " unnest(CAST(:seqs AS bigint[]), CAST(:entries AS uuid[]), CAST(:hashes AS bytea[]))"
    " AS l (seq, entry_id, leaf_hash)"
)
_ADD_NODES = text(
    "INSERT INTO ledger_node (place_id, level, index, hash)"
    " SELECT :place, n.level, n.index, n.hash FROM"
    " unnest(CAST(:levels AS int[]), CAST(:indexes AS bigint[]), CAST(:hashes AS bytea[])) AS n (level, index, hash)"
)
_DONE = text("DELETE FROM ledger_pending WHERE entry_id = ANY(:entries)")
_MOVE_HEAD = text(
    "INSERT INTO ledger_head (place_id, size, root) VALUES (:place, :size, :root)"
    " ON CONFLICT (place_id) DO UPDATE SET size = excluded.size, root = excluded.root"
)
_LATEST = text("SELECT * FROM checkpoint WHERE place_id = :place ORDER BY signed_at DESC, size DESC LIMIT 1")
_ADD_CHECKPOINT = text(
    "INSERT INTO checkpoint (id, place_id, size, root, text, signature, key_id, signed_at)"
    " VALUES (:id, :place, :size, :root, :text, :signature, :key_id, :signed_at)"
)
_HEADS = text(
    "SELECT h.place_id, h.size, h.root, c.size AS signed_size, c.signed_at FROM ledger_head AS h"
    " LEFT JOIN LATERAL (SELECT size, signed_at FROM checkpoint AS c WHERE c.place_id = h.place_id"
    " ORDER BY c.signed_at DESC, c.size DESC LIMIT 1) AS c ON true"
)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a place's log stands, and what was last signed of it."""

    place_id: UUID
    size: int
    root: bytes
    signed_size: int | None = None
    signed_at: datetime | None = None


async def places_with_pending(connection: AsyncConnection) -> list[UUID]:
    """Places that have entries to seal."""
    return list((await connection.execute(_PENDING_PLACES)).scalars())


async def become_sealer(connection: AsyncConnection) -> bool:
    """Take the sealer's lock for this transaction; False while another process seals."""
    return bool((await connection.execute(_LOCK, {"key": _SEALER})).scalar_one())


async def head_of(connection: AsyncConnection, place_id: UUID) -> Head:
    """The head of a place's log; an empty one before the first entry is sealed."""
    row = (await connection.execute(_HEAD, {"place": place_id})).first()
    return Head(place_id, row.size, row.root) if row else Head(place_id, 0, merkle.EMPTY_ROOT)


async def heads(connection: AsyncConnection) -> list[Head]:
    """Every place's head with its latest checkpoint."""
    rows = await connection.execute(_HEADS)
    return [Head(r.place_id, r.size, r.root, r.signed_size, r.signed_at) for r in rows]


async def pending_of(connection: AsyncConnection, place_id: UUID, limit: int) -> list[tuple[UUID, bytes]]:
    """Entries to seal, in the order their ids were made; a late commit comes with a later call."""
    rows = await connection.execute(_PENDING, {"place": place_id, "limit": limit})
    return [(row.entry_id, row.leaf_hash) for row in rows]


async def read_nodes(connection: AsyncConnection, place_id: UUID, wanted: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of completed subtrees, leaves included, in at most two queries."""
    places = list(wanted)
    found: dict[Place, bytes] = {}
    seqs = [index for level, index in places if level == 0]
    if seqs:
        rows: Any = await connection.execute(_LEAVES, {"place": place_id, "seqs": seqs})
        found |= {(0, row.seq): row.leaf_hash for row in rows}
    inner = [place for place in places if place[0] > 0]
    if inner:
        levels, indexes = [p[0] for p in inner], [p[1] for p in inner]
        rows = await connection.execute(_NODES, {"place": place_id, "levels": levels, "indexes": indexes})
        found |= {(row.level, row.index): row.hash for row in rows}
    return found


async def append_leaves(
    connection: AsyncConnection, head: Head, sealed: list[tuple[UUID, bytes]], nodes: list[merkle.Node], root: bytes
) -> Head:
    """Store sealed leaves and the inner nodes they complete, and move the head; the sealer's lock is held."""
    place = head.place_id
    entries = [entry for entry, _ in sealed]
    inner = [node for node in nodes if node.level > 0]
    leaves = {
        "place": place,
        "seqs": list(range(head.size, head.size + len(sealed))),
        "entries": entries,
        "hashes": [leaf for _, leaf in sealed],
    }
    await connection.execute(_ADD_LEAVES, leaves)
    if inner:
        completed = {
            "place": place,
            "levels": [n.level for n in inner],
            "indexes": [n.index for n in inner],
            "hashes": [n.hash for n in inner],
        }
        await connection.execute(_ADD_NODES, completed)
    await connection.execute(_DONE, {"entries": entries})
    size = head.size + len(sealed)
    await connection.execute(_MOVE_HEAD, {"place": place, "size": size, "root": root})
    return Head(place, size, root)


def _checkpoint(row: Any) -> Checkpoint:  # noqa: ANN401 - a driver row
    return Checkpoint(row.id, row.place_id, row.size, row.root, row.signed_at, row.text, row.signature, row.key_id)


async def latest_checkpoint(connection: AsyncConnection, place_id: UUID) -> Checkpoint | None:
    """The newest signed checkpoint of a place."""
    row = (await connection.execute(_LATEST, {"place": place_id})).first()
    return _checkpoint(row) if row else None


async def add_checkpoint(connection: AsyncConnection, checkpoint: Checkpoint) -> None:
    """Keep a signed checkpoint."""
    values = {
        "id": checkpoint.id,
        "place": checkpoint.place_id,
        "size": checkpoint.size,
        "root": checkpoint.root,
        "text": checkpoint.text,
        "signature": checkpoint.signature,
        "key_id": checkpoint.key_id,
        "signed_at": checkpoint.signed_at,
    }
    await connection.execute(_ADD_CHECKPOINT, values)
