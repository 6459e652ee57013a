"""Letters to people about their own access, in the database; a way to a new password is used by one statement."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.letters import NEW_PASSWORD_LIVES, NEW_PASSWORDS_A_DAY, Letter
from connective.kit.database import Unit, fetch_one
from connective.kit.ids import new_id

_WRITE = """
INSERT INTO letter (id, place_id, account_id, kind, made_at, next_try_at) VALUES ($1, $2, $3, $4, $5, $5)
"""
_ASK = """
INSERT INTO letter (id, place_id, account_id, kind, made_at, next_try_at, expires_at)
SELECT $1, a.place_id, a.id, $3, $4, $4, $5 FROM account AS a
WHERE a.email = $2 AND a.disabled_at IS NULL
  AND (a.password_hash IS NOT NULL OR NOT EXISTS (SELECT FROM provider_identity AS i WHERE i.account_id = a.id))
  AND (SELECT count(*) FROM letter AS l WHERE l.account_id = a.id AND l.kind = $3 AND l.made_at > $6) < $7
"""
_TO_POST = """
SELECT l.id, l.kind, a.email FROM letter AS l JOIN account AS a ON a.id = l.account_id
WHERE l.next_try_at <= $1 AND (l.expires_at IS NULL OR l.expires_at > $1) AND a.disabled_at IS NULL
ORDER BY l.next_try_at LIMIT $2 FOR UPDATE OF l SKIP LOCKED
"""
_KEEP_POSTING = "UPDATE letter SET token_hash = $2, next_try_at = $3 WHERE id = $1"
_POSTED = "UPDATE letter SET next_try_at = NULL WHERE id = $1"
_LIVE = "l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2"
_HOLDER = f"""
SELECT a.id AS account_id, a.place_id, a.email, a.name FROM letter AS l JOIN account AS a ON a.id = l.account_id
WHERE {_LIVE} AND a.disabled_at IS NULL
"""  # noqa: S608 - constants only
_USE = f"UPDATE letter AS l SET used_at = $2, next_try_at = NULL WHERE {_LIVE} RETURNING 1"  # noqa: S608 - constants only
_SPEND = """
UPDATE letter SET used_at = $2, next_try_at = NULL WHERE account_id = $1 AND kind = $3 AND used_at IS NULL
"""
_TOLD = "SELECT 1 AS told FROM letter WHERE account_id = $1 AND kind = $2 AND made_at >= $3"
_FORGET = "DELETE FROM letter WHERE made_at < $1"


async def write_letter(unit: Unit, account_id: UUID, place_id: UUID, letter: Letter, now: datetime) -> None:
    """Have somebody told of a change, in the transaction that makes it."""
    await unit.run(_WRITE, (new_id(), place_id, account_id, str(letter), now))


async def was_told(unit: Unit, account_id: UUID, letter: Letter, since: datetime) -> bool:
    """Whether a letter of this kind was written to somebody since then."""
    return await unit.fetch_one(_TOLD, (account_id, str(letter), since)) is not None


async def ask_new_password(unit: Unit, email: str, now: datetime) -> None:
    """Have a way to a new password posted, if this is an open account's address and it was not sent enough today.

    Whoever came by an outside provider alone gets none: it would be a way in past their directory.
    One statement, whoever it is: what it finds is not to be told by how long it takes.
    """
    values = (new_id(), email, str(Letter.NEW_PASSWORD), now, now + NEW_PASSWORD_LIVES)
    await unit.run(_ASK, (*values, now - timedelta(days=1), NEW_PASSWORDS_A_DAY))


async def letters_to_post(unit: Unit, now: datetime, most: int) -> Sequence[Any]:
    """Those that wait to be posted, with the address of each; no other worker takes them meanwhile."""
    return await unit.fetch(_TO_POST, (now, most))


async def keep_posting(unit: Unit, letter_id: UUID, token_hash: bytes | None, again_at: datetime) -> None:
    """Try again then, under another secret where the letter has one."""
    await unit.run(_KEEP_POSTING, (letter_id, token_hash, again_at))


async def posted(unit: Unit, letter_id: UUID) -> None:
    """It went out: post it no more."""
    await unit.run(_POSTED, (letter_id,))


async def letter_holder(connection: AsyncConnection, token_hash: bytes, now: datetime) -> Any | None:  # noqa: ANN401 - a driver's row
    """Whose way to a new password this is, while it lasts."""
    return await fetch_one(connection, _HOLDER, (token_hash, now))


async def use_letter(unit: Unit, token_hash: bytes, now: datetime) -> bool:
    """Use a way to a new password; False when it was used, or its time is over."""
    return await unit.fetch_one(_USE, (token_hash, now)) is not None


async def spend_others(unit: Unit, account_id: UUID, now: datetime) -> None:
    """Let no other way to a new password of this account work any more: one is enough."""
    await unit.run(_SPEND, (account_id, now, str(Letter.NEW_PASSWORD)))


async def forget_letters(unit: Unit, before: datetime) -> None:
    """Forget letters made before this instant."""
    await unit.run(_FORGET, (before,))
