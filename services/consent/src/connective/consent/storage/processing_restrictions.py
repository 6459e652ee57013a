"""Restrictions of processing: what officers decided, and the copy of it that decisions weigh."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.evidence import PROCESSING
from connective.consent.domain.processing_restrictions import Lifting, RestrictionStanding
from connective.consent.storage.audit_look import Look, Window
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

Record = dict[str, Any]
_ADD = """
INSERT INTO processing_restriction (id, place_id, legal_entity_id, person, ground, information_request_id, placed_by,
  placed_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
"""
_LIFT = """
UPDATE processing_restriction SET lifted_because = $2, person_told_on = $3, lifted_by = $4, lifted_at = $5,
  version = version + 1 WHERE id = $1
"""
_COPY = """
INSERT INTO restriction (person_id, kind, place_id, active, named_organisation_ids, named_actor_ids, version)
VALUES ($1, $2, $3, $4, '{}', '{}', 1)
ON CONFLICT (person_id, kind) DO UPDATE SET active = excluded.active, version = restriction.version + 1
RETURNING version
"""
_AMONG = """
SELECT person_id, active FROM restriction WHERE place_id = $1 AND kind = $2 AND person_id = ANY ($3::uuid[])
"""
_AGAIN = """
INSERT INTO restriction (person_id, kind, place_id, active, named_organisation_ids, named_actor_ids, version)
VALUES ($1, $2, $3, false, '{}', '{}', 1)
ON CONFLICT (person_id, kind) DO UPDATE SET version = restriction.version + 1 RETURNING version
"""
_OWN = "r.place_id = $1 AND r.legal_entity_id = $2"
_ONE = f"SELECT r.* FROM processing_restriction AS r WHERE {_OWN} AND r.id = $3"  # noqa: S608 - constants only
_LIST = f"""
SELECT r.* FROM processing_restriction AS r WHERE {_OWN} AND ($3::uuid IS NULL OR r.id > $3)
  AND ($4::text IS NULL OR (r.lifted_at IS NULL) = ($4 = 'standing')) ORDER BY r.id LIMIT $5
"""  # noqa: S608 - constants only
_STANDS = "SELECT EXISTS (SELECT FROM processing_restriction WHERE place_id = $1 AND person = $2 AND lifted_at IS NULL)"
_WHO = "SELECT person_id FROM person_key WHERE place_id = $1 AND pseudonym = ANY ($2::text[]) ORDER BY 1"


async def add_processing_restriction(unit: Unit, values: Sequence[Any]) -> None:
    """Keep a new one; `values` in the order of the statement."""
    await unit.run(_ADD, values)


async def save_lifting(unit: Unit, restriction_id: UUID, lifting: Lifting, at: datetime) -> None:
    """Keep that it ended, why, and when the person was told."""
    await unit.run(_LIFT, (restriction_id, lifting.because.value, lifting.person_told_on, unit.actor.id, at))


async def weigh(unit: Unit, place_id: UUID, person_id: UUID, *, active: bool) -> int:
    """Let decisions weigh it, or no longer; answers how often that changed. The caller holds the person's lock."""
    row = await unit.fetch_one(_COPY, (person_id, PROCESSING, place_id, active))
    return int(row.version)


async def standing_among(unit: Unit, place_id: UUID, people: Iterable[UUID]) -> dict[UUID, bool]:
    """Whether one stands, of those of these people about whom one ever did."""
    rows = await unit.fetch(_AMONG, (place_id, PROCESSING, list(people)))
    return {row.person_id: row.active for row in rows}


async def said_again(unit: Unit, place_id: UUID, person_id: UUID) -> int:
    """The version under which it is told once more how one of them stands; what decisions weigh stays as it is."""
    row = await unit.fetch_one(_AGAIN, (person_id, PROCESSING, place_id))
    return int(row.version)


async def still_stands(look: Look, person: str) -> bool:
    """Whether any restriction that the officer's legal entity placed still stands about this pseudonym."""
    return bool((await fetch_one(look.connection, _STANDS, (look.place_id, person))).exists)


async def people_behind(look: Look, pseudonyms: Iterable[str]) -> tuple[UUID, ...]:
    """The people of these pseudonyms; nobody for one whose key was destroyed."""
    rows = await fetch(look.connection, _WHO, (look.place_id, list(pseudonyms)))
    return tuple(row.person_id for row in rows)


async def load_processing_restriction(look: Look, restriction_id: UUID, *, lock: bool = False) -> Record:
    """One that the officer's legal entity placed. Raises NotFound."""
    statement = f"{_ONE} FOR UPDATE" if lock else _ONE
    row = await fetch_one(look.connection, statement, (look.place_id, look.entity_id, restriction_id))
    if row is None:
        raise NotFound
    return dict(row)


async def list_processing_restrictions(
    look: Look, window: Window, standing: RestrictionStanding | None
) -> list[Record]:
    """Those that the officer's legal entity placed, oldest first."""
    asked = (look.place_id, look.entity_id, window.beyond, standing and standing.value, window.limit)
    return [dict(row) for row in await fetch(look.connection, _LIST, asked)]
