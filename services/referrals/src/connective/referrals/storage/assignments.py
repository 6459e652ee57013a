"""Whose work a request is on either side, and who is a member of which organisation as far as the gateway told.

The referrer's side begins with whoever made the referral; the recipient's with nobody.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.database import Unit, fetch, fetch_one
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import Party

_TO_DO = "(r.is_open OR (r.state = 'declined' AND r.family_told IS NULL))"
"""Work that somebody still has: whatever is open, and a family to be told of a no."""
SENT_TO = f"""
SELECT r.id, r.is_open, coalesce(a.account_id::text, f.made_by) AS holder
FROM request AS r JOIN referral AS f ON f.id = r.referral_id
LEFT JOIN assignment AS a ON a.request_id = r.id AND a.party = 'referrer'
WHERE r.place_id = $1 AND r.referrer_organisation_id = $2 AND {_TO_DO}
"""  # noqa: S608 - constants only
RECEIVED_BY = f"""
SELECT r.id, r.is_open, a.account_id::text AS holder
FROM request AS r LEFT JOIN assignment AS a ON a.request_id = r.id AND a.party = 'recipient'
WHERE r.place_id = $1 AND r.recipient_organisation_id = $2 AND r.submitted_at IS NOT NULL AND {_TO_DO}
"""  # noqa: S608 - constants only
_HOLDER = {Party.REFERRER: SENT_TO, Party.RECIPIENT: RECEIVED_BY}
_ONE = "SELECT holder FROM ({}) AS held WHERE id = $3"
_ASSIGN = """
INSERT INTO assignment (request_id, party, organisation_id, account_id, assigned_by, at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (request_id, party) DO UPDATE SET
  account_id = excluded.account_id, assigned_by = excluded.assigned_by, at = excluded.at
"""
_MOVE = f"""
INSERT INTO assignment (request_id, party, organisation_id, account_id, assigned_by, at)
SELECT id, 'referrer', $2::uuid, $4::uuid, $5::text, $6::timestamptz FROM ({SENT_TO}) AS sent WHERE holder = $3
UNION ALL
SELECT id, 'recipient', $2::uuid, $4::uuid, $5::text, $6::timestamptz FROM ({RECEIVED_BY}) AS received WHERE holder = $3
ON CONFLICT (request_id, party) DO UPDATE SET
  account_id = excluded.account_id, assigned_by = excluded.assigned_by, at = excluded.at
"""  # noqa: S608 - constants only
_HELD = f"""
SELECT (SELECT count(*) FROM ({SENT_TO}) AS s WHERE holder = $3)::int AS sent,
  (SELECT count(*) FROM ({RECEIVED_BY}) AS r WHERE holder = $3)::int AS received
"""  # noqa: S608 - constants only
_IS_MEMBER = """
SELECT FROM member_copy
WHERE account_id = $1 AND place_id = $2 AND $3 = ANY (organisation_ids) AND disabled_at IS NULL
"""
_LEFT = """
SELECT FROM member_copy
WHERE account_id::text = $1 AND (disabled_at IS NOT NULL OR NOT $2 = ANY (organisation_ids))
"""
_MEMBERSHIPS = """
INSERT INTO member_copy (account_id, place_id, organisation_ids, ever, told_at) VALUES ($1, $2, $3, $3, $4)
ON CONFLICT (account_id) DO UPDATE SET organisation_ids = excluded.organisation_ids, told_at = excluded.told_at,
  ever = ARRAY(SELECT DISTINCT unnest(member_copy.ever || excluded.ever))
WHERE member_copy.told_at <= excluded.told_at
"""
_DISABLED = """
INSERT INTO member_copy (account_id, place_id, organisation_ids, ever, told_at, disabled_at)
VALUES ($1, $2, '{}', '{}', '-infinity', $3)
ON CONFLICT (account_id) DO UPDATE SET disabled_at = excluded.disabled_at
"""


async def assign(unit: Unit, request: Request, party: Party, account_id: UUID, at: datetime) -> None:
    """Make the request the work of this member on one side."""
    who = (unit.actor.organisation, account_id, unit.actor.id, at)
    await unit.run(_ASSIGN, (request.id, str(party), *who))


async def move_work(unit: Unit, from_id: UUID, to_id: UUID, at: datetime) -> int:
    """Everything one member of the actor's organisation still has to do becomes another's; answers how much."""
    who = (unit.actor.place, unit.actor.organisation, str(from_id), to_id, unit.actor.id, at)
    return await unit.run(_MOVE, who)


async def holder_of(connection: AsyncConnection, request: Request, party: Party, organisation_id: UUID) -> str | None:
    """Whose work it is on this side; None for nobody's, and for a request that asks nothing of anybody any more."""
    rows = await fetch(connection, _ONE.format(_HOLDER[party]), (request.place_id, organisation_id, request.id))
    return None if not rows else rows[0].holder


async def work_held(connection: AsyncConnection, place_id: UUID, organisation_id: UUID, account_id: UUID) -> Any:  # noqa: ANN401 - a row
    """How many requests `sent` and `received` are this member's work now."""
    return await fetch_one(connection, _HELD, (place_id, organisation_id, str(account_id)))


async def is_member(connection: AsyncConnection, place_id: UUID, organisation_id: UUID, account_id: UUID) -> bool:
    """Whether this account works for the organisation and may sign in."""
    return bool(await fetch(connection, _IS_MEMBER, (account_id, place_id, organisation_id)))


async def has_left(connection: AsyncConnection, holder: str, organisation_id: UUID) -> bool:
    """Whether somebody's work waits for another: they sign in no more, or work for the organisation no more."""
    return bool(await fetch(connection, _LEFT, (holder, organisation_id)))


async def keep_memberships(
    unit: Unit, place_id: UUID, account_id: UUID, organisations: list[UUID], at: datetime
) -> None:
    """Keep for whom somebody works; what was told earlier changes nothing."""
    await unit.run(_MEMBERSHIPS, (account_id, place_id, organisations, at))


async def keep_disabled(unit: Unit, place_id: UUID, account_id: UUID, at: datetime) -> None:
    """Keep that somebody signs in no more, even when that is told before for whom they worked."""
    await unit.run(_DISABLED, (account_id, place_id, at))
