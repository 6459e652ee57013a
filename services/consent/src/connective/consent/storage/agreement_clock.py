"""Which agreement versions the clock has something to do about, over every place."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement import IN_FORCE, AgreementVersion, State
from connective.consent.storage.agreements import load_any_version
from connective.consent.storage.tables import agreement_version

_OPEN = [s.value for s in IN_FORCE | {State.AWAITING_SIGNATURES}]


@dataclass(frozen=True, slots=True)
class Due:
    """One version the clock must look at."""

    place_id: UUID
    agreement_id: UUID
    number: int


async def versions_due(connection: AsyncConnection, today: date) -> list[Due]:
    """Versions whose start has come or whose end has passed."""
    v = agreement_version.c
    starting = and_(v.state == State.AWAITING_SIGNATURES.value, v.starts_on <= today)
    ending = and_(v.state.in_(_OPEN), v.ends_on < today)
    wanted = select(v.place_id, v.agreement_id, v.number).where(or_(starting, ending))
    rows: Any = await connection.execute(wanted.order_by(v.agreement_id, v.number))
    return [Due(row.place_id, row.agreement_id, row.number) for row in rows]


async def lock_due(connection: AsyncConnection, due: Due) -> AgreementVersion:
    """The version, locked for a change by the clock."""
    return await load_any_version(connection, due.agreement_id, due.number)
