from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.storage.same_people import same_people
from connective.consent.storage.statement_tables import (
    consent_act,
    consent_record,
    consent_subject,
    notice,
    notice_subject,
    ruling,
)
from connective.consent.storage.statements import own_consents
from connective.kit.actor import Actor
from connective.kit.problems import NotFound

Record = dict[str, Any]


async def read_consent(connection: AsyncConnection, actor: Actor, consent_id: UUID) -> Record:
    """One consent record of the actor's own organisation. Raises NotFound."""
    found = await _consents(connection, actor, ids=[consent_id])
    if not found:
        raise NotFound
    return found[0]


async def list_consents(
    connection: AsyncConnection, actor: Actor, person_ids: Sequence[UUID], after: UUID | None, limit: int
) -> list[Record]:
    """What the actor's own organisation recorded about any of some people, under every record of theirs, oldest first.

    What is about several of them stands in it once.
    """
    same = await same_people(connection, person_ids)
    records = frozenset[UUID]().union(*map(same.of, person_ids))
    about = select(consent_subject.c.consent_id).where(consent_subject.c.person_id.in_(records))
    wanted = select(consent_record.c.id).where(consent_record.c.id.in_(about), own_consents(actor))
    if after is not None:
        wanted = wanted.where(consent_record.c.id > after)
    ids = list((await connection.execute(wanted.order_by(consent_record.c.id).limit(limit))).scalars())
    return await _consents(connection, actor, ids=ids)


async def _consents(connection: AsyncConnection, actor: Actor, *, ids: list[UUID]) -> list[Record]:
    wanted = select(consent_record).where(consent_record.c.id.in_(ids), own_consents(actor))
    rows = (await connection.execute(wanted.order_by(consent_record.c.id))).mappings().all()
    subjects = (
        select(consent_subject).where(consent_subject.c.consent_id.in_(ids)).order_by(consent_subject.c.person_id)
    )
    about: dict[UUID, list[Record]] = {}
    for row in (await connection.execute(subjects)).mappings():
        about.setdefault(row["consent_id"], []).append(dict(row))
    acts: dict[UUID, list[Record]] = {}
    history = select(consent_act).where(consent_act.c.consent_id.in_(ids)).order_by(consent_act.c.at, consent_act.c.id)
    for row in (await connection.execute(history)).mappings():
        acts.setdefault(row["consent_id"], []).append(dict(row))
    return [{**row, "about": about.get(row["id"], []), "acts": acts.get(row["id"], [])} for row in rows]


async def read_notice(connection: AsyncConnection, actor: Actor, notice_id: UUID) -> Record:
    """One notice of the actor's own organisation. Raises NotFound."""
    wanted = select(notice).where(notice.c.id == notice_id, notice.c.organisation_id == actor.organisation)
    row = (await connection.execute(wanted)).mappings().first()
    if row is None:
        raise NotFound
    told = select(notice_subject.c.person_id).where(notice_subject.c.notice_id == notice_id)
    people = (await connection.execute(told.order_by(notice_subject.c.person_id))).scalars().all()
    return {**row, "person_ids": list(people)}


async def list_notices(
    connection: AsyncConnection, actor: Actor, person_ids: Sequence[UUID], after: UUID | None, limit: int
) -> list[Record]:
    """What the actor's own organisation told any of some people, under every record of theirs, oldest first."""
    same = await same_people(connection, person_ids)
    records = frozenset[UUID]().union(*map(same.of, person_ids))
    about = select(notice_subject.c.notice_id).where(notice_subject.c.person_id.in_(records))
    wanted = select(notice).where(notice.c.id.in_(about), notice.c.organisation_id == actor.organisation)
    if after is not None:
        wanted = wanted.where(notice.c.id > after)
    rows = (await connection.execute(wanted.order_by(notice.c.id).limit(limit))).mappings().all()
    told = select(notice_subject).where(notice_subject.c.notice_id.in_([row["id"] for row in rows]))
    people: dict[UUID, list[UUID]] = {}
    for row in (await connection.execute(told.order_by(notice_subject.c.person_id))).mappings():
        people.setdefault(row["notice_id"], []).append(row["person_id"])
    return [{**row, "person_ids": people.get(row["id"], [])} for row in rows]


def _own_rulings(actor: Actor) -> ColumnElement[bool]:
    return and_(ruling.c.place_id == actor.place, ruling.c.organisation_id == actor.organisation)


async def read_ruling(connection: AsyncConnection, actor: Actor, ruling_id: UUID) -> Record:
    """One ruling of the actor's own organisation. Raises NotFound."""
    wanted = select(ruling).where(ruling.c.id == ruling_id, _own_rulings(actor))
    row = (await connection.execute(wanted)).mappings().first()
    if row is None:
        raise NotFound
    return {**row}


async def list_rulings(
    connection: AsyncConnection, actor: Actor, person_id: UUID | None, after: UUID | None, limit: int
) -> list[Record]:
    """Rulings of the actor's own organisation, about one person or everybody, oldest first."""
    wanted = select(ruling).where(_own_rulings(actor))
    if person_id is not None:
        wanted = wanted.where(ruling.c.person_id == person_id)
    if after is not None:
        wanted = wanted.where(ruling.c.id > after)
    rows = await connection.execute(wanted.order_by(ruling.c.id).limit(limit))
    return [{**row} for row in rows.mappings()]
