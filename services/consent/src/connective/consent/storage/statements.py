"""What families said: agreements to engage, consent, refusals, notices, rulings and objections."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.canonical import plain
from connective.consent.domain.consent import Assessment, Interpreter, Manner, Scope, Spoken
from connective.consent.storage.statement_tables import (
    consent_act,
    consent_record,
    consent_subject,
    notice,
    notice_subject,
)
from connective.kit.actor import Actor
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


def scope_columns(scope: Scope) -> dict[str, Any]:
    """A scope as columns."""
    return {
        "recipient_organisation_ids": sorted(scope.recipient_organisation_ids),
        "service_kinds": sorted(scope.service_kinds),
        "purposes": sorted(p.value for p in scope.purposes),
        "categories": sorted(c.value for c in scope.categories),
    }


@dataclass(frozen=True, slots=True)
class Act:
    """One act about a record, for its history."""

    consent_id: UUID
    act: str
    at: datetime
    words: str = ""
    manner: Manner | None = None


def interpreter_column(interpreter: Interpreter | None) -> Any:  # noqa: ANN401 - a document
    """Who interpreted, as a document."""
    return plain(asdict(interpreter)) if interpreter else None


def manner_columns(manner: Manner) -> dict[str, Any]:
    """How something was said, as columns."""
    return {
        "how": manner.how.value,
        "interpreter": interpreter_column(manner.interpreter),
        "notice_reference": manner.notice_reference,
        "notice_version": manner.notice_version,
        "evidence": manner.evidence,
    }


def _assessment(assessment: Assessment | None) -> Any:  # noqa: ANN401 - a document
    return plain(asdict(assessment)) if assessment else None


async def add_consent(
    connection: AsyncConnection, actor: Actor, values: dict[str, Any], spoken: Iterable[Spoken]
) -> None:
    """A new record and the persons it is about."""
    whose = {"place_id": actor.place, "organisation_id": actor.organisation, "recorded_by": actor.id}
    await connection.execute(insert(consent_record).values(values | whose))
    await connection.execute(
        insert(consent_subject),
        [
            {
                "consent_id": values["id"],
                "person_id": one.person_id,
                "place_id": actor.place,
                "authority": one.authority.value,
                "competence": _assessment(one.competence),
                "evidence": one.evidence,
                "incapacity": _assessment(one.incapacity),
                "organisation_id": actor.organisation,
            }
            for one in spoken
        ],
    )


def own_consents(actor: Actor) -> ColumnElement[bool]:
    """The one predicate of consent records: recorded by the actor's own organisation."""
    return and_(consent_record.c.place_id == actor.place, consent_record.c.organisation_id == actor.organisation)


async def load_consent(connection: AsyncConnection, actor: Actor, consent_id: UUID) -> dict[str, Any]:
    """One record of the actor's own organisation, locked. Raises NotFound."""
    wanted = select(consent_record).where(consent_record.c.id == consent_id, own_consents(actor))
    row = (await connection.execute(wanted.with_for_update())).mappings().first()
    if row is None:
        raise NotFound
    return {str(name): value for name, value in row.items()}


async def people_of(connection: AsyncConnection, consent_id: UUID) -> list[UUID]:
    """The persons a record is about."""
    wanted = select(consent_subject.c.person_id).where(consent_subject.c.consent_id == consent_id)
    return list((await connection.execute(wanted.order_by(consent_subject.c.person_id))).scalars())


async def end_consent(
    connection: AsyncConnection, consent_id: UUID, *, state: str, version: int, withdrawn_at: datetime | None
) -> None:
    """Give a record its final state; the caller holds its row."""
    changing = update(consent_record).where(consent_record.c.id == consent_id)
    await connection.execute(changing.values(state=state, version=version, withdrawn_at=withdrawn_at))


async def add_consent_act(connection: AsyncConnection, place_id: UUID, actor: Actor, act: Act) -> None:
    """Add to a record's history."""
    values = {
        "id": new_id(),
        "place_id": place_id,
        "consent_id": act.consent_id,
        "act": act.act,
        "actor_id": actor.id,
        "organisation_id": actor.organisation_id,
        "note": act.words,
        "at": act.at,
        "how": act.manner.how.value if act.manner else "",
        "interpreter": interpreter_column(act.manner.interpreter) if act.manner else None,
    }
    await connection.execute(insert(consent_act).values(values))


async def expired_consents(connection: AsyncConnection, at: datetime, limit: int) -> list[dict[str, Any]]:
    """Records whose yes has run out and that nobody has marked yet, locked, over every place."""
    wanted = (
        select(consent_record)
        .where(consent_record.c.state == "given", consent_record.c.expires_at <= at)
        .order_by(consent_record.c.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = (await connection.execute(wanted)).mappings()
    return [{str(name): value for name, value in row.items()} for row in rows]


async def add_notice(
    connection: AsyncConnection, actor: Actor, values: dict[str, Any], person_ids: Iterable[UUID]
) -> None:
    """That these people were told."""
    whose = {"place_id": actor.place, "organisation_id": actor.organisation, "recorded_by": actor.id}
    await connection.execute(insert(notice).values(values | whose))
    of_notice = {"notice_id": values["id"], "place_id": actor.place, "organisation_id": actor.organisation}
    rows = [of_notice | {"person_id": person} for person in person_ids]
    await connection.execute(insert(notice_subject), rows)
