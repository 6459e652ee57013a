"""A copy of what partners says of services and organisations, kept fresh by its events.

An event only says that something changed: the copy is then out of date until somebody's next request fetches it, with
that person's own identity.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import pydantic_core
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.sharing import ServiceFacts
from connective.kit.database import Unit, fetch

SUSPENDED = "suspended"

_KNOWN = """
SELECT gone.suspended, copy.service_id, copy.facts::text AS facts
FROM (SELECT coalesce(array_agg(organisation_id), '{}') AS suspended
      FROM organisation_copy WHERE state = 'suspended') AS gone
LEFT JOIN service_copy AS copy
  ON copy.service_id = ANY($1::uuid[]) AND copy.place_id = $2 AND copy.facts_version >= copy.known_version
"""
_KEEP = """
INSERT INTO service_copy (service_id, place_id, known_version, facts_version, facts)
SELECT service_id, $1, facts_version, facts_version, facts
FROM jsonb_to_recordset($2::jsonb) AS new (service_id uuid, facts_version int, facts jsonb)
ON CONFLICT (service_id) DO UPDATE SET
    known_version = greatest(service_copy.known_version, excluded.known_version),
    facts_version = excluded.facts_version, facts = excluded.facts
WHERE excluded.facts_version >= coalesce(service_copy.facts_version, 0)
"""
_OUTDATE = """
INSERT INTO service_copy (service_id, place_id, known_version) VALUES ($1, $2, $3)
ON CONFLICT (service_id) DO UPDATE SET known_version = greatest(service_copy.known_version, excluded.known_version)
"""
_OUTDATE_OF_ORGANISATION = """
UPDATE service_copy SET facts_version = NULL WHERE place_id = $1 AND facts ->> 'organisation_id' = $2::text
"""
_KEEP_ORGANISATION = """
INSERT INTO organisation_copy (organisation_id, legal_entity_id, state, version) VALUES ($1, $2, $3, $4)
ON CONFLICT (organisation_id) DO UPDATE SET
    legal_entity_id = excluded.legal_entity_id, state = excluded.state, version = excluded.version
WHERE organisation_copy.version < excluded.version
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What the copies say: facts that are up to date, and organisations that are suspended."""

    services: dict[UUID, ServiceFacts]
    suspended: frozenset[UUID]


@lru_cache(maxsize=2048)
def _read(facts: str) -> ServiceFacts:
    """The facts that a text says; the same text says the same, and most referrals go to the same services."""
    return ServiceFacts.model_validate_json(facts)


async def known_services(connection: AsyncConnection, place_id: UUID, service_ids: Collection[UUID]) -> Known:
    """The up-to-date copies of these services; one that is missing has to be fetched."""
    return read_known(await fetch(connection, _KNOWN, (list(service_ids), place_id)))


def read_known(rows: Sequence[Any]) -> Known:
    """What rows of `suspended`, `service_id` and `facts` say; there is at least one."""
    services = {row.service_id: _read(row.facts) for row in rows if row.facts is not None}
    return Known(services, frozenset(rows[0].suspended))


async def keep_services(unit: Unit, facts: Iterable[ServiceFacts]) -> None:
    """Keep fetched facts; older ones than we have change nothing."""
    rows = [{"service_id": f.service_id, "facts_version": f.version, "facts": f.model_dump(mode="json")} for f in facts]
    await unit.run(_KEEP, (unit.actor.place, pydantic_core.to_json(rows).decode()))


async def outdate_service(unit: Unit, place_id: UUID, service_id: UUID, version: int) -> None:
    """Note that a newer version exists: the copy is not used until it has been fetched again."""
    await unit.run(_OUTDATE, (service_id, place_id, version))


async def outdate_services_of(unit: Unit, place_id: UUID, organisation_id: UUID) -> None:
    """Use no copy of this organisation's services until each has been fetched again."""
    await unit.run(_OUTDATE_OF_ORGANISATION, (place_id, str(organisation_id)))


async def keep_organisation(unit: Unit, organisation_id: UUID, legal_entity_id: UUID, state: str, version: int) -> None:
    """Keep an organisation's state; an older version than we have changes nothing."""
    await unit.run(_KEEP_ORGANISATION, (organisation_id, legal_entity_id, state, version))
