"""Samples drawn for audit, with their items; each belongs to the legal entity whose officer drew it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.audit_samples import Item, Result, SampledKind
from connective.consent.storage import audit_scope
from connective.consent.storage.audit_look import Look, Window
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

Record = dict[str, Any]
_DISCLOSURES = f"""FROM disclosure AS d
WHERE {audit_scope.DISCLOSURES} AND d.disclosed_at >= $3 AND d.disclosed_at < $4"""
_DECISIONS = f"""FROM decision AS d
WHERE {audit_scope.DECISIONS} AND d.decided_at >= $3 AND d.decided_at < $4"""
_FROM = {SampledKind.DISCLOSURES: _DISCLOSURES, SampledKind.DECISIONS: _DECISIONS}
_NARROWED = """
  AND ($5::uuid IS NULL OR d.agreement_id = $5)
  AND ($6::uuid IS NULL OR $6 IN (d.discloser_organisation_id, d.recipient_organisation_id))
  AND ($7::text IS NULL OR d.purpose = $7)"""
_DRAW = "ORDER BY sha256(convert_to($8::text || d.id::text, 'UTF8')) LIMIT $9"
_ADD = """
INSERT INTO audit_sample (id, place_id, legal_entity_id, of_kind, seed, since, until, asked, population, size, state,
  conclusion, drawn_by, drawn_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10, 'open', '', $11, $12, 1)
"""
_ADD_ITEMS = """
INSERT INTO audit_sample_item (sample_id, nth, place_id, record_id, note)
SELECT $1, i.nth, $2, i.record, '' FROM unnest($3::uuid[]) WITH ORDINALITY AS i (record, nth)
"""
_OWN = "s.place_id = $1 AND s.legal_entity_id = $2"
"""The one predicate: drawn by an officer of the legal entity."""
_ONE = f"SELECT s.* FROM audit_sample AS s WHERE {_OWN} AND s.id = $3"  # noqa: S608 - constants only
_LIST = f"""
SELECT s.*, (SELECT count(*) FROM audit_sample_item AS i WHERE i.sample_id = s.id AND i.result IS NOT NULL) AS done
FROM audit_sample AS s WHERE {_OWN} AND ($3::uuid IS NULL OR s.id > $3) ORDER BY s.id LIMIT $4
"""  # noqa: S608 - constants only
_ITEMS = "SELECT * FROM audit_sample_item WHERE sample_id = $1 ORDER BY nth"
_RECORD = """
UPDATE audit_sample_item SET result = $3, note = $4, recorded_by = $5, recorded_at = $6
WHERE sample_id = $1 AND nth = $2
"""
_MOVE_ON = "UPDATE audit_sample SET version = version + 1 WHERE id = $1"
_CLOSE = """
UPDATE audit_sample SET state = 'closed', conclusion = $2, closed_by = $3, closed_at = $4, version = version + 1
WHERE id = $1
"""


async def draw(look: Look, kind: SampledKind, asked: Sequence[Any], seed: str, size: int) -> tuple[int, list[UUID]]:
    """How many records there are to draw from, and the ids drawn. `asked`: since, until, and the three filters."""
    scope = (look.place_id, look.entity_id, *asked)
    source = f"{_FROM[kind]}{_NARROWED}"
    population = await fetch_one(look.connection, f"SELECT count(*) AS number {source}", scope)
    rows = await fetch(look.connection, f"SELECT d.id {source} {_DRAW}", (*scope, seed, size))
    return population.number, [row.id for row in rows]


async def add_sample(unit: Unit, values: Sequence[Any], records: Sequence[UUID]) -> None:
    """Keep a drawn sample (`values` in the order of the statement) and its items, numbered from one."""
    await unit.run(_ADD, values)
    await unit.run(_ADD_ITEMS, (values[0], values[1], list(records)))


async def load_sample(look: Look, sample_id: UUID, *, lock: bool = False) -> Record:
    """One sample of the officer's legal entity. Raises NotFound."""
    statement = f"{_ONE} FOR UPDATE" if lock else _ONE
    row = await fetch_one(look.connection, statement, (look.place_id, look.entity_id, sample_id))
    if row is None:
        raise NotFound
    return dict(row)


async def list_samples(look: Look, window: Window) -> list[Record]:
    """The samples of the officer's legal entity, oldest first."""
    rows = await fetch(look.connection, _LIST, (look.place_id, look.entity_id, window.beyond, window.limit))
    return [dict(row) for row in rows]


def _item(row: Mapping[str, Any]) -> Item:
    result = Result(row["result"]) if row["result"] else None
    return Item(row["nth"], row["record_id"], result, row["note"], row["recorded_by"], row["recorded_at"])


async def items_of(look: Look, sample_id: UUID) -> list[Item]:
    """What was drawn, in the order of the draw."""
    return [_item(row) for row in await fetch(look.connection, _ITEMS, (sample_id,))]


async def save_result(unit: Unit, sample_id: UUID, nth: int, result: Result, note: str, *, at: datetime) -> None:
    """Keep what was found of one item. Raises NotFound for an item that was not drawn."""
    if not await unit.run(_RECORD, (sample_id, nth, result.value, note, unit.actor.id, at)):
        raise NotFound
    await unit.run(_MOVE_ON, (sample_id,))


async def close_sample(unit: Unit, sample_id: UUID, conclusion: str, at: datetime) -> None:
    """Freeze the sample with its conclusion."""
    await unit.run(_CLOSE, (sample_id, conclusion, unit.actor.id, at))
