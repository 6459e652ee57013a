"""Members of hubs in the database: who is one, who was, and how they stand."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import fetch
from connective.partners.domain.codes import FINDABLE_STATUSES
from connective.partners.domain.hubs import Hub
from connective.partners.storage.mapping_parts import capacity_of

_JOIN = """
INSERT INTO hub_member (hub_id, organisation_id, place_id, joined_at, joined_by)
SELECT $1, joins.id, $2, $4, $5 FROM unnest($3::uuid[]) AS joins(id)
"""
_LEAVE = """
UPDATE hub_member SET left_at = $3, left_by = $4 WHERE hub_id = $1 AND organisation_id = ANY($2::uuid[])
  AND left_at IS NULL
"""
_PAGE = """
SELECT m.organisation_id, m.joined_at, m.left_at, o.name, o.kind, o.state FROM hub_member m
JOIN organisation o ON o.id = m.organisation_id
WHERE m.hub_id = $1 AND m.place_id = $2 AND ($3 OR m.left_at IS NULL)
  AND ($4::text IS NULL OR (o.name, m.organisation_id, m.joined_at) > ($4, $5::uuid, $6::timestamptz))
ORDER BY o.name, m.organisation_id, m.joined_at LIMIT $7
"""
_SERVICES = """
SELECT s.kind, s.sensitive, s.takes_requests, s.capacities FROM service s
WHERE s.place_id = $1 AND s.organisation_id = ANY($2::uuid[]) AND s.status = ANY($3::text[])
"""
_FINDABLE = [str(each) for each in FINDABLE_STATUSES]
After = tuple[str, UUID, datetime] | None
"""Where a page begins: after this name, organisation and day of joining."""


async def keep_members(
    connection: AsyncConnection, before: frozenset[UUID], after: Hub, *, by: str, at: datetime
) -> None:
    """Write down who joined and who left between two versions of a hub."""
    now = frozenset(after.member_organisation_ids)
    joined, left = sorted(now - before), sorted(before - now)
    if joined:
        await fetch(connection, _JOIN, [after.id, after.place_id, joined, at, by])
    if left:
        await fetch(connection, _LEAVE, [after.id, left, at, by])


async def page_of_members(
    connection: AsyncConnection, actor: Actor, hub_id: UUID, *, former: bool, after: After, limit: int
) -> list[Any]:
    """The members of a hub by name, those who left too where asked for, at most `limit`."""
    return await fetch(connection, _PAGE, [hub_id, actor.place, former, *(after or (None, None, None)), limit])


async def services_of_members(connection: AsyncConnection, actor: Actor, hub: Hub) -> list[Any]:
    """What a hub's members offer, with as much of each service as a board counts; capacities as records."""
    rows = await fetch(connection, _SERVICES, [actor.place, list(hub.member_organisation_ids), _FINDABLE])
    return [{**row, "capacities": tuple(map(capacity_of, row["capacities"]))} for row in rows]
