"""Which agreement versions the clock has something to do about, over every place."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, cast, exists, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement import IN_FORCE, AgreementVersion, State
from connective.consent.domain.days import LAPSE_WARNING
from connective.consent.storage.agreements import load_any_version
from connective.consent.storage.tables import agreement_act, agreement_version

_OPEN = [s.value for s in IN_FORCE | {State.AWAITING_SIGNATURES}]


@dataclass(frozen=True, slots=True)
class Due:
    """One version the clock must look at."""

    place_id: UUID
    agreement_id: UUID
    number: int


async def versions_due(connection: AsyncConnection, today: date) -> list[Due]:
    """Versions whose start, review or end has come, or whose impact assessment has lapsed."""
    v = agreement_version.c
    starting = and_(v.state == State.AWAITING_SIGNATURES.value, v.starts_on <= today)
    ending = and_(v.state.in_(_OPEN), v.ends_on < today)
    told = exists().where(_review_told(v.agreement_id, v.number))
    reviewing = and_(v.state.in_([s.value for s in IN_FORCE]), v.review_on <= today, not_(told))
    assessed_until = cast(v.terms["dpia"]["review_due_on"].astext, Date)
    lapsing = and_(v.state == State.ACTIVE.value, assessed_until < today - LAPSE_WARNING)
    wanted = select(v.place_id, v.agreement_id, v.number).where(or_(starting, ending, reviewing, lapsing))
    rows: Any = await connection.execute(wanted.order_by(v.agreement_id, v.number))
    return [Due(row.place_id, row.agreement_id, row.number) for row in rows]


def _review_told(agreement_id: Any, number: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column or a value
    a = agreement_act.c
    return and_(a.agreement_id == agreement_id, a.number == number, a.act == "review_due")


async def review_was_told(connection: AsyncConnection, due: Due) -> bool:
    """Whether it was announced already that this version is to be reviewed."""
    wanted = select(agreement_act.c.id).where(_review_told(due.agreement_id, due.number)).limit(1)
    return (await connection.execute(wanted)).first() is not None


async def lock_due(connection: AsyncConnection, due: Due) -> AgreementVersion:
    """The version, locked for a change by the clock."""
    return await load_any_version(connection, due.agreement_id, due.number)
