"""How many requests to and from a hub's members are open: with whom, for how long, whose turn it is; of no family."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database, fetch
from connective.referrals.domain.open_requests import AGES_BEGIN, NOBODY, OpenCounts, Standing, counted

_MEMBERS = "SELECT member_organisation_ids AS members FROM hub_copy WHERE place_id = $1 AND hub_id = $2"
_COUNT = """
SELECT recipient_organisation_id, coalesce(width_bucket($5::timestamptz - submitted_at, $2::interval[]), 0) AS age,
  CASE WHEN due_owner IS NULL OR due_at IS NULL THEN $4 ELSE due_owner END AS turn, count(*)::int AS requests
FROM request
WHERE place_id = $1 AND is_open AND state <> 'draft'
  AND ($3::uuid[] IS NULL OR recipient_organisation_id = ANY($3) OR referrer_organisation_id = ANY($3))
GROUP BY 1, 2, 3
"""


async def count_open(database: Database, actor: Actor, *, hub_id: UUID | None, now: datetime) -> OpenCounts:
    """Of one hub of the place, or of the whole place: whoever stands in for a coordinator counts as they do."""
    # The whole place's counts are the Hub's own work, done in the coordinator's name: row security lets them through.
    async with database.reading(replace(actor, kind=ActorKind.SERVICE)) as connection:
        members = None
        if hub_id is not None:
            found = await fetch(connection, _MEMBERS, (actor.place, hub_id))
            members = list(found[0].members) if found else []
        rows = await fetch(connection, _COUNT, (actor.place, list(AGES_BEGIN), members, NOBODY, now))
    return counted(Standing(row.recipient_organisation_id, row.age, row.turn, row.requests) for row in rows)
