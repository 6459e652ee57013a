"""Invitations in the database. A secret is used by one statement: of callers at once exactly one wins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.invitations import Invitation
from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

_COLUMNS = """id, place_id, organisation_id, organisation_name, roles, email, name, invited_by, invited_at, approved_at,
  letters, expires_at, accepted_at, withdrawn_at, version"""
_INSERT = """
INSERT INTO invitation (id, place_id, organisation_id, organisation_name, roles, email, name, invited_by, invited_at,
  expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_VISIBLE = f"""
SELECT {_COLUMNS} FROM invitation WHERE place_id = $1 AND ($2::uuid IS NULL OR organisation_id = $2)
"""  # noqa: S608 - constants only
_ONE = f"{_VISIBLE} AND id = $3"
_LIST = f"{_VISIBLE} AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4"
_CHANGE = """
UPDATE invitation SET approved_at = $2, withdrawn_at = $3, expires_at = $4, next_try_at = $5, letters = $6,
  version = $7,
  token_hash = CASE WHEN $3::timestamptz IS NULL AND $5::timestamptz IS NULL THEN token_hash END
WHERE id = $1 AND version = $7 - 1 RETURNING version
"""
_LIVE = "token_hash = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2"
_OPEN = f"SELECT {_COLUMNS} FROM invitation WHERE {_LIVE}"  # noqa: S608 - constants only
_ACCEPT = f"""
UPDATE invitation SET accepted_at = $2, next_try_at = NULL, account_id = $3, version = version + 1
WHERE {_LIVE} RETURNING {_COLUMNS}
"""  # noqa: S608 - constants only
_TO_POST = """
SELECT id, email FROM invitation
WHERE next_try_at <= $1 AND expires_at > $1 ORDER BY next_try_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_KEEP_POSTING = "UPDATE invitation SET token_hash = $2, next_try_at = $3 WHERE id = $1"
_POSTED = "UPDATE invitation SET next_try_at = NULL WHERE id = $1 AND token_hash = $2"
_NAME = "SELECT min(organisation_name) AS name FROM membership WHERE organisation_id = $1"
_FORGET = "DELETE FROM invitation WHERE expires_at < $1 AND accepted_at IS NULL"


def _invitation(row: Any) -> Invitation:  # noqa: ANN401 - a driver's row
    values = dict(row)
    return Invitation(**(values | {"roles": tuple(values["roles"])}))


async def insert_invitation(unit: Unit, new: Invitation) -> None:
    """Keep it, until somebody approves."""
    values = (
        *(new.id, new.place_id, new.organisation_id, new.organisation_name, list(new.roles), new.email, new.name),
        *(new.invited_by, new.invited_at, new.expires_at),
    )
    await unit.run(_INSERT, values)


def _whose(actor: Actor, every_organisation: bool) -> tuple[UUID, UUID | None]:
    """One predicate for "may see this one" and "list what I may see"."""
    return actor.place, None if every_organisation else actor.organisation


async def get_invitation(
    connection: AsyncConnection, actor: Actor, invitation_id: UUID, *, every_organisation: bool
) -> Invitation:
    """One that the actor looks after. Raises NotFound."""
    row = await fetch_one(connection, _ONE, (*_whose(actor, every_organisation), invitation_id))
    if row is None:
        raise NotFound
    return _invitation(row)


async def list_invitations(
    connection: AsyncConnection, actor: Actor, *, every_organisation: bool, after: UUID | None, limit: int
) -> list[Invitation]:
    """Those the actor looks after, in order of making; one more than asked when there are more."""
    rows = await fetch(connection, _LIST, (*_whose(actor, every_organisation), after, limit + 1))
    return [_invitation(row) for row in rows]


async def change_invitation(unit: Unit, changed: Invitation, *, post_at: datetime | None = None) -> bool:
    """Store where it stands now; with `post_at` a letter is posted then, under a new secret, and the old one is over.

    False when it has changed since it was read.
    """
    values = (
        *(changed.id, changed.approved_at, changed.withdrawn_at, changed.expires_at, post_at),
        *(changed.letters, changed.version),
    )
    return await unit.fetch_one(_CHANGE, values) is not None


async def open_invitation(connection: AsyncConnection, token_hash: bytes, now: datetime) -> Invitation | None:
    """What this secret opens; None for one that is unknown, used, withdrawn or out of time."""
    row = await fetch_one(connection, _OPEN, (token_hash, now))
    return None if row is None else _invitation(row)


async def use_invitation(unit: Unit, token_hash: bytes, now: datetime, account_id: UUID) -> Invitation | None:
    """Use it, for this account; None as `open_invitation`."""
    row = await unit.fetch_one(_ACCEPT, (token_hash, now, account_id))
    return None if row is None else _invitation(row)


async def organisation_name(unit: Unit, organisation_id: UUID) -> str | None:
    """How the organisation is called in the memberships that the asker sees."""
    name: str | None = (await unit.fetch_one(_NAME, (organisation_id,)))["name"]
    return name


async def invitations_to_post(unit: Unit, now: datetime, most: int) -> Sequence[Any]:
    """Those that wait to be posted; no other worker takes them meanwhile."""
    return await unit.fetch(_TO_POST, (now, most))


async def keep_posting(unit: Unit, invitation_id: UUID, token_hash: bytes, again_at: datetime) -> None:
    """Keep the digest of the secret about to be posted; posting is tried again then, under another secret."""
    await unit.run(_KEEP_POSTING, (invitation_id, token_hash, again_at))


async def posted(unit: Unit, invitation_id: UUID, token_hash: bytes) -> None:
    """It went out under this secret: post it no more."""
    await unit.run(_POSTED, (invitation_id, token_hash))


async def forget_invitations(unit: Unit, before: datetime) -> None:
    """Forget those that ran out before this instant and came to nothing."""
    await unit.run(_FORGET, (before,))
