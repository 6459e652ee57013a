"""What is refused although its token has not expired, and which organisations are suspended."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, bindparam, cast, delete, func, select, union_all
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.partner_events import OrganisationEvent
from connective.gateway.storage.tables import (
    assertion,
    authorization_code,
    denial,
    organisation_state,
    refresh_token,
    sign_in_attempt,
)
from connective.kit.prepared import Prepared

SUSPENDED = "suspended"
_STATE = Prepared(
    select(organisation_state.c.state).where(organisation_state.c.organisation_id == bindparam("organisation"))
)


class DenialKind(StrEnum):
    """What the refused identifier is of."""

    ACCOUNT = "account"
    CLIENT = "client"
    SESSION = "session"


def deny(connection: Connection, kind: DenialKind, identifier: str, until: datetime) -> None:
    """Refuse an identifier's tokens until the last of them has expired."""
    new = upsert(denial).values(identifier=identifier, kind=str(kind), until=until)
    longer = func.greatest(denial.c.until, new.excluded.until)
    connection.execute(new.on_conflict_do_update(index_elements=["identifier"], set_={"until": longer}))


async def denied_now(connection: AsyncConnection, now: datetime) -> frozenset[str]:
    """Every identifier whose tokens are refused now."""
    listed = select(denial.c.identifier).where(denial.c.until > now)
    suspended = select(cast(organisation_state.c.organisation_id, Text)).where(organisation_state.c.state == SUSPENDED)
    rows = await connection.execute(union_all(listed, suspended))
    return frozenset(rows.scalars())


def is_suspended(connection: Connection, organisation_id: UUID) -> bool:
    """Whether an organisation is suspended."""
    found = _STATE.fetch_one_within(connection, organisation=organisation_id)
    return found is not None and found.state == SUSPENDED


async def keep_organisation_state(
    connection: AsyncConnection, place_id: UUID, said: OrganisationEvent, version: int
) -> None:
    """Keep the newest state of an organisation: events may come out of order, so an older version changes nothing."""
    values = {
        "organisation_id": said.organisation_id,
        "place_id": place_id,
        "state": said.state,
        "version": version,
        "legal_entity_id": said.legal_entity_id,
    }
    new = upsert(organisation_state).values(values)
    newer: dict[str, Any] = {name: new.excluded[name] for name in ("state", "version", "legal_entity_id")}
    # A row of before the legal entity was kept learns it when its latest fact is told again.
    is_newer = (organisation_state.c.version < new.excluded.version) | (
        (organisation_state.c.version == new.excluded.version) & organisation_state.c.legal_entity_id.is_(None)
    )
    await connection.execute(new.on_conflict_do_update(index_elements=["organisation_id"], set_=newer, where=is_newer))


async def forget_expired(connection: AsyncConnection, now: datetime, attempts_before: datetime) -> None:
    """Delete what can never matter again; used codes and refresh tokens stay until they would have expired."""
    for table in (authorization_code, refresh_token, assertion):
        await connection.execute(delete(table).where(table.c.expires_at < now))
    await connection.execute(delete(denial).where(denial.c.until < now))
    await connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.last_failed_at < attempts_before))
