"""`/notices` and `/objections`: that families were told, and that they object."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import RowMapping

from connective.consent.api.consent_bodies import InterpreterBody, MannerBody, Recipients
from connective.consent.api.deps import Answer, Body, PartsDep, no_store, show_version
from connective.consent.api.words import Language, Line, Reasons, Text
from connective.consent.commands.raise_objection import Objecting, raise_objection
from connective.consent.commands.record_notice import Told, record_notice
from connective.consent.commands.recorded_reading import recorded_reading
from connective.consent.commands.refusals import NoAuthority, NotNow, Unacceptable
from connective.consent.commands.resolve_objection import resolve_objection
from connective.consent.domain.consent import How, Manner
from connective.consent.domain.evidence import ObjectionState
from connective.consent.queries.statements import list_notices, read_notice
from connective.consent.storage.objections import list_objections, load_objection
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.works import OFFICER
from connective.contracts.categories import Purpose
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, Unavailable

routes = router(tags=["notices and objections"])
_ACTING = (KeyMissing, StillRunning, Unavailable)


class RecordNotice(MannerBody):
    """Who was told what is shared about them; empty recipients or purposes mean every one."""

    family_id: UUID | None = None
    person_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=30)]
    recipient_organisation_ids: Recipients = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    language: Language = "en"
    document_reference: Line = ""
    document_version: Line = ""
    told_on: date


class NoticeOut(Answer):
    """That people were told."""

    id: UUID
    person_ids: list[UUID]
    recipient_organisation_ids: list[UUID]
    purposes: list[Purpose]
    how: str
    interpreter: dict[str, Any] | None
    language: str
    document_reference: str
    document_version: str
    told_on: date
    recorded_at: datetime


class RaiseObjection(Body):
    """Who objects, about whom, to sharing with whom; no recipients means with any."""

    family_id: UUID | None = None
    person_id: UUID
    raised_by: UUID
    recipient_organisation_ids: Recipients = frozenset()
    reason: Text = ""
    how: How = How.IN_PERSON
    interpreter: InterpreterBody | None = None


class ResolveObjection(Body):
    """What the officer decides, and why."""

    upheld: bool
    resolution: Reasons


class ObjectionOut(Answer):
    """An objection: while open, or once upheld, it denies."""

    id: UUID
    person_id: UUID
    raised_by: UUID
    state: ObjectionState
    recipient_organisation_ids: list[UUID]
    reason: str
    how: str
    interpreter: dict[str, Any] | None
    raised_at: datetime
    resolved_at: datetime | None
    resolution: str
    version: int


@routes.post(
    "/notices",
    status_code=201,
    operation_id="consent_record_notice",
    **operation(Permission.CONSENT_CONSENT_RECORD, relation="own_organisation", refuses=(*_ACTING, Unacceptable)),
)
async def tell(
    body: RecordNotice, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> NoticeOut:
    """Record that people were told what is shared about them, with whom and why."""
    told = Told(
        family_id=body.family_id,
        person_ids=body.person_ids,
        recipient_organisation_ids=body.recipient_organisation_ids,
        purposes=body.purposes,
        manner=body.manner(reference=body.document_reference, version=body.document_version),
        language=body.language,
        told_on=body.told_on,
    )
    done = await record_notice(parts.database, parts.families, actor, attempt, told, now=parts.clock())
    show_done(response, done)
    return await read_one_notice(done.resource_id, actor, parts, response)


@routes.get(
    "/notices/{notice_id}",
    operation_id="consent_read_notice",
    **operation(Permission.CONSENT_CONSENT_READ, relation="own_organisation"),
)
async def read_one_notice(notice_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> NoticeOut:
    """One notice of your organisation; the reading is entered in the ledger."""
    async with recorded_reading(
        parts.database, actor, "notice.read", parts.clock(), {"notice_id": notice_id}
    ) as reading:
        row = await read_notice(reading.connection, actor, notice_id)
        reading.people = set(row["person_ids"])
    no_store(response)
    return NoticeOut.model_validate(row)


@routes.get(
    "/notices",
    operation_id="consent_list_notices",
    **operation(Permission.CONSENT_CONSENT_READ, relation="own_organisation"),
)
async def list_told(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    person_id: Annotated[
        list[UUID],
        Query(min_length=1, max_length=50, description="Who was told; of several people, any of them."),
    ],
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[NoticeOut]:
    """What your organisation told a person, or several, oldest first; the reading is entered in the ledger."""
    after = parts.cursors.after(cursor)
    async with recorded_reading(parts.database, actor, "notices.listed", parts.clock()) as reading:
        rows = await list_notices(reading.connection, actor, person_id, after, limit + 1)
        reading.people = {each for row in rows[:limit] for each in row["person_ids"]}
        reading.hits = len(rows[:limit])
    no_store(response)
    return page_of(request, response, parts.cursors, [NoticeOut.model_validate(row) for row in rows], limit=limit)


async def _objection(objection_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ObjectionOut:
    async with parts.database.reading(actor, work=OFFICER) as connection:
        row = await load_objection(connection, await entity_of(connection, actor), objection_id)
    return _shown(row, response)


def _shown(row: RowMapping, response: Response) -> ObjectionOut:
    no_store(response)
    show_version(response, row["version"])
    return ObjectionOut.model_validate(dict(row))


def _people_of(row: RowMapping) -> set[UUID]:
    return {row["person_id"], row["raised_by"]}


@routes.post(
    "/objections",
    status_code=201,
    operation_id="consent_raise_objection",
    **operation(Permission.CONSENT_CONSENT_RECORD, relation="own_organisation", refuses=(*_ACTING, NoAuthority)),
)
async def object_to(
    body: RaiseObjection, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> ObjectionOut:
    """Record an objection: the sharing stops at once, until an officer resolves it."""
    objecting = Objecting(
        family_id=body.family_id,
        person_id=body.person_id,
        raised_by=body.raised_by,
        recipient_organisation_ids=body.recipient_organisation_ids,
        reason=body.reason,
        manner=Manner(body.how, body.interpreter.to_domain() if body.interpreter else None),
    )
    done = await raise_objection(
        parts.database, parts.families, actor, attempt, objecting, is_holiday=parts.is_holiday, now=parts.clock()
    )
    show_done(response, done)
    response.headers["Location"] = f"/objections/{done.resource_id}"
    return await _objection(done.resource_id, actor, parts, response)


@routes.get(
    "/objections",
    operation_id="consent_list_objections",
    **operation(Permission.CONSENT_AGREEMENT_REVIEW, relation="own_entity"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    state: Annotated[ObjectionState | None, Query()] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ObjectionOut]:
    """Objections that organisations of your legal entity recorded, oldest first; the reading is in the ledger."""
    after = parts.cursors.after(cursor)
    asked = {"state": state}
    async with recorded_reading(
        parts.database, actor, "objections.listed", parts.clock(), asked, work=OFFICER
    ) as reading:
        entity_id = await entity_of(reading.connection, actor)
        rows = await list_objections(reading.connection, entity_id, state and state.value, after, limit + 1)
        reading.people = set().union(*map(_people_of, rows[:limit]))
        reading.hits = len(rows[:limit])
    no_store(response)
    shown = [ObjectionOut.model_validate(dict(row)) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(
    "/objections/{objection_id}",
    operation_id="consent_read_objection",
    **operation(Permission.CONSENT_AGREEMENT_REVIEW, relation="own_entity"),
)
async def read(objection_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ObjectionOut:
    """One objection of your legal entity; the reading is entered in the ledger."""
    asked = {"objection_id": objection_id}
    async with recorded_reading(parts.database, actor, "objection.read", parts.clock(), asked, work=OFFICER) as reading:
        row = await load_objection(reading.connection, await entity_of(reading.connection, actor), objection_id)
        reading.people = _people_of(row)
    return _shown(row, response)


@routes.post(
    "/objections/{objection_id}/resolve",
    operation_id="consent_resolve_objection",
    **operation(Permission.CONSENT_AGREEMENT_REVIEW, relation="own_entity", refuses=(KeyMissing, StillRunning, NotNow)),
)
async def resolve(
    *,
    objection_id: UUID,
    body: ResolveObjection,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> ObjectionOut:
    """Resolve an objection, as the data protection officer: upheld, it goes on denying."""
    done = await resolve_objection(
        parts.database,
        actor,
        attempt,
        objection_id,
        upheld=body.upheld,
        words=body.resolution,
        is_holiday=parts.is_holiday,
        now=parts.clock(),
    )
    show_done(response, done)
    return await _objection(objection_id, actor, parts, response)
