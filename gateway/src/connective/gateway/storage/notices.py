"""Letters that wait to be posted to people with accounts, and those that were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.contracts.permissions import Role
from connective.gateway.domain.notices import ASKED_AGAIN_AFTER, Notice, at_most_every
from connective.gateway.domain.proposals import LIFE
from connective.gateway.domain.waiting import Concerned
from connective.kit.database import Unit

_NOTE = """
INSERT INTO notice (id, place_id, account_id, kind, made_at, next_try_at)
SELECT gen_random_uuid(), a.place_id, a.id, $2, $3, greatest($3, (
  SELECT max(n.posted_at) FROM notice AS n WHERE n.account_id = a.id AND n.kind = $2) + $4::interval)
FROM account AS a WHERE a.id = ANY($1::uuid[]) AND a.disabled_at IS NULL
ON CONFLICT (account_id, kind) WHERE next_try_at IS NOT NULL DO NOTHING
"""
_TO_POST = """
SELECT n.id, n.kind, a.email FROM notice AS n JOIN account AS a ON a.id = n.account_id
WHERE n.next_try_at <= $1 AND a.disabled_at IS NULL ORDER BY n.next_try_at LIMIT $2 FOR UPDATE OF n SKIP LOCKED
"""
_AGAIN = "UPDATE notice SET next_try_at = $2 WHERE id = ANY($1::uuid[])"
_POSTED = "UPDATE notice SET next_try_at = NULL, posted_at = $2 WHERE id = $1"
_FORGET = "DELETE FROM notice WHERE made_at < $1"
_WITH_ROLE = """
SELECT DISTINCT m.account_id FROM membership AS m JOIN account AS a ON a.id = m.account_id AND a.disabled_at IS NULL
WHERE m.organisation_id = ANY($1::uuid[]) AND $2 = ANY(m.roles)
"""
_WHO_ACCEPT = """
SELECT DISTINCT m.account_id FROM membership AS m JOIN account AS a ON a.id = m.account_id AND a.disabled_at IS NULL
WHERE m.roles && $2::text[] AND NOT EXISTS (
    SELECT FROM prohibited_uses_acceptance AS p
    WHERE p.organisation_id = m.organisation_id AND p.version = ANY($1::int[]))
  AND NOT EXISTS (SELECT FROM notice AS n WHERE n.account_id = m.account_id AND n.kind = $3 AND n.made_at > $4)
"""


_CONCERNED = """
SELECT p.id AS proposal_id, p.proposed_at, a.id AS account_id,
       coalesce(bool_or(m.organisation_id = p.organisation_id), false) AS own,
       (SELECT max(n.made_at) FROM notice AS n WHERE n.account_id = a.id AND n.kind = $3) AS told_at
FROM proposal AS p
JOIN account AS a ON a.place_id = p.place_id AND a.id <> p.proposed_by AND a.disabled_at IS NULL
JOIN membership AS m ON m.account_id = a.id
  AND ($1 = ANY(m.roles) OR (m.organisation_id = p.organisation_id AND m.roles && $2::text[]))
WHERE p.state = 'open' AND p.proposed_at > $4
GROUP BY p.id, a.id
"""


async def note_for(unit: Unit, account_ids: Sequence[UUID], notice: Notice, at: datetime) -> None:
    """Have these people written to; one letter of a kind waits at a time, and goes a while after the last one."""
    await unit.run(_NOTE, (list(account_ids), str(notice), at, at_most_every(notice)))


async def notices_to_post(unit: Unit, at: datetime, most: int, again_at: datetime) -> list[Any]:
    """Letters that wait, with the address of each; each is tried again then unless it is posted first."""
    found = await unit.fetch(_TO_POST, (at, most))
    await unit.run(_AGAIN, ([row.id for row in found], again_at))
    return found


async def notice_posted(unit: Unit, notice_id: UUID, at: datetime) -> None:
    """It went out: post it no more."""
    await unit.run(_POSTED, (notice_id, at))


async def forget_notices(unit: Unit, before: datetime) -> None:
    """Forget what was made before this instant, posted or not."""
    await unit.run(_FORGET, (before,))


async def who_hold(unit: Unit, organisation_ids: Sequence[UUID], role: str) -> list[UUID]:
    """The open accounts that hold a role in one of these organisations."""
    return [row.account_id for row in await unit.fetch(_WITH_ROLE, (list(organisation_ids), role))]


async def who_are_to_accept(unit: Unit, enough: Sequence[int], roles: Sequence[str], at: datetime) -> list[UUID]:
    """People who may accept for an organisation that has accepted none of these versions, not asked this week."""
    values = (list(enough), list(roles), str(Notice.PROHIBITED_USES), at - ASKED_AGAIN_AFTER)
    return [row.account_id for row in await unit.fetch(_WHO_ACCEPT, values)]


async def who_may_decide(unit: Unit, roles: Sequence[str], at: datetime) -> list[Concerned]:
    """Everybody who may decide a proposal that waits, beside its proposer; `roles` decide in their own organisation."""
    values = (str(Role.PLACE_ADMIN), list(roles), str(Notice.PROPOSAL_WAITS), at - LIFE)
    return [Concerned(**dict(row)) for row in await unit.fetch(_CONCERNED, values)]
