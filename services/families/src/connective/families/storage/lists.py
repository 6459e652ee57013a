"""Lists, a page at a time: the families of an organisation, and what happened in one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.families.domain.chronology import Entry
from connective.families.storage.seeing import KEPT, asker
from connective.families.storage.stored_only import NAME
from connective.kit.actor import Actor
from connective.kit.database import fetch

_FAMILIES = f"""
SELECT f.id, {NAME} AS name, f.version, f.registered_on, f.registered_by,
  (SELECT count(*) FROM membership m WHERE m.family_id = f.id) AS people
FROM family f
WHERE {KEPT} AND ($4::uuid IS NULL OR f.id < $4) AND (NOT $5::boolean OR f.registered_by = $3)
  AND ($7::uuid[] IS NULL OR f.id = ANY($7))
ORDER BY f.id DESC LIMIT $6
"""  # noqa: S608 - constants only; values go as parameters
_ENTRIES = """
SELECT id, family_id, at, code, acting_organisation_id, owner_organisation_id, version, person_id, reference,
  service_kind, reason_code, detail_code, sensitive
FROM chronology_entry
WHERE family_id = $1 AND (NOT sensitive OR owner_organisation_id = $2)
  AND ($3::timestamptz IS NULL OR (at, version, id) < ($3, $4::int, $5::uuid))
  AND ($7::text[] IS NULL OR split_part(code, '.', 1) = ANY($7))
  AND ($8::uuid IS NULL OR person_id = $8)
ORDER BY at DESC, version DESC, id DESC LIMIT $6
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """A family in a list: what it is called and how many are in it."""

    id: UUID
    name: str | None
    """None where everybody in it is stored only (UK GDPR Article 18)."""
    version: int
    registered_on: date
    registered_by_you: bool
    people: int


async def families_kept(
    connection: AsyncConnection,
    actor: Actor,
    *,
    before: UUID | None,
    mine: bool,
    only: Sequence[UUID] | None = None,
    limit: int,
) -> Sequence[Listed]:
    """Families that the actor's organisation keeps, the newest first, that come before the given id.

    `only` narrows it to those that it names.
    """
    named = None if only is None else list(only)
    rows = await fetch(connection, _FAMILIES, (*asker(actor), before, mine, limit, named))
    return [
        Listed(row.id, row.name, row.version, row.registered_on, row.registered_by == actor.id, row.people)
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of the chronology ended."""

    at: datetime | None = None
    version: int | None = None
    id: UUID | None = None


async def entries(
    connection: AsyncConnection,
    actor: Actor,
    family_id: UUID,
    before: Position,
    *,
    limit: int,
    records: Sequence[str] | None = None,
    about: UUID | None = None,
) -> list[Entry]:
    """What happened in a family, the newest first; a sensitive service's entries only to who referred to it.

    `records` narrows it to entries whose code begins so, and `about` to those about one person.
    """
    values: tuple[Any, ...] = (family_id, actor.organisation, before.at, before.version, before.id, limit)
    values = (*values, None if records is None else list(records), about)
    rows = await fetch(connection, _ENTRIES, values)
    return [
        Entry(
            id=row.id,
            family_id=row.family_id,
            at=row.at,
            code=row.code,
            organisation_id=row.acting_organisation_id,
            owner_organisation_id=row.owner_organisation_id,
            version=row.version,
            person_id=row.person_id,
            reference=row.reference,
            service_kind=row.service_kind,
            reason_code=row.reason_code,
            detail_code=row.detail_code,
            sensitive=row.sensitive,
        )
        for row in rows
    ]
