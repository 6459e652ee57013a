"""Export the place's whole ledger as one file; that it was exported, and by whom, is itself an entry."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.commands.ledger_entries import note
from connective.consent.domain.checkpoints import Checkpoint
from connective.consent.domain.export_format import (
    BLOCK_ENTRIES,
    Header,
    block_line,
    checkpoint_line,
    end_line,
    header_line,
)
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.checkpoints import checkpoints_between, public_keys
from connective.consent.storage.ledger import Sealed, head_of, sealed_between
from connective.kit.actor import Actor
from connective.kit.database import Database


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was recorded and may begin."""

    header: Header
    actor: Actor


async def begin_export(database: Database, actor: Actor, now: datetime) -> Export:
    """Record the export, and fix what it covers: what is sealed now. Nothing is given out unless this commits."""
    async with database.unit(actor) as unit:
        head = await head_of(unit.connection, actor.place)
        keys = await public_keys(unit.connection)
        await note(unit, EntryKind.EXPORT, "ledger.exported", now, {"size": head.size, "root": head.root})
    return Export(Header(actor.place, head.size, head.root.hex(), now, keys), actor)


async def export_lines(database: Database, export: Export) -> AsyncIterator[bytes]:
    """The file, piece by piece; each piece is a short reading of its own, so that a slow receiver holds nothing up."""
    yield header_line(export.header)
    for first in range(0, export.header.size, BLOCK_ENTRIES):
        async with database.reading(export.actor) as connection:
            piece = await _piece(connection, export, first, min(first + BLOCK_ENTRIES, export.header.size))
        yield piece
    async with database.reading(export.actor) as connection:
        beyond = await _signed_beyond(connection, export)
    yield b"".join([checkpoint_line(each) for each in beyond]) + end_line(export.header.size)


async def _piece(connection: AsyncConnection, export: Export, first: int, upto: int) -> bytes:
    place_id = export.header.place_id
    sealed = await sealed_between(connection, place_id, first, upto)
    signed = await checkpoints_between(connection, place_id, first, upto)
    ends = {each.size - 1 for each in signed} | _before_gaps(sealed)
    lines: list[bytes] = []
    block: list[Sealed] = []
    for row in sealed:
        block.append(row)
        if row.seq in ends or row is sealed[-1]:
            lines += _block(block)
            lines += [checkpoint_line(each) for each in signed if each.size == row.seq + 1]
            block = []
    return b"".join(lines)


def _before_gaps(sealed: Sequence[Sealed]) -> set[int]:
    """Numbers after which one is missing from the order: a block must not run over it."""
    return {row.seq for row, following in pairwise(sealed) if following.seq != row.seq + 1}


def _block(rows: Sequence[Sealed]) -> list[bytes]:
    """The seals of some entries, and the entries. One that is gone leaves its seal and no line."""
    line = block_line(rows[0].seq, [row.leaf_hash for row in rows])
    return [line, *(row.body.encode() + b"\n" for row in rows if row.body is not None)]


async def _signed_beyond(connection: AsyncConnection, export: Export) -> list[Checkpoint]:
    """Checkpoints over more entries than the log has now: there are none, unless its end was taken away.

    One signed while the file was written is left out: the log has grown to it since.
    """
    size = (await head_of(connection, export.header.place_id)).size
    beyond = await checkpoints_between(connection, export.header.place_id, export.header.size, None)
    return [each for each in beyond if each.size > size]
