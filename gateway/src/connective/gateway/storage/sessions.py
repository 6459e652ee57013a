"""What was issued to people: sign-ins of a browser, sessions of a program, their codes and refresh tokens.

Codes and refresh tokens are redeemed under a row lock: without it, six to ten of twelve concurrent redemptions of one
code succeed. The session's row is locked with them, so that a revocation running beside is waited for, and seen.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.storage.tables import authorization_code, client, refresh_token, session, sign_in


@dataclass(frozen=True, slots=True)
class SignIn:
    """A browser in which somebody gave their password, and, at `factor_at`, their second factor."""

    id: UUID
    account_id: UUID
    place_id: UUID
    created_at: datetime
    methods: tuple[str, ...] = ()
    factor_at: datetime | None = None
    organisation_id: UUID | None = None
    """Whose provider sent them: for nobody else may they act. None for a sign-in of our own."""


@dataclass(frozen=True, slots=True)
class Session:
    """One program acting for one person in one organisation; all its tokens fall together."""

    id: UUID
    place_id: UUID
    account_id: UUID
    client_uuid: UUID
    organisation_id: UUID
    sign_in_id: UUID
    scope: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    methods: tuple[str, ...]
    factor_at: datetime | None
    """When the second factor was given; None for a session of before there were any, which is worth nothing."""


@dataclass(frozen=True, slots=True)
class Redeemable:
    """A code or refresh token as found, its row locked."""

    session: Session
    client_id: str
    expires_at: datetime
    used_at: datetime | None
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str | None = None


_SESSION_COLUMNS = tuple(column for column in session.c if column.name != "version")


def _session(row: Row[Any], prefix: str = "of_session_") -> Session:
    values = {column.name: getattr(row, prefix + column.name) for column in _SESSION_COLUMNS}
    methods = tuple(values.pop("methods"))
    return Session(client_uuid=values.pop("client_id"), methods=methods, **values)


def _labelled() -> list[Any]:
    return [column.label(f"of_session_{column.name}") for column in _SESSION_COLUMNS]


def insert_session(connection: Connection, new: Session) -> None:
    """Begin a session."""
    own = {"client_id", "methods"}
    values = {column.name: getattr(new, column.name) for column in _SESSION_COLUMNS if column.name not in own}
    methods = list(new.methods)
    connection.execute(insert(session).values(client_id=new.client_uuid, methods=methods, version=1, **values))


def get_session(connection: Connection, session_id: UUID) -> Session | None:
    """A session by its id."""
    row = connection.execute(select(*_labelled()).where(session.c.id == session_id)).one_or_none()
    return None if row is None else _session(row)


def insert_code(
    connection: Connection, code_hash: bytes, of: Session, expires_at: datetime, **values: str | None
) -> None:
    """Store an authorization code's digest, with what its redemption must match."""
    fixed = {"code_hash": code_hash, "session_id": of.id, "place_id": of.place_id, "expires_at": expires_at}
    connection.execute(insert(authorization_code).values(**fixed, **values))


def insert_refresh_token(connection: Connection, token_hash: bytes, of: Session) -> None:
    """Store a refresh token's digest; it lives as long as its session."""
    values = {"token_hash": token_hash, "session_id": of.id, "place_id": of.place_id, "expires_at": of.expires_at}
    connection.execute(insert(refresh_token).values(values))


def lock_code(connection: Connection, code_hash: bytes) -> Redeemable | None:
    """The code of this digest, used or not, locked until the transaction ends."""
    row = _lock(connection, authorization_code, authorization_code.c.code_hash == code_hash)
    if row is None:
        return None
    of = (row.redirect_uri, row.challenge, row.nonce)
    return Redeemable(_session(row), row.oauth_client_id, row.expires_at, row.used_at, *of)


def lock_refresh_token(connection: Connection, token_hash: bytes) -> Redeemable | None:
    """The refresh token of this digest, used or not, locked until the transaction ends."""
    row = _lock(connection, refresh_token, refresh_token.c.token_hash == token_hash)
    return None if row is None else Redeemable(_session(row), row.oauth_client_id, row.expires_at, row.used_at)


def _lock(connection: Connection, table: Table, condition: Any) -> Row[Any] | None:  # noqa: ANN401 - a SQL expression
    wanted = (
        select(table, client.c.client_id.label("oauth_client_id"), *_labelled())
        .join(session, session.c.id == table.c.session_id)
        .join(client, client.c.id == session.c.client_id)
        .where(condition)
        .with_for_update(of=[table, session])
    )
    return connection.execute(wanted).one_or_none()


def use_code(connection: Connection, code_hash: bytes, now: datetime) -> None:
    """Mark a code as used; it is kept, so that a second use is known for one."""
    used = update(authorization_code).where(authorization_code.c.code_hash == code_hash).values(used_at=now)
    connection.execute(used)


def use_refresh_token(connection: Connection, token_hash: bytes, now: datetime) -> None:
    """Mark a refresh token as used; it is kept, so that a second use is known for one."""
    used = update(refresh_token).where(refresh_token.c.token_hash == token_hash).values(used_at=now)
    connection.execute(used)


def end_session(connection: Connection, session_id: UUID, now: datetime) -> int | None:
    """Revoke a session and the browser's sign-in it came from; its new version, or None when it had ended before."""
    ended = (
        update(session)
        .where(session.c.id == session_id, session.c.revoked_at.is_(None))
        .values(revoked_at=now, version=session.c.version + 1)
        .returning(session.c.version, session.c.sign_in_id)
    )
    row = connection.execute(ended).one_or_none()
    if row is None:
        return None
    connection.execute(update(sign_in).where(sign_in.c.id == row.sign_in_id).values(ended_at=now))
    version: int = row.version
    return version


async def insert_sign_in(connection: AsyncConnection, new: SignIn, token_hash: bytes, expires_at: datetime) -> None:
    """Remember a browser in which somebody has just given their password."""
    values = {
        "id": new.id,
        "account_id": new.account_id,
        "place_id": new.place_id,
        "created_at": new.created_at,
        "token_hash": token_hash,
        "expires_at": expires_at,
    }
    await connection.execute(insert(sign_in).values(values))


def find_sign_in(connection: Connection, token_hash: bytes, now: datetime) -> SignIn | None:
    """The sign-in a browser's cookie stands for; None when it has ended."""
    wanted = select(
        *(sign_in.c.id, sign_in.c.account_id, sign_in.c.place_id, sign_in.c.created_at),
        *(sign_in.c.methods, sign_in.c.factor_at, sign_in.c.organisation_id),
    )
    live = (sign_in.c.token_hash == token_hash, sign_in.c.expires_at > now, sign_in.c.ended_at.is_(None))
    row = connection.execute(wanted.where(*live)).one_or_none()
    if row is None:
        return None
    return SignIn(*row[:4], tuple(row.methods), row.factor_at, row.organisation_id)


def end_sign_in(connection: Connection, token_hash: bytes, now: datetime) -> list[tuple[UUID, UUID]]:
    """End a browser's sign-in; answers the ids and places of the live sessions that were begun from it."""
    ended = update(sign_in).where(sign_in.c.token_hash == token_hash, sign_in.c.ended_at.is_(None))
    found = connection.execute(ended.values(ended_at=now).returning(sign_in.c.id)).scalar_one_or_none()
    if found is None:
        return []
    wanted = select(session.c.id, session.c.place_id).where(session.c.sign_in_id == found)
    return [(row.id, row.place_id) for row in connection.execute(wanted.where(session.c.revoked_at.is_(None)))]
