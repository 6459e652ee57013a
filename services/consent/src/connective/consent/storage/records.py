"""Writes decisions, disclosures, ledger entries and facts, all in one statement of the deciding transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pydantic_core

from connective.consent.domain.ledger import Entry
from connective.kit.database import Unit
from connective.kit.outbox import OUTBOX_COLUMNS, fact_arrays

Row = dict[str, Any]
_ENTER = """
  INSERT INTO ledger_entry (id, place_id, kind, body, source_event_id)
  SELECT id, place_id, kind, body, source_event_id FROM json_populate_recordset(NULL::ledger_entry, ${0}::json)
"""
_PEND = """
  INSERT INTO ledger_pending (entry_id, place_id, leaf_hash)
  SELECT entry_id, place_id, leaf_hash FROM json_populate_recordset(NULL::ledger_pending, ${0}::json)
"""
_RECORD = f"""
WITH decided AS (
  INSERT INTO decision SELECT * FROM json_populate_recordset(NULL::decision, $1::json)
), disclosed AS (
  INSERT INTO disclosure SELECT * FROM json_populate_recordset(NULL::disclosure, $2::json)
), entered AS ({_ENTER.format(3)}), pending AS ({_PEND.format(4)})
INSERT INTO outbox ({OUTBOX_COLUMNS}) SELECT * FROM unnest(
  $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::int[], $10::uuid[], $11::text[], $12::text[])
"""  # noqa: S608 - constants only
_ENTRIES = f"""
WITH entered AS ({_ENTER.format(1)} ON CONFLICT (source_event_id) DO NOTHING RETURNING id)
{_PEND.format(2)} WHERE entry_id IN (SELECT id FROM entered)
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Sourced:
    """An entry made from another service's event, which may be delivered twice."""

    entry: Entry
    event_id: UUID


def _entry_row(entry: Entry, event_id: UUID | None = None) -> Row:
    return {
        "id": entry.id,
        "place_id": entry.place_id,
        "kind": entry.kind,
        "body": entry.body,
        "source_event_id": event_id,
    }


def _pending_row(entry: Entry) -> Row:
    return {"entry_id": entry.id, "place_id": entry.place_id, "leaf_hash": f"\\x{entry.leaf_hash.hex()}"}


def _json(rows: Sequence[Row]) -> str:
    return pydantic_core.to_json(rows).decode()


async def record(unit: Unit, decisions: Sequence[Row], disclosures: Sequence[Row], entries: Sequence[Entry]) -> None:
    """Store decisions and what follows from them, with the facts told so far; nothing is shown unless this commits."""
    entry_rows = [_entry_row(e) for e in entries]
    pending_rows = [_pending_row(e) for e in entries]
    facts = fact_arrays(unit.take_facts())
    texts = (_json(decisions), _json(disclosures), _json(entry_rows), _json(pending_rows))
    await unit.run(_RECORD, (*texts, *facts))


async def enter(unit: Unit, *entries: Entry) -> None:
    """Put entries into the ledger, to be sealed within seconds."""
    await unit.run(_ENTRIES, (_json([_entry_row(e) for e in entries]), _json([_pending_row(e) for e in entries])))


async def enter_sourced(unit: Unit, sourced: Sequence[Sourced]) -> None:
    """Put entries made from events into the ledger, each event once however often it is delivered."""
    rows = [_entry_row(s.entry, s.event_id) for s in sourced]
    await unit.run(_ENTRIES, (_json(rows), _json([_pending_row(s.entry) for s in sourced])))
