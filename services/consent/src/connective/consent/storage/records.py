"""Writes decisions, disclosures, ledger entries and facts, all in one statement of the deciding transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from connective.consent.domain.ledger import Entry
from connective.kit.database import Unit
from connective.kit.logs import log
from connective.kit.outbox import OUTBOX_COLUMNS, fact_arrays
from connective.kit.problems import Unavailable

Row = dict[str, Any]
_DECISION = {
    "id": "uuid",
    "place_id": "uuid",
    "batch_id": "uuid",
    "nth": "int",
    "discloser_organisation_id": "uuid",
    "recipient_organisation_id": "uuid",
    "purpose": "text",
    "outcome": "text",
    "agreement_id": "uuid",
    "agreement_version": "int",
    "person_ids": "uuid[]",
    "question": "jsonb",
    "answer": "jsonb",
    "asked_by": "text",
    "asker_organisation_id": "uuid",
    "decided_at": "timestamptz",
}
_DISCLOSURE = {
    "id": "uuid",
    "place_id": "uuid",
    "decision_id": "uuid",
    "request_id": "uuid",
    "request_version": "int",
    "discloser_organisation_id": "uuid",
    "recipient_organisation_id": "uuid",
    "discloser_entity_id": "uuid",
    "recipient_entity_id": "uuid",
    "agreement_id": "uuid",
    "agreement_version": "int",
    "purpose": "text",
    "categories": "text[]",
    "person_ids": "uuid[]",
    "reader_id": "text",
    "disclosed_at": "timestamptz",
}
_ENTRY = {"id": "uuid", "place_id": "uuid", "kind": "text", "body": "text", "source_event_id": "uuid"}


def _insert(table: str, columns: dict[str, str], first: int) -> str:
    """An INSERT of many rows whose columns come as one array each, from parameter `first` on.

    A list or a document inside a row comes as text: an array of arrays would have to be rectangular.
    """
    as_text = {"uuid[]", "text[]", "jsonb"}
    arrays = (f"${first + n}::{'text' if kind in as_text else kind}[]" for n, kind in enumerate(columns.values()))
    values = (f"{name}::{kind}" if kind in as_text else name for name, kind in columns.items())
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"  # noqa: S608 - constants only
        f" FROM unnest({', '.join(arrays)}) AS r ({names})"
    )


def _pend(first: int) -> str:
    """The INSERT of entries that wait for sealing: their ids and places are the entries' own parameters."""
    arrays = f"${first}::uuid[], ${first + 1}::uuid[], ${first + len(_ENTRY)}::bytea[]"
    names = "entry_id, place_id, leaf_hash"
    return f"INSERT INTO ledger_pending ({names}) SELECT {names} FROM unnest({arrays}) AS p ({names})"  # noqa: S608 - constants only


_AFTER_DECISIONS = len(_DECISION) + 1
_AFTER_ENTRIES = _AFTER_DECISIONS + len(_ENTRY) + 1
_AFTER_DISCLOSURES = _AFTER_ENTRIES + len(_DISCLOSURE)
_RECORD = f"""
WITH decided AS ({_insert("decision", _DECISION, 1)}), entered AS ({_insert("ledger_entry", _ENTRY, _AFTER_DECISIONS)})
{_pend(_AFTER_DECISIONS)}
"""
_FACTS = ", ".join(
    f"${_AFTER_DISCLOSURES + n}::{kind}[]"
    for n, kind in enumerate(("uuid", "text", "text", "uuid", "int", "uuid", "text", "text"))
)
_RECORD_AND_TELL = f"""
WITH decided AS ({_insert("decision", _DECISION, 1)}), entered AS ({_insert("ledger_entry", _ENTRY, _AFTER_DECISIONS)}),
  pending AS ({_pend(_AFTER_DECISIONS)}), disclosed AS ({_insert("disclosure", _DISCLOSURE, _AFTER_ENTRIES)})
INSERT INTO outbox ({OUTBOX_COLUMNS}) SELECT * FROM unnest({_FACTS})
"""  # noqa: S608 - constants only
_ENTRIES = f"""
WITH entered AS ({_insert("ledger_entry", _ENTRY, 1)} ON CONFLICT (source_event_id) DO NOTHING RETURNING id)
{_pend(1)} WHERE entry_id IN (SELECT id FROM entered)
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Sourced:
    """An entry made from another service's event, which may be delivered twice."""

    entry: Entry
    event_id: UUID


async def _write(unit: Unit, statement: str, parameters: Sequence[Any]) -> None:
    """Run a statement that enters the ledger. Raises Unavailable when it cannot be written: nothing is then shown."""
    try:
        await unit.run(statement, parameters)
    except asyncpg.PostgresError as error:
        log().error("ledger_unwritable", error=type(error).__name__)
        raise Unavailable("The ledger cannot be written right now, so nothing was decided or shown.") from error


def array_text(values: Iterable[object]) -> str:
    """A list of ids or codes as PostgreSQL writes an array; neither holds a character that needs quoting."""
    return f"{{{','.join(map(str, values))}}}"


def _columns(rows: Sequence[Row], names: Iterable[str]) -> list[list[Any]]:
    return [[row[name] for row in rows] for name in names]


def _entry_columns(entries: Sequence[Entry], event_ids: Sequence[UUID | None]) -> list[Sequence[Any]]:
    return [
        [e.id for e in entries],
        [e.place_id for e in entries],
        [e.kind.value for e in entries],
        [e.body for e in entries],
        event_ids,
        [e.leaf_hash for e in entries],
    ]


async def record(unit: Unit, decisions: Sequence[Row], disclosures: Sequence[Row], entries: Sequence[Entry]) -> None:
    """Store decisions and what follows from them, with the facts told so far; nothing is shown unless this commits."""
    facts = unit.take_facts()
    decided_and_entered = (*_columns(decisions, _DECISION), *_entry_columns(entries, [None] * len(entries)))
    if facts or disclosures:
        disclosed = _columns(disclosures, _DISCLOSURE)
        await _write(unit, _RECORD_AND_TELL, (*decided_and_entered, *disclosed, *fact_arrays(facts)))
    else:
        await _write(unit, _RECORD, decided_and_entered)


async def enter(unit: Unit, *entries: Entry) -> None:
    """Put entries into the ledger, to be sealed within seconds."""
    await _write(unit, _ENTRIES, _entry_columns(entries, [None] * len(entries)))


async def enter_sourced(unit: Unit, sourced: Sequence[Sourced]) -> None:
    """Put entries made from events into the ledger, each event once however often it is delivered."""
    await _write(unit, _ENTRIES, _entry_columns([s.entry for s in sourced], [s.event_id for s in sourced]))
