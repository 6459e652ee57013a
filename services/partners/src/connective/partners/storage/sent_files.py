"""Files of listings between sending and reading: one worker holds one at a time, for as long as it goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.kit.database import Unit

_KEEP = """
INSERT INTO sent_file (run_id, place_id, kind, licence, content, sent_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
_WAITING = "SELECT count(*)::int AS waiting FROM sent_file WHERE place_id = $1"
_CLAIM = """
UPDATE sent_file SET leased_until = $2, tries = tries + 1 WHERE run_id = (
  SELECT f.run_id FROM sent_file f WHERE (f.leased_until IS NULL OR f.leased_until <= $1)
    AND NOT EXISTS (SELECT FROM sent_file before WHERE before.place_id = f.place_id AND before.run_id < f.run_id)
  ORDER BY f.run_id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING *
"""
"""The first of each place's files, so that they are read one after the other, as they came."""
_HOLD = "SELECT FROM sent_file WHERE run_id = $1 AND tries = $2 FOR UPDATE"
_GO_ON = "UPDATE sent_file SET parts = $2, rows = $3, leased_until = $4 WHERE run_id = $1"
_RELEASE = "UPDATE sent_file SET leased_until = $2 WHERE run_id = $1"
_ERASE = "DELETE FROM sent_file WHERE run_id = $1"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits to be read, or is being read."""

    run_id: UUID
    place_id: UUID
    kind: str
    licence: str | None
    sealed: bytes
    sent_at: datetime
    tries: int = 0
    """How often it has been taken up. Whoever took it up last, by this number, is the one who may go on."""
    parts: int = 0
    """How many parts of it are kept."""
    rows: int = 0
    """How many rows it had when its first part was read."""


async def keep_file(unit: Unit, file: Waiting) -> None:
    """Store a file until it is read."""
    await unit.run(_KEEP, [file.run_id, file.place_id, file.kind, file.licence, file.sealed, file.sent_at])


async def waiting_files(unit: Unit, place_id: UUID) -> int:
    """How many files of a place are not read yet."""
    found: int = (await unit.fetch_one(_WAITING, [place_id])).waiting
    return found


async def claim_file(unit: Unit, now: datetime, until: datetime) -> Waiting | None:
    """The next file of any place that nobody reads, now held until an instant; None where there is none."""
    row: Any = await unit.fetch_one(_CLAIM, [now, until])
    if row is None:
        return None
    told = (row.run_id, row.place_id, row.kind, row.licence, bytes(row.content), row.sent_at)
    return Waiting(*told, row.tries, row.parts, row.rows)


async def hold_file(unit: Unit, file: Waiting) -> bool:
    """Keep others from it until the transaction ends; False where it was read, or another worker took it up."""
    return await unit.fetch_one(_HOLD, [file.run_id, file.tries]) is not None


async def note_progress(unit: Unit, run_id: UUID, *, parts: int, rows: int, until: datetime) -> None:
    """So many parts of it are kept, of so many rows; it is held for longer."""
    await unit.run(_GO_ON, [run_id, parts, rows, until])


async def release_file(unit: Unit, run_id: UUID, until: datetime) -> None:
    """Nobody reads it now; it may be taken up again from an instant on."""
    await unit.run(_RELEASE, [run_id, until])


async def erase_file(unit: Unit, run_id: UUID) -> None:
    """Its reading has ended: nothing of it stays."""
    await unit.run(_ERASE, [run_id])
