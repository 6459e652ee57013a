"""Registered clients and their credentials."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, insert, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.clients import Authentication, ClientRecord, Credential, CredentialKind
from connective.gateway.storage.tables import assertion, client, client_credential
from connective.kit.actor import Actor
from connective.kit.prepared import Prepared
from connective.kit.problems import NotFound

_USE_NOTED_EVERY = timedelta(minutes=1)
_CREDENTIALS = (
    select(
        func.coalesce(
            func.jsonb_agg(
                func.jsonb_build_array(
                    client_credential.c.id,
                    client_credential.c.kind,
                    func.encode(client_credential.c.secret_hash, "hex"),
                    client_credential.c.jwk,
                    client_credential.c.created_at,
                    client_credential.c.last_used_at,
                    client_credential.c.jwks_uri,
                    client_credential.c.expires_at,
                )
            ),
            func.jsonb_build_array(),
        )
    )
    .where(client_credential.c.client_id == client.c.id, client_credential.c.revoked_at.is_(None))
    .scalar_subquery()
    .label("credentials")
)


def _select() -> Select[Any]:
    return select(client, _CREDENTIALS)


def _credential(parts: list[Any]) -> Credential:
    id_, kind, secret_hash, jwk, created_at, last_used_at, jwks_uri, expires_at = parts
    return Credential(
        id=UUID(id_),
        kind=CredentialKind(kind),
        secret_hash=None if secret_hash is None else bytes.fromhex(secret_hash),
        jwk=jwk,
        created_at=datetime.fromisoformat(created_at),
        last_used_at=None if last_used_at is None else datetime.fromisoformat(last_used_at),
        jwks_uri=jwks_uri,
        expires_at=None if expires_at is None else datetime.fromisoformat(expires_at),
    )


_TO_AUTHENTICATE = Prepared(_select().where(client.c.client_id == bindparam("oauth_id"), client.c.revoked_at.is_(None)))
_TAKE = Prepared(
    upsert(assertion)
    .values(client_id=bindparam("client"), jti_hash=bindparam("jti"), expires_at=bindparam("until"))
    .on_conflict_do_nothing()
    .returning(assertion.c.client_id)
)


def _client(row: Row[Any]) -> ClientRecord:
    return ClientRecord(
        id=row.id,
        client_id=row.client_id,
        name=row.name,
        place_id=row.place_id,
        organisation_id=row.organisation_id,
        authentication=Authentication(row.authentication),
        redirect_uris=tuple(row.redirect_uris),
        scopes=tuple(row.scopes),
        credentials=tuple(sorted(map(_credential, row.credentials), key=lambda c: c.created_at)),
        revoked_at=row.revoked_at,
        version=row.version,
        networks=tuple(row.networks),
    )


def client_to_authenticate(connection: Connection, client_id: str) -> ClientRecord | None:
    """The client of this OAuth client id; None for an unknown or revoked one."""
    row = _TO_AUTHENTICATE.fetch_one_within(connection, oauth_id=client_id)
    return None if row is None else _client(row)


def note_use(connection: Connection, credential: Credential, now: datetime) -> None:
    """Record that a credential was used, once a minute at most: its owner sees which ones are dead."""
    if credential.last_used_at is not None and now - credential.last_used_at < _USE_NOTED_EVERY:
        return
    used = update(client_credential).where(client_credential.c.id == credential.id).values(last_used_at=now)
    connection.execute(used)


def take_assertion(connection: Connection, client_id: UUID, jti_hash: bytes, expires_at: datetime) -> bool:
    """Whether this assertion is seen for the first time; of concurrent uses the database lets exactly one be first."""
    return _TAKE.fetch_one_within(connection, client=client_id, jti=jti_hash, until=expires_at) is not None


def _visible(actor: Actor, every_organisation: bool) -> ColumnElement[bool]:
    """One predicate for "may see this one" and "list what I may see"."""
    own = true() if every_organisation else client.c.organisation_id == actor.organisation
    return and_(client.c.place_id == actor.place, own)


async def get_client(
    connection: AsyncConnection, actor: Actor, client_uuid: UUID, *, every_organisation: bool
) -> ClientRecord:
    """A client the actor may manage. Raises NotFound."""
    wanted = _select().where(client.c.id == client_uuid, _visible(actor, every_organisation))
    row = (await connection.execute(wanted)).one_or_none()
    if row is None:
        raise NotFound
    return _client(row)


async def list_clients(
    connection: AsyncConnection, actor: Actor, *, every_organisation: bool, after: UUID | None, limit: int
) -> list[ClientRecord]:
    """Clients the actor may manage, in order of making, one more than asked when there are more."""
    wanted = _select().where(_visible(actor, every_organisation)).order_by(client.c.id).limit(limit + 1)
    if after is not None:
        wanted = wanted.where(client.c.id > after)
    return [_client(row) for row in await connection.execute(wanted)]


async def insert_client(connection: AsyncConnection, new: ClientRecord) -> bool:
    """Store a new client with its credentials; False when its id or client id is taken."""
    values = {
        "id": new.id,
        "client_id": new.client_id,
        "name": new.name,
        "place_id": new.place_id,
        "organisation_id": new.organisation_id,
        "authentication": str(new.authentication),
        "redirect_uris": list(new.redirect_uris),
        "scopes": list(new.scopes),
        "networks": list(new.networks),
    }
    taken = upsert(client).values(values).on_conflict_do_nothing().returning(client.c.id)
    if (await connection.execute(taken)).one_or_none() is None:
        return False
    await insert_credentials(connection, new)
    return True


async def insert_credentials(connection: AsyncConnection, owner: ClientRecord) -> None:
    """Store a client's credentials."""
    rows = [
        {
            "id": each.id,
            "client_id": owner.id,
            "place_id": owner.place_id,
            "kind": str(each.kind),
            "secret_hash": each.secret_hash,
            "jwk": each.jwk,
            "jwks_uri": each.jwks_uri,
            "created_at": each.created_at,
        }
        for each in owner.credentials
    ]
    for row in rows:
        # One by one: a bulk insert would write JSON null where SQL NULL is meant.
        present = {name: value for name, value in row.items() if value is not None}
        await connection.execute(insert(client_credential).values(present))


async def revoke_client(connection: AsyncConnection, client_uuid: UUID, now: datetime) -> int:
    """Let a client authenticate no more, with any credential; answers its new version."""
    credentials = update(client_credential).values(revoked_at=now)
    mine = client_credential.c.client_id == client_uuid
    await connection.execute(credentials.where(mine, client_credential.c.revoked_at.is_(None)))
    changed = update(client).where(client.c.id == client_uuid).values(revoked_at=now, version=client.c.version + 1)
    version: int = (await connection.execute(changed.returning(client.c.version))).scalar_one()
    return version


async def replace_credentials(
    connection: AsyncConnection, changed: ClientRecord, added: Sequence[Credential], until: datetime
) -> int:
    """Store new credentials beside those that count until then at the latest; answers the client's new version."""
    mine = client_credential.c.client_id == changed.id
    sooner = func.least(func.coalesce(client_credential.c.expires_at, until), until)
    older = update(client_credential).where(mine, client_credential.c.revoked_at.is_(None)).values(expires_at=sooner)
    await connection.execute(older)
    await insert_credentials(connection, replace(changed, credentials=tuple(added)))
    return await change_client(connection, changed)


async def change_client(connection: AsyncConnection, changed: ClientRecord) -> int:
    """Store a client's name, scopes and networks as they are now; answers its new version."""
    values = {"name": changed.name, "scopes": list(changed.scopes), "networks": list(changed.networks)}
    stored = update(client).where(client.c.id == changed.id).values(**values, version=client.c.version + 1)
    version: int = (await connection.execute(stored.returning(client.c.version))).scalar_one()
    return version
