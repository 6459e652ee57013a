"""What else of an organisation's own requests matters when it makes new ones: those waiting, and those to replace."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt
from connective.referrals.domain.states import State
from connective.referrals.storage.seeing import sent_by
from connective.referrals.storage.services import Known, read_known
from connective.referrals.storage.tables import request

_OWN = """
SELECT gone.suspended, placed.forms, asked.service_id, copy.facts::text AS facts, waiting.reference, key.used
FROM (SELECT coalesce(array_agg(organisation_id), '{}') AS suspended
      FROM organisation_copy WHERE state = 'suspended') AS gone
CROSS JOIN (SELECT coalesce(json_object_agg(kind, form_version)::text, '{}') AS forms
            FROM place_form WHERE place_id = $2 AND state = 'published') AS placed
CROSS JOIN unnest($1::uuid[]) AS asked (service_id)
LEFT JOIN service_copy AS copy
  ON copy.service_id = asked.service_id AND copy.place_id = $2 AND copy.facts_version >= copy.known_version
LEFT JOIN LATERAL (
  SELECT r.reference FROM request AS r
  WHERE r.family_id = $4 AND r.service_id = asked.service_id AND r.is_open
    AND r.place_id = $2 AND r.referrer_organisation_id = $3
  LIMIT 1) AS waiting ON true
CROSS JOIN (SELECT EXISTS (
  SELECT FROM idempotency_key AS k
  WHERE k.organisation_id = $3 AND k.actor = $5 AND k.route = $6 AND k.key = $7) AS used) AS key
"""
"""One that waits is enough for each service, and keeps this constant however long a family's history grows."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """What waits for the same family by service, the state of each request to be replaced, a used key, and forms."""

    waiting: dict[UUID, str]
    replaced: dict[UUID, State]
    replaced_already: frozenset[UUID]
    placed: Mapping[str, int]
    """The version that the place itself publishes, of each kind for which it does."""
    repeated: bool = False
    """Whether the attempt's key has done something already: then nothing needs to be decided again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which family and services, which requests are to be replaced, and the attempt whose key may be used."""

    family_id: UUID
    service_ids: Collection[UUID]
    replaced_ids: Collection[UUID]
    attempt: Attempt | None = None


async def look_up(database: Database, actor: Actor, wanted: Wanted) -> tuple[Known, Lookups]:
    """What our copies say of these services, and which requests of the actor's own organisation matter here."""
    family_id, replaced_ids, attempt = wanted.family_id, wanted.replaced_ids, wanted.attempt
    key = (None, None) if attempt is None else (attempt.route, attempt.key)
    asked = (list(wanted.service_ids), actor.place, actor.organisation, family_id, actor.id, *key)
    rows = await database.read_alone(actor, _OWN, asked)
    known = read_known(rows)
    references = {row.service_id: row.reference for row in rows if row.reference is not None}
    repeated = any(row.used for row in rows)
    placed = _placed(rows[0].forms) if rows else {}
    if not replaced_ids:
        return known, Lookups(references, {}, frozenset(), placed, repeated)
    async with database.reading(actor, by_key=True) as connection:
        states = await connection.execute(
            select(request.c.id, request.c.state).where(
                sent_by(actor), request.c.family_id == family_id, request.c.id.in_(replaced_ids)
            )
        )
        taken = await connection.execute(select(request.c.replaces).where(request.c.replaces.in_(replaced_ids)))
        replaced = {row.id: State(row.state) for row in states}
        return known, Lookups(references, replaced, frozenset(taken.scalars()), placed, repeated)


@lru_cache(maxsize=256)
def _placed(forms: str) -> Mapping[str, int]:
    """A place's own forms change seldom, and the same text says the same."""
    found: dict[str, int] = json.loads(forms)
    return found
