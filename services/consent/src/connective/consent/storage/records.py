"""Writes decisions, a disclosure, ledger entries and facts, all in one statement of the deciding transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
_BATCH = {
    "place_id": "uuid",
    "batch_id": "uuid",
    "asked_by": "text",
    "asker_organisation_id": "uuid",
    "decided_at": "timestamptz",
}
"""What is the same of every decision of one call, sent once."""
_DECISION = {
    "id": "uuid",
    "nth": "int",
    "discloser_organisation_id": "uuid",
    "recipient_organisation_id": "uuid",
    "purpose": "code",
    "outcome": "code",
    "agreement_id": "uuid",
    "agreement_version": "int",
    "person_ids": "uuid[]",
    "question": "jsonb",
    "answer": "jsonb",
}
_DISCLOSURE = {
    "id": "uuid",
    "place_id": "uuid",
    "decision_id": "uuid",
    "request_id": "uuid",
    "request_version": "int",
    "case_id": "uuid",
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
_ENTRY = {"id": "uuid", "kind": "code", "body": "line", "leaf_hash": "bytea"}
_SOURCED = {**_ENTRY, "place_id": "uuid", "source_event_id": "uuid"}
_AS_TEXT = frozenset({"uuid[]", "text[]", "jsonb"})
"""A list or a document inside a row comes as text: an array of arrays would have to be rectangular."""
_PLAIN = {"uuid": "uuid", "int": "int", "code": "text"}
"""What needs no quotes: a column of it goes as one text, as PostgreSQL writes an array.

For each element of an array the driver asks an abstract class whether it is an array itself, which took a tenth of this
process's time when twenty were decided (measured).
"""
_BREAK = "\n"
"""Between the values of every other column, which goes as one text too: JSON escapes it, and no other value has it."""


def _sent(kind: str) -> str:
    return "text" if kind in _AS_TEXT else kind


def _column(place: int, kind: str) -> str:
    return f"${place}::text::{_PLAIN[kind]}[]" if kind in _PLAIN else f"string_to_array(${place}::text, E'\\n')"


def _rows(columns: dict[str, str], first: int, *, only: Collection[str] = ()) -> str:
    """Many rows whose columns come as one text each, from parameter `first` on; perhaps some of the columns alone."""
    wanted = {
        name: _column(first + n, kind) for n, (name, kind) in enumerate(columns.items()) if name in only or not only
    }
    return f"unnest({', '.join(wanted.values())}) AS r ({', '.join(wanted)})"


def _read(name: str, kind: str) -> str:
    return f"{name}::{kind}" if kind in _AS_TEXT else name


def _insert_decisions(first: int) -> str:
    once = {name: f"${first + n}::{kind}" for n, (name, kind) in enumerate(_BATCH.items())}
    each = {name: _read(name, kind) for name, kind in _DECISION.items()}
    return (
        f"INSERT INTO decision ({', '.join((*once, *each))}) SELECT {', '.join((*once.values(), *each.values()))}"  # noqa: S608 - constants only
        f" FROM {_rows(_DECISION, first + len(once))}"
    )


def _insert_disclosure(first: int) -> str:
    values = (_read(f"${first + n}::{_sent(kind)}", kind) for n, kind in enumerate(_DISCLOSURE.values()))
    return f"INSERT INTO disclosure ({', '.join(_DISCLOSURE)}) VALUES ({', '.join(values)})"  # noqa: S608 - constants only


_AFTER_BATCH = len(_BATCH) + len(_DECISION) + 1
_AFTER_ENTRIES = _AFTER_BATCH + len(_ENTRY)
_ENTER = f"""decided AS ({_insert_decisions(1)}), entered AS (
  INSERT INTO ledger_entry (id, place_id, kind, body) SELECT id, $1, kind, body FROM {_rows(_ENTRY, _AFTER_BATCH)})"""  # noqa: S608 - constants only
_PEND = (
    "INSERT INTO ledger_pending (entry_id, place_id, leaf_hash)"  # noqa: S608 - constants only
    f" SELECT id, $1, decode(leaf_hash, 'hex') FROM {_rows(_ENTRY, _AFTER_BATCH, only=('id', 'leaf_hash'))}"
)
_RECORD = f"WITH {_ENTER} {_PEND}"
_FACTS = ", ".join(
    f"${_AFTER_ENTRIES + len(_DISCLOSURE) + n}::{kind}[]"
    for n, kind in enumerate(("uuid", "text", "text", "uuid", "int", "uuid", "text", "text"))
)
_DISCLOSE = f"""
WITH {_ENTER}, pending AS ({_PEND}), disclosed AS ({_insert_disclosure(_AFTER_ENTRIES)})
INSERT INTO outbox ({OUTBOX_COLUMNS}) SELECT * FROM unnest({_FACTS})
"""  # noqa: S608 - constants only
_ENTRIES = f"""
WITH entered AS (
  INSERT INTO ledger_entry (id, place_id, kind, body, source_event_id)
  SELECT id, place_id, kind, body, source_event_id FROM {_rows(_SOURCED, 1)}
  ON CONFLICT (source_event_id) WHERE source_event_id IS NOT NULL DO NOTHING RETURNING id)
INSERT INTO ledger_pending (entry_id, place_id, leaf_hash)
SELECT id, place_id, decode(leaf_hash, 'hex') FROM {_rows(_SOURCED, 1)} WHERE id IN (SELECT id FROM entered)
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


def _plainly(values: Iterable[object]) -> str:
    """A column of what needs no quotes, or has some already; nothing is NULL."""
    return array_text(["NULL" if value is None else value for value in values])


def _columns(rows: Sequence[Row], kinds: Mapping[str, str]) -> list[str]:
    return [
        _plainly([row[name] for row in rows]) if kind in _PLAIN else _BREAK.join([row[name] for row in rows])
        for name, kind in kinds.items()
    ]


def _entry_columns(entries: Sequence[Entry]) -> list[str]:
    return [
        array_text([e.spelled for e in entries]),
        array_text([e.kind for e in entries]),
        _BREAK.join([e.body for e in entries]),
        _BREAK.join([e.leaf_hash.hex() for e in entries]),
    ]


async def record(unit: Unit, decisions: Sequence[Row], disclosure: Row | None, entries: Sequence[Entry]) -> None:
    """Store the decisions of one call and what follows from them; nothing is shown unless this commits.

    A disclosure is stored together with the facts told so far: no statement of its own for either.
    """
    batch = [decisions[0][name] for name in _BATCH]
    values = (*batch, *_columns(decisions, _DECISION), *_entry_columns(entries))
    if disclosure is None:
        await _write(unit, _RECORD, values)
    else:
        disclosed = [disclosure[name] for name in _DISCLOSURE]
        await _write(unit, _DISCLOSE, (*values, *disclosed, *fact_arrays(unit.take_facts())))


async def enter(unit: Unit, *entries: Entry) -> None:
    """Put entries into the ledger, to be sealed within seconds."""
    await _enter(unit, entries, [None] * len(entries))


async def enter_sourced(unit: Unit, sourced: Sequence[Sourced]) -> None:
    """Put entries made from events into the ledger, each event once however often it is delivered."""
    await _enter(unit, [s.entry for s in sourced], [s.event_id for s in sourced])


async def _enter(unit: Unit, entries: Sequence[Entry], event_ids: Sequence[UUID | None]) -> None:
    places = array_text([e.place_id for e in entries])
    await _write(unit, _ENTRIES, (*_entry_columns(entries), places, _plainly(event_ids)))
