"""`ledger.verify`: an exported ledger of a million entries, checked offline, against SHA-256 of the same entries.

Ours is the command as an officer runs it, from its start to its answer, over a file. The limit hashes each entry once,
from memory, and does nothing else. Sides take turns; medians of three.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from joserfc.jwk import OKPKey

from connective.consent.domain import merkle
from connective.consent.domain.checkpoints import LedgerKey
from connective.consent.domain.export_format import (
    BLOCK_ENTRIES,
    Header,
    block_line,
    checkpoint_line,
    end_line,
    header_line,
)
from connective.local.bench.hub import Hub
from connective.local.bench.measure import REPEATS, Result

ENTRIES = 1_000_000
ENTRY_BYTES = 300
_CHECKPOINT_EVERY = 10 * BLOCK_ENTRIES
_PLACE = UUID(int=1)


class NotWhole(Exception):
    """The ledger that was made to be measured does not verify: the figure would be of something else."""


def _entry(number: int) -> bytes:
    return (b'{"act":"decided","id":"%012d"}' % number).ljust(ENTRY_BYTES, b" ")


def _key() -> LedgerKey:
    return LedgerKey(json.dumps({**OKPKey.generate_key("Ed25519").as_dict(private=True), "kid": "bench"}))


def _lines(entries: list[bytes], key: LedgerKey, now: datetime) -> Iterator[bytes]:
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    root = merkle.root_of(merkle.extend(merkle.EMPTY_FRONTIER, leaves)).hex()
    yield header_line(Header(_PLACE, len(entries), root, now, [key.public_jwk]))
    tree = merkle.EMPTY_FRONTIER
    for first in range(0, len(entries), BLOCK_ENTRIES):
        block = leaves[first : first + BLOCK_ENTRIES]
        yield block_line(first, block)
        yield b"\n".join(entries[first : first + BLOCK_ENTRIES]) + b"\n"
        tree = merkle.extend(tree, block)
        if tree.size % _CHECKPOINT_EVERY == 0:
            yield checkpoint_line(key.sign(UUID(int=tree.size), _PLACE, tree.size, merkle.root_of(tree), now))
    yield end_line(len(entries))


def _write(path: Path, entries: list[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(_lines(entries, _key(), datetime.now(UTC)))


def _hash_only(entries: list[bytes]) -> float:
    started = time.perf_counter()
    for entry in entries:
        sha256(entry).digest()
    return time.perf_counter() - started


def _verify(path: Path) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "connective.consent.ledger_tool", "verify", str(path)], check=False, capture_output=True
    )
    if done.returncode != 0:
        raise NotWhole(done.stdout.decode())
    return time.perf_counter() - started


def _measure(count: int) -> tuple[float, float]:
    """Entries per second: checked, and only hashed."""
    entries = [_entry(number) for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="connective-bench-") as folder:
        path = Path(folder) / "ledger.jsonl"
        _write(path, entries)
        turns = [(_verify(path), _hash_only(entries)) for _ in range(REPEATS)]
    return tuple(count / statistics.median(side) for side in zip(*turns, strict=True))


async def ledger_verify(_: Hub) -> Result:
    """Make the file, then check it and hash its entries in turn; a tenth of it too, to show that cost is per entry."""
    small, _limit = await asyncio.to_thread(_measure, ENTRIES // 10)
    ours, limit = await asyncio.to_thread(_measure, ENTRIES)
    sizes = {f"{ENTRIES // 10:,}": small, f"{ENTRIES:,}": ours}
    return Result("ledger.verify", ours, limit, "entries/s", ">= 0.3", sizes)
