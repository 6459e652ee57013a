"""A copy of what partners says of hubs: who coordinates which organisations, and so hears of what is past its time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.partner_events import HubChanged
from connective.kit.database import Unit, fetch

_KEEP = """
INSERT INTO hub_copy (hub_id, place_id, coordinator_account_id, member_organisation_ids, version)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (hub_id) DO UPDATE SET coordinator_account_id = excluded.coordinator_account_id,
    member_organisation_ids = excluded.member_organisation_ids, version = excluded.version
WHERE hub_copy.version < excluded.version
"""
_COORDINATOR = """
SELECT h.coordinator_account_id FROM unnest($2::uuid[]) WITH ORDINALITY AS o(id, nth)
JOIN hub_copy h ON h.place_id = $1 AND h.member_organisation_ids @> ARRAY[o.id]
WHERE h.coordinator_account_id IS NOT NULL ORDER BY o.nth, h.hub_id LIMIT 1
"""
_MEMBERS = """
SELECT coalesce(array_agg(DISTINCT m), '{}') AS members FROM hub_copy h, unnest(h.member_organisation_ids) AS m
WHERE h.place_id = $1 AND h.coordinator_account_id = $2 AND ($3::uuid IS NULL OR h.hub_id = $3)
"""
_PROGRESS = """
SELECT service_kind, state, count(*)::int AS requests FROM request
WHERE place_id = $1 AND submitted_at >= $3
  AND (recipient_organisation_id = ANY($2::uuid[]) OR referrer_organisation_id = ANY($2::uuid[]))
GROUP BY service_kind, state ORDER BY service_kind, state
"""
_NEEDS = """
SELECT n ->> 'code' AS need, count(DISTINCT r.family_id)::int AS families FROM request r
JOIN request_content c ON c.request_id = r.id AND c.version = r.content_version, jsonb_array_elements(c.needs) AS n
WHERE r.place_id = $1 AND r.submitted_at >= $3
  AND (r.recipient_organisation_id = ANY($2::uuid[]) OR r.referrer_organisation_id = ANY($2::uuid[]))
GROUP BY 1 ORDER BY 1
"""


async def keep_hub(unit: Unit, place_id: UUID, hub: HubChanged, version: int) -> None:
    """Keep a hub as it is now; an older version than we have changes nothing."""
    members = list(hub.member_organisation_ids)
    await unit.run(_KEEP, (hub.hub_id, place_id, hub.coordinator_account_id, members, version))


async def coordinator_for(unit: Unit, place_id: UUID, organisation_ids: Sequence[UUID]) -> UUID | None:
    """Who coordinates the first of these organisations that has a coordinator; None where none of them has."""
    found = await unit.fetch(_COORDINATOR, (place_id, list(organisation_ids)))
    return found[0].coordinator_account_id if found else None


async def members_coordinated(
    connection: AsyncConnection, place_id: UUID, account_id: UUID | None, hub_id: UUID | None
) -> list[UUID]:
    """The organisations of the hubs that an account coordinates, or of one of them."""
    found = await fetch(connection, _MEMBERS, (place_id, account_id, hub_id))
    return list(found[0].members)


async def progress_of(
    connection: AsyncConnection, place_id: UUID, organisation_ids: Sequence[UUID], since: datetime
) -> list[Any]:
    """How many requests to and from these organisations stand where, by kind of service and state."""
    return await fetch(connection, _PROGRESS, (place_id, list(organisation_ids), since))


async def needs_of(
    connection: AsyncConnection, place_id: UUID, organisation_ids: Sequence[UUID], since: datetime
) -> list[Any]:
    """For how many families each need was named in requests to and from these organisations."""
    return await fetch(connection, _NEEDS, (place_id, list(organisation_ids), since))
