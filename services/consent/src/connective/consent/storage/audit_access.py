"""The access log: one row per act of looking, told by other services or done by officers here.

It repeats what the ledger holds in a shape that can be searched; people and families stand in it by pseudonym alone,
so that destroying a person's key makes the rows say nothing about them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.kit.database import Unit

_ADD = """
INSERT INTO access_record (
  id, place_id, service, act, actor_id, organisation_id, purpose, hits, request_id, family, people, relation, at)
SELECT a.id, a.place, a.service, a.act, a.actor, a.organisation, a.purpose, a.hits, a.request, a.family,
  coalesce(string_to_array(NULLIF(a.people, ''), ' '), '{}'), a.relation, a.at
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::int[], $9::uuid[],
  $10::text[], $11::text[], $12::text[], $13::timestamptz[])
  AS a (id, place, service, act, actor, organisation, purpose, hits, request, family, people, relation, at)
ON CONFLICT (id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Access:
    """Who looked at what, when and why; people and families as pseudonyms."""

    id: UUID
    place_id: UUID
    service: str
    act: str
    actor_id: str
    organisation_id: UUID | None
    at: datetime
    purpose: str | None = None
    hits: int | None = None
    request_id: UUID | None = None
    family: str | None = None
    people: tuple[str, ...] = ()
    relation: str | None = None
    """What the reader was to the record (`own`, `team`, `break_glass`, …), where the service that was read says so."""


async def add_accesses(unit: Unit, accesses: Sequence[Access]) -> None:
    """Add acts to the log, each once however often it is told."""
    columns = (
        [a.id for a in accesses],
        [a.place_id for a in accesses],
        [a.service for a in accesses],
        [a.act for a in accesses],
        [a.actor_id for a in accesses],
        [a.organisation_id for a in accesses],
        [a.purpose for a in accesses],
        [a.hits for a in accesses],
        [a.request_id for a in accesses],
        [a.family for a in accesses],
        [" ".join(a.people) for a in accesses],
        [a.relation for a in accesses],
        [a.at for a in accesses],
    )
    await unit.run(_ADD, columns)
