"""Second factors in the database, and the sign-in that waits for one; app secrets are sealed, recovery codes digests.

Each way of using one is a single statement that changes a row and answers it: of callers at once exactly one wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.second_factors import Factor, FactorKind, Passkey
from connective.kit.database import Unit, fetch, fetch_one

_SIGNING_IN = """
SELECT s.id, s.account_id, s.place_id, s.factor_at, a.email, a.name, s.provider_id IS NOT NULL AS outside,
       EXISTS (SELECT FROM second_factor AS f WHERE f.account_id = a.id AND f.removed_at IS NULL) AS enrolled
FROM sign_in AS s JOIN account AS a ON a.id = s.account_id
WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.ended_at IS NULL AND a.disabled_at IS NULL
"""
_FACTORS = """
SELECT id, kind, name, added_at, last_used_at FROM second_factor
WHERE account_id = $1 AND removed_at IS NULL ORDER BY added_at, id
"""
_APPS = "SELECT id, sealed FROM second_factor WHERE account_id = $1 AND kind = 'app' AND removed_at IS NULL"
_PASSKEYS = """
SELECT id, credential_id, public_key, sign_count FROM second_factor
WHERE account_id = $1 AND kind = 'passkey' AND removed_at IS NULL
"""
_TAKE_STEP = """
UPDATE second_factor SET last_step = $2, last_used_at = $3
WHERE id = $1 AND removed_at IS NULL AND last_step < $2 RETURNING 1
"""
_TAKE_COUNT = """
UPDATE second_factor SET sign_count = $2, last_used_at = $3
WHERE id = $1 AND removed_at IS NULL AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0)) RETURNING 1
"""
_TAKE_RECOVERY = """
UPDATE recovery_code SET used_at = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING 1
"""
_RECOVERY_LEFT = "SELECT count(*) AS left FROM recovery_code WHERE account_id = $1 AND used_at IS NULL"
_FORGET_RECOVERY = "DELETE FROM recovery_code WHERE account_id = $1"
_KEEP_RECOVERY = """
INSERT INTO recovery_code (account_id, place_id, made_at, code_hash) SELECT $1, $2, $3, unnest($4::bytea[])
"""
_ADD = """
INSERT INTO second_factor
  (id, place_id, account_id, kind, name, added_at, sealed, last_step, credential_id, public_key, sign_count)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING 1
"""
_REMOVE = """
UPDATE second_factor SET removed_at = $3 WHERE id = $1 AND account_id = $2 AND removed_at IS NULL RETURNING 1
"""
_APPROVED = """
SELECT subject_id, place_id, kind, decided_at FROM proposal
WHERE kind = ANY($1::text[]) AND state = 'approved' AND decided_at > $2 ORDER BY decided_at FOR UPDATE
"""
_REMOVE_ALL = """
UPDATE second_factor SET removed_at = $3 WHERE account_id = $1 AND added_at <= $2 AND removed_at IS NULL
"""
_FORGET_OLD_RECOVERY = "DELETE FROM recovery_code WHERE account_id = $1 AND made_at <= $2"
_LOCK_ACCOUNT = "SELECT id FROM account WHERE id = $1 FOR UPDATE"
_SET_CHALLENGE = "UPDATE sign_in SET challenge = $2, challenge_until = $3 WHERE id = $1"
_TAKE_CHALLENGE = """
WITH asked AS (SELECT id, challenge, challenge_until FROM sign_in WHERE id = $1 AND challenge IS NOT NULL FOR UPDATE),
     taken AS (UPDATE sign_in SET challenge = NULL FROM asked WHERE sign_in.id = asked.id)
SELECT challenge FROM asked WHERE challenge_until > $2
"""
_COMPLETE = """
UPDATE sign_in SET token_hash = $2, factor_at = $3, methods = $4, device_id = $5, challenge = NULL
WHERE id = $1 AND ended_at IS NULL RETURNING account_id
"""
_SIGNED_IN = "UPDATE account SET last_sign_in_at = $2 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """A browser whose password was right, and how far its holder has come."""

    id: UUID
    account_id: UUID
    place_id: UUID
    factor_at: datetime | None
    email: str
    name: str
    enrolled: bool
    """Whether they hold a second factor."""
    outside: bool = False
    """Whether an outside provider sent them."""


@dataclass(frozen=True, slots=True)
class NewFactor:
    """A second factor to store: an app's secret, sealed, with the step it was proved at; or a passkey."""

    id: UUID
    kind: FactorKind
    name: str
    sealed: bytes | None = None
    last_step: int = 0
    credential_id: bytes | None = None
    public_key: bytes | None = None
    sign_count: int = 0


@dataclass(frozen=True, slots=True)
class Completed:
    """What a sign-in becomes by its second factor."""

    token_hash: bytes
    methods: tuple[str, ...]
    device_id: UUID
    at: datetime


async def find_signing_in(connection: AsyncConnection, token_hash: bytes, now: datetime) -> SigningIn | None:
    """The sign-in a browser's cookie stands for; None when it has ended, or its account is disabled."""
    row = await fetch_one(connection, _SIGNING_IN, (token_hash, now))
    return None if row is None else SigningIn(**dict(row))


async def list_factors(connection: AsyncConnection, account_id: UUID) -> list[Factor]:
    """What somebody holds, oldest first."""
    rows = await fetch(connection, _FACTORS, (account_id,))
    return [Factor(row["id"], FactorKind(row["kind"]), *tuple(row)[2:]) for row in rows]


async def sealed_apps(unit: Unit, account_id: UUID) -> Sequence[Any]:
    """The ids and sealed secrets of somebody's apps."""
    return await unit.fetch(_APPS, (account_id,))


async def list_passkeys(connection: AsyncConnection, account_id: UUID) -> list[Passkey]:
    """Somebody's passkeys."""
    return [Passkey(*row) for row in await fetch(connection, _PASSKEYS, (account_id,))]


async def take_step(unit: Unit, factor_id: UUID, step: int, now: datetime) -> bool:
    """Take the code of this step; False when it, or a later one, was taken before."""
    return await unit.fetch_one(_TAKE_STEP, (factor_id, step, now)) is not None


async def take_count(unit: Unit, factor_id: UUID, sign_count: int, now: datetime) -> bool:
    """Take a passkey's answer; False when it counts no further than the last one, so that it may be a copy's."""
    return await unit.fetch_one(_TAKE_COUNT, (factor_id, sign_count, now)) is not None


async def take_recovery_code(unit: Unit, account_id: UUID, code_hash: bytes, now: datetime) -> bool:
    """Use a recovery code; False when there is none such, or it was used."""
    return await unit.fetch_one(_TAKE_RECOVERY, (account_id, code_hash, now)) is not None


async def recovery_codes_left(connection: AsyncConnection, account_id: UUID) -> int:
    """How many were not used yet."""
    left: int = (await fetch_one(connection, _RECOVERY_LEFT, (account_id,)))["left"]
    return left


async def keep_recovery_codes(unit: Unit, who: SigningIn, digests: Sequence[bytes], now: datetime) -> None:
    """Let these recovery codes, and none of before, be somebody's."""
    await unit.run(_FORGET_RECOVERY, (who.account_id,))
    await unit.run(_KEEP_RECOVERY, (who.account_id, who.place_id, now, list(digests)))


async def lock_account(unit: Unit, account_id: UUID) -> None:
    """Let nobody else change what somebody holds until the unit ends."""
    await unit.fetch_one(_LOCK_ACCOUNT, (account_id,))


async def insert_factor(unit: Unit, account_id: UUID, place_id: UUID, new: NewFactor, now: datetime) -> bool:
    """Store a second factor; False when that passkey is registered already, by whomever."""
    values = (
        *(new.id, place_id, account_id, str(new.kind), new.name, now, new.sealed),
        *(new.last_step, new.credential_id, new.public_key, new.sign_count),
    )
    return await unit.fetch_one(_ADD, values) is not None


async def remove_factor(unit: Unit, account_id: UUID, factor_id: UUID, now: datetime) -> bool:
    """Take one away; False when it is not theirs, or gone."""
    return await unit.fetch_one(_REMOVE, (factor_id, account_id, now)) is not None


async def approved_about_accounts(unit: Unit, kinds: Sequence[str], since: datetime) -> Sequence[Any]:
    """Proposals of these kinds that were approved since then; nobody else carries them out meanwhile."""
    return await unit.fetch(_APPROVED, (list(kinds), since))


async def remove_factors(unit: Unit, account_id: UUID, until: datetime, now: datetime) -> None:
    """Take away every second factor and recovery code that somebody held by then."""
    await unit.run(_REMOVE_ALL, (account_id, until, now))
    await unit.run(_FORGET_OLD_RECOVERY, (account_id, until))


async def set_challenge(unit: Unit, sign_in_id: UUID, challenge: bytes, until: datetime) -> None:
    """Remember what a passkey is asked to sign, instead of what it was asked before."""
    await unit.run(_SET_CHALLENGE, (sign_in_id, challenge, until))


async def take_challenge(unit: Unit, sign_in_id: UUID, now: datetime) -> bytes | None:
    """What was asked, to be answered once: whatever the answer is, the next needs another challenge."""
    row = await unit.fetch_one(_TAKE_CHALLENGE, (sign_in_id, now))
    return None if row is None else row["challenge"]


async def complete_sign_in(unit: Unit, sign_in_id: UUID, whole: Completed) -> bool:
    """The second factor was given: from now on the sign-in goes by another secret. False when it has ended.

    When it was is kept with the account too, for whoever reviews who has access.
    """
    values = (sign_in_id, whole.token_hash, whole.at, list(whole.methods), whole.device_id)
    row = await unit.fetch_one(_COMPLETE, values)
    if row is None:
        return False
    await unit.run(_SIGNED_IN, (row["account_id"], whole.at))
    return True
