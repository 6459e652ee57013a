"""Reading the log: entries, proofs, checkpoints, and checking the whole of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain import merkle
from connective.consent.domain.checkpoints import Checkpoint, is_authentic
from connective.consent.storage.ledger import Place, head_of, latest_checkpoint, read_nodes
from connective.kit.actor import Actor
from connective.kit.problems import Invalid, NotFound

_ENTRY = (
    "SELECT l.seq, l.entry_id, l.leaf_hash, e.id AS found, e.kind, e.body FROM ledger_leaf AS l"
    " LEFT JOIN ledger_entry AS e ON e.id = l.entry_id WHERE l.place_id = :place"
)
_ONE = text(f"{_ENTRY} AND l.seq = :seq")
_SOME = text(f"{_ENTRY} AND l.seq >= :first ORDER BY l.seq LIMIT :limit")
_UNSEALED = text(
    "SELECT count(*) FROM ledger_entry AS e WHERE e.place_id = :place"
    " AND NOT EXISTS (SELECT FROM ledger_leaf AS l WHERE l.entry_id = e.id)"
    " AND NOT EXISTS (SELECT FROM ledger_pending AS p WHERE p.entry_id = e.id)"
)
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """One entry with its place in the log; `body` is None when the entry has gone."""

    seq: int
    entry_id: UUID
    leaf_hash: bytes
    kind: str | None
    body: str | None


def _sealed(row: Any) -> SealedEntry:  # noqa: ANN401 - a driver row
    return SealedEntry(row.seq, row.entry_id, row.leaf_hash, row.kind, row.body)


async def list_entries(connection: AsyncConnection, actor: Actor, first: int, limit: int) -> list[SealedEntry]:
    """Entries from a sequence number on."""
    rows = await connection.execute(_SOME, {"place": actor.place, "first": first, "limit": limit})
    return [_sealed(row) for row in rows]


async def read_entry(connection: AsyncConnection, actor: Actor, seq: int) -> SealedEntry:
    """One entry. Raises NotFound."""
    row = (await connection.execute(_ONE, {"place": actor.place, "seq": seq})).first()
    if row is None:
        raise NotFound
    return _sealed(row)


async def prove(
    connection: AsyncConnection, actor: Actor, size: int | None, make: Callable[[int, merkle.ReadNode], list[bytes]]
) -> tuple[int, bytes, list[bytes]]:
    """A proof at a size (the head's when None) with the root there. Raises Invalid for a size or leaf not in the log.

    The proof is made twice: once to learn which nodes it needs, once with their hashes, so that one read fetches all.
    """
    head = await head_of(connection, actor.place)
    at = head.size if size is None else size
    if not 0 < at <= head.size:
        raise Invalid(f"The log has {head.size} entries; ask for a size between 1 and that.")
    needed: list[Place] = []

    def note(level: int, index: int) -> bytes:
        needed.append((level, index))
        return b""

    try:
        make(at, note)
    except ValueError as error:
        raise Invalid(f"{error}".capitalize() + ".") from error
    merkle.part_root((0, at), note)
    stored = await read_nodes(connection, actor.place, dict.fromkeys(needed))

    def read(level: int, index: int) -> bytes:
        return stored[level, index]

    return at, merkle.part_root((0, at), read), make(at, read)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with the log."""

    seq: int | None
    entry_id: UUID | None
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking the whole log found."""

    size: int
    root: bytes
    checkpoint: Checkpoint | None
    fault: Fault | None


async def _stored_entries(connection: AsyncConnection, place_id: UUID, size: int) -> AsyncIterator[SealedEntry]:
    first = 0
    while first < size:
        # No further than the head that was read: what is sealed meanwhile would look like a log that outgrew it.
        limit = min(_AT_ONCE, size - first)
        rows = await connection.execute(_SOME, {"place": place_id, "first": first, "limit": limit})
        batch = [_sealed(row) for row in rows]
        if not batch:
            return
        for entry in batch:
            yield entry
        first = batch[-1].seq + 1
        await asyncio.sleep(0)


def _entry_fault(entry: SealedEntry, expected: int) -> Fault | None:
    if entry.seq != expected:
        return Fault(expected, None, "leaf_missing", f"Entry {expected} is missing from the order of the log.")
    if entry.body is None:
        return Fault(entry.seq, entry.entry_id, "entry_missing", f"Entry {entry.seq} has been removed.")
    if merkle.leaf_hash(entry.body.encode()) != entry.leaf_hash:
        sentence = f"Entry {entry.seq} is not what was sealed: its content has been changed."
        return Fault(entry.seq, entry.entry_id, "entry_altered", sentence)
    return None


async def _nodes_fault(
    connection: AsyncConnection, place_id: UUID, completed: list[tuple[SealedEntry, merkle.Node]]
) -> Fault | None:
    inner = [(entry, node) for entry, node in completed if node.level > 0]
    stored = await read_nodes(connection, place_id, [(node.level, node.index) for _, node in inner])
    for entry, node in inner:
        if stored.get((node.level, node.index)) != node.hash:
            sentence = f"The tree does not follow from the entries up to {entry.seq}: one was replaced or moved."
            return Fault(entry.seq, entry.entry_id, "tree_altered", sentence)
    return None


async def verify(connection: AsyncConnection, actor: Actor, public_jwk: dict[str, str]) -> Verification:
    """Recompute the whole log of the actor's place from its entries, and hold it against tree, head and checkpoint."""
    place_id = actor.place
    # In this order: the log grows meanwhile, and a checkpoint newer than the head would look like a log that shrank.
    checkpoint = await latest_checkpoint(connection, place_id)
    head = await head_of(connection, place_id)
    frontier, root_then = merkle.EMPTY_FRONTIER, merkle.EMPTY_ROOT
    waiting: list[tuple[SealedEntry, merkle.Node]] = []
    fault: Fault | None = None
    async for entry in _stored_entries(connection, place_id, head.size):
        fault = _entry_fault(entry, frontier.size)
        if fault:
            break
        frontier, nodes = merkle.append(frontier, entry.leaf_hash)
        waiting += [(entry, node) for node in nodes]
        if checkpoint and frontier.size == checkpoint.size:
            root_then = merkle.root_of(frontier)
        if len(waiting) >= _AT_ONCE:
            fault = await _nodes_fault(connection, place_id, waiting)
            waiting = []
        if fault:
            break
    fault = fault or await _nodes_fault(connection, place_id, waiting)
    if fault is None:
        root = merkle.root_of(frontier)
        unsealed = (await connection.execute(_UNSEALED, {"place": place_id})).scalar_one()
        fault = _whole_fault(frontier.size == head.size and root == head.root, unsealed)
        fault = fault or _checkpoint_fault(checkpoint, head.size, root_then, public_jwk)
    return Verification(head.size, head.root, checkpoint, fault)


def _whole_fault(head_fits: bool, unsealed: int) -> Fault | None:
    if not head_fits:
        return Fault(None, None, "head_altered", "The log's size or root is not what its entries make.")
    if unsealed:
        return Fault(None, None, "entry_unsealed", f"{unsealed} entries were taken out of the order of the log.")
    return None


def _checkpoint_fault(
    checkpoint: Checkpoint | None, size: int, root_then: bytes, public_jwk: dict[str, str]
) -> Fault | None:
    if checkpoint is None:
        return None
    if not is_authentic(checkpoint, public_jwk):
        return Fault(None, None, "checkpoint_forged", "The latest checkpoint does not bear the ledger's signature.")
    if checkpoint.size > size or checkpoint.root != root_then:
        sentence = "The log is not the one that the latest checkpoint was signed for."
        return Fault(None, None, "checkpoint_contradicted", sentence)
    return None
