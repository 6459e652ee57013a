"""Accounts and what they are in organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, any_, delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.accounts import Account, Membership
from connective.gateway.storage.tables import account, membership
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Unit, fetch_one
from connective.kit.problems import NotFound

_MEMBERSHIPS = (
    select(
        func.coalesce(
            func.jsonb_agg(
                func.jsonb_build_array(membership.c.organisation_id, membership.c.organisation_name, membership.c.roles)
            ),
            func.jsonb_build_array(),
        )
    )
    .where(membership.c.account_id == account.c.id)
    .scalar_subquery()
    .label("memberships")
)


@dataclass(frozen=True, slots=True)
class Password:
    """An account's password as it is stored."""

    account_id: UUID
    place_id: UUID
    password_hash: str | None
    disabled: bool
    known_device: bool
    """Whether its holder signed in whole in this browser before."""


def _select() -> Select[Any]:
    return select(
        account.c.id,
        account.c.place_id,
        account.c.email,
        account.c.name,
        account.c.disabled_at,
        account.c.version,
        _MEMBERSHIPS,
    )


def _account(row: Row[Any]) -> Account:
    memberships = (Membership(UUID(org), name, tuple(sorted(roles))) for org, name, roles in row.memberships)
    return Account(
        id=row.id,
        place_id=row.place_id,
        email=row.email,
        name=row.name,
        memberships=tuple(sorted(memberships, key=lambda m: (m.organisation_name, m.organisation_id))),
        disabled_at=row.disabled_at,
        version=row.version,
    )


def account_to_sign_in(connection: Connection, account_id: UUID) -> Account | None:
    """The account that signs in, wherever its place is; None when it may not."""
    rows = connection.execute(_select().where(account.c.id == account_id, account.c.disabled_at.is_(None)))
    row = rows.one_or_none()
    return None if row is None else _account(row)


_BY_NAME = """
SELECT a.id, a.place_id, a.password_hash, a.disabled_at IS NOT NULL, EXISTS (
  SELECT FROM device AS d WHERE d.account_id = a.id AND d.token_hash = $2 AND d.ended_at IS NULL)
FROM account AS a WHERE a.email = $1
"""


async def find_password(connection: AsyncConnection, email: str, device_hash: bytes) -> Password | None:
    """The stored password of whoever signs in by this name, and whether this browser is one of theirs."""
    row = await fetch_one(connection, _BY_NAME, (email, device_hash))
    return None if row is None else Password(*row)


_HAS_PASSWORD = "SELECT 1 AS held FROM account WHERE id = $1 AND password_hash IS NOT NULL"  # noqa: S105 - SQL
_SET_PASSWORD = "UPDATE account SET password_hash = $2, version = version + 1 WHERE id = $1"  # noqa: S105 - SQL


async def has_password(unit: Unit, account_id: UUID) -> bool:
    """Whether somebody can come in by a password, and not by an outside provider alone."""
    return await unit.fetch_one(_HAS_PASSWORD, (account_id,)) is not None


async def set_password(unit: Unit, account_id: UUID, password_hash: str) -> None:
    """Let this be the account's password."""
    await unit.run(_SET_PASSWORD, (account_id, password_hash))


async def account_by_email(connection: AsyncConnection, email: str) -> Account | None:
    """The account that signs in by this address, disabled or not, wherever its place is."""
    row = (await connection.execute(_select().where(account.c.email == email))).one_or_none()
    return None if row is None else _account(row)


def _looked_after(actor: Actor, every_organisation: bool) -> list[ColumnElement[bool]]:
    """One predicate for "may see this one" and "list what I may see"."""
    if actor.kind is ActorKind.SERVICE:
        return []
    place = account.c.place_id == actor.place
    if every_organisation:
        return [place]
    works_here = exists().where(
        membership.c.account_id == account.c.id, membership.c.organisation_id == actor.organisation
    )
    return [place, works_here]


async def get_account(
    connection: AsyncConnection, actor: Actor, account_id: UUID, *, every_organisation: bool = True
) -> Account:
    """An account of the actor's place, or of their organisation; anybody sees their own. Raises NotFound."""
    wanted = _select().where(account.c.id == account_id, *_looked_after(actor, every_organisation))
    row = (await connection.execute(wanted)).one_or_none()
    if row is None:
        raise NotFound
    return _account(row)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which accounts a list is to show: all that the asker looks after, where nothing is said."""

    organisation_id: UUID | None = None
    role: str | None = None
    disabled: bool | None = None
    ids: Sequence[UUID] = ()


async def list_accounts(
    connection: AsyncConnection, actor: Actor, asked: Asked, *, every_organisation: bool, after: UUID | None, limit: int
) -> list[Account]:
    """Accounts that the actor looks after, in order of making; one more than asked when there are more."""
    wanted = _select().where(*_looked_after(actor, every_organisation)).order_by(account.c.id).limit(limit + 1)
    if asked.organisation_id is not None or asked.role is not None:
        held = exists().where(membership.c.account_id == account.c.id)
        if asked.organisation_id is not None:
            held = held.where(membership.c.organisation_id == asked.organisation_id)
        if asked.role is not None:
            held = held.where(any_(membership.c.roles) == asked.role)
        wanted = wanted.where(held)
    if asked.disabled is not None:
        wanted = wanted.where(account.c.disabled_at.is_not(None) if asked.disabled else account.c.disabled_at.is_(None))
    if asked.ids:
        wanted = wanted.where(account.c.id.in_(asked.ids))
    if after is not None:
        wanted = wanted.where(account.c.id > after)
    return [_account(row) for row in await connection.execute(wanted)]


async def insert_account(connection: AsyncConnection, new: Account, password_hash: str | None) -> bool:
    """Store a new account; False when somebody signs in by this name already."""
    values = {
        "id": new.id,
        "place_id": new.place_id,
        "email": new.email,
        "name": new.name,
        "password_hash": password_hash,
        "version": new.version,
    }
    taken = upsert(account).values(values).on_conflict_do_nothing().returning(account.c.id)
    if (await connection.execute(taken)).one_or_none() is None:
        return False
    await set_memberships(connection, new.id, new.place_id, new.memberships)
    return True


async def set_memberships(
    connection: AsyncConnection, account_id: UUID, place_id: UUID, memberships: Sequence[Membership]
) -> None:
    """Make these, and no others, what the account is."""
    await connection.execute(delete(membership).where(membership.c.account_id == account_id))
    if not memberships:
        return
    rows = [
        {
            "account_id": account_id,
            "organisation_id": each.organisation_id,
            "place_id": place_id,
            "organisation_name": each.organisation_name,
            "roles": list(each.roles),
        }
        for each in memberships
    ]
    await connection.execute(insert(membership), rows)


async def change_account(connection: AsyncConnection, account_id: UUID, **values: object) -> int:
    """Set columns of an account; answers its new version."""
    changed = update(account).where(account.c.id == account_id).values(version=account.c.version + 1, **values)
    version: int = (await connection.execute(changed.returning(account.c.version))).scalar_one()
    return version


async def disable_account(
    connection: AsyncConnection, account_id: UUID, now: datetime, left_on: date | None = None
) -> int:
    """Let nobody sign in by it any more; answers its new version."""
    return await change_account(connection, account_id, disabled_at=now, left_on=left_on)
