"""Agreements whose time is over: what stands against their going, and what officers decided about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement_ends import Ended
from connective.consent.storage.audit_look import Look
from connective.consent.storage.legal_holds import held_among
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

Record = dict[str, Any]
_LED = """
SELECT a.reference, a.lead_entity_id = $3 AS leads, v.number, v.text_hash,
  bool_and(v.state IN ('expired', 'terminated', 'superseded')) OVER () AS ended, CASE v.state
    WHEN 'expired' THEN v.ends_on ELSE (v.changed_at AT TIME ZONE 'Europe/London')::date END AS ended_on
FROM agreement AS a JOIN agreement_version AS v ON v.agreement_id = a.id
WHERE a.place_id = $1 AND a.id = $2 AND (a.lead_entity_id = $3 OR (v.state <> 'draft' AND v.seen_by @> ARRAY[$3::uuid]))
ORDER BY v.number DESC LIMIT 1
"""
_RESTING = """
SELECT count(*) AS resting FROM disclosure AS d WHERE d.place_id = $1 AND d.agreement_id = $2
  AND EXISTS (SELECT FROM person_key AS k WHERE k.person_id = ANY (d.person_ids))
"""
_UNCONFIRMED = "SELECT count(*) AS owed FROM deletion_owed WHERE agreement_id = $1 AND confirmed_at IS NULL"
_ADD = """
INSERT INTO agreement_review (id, place_id, agreement_id, reference, legal_entity_id, readable_by, decision, reason,
  review_on, versions, entry_id, reviewed_by, reviewed_at)
SELECT $1, a.place_id, a.id, a.reference, $3,
  (SELECT coalesce(array_agg(DISTINCT e), '{}') FROM agreement_version AS v, unnest(v.seen_by) AS e
   WHERE v.agreement_id = a.id AND v.state <> 'draft'),
  $4, $5, $6, (
    SELECT jsonb_agg(jsonb_build_object(
      'number', v.number, 'state', v.state, 'text_hash', v.text_hash, 'starts_on', v.starts_on, 'ends_on', v.ends_on,
      'changed_at', v.changed_at, 'signatures', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('legal_entity_id', s.legal_entity_id, 'signatory_id', s.actor_id,
          'text_hash', s.text_hash, 'at', s.at) ORDER BY s.at, s.id), '[]')
        FROM agreement_act AS s WHERE s.agreement_id = a.id AND s.number = v.number AND s.act = 'signed')
    ) ORDER BY v.number) FROM agreement_version AS v WHERE v.agreement_id = a.id),
  $7, $8, $9
FROM agreement AS a WHERE a.id = $2
"""
_DESTROY = "SELECT destroy_agreement($1) AS removed"
_SEEN = "r.place_id = $1 AND (r.legal_entity_id = $2 OR r.readable_by @> ARRAY[$2::uuid])"
_LIST = f"""
SELECT r.* FROM agreement_review AS r WHERE {_SEEN} AND ($3::uuid IS NULL OR r.id = $3)
  AND ($4::uuid IS NULL OR r.agreement_id = $4) AND ($5::uuid IS NULL OR r.id < $5) ORDER BY r.id DESC LIMIT $6
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Led:
    """An agreement as the officer's legal entity finds it at its end."""

    leads: bool
    number: int
    text_hash: str
    ended_on: Any
    """None while a version of it has not ended."""


async def find_led(look: Look, agreement_id: UUID) -> Led:
    """An agreement that the officer's legal entity may see, with its last version. Raises NotFound."""
    row = await fetch_one(look.connection, _LED, (look.place_id, agreement_id, look.entity_id))
    if row is None:
        raise NotFound
    return Led(row.leads, row.number, row.text_hash, row.ended_on if row.ended else None)


async def count_resting(connection: AsyncConnection, place_id: UUID, agreement_id: UUID) -> int:
    """Disclosures under it about people whose records are kept; asked as the service, since parties' own count too."""
    return int((await fetch_one(connection, _RESTING, (place_id, agreement_id))).resting)


async def count_unconfirmed(connection: AsyncConnection, agreement_id: UUID) -> int:
    """Recipients that owe a confirmation of what became of the data; asked as the service."""
    return int((await fetch_one(connection, _UNCONFIRMED, (agreement_id,))).owed)


async def ended_of(look: Look, agreement_id: UUID, led: Led, *, resting: int, unconfirmed: int) -> Ended:
    """What the rules weigh of it."""
    held = bool(await held_among(look.unit, look.place_id, [agreement_id]))
    return Ended(led.ended_on, led.text_hash, held=held, resting=resting, unconfirmed=unconfirmed)


async def add_agreement_review(unit: Unit, values: Sequence[Any], at: datetime) -> None:
    """Keep what was decided: id, agreement, entity, fate, reason, day to look again and entry, in this order."""
    await unit.run(_ADD, (*values, unit.actor.id, at))


async def destroy_agreement(unit: Unit, review_id: UUID) -> int:
    """Take out what the agreement said, as the review that was kept says; answers how many versions went."""
    return int((await unit.fetch_one(_DESTROY, (review_id,))).removed)


async def list_agreement_reviews(
    look: Look,
    *,
    review_id: UUID | None = None,
    agreement_id: UUID | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[Record]:
    """What was decided about agreements that the officer's legal entity leads, signed or audits; newest first."""
    asked = (look.place_id, look.entity_id, review_id, agreement_id, before, limit)
    rows = await fetch(look.connection, _LIST, asked)
    return [dict(row) for row in rows]


async def load_agreement_review(look: Look, review_id: UUID) -> Record:
    """One of them. Raises NotFound."""
    found = await list_agreement_reviews(look, review_id=review_id, limit=1)
    if not found:
        raise NotFound
    return found[0]
