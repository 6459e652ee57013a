"""What happened to a request, in order, and what was said on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.prepared import Prepared
from connective.referrals.domain.request import Words
from connective.referrals.domain.states import Party
from connective.referrals.storage.mapping import words_from
from connective.referrals.storage.tables import history

_OF_REQUEST = Prepared(
    select(history).where(history.c.request_id == bindparam("request_id", type_=Uuid)).order_by(history.c.version)
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    version: int
    fact: str
    before: str
    after: str
    reason_code: str | None
    party: Party
    organisation_id: UUID | None
    at: datetime
    words: Words | None


async def load_history(connection: AsyncConnection, request_id: UUID) -> tuple[Entry, ...]:
    """Everything that happened to a request that the caller has already been found to see, oldest first."""
    return _entries(await _OF_REQUEST.fetch(connection, request_id=request_id))


async def load_history_alone(database: Database, actor: Actor, request_id: UUID) -> tuple[Entry, ...]:
    """The same in a transaction of its own: one round trip instead of three."""
    return _entries(await _OF_REQUEST.read_alone(database, actor, request_id=request_id))


def _entries(rows: Iterable[Any]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            version=row.version,
            fact=row.fact,
            before=row.before,
            after=row.after,
            reason_code=row.reason_code,
            party=Party(row.party),
            organisation_id=row.organisation_id,
            at=row.at,
            words=words_from(row),
        )
        for row in rows
    )
