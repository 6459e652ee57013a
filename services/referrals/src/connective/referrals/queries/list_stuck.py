"""Which requests of a place are past their time, and why: what a coordinator acts on. No category data."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database, fetch
from connective.referrals.queries.find_stuck import PATIENCE

_STUCK = """
SELECT id, reference, service_id, service_kind, referrer_organisation_id, recipient_organisation_id, state, since,
  version, submitted_at, received_at, needed_by, due_clock, due_owner, due_at,
  CASE WHEN due_owner IS NULL OR due_at IS NULL THEN 'nobody_owes' WHEN next_step_at < $3 THEN 'escalation_missed'
    WHEN received_at IS NULL THEN 'unseen' ELSE 'unanswered' END AS why
FROM request
WHERE place_id = $1 AND is_open AND state NOT IN ('draft', 'blocked')
  AND (due_at < $2 OR due_at IS NULL OR due_owner IS NULL OR next_step_at < $3)
  AND ($4::uuid IS NULL OR id < $4)
  AND (NOT $6 OR EXISTS (SELECT FROM hub_copy h WHERE h.place_id = $1 AND h.coordinator_account_id = $7
    AND h.member_organisation_ids && ARRAY[recipient_organisation_id, referrer_organisation_id]))
ORDER BY id DESC LIMIT $5
"""


async def list_stuck(
    database: Database, actor: Actor, at: datetime, *, mine: bool, after: UUID | None, limit: int
) -> list[Any]:
    """Newest first; one more than the limit, if there is one. `after` is the id of the last one seen.

    `mine` leaves out what concerns no member of a hub that the actor coordinates.
    """
    # The whole place's list is the Hub's own work, done in the coordinator's name: row security lets it through.
    async with database.reading(replace(actor, kind=ActorKind.SERVICE)) as connection:
        return await fetch(
            connection, _STUCK, (actor.place, at, at - PATIENCE, after, limit + 1, mine, actor.account_id)
        )
