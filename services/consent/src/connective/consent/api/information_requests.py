"""`/audit/information-requests`: what people ask about their data, with the clocks of every controller concerned."""

from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from connective.consent.api.audit_listing import Filters, Officer, OfficerDep, listing
from connective.consent.api.audit_words import Pseudonym
from connective.consent.api.deps import Answer, Body, no_store, show_version
from connective.consent.api.words import Line, Reasons, Reference, Text
from connective.consent.commands.answer_information_request import (
    Asked,
    Change,
    answer_request,
    change_request,
    record_request,
)
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.refusals import NotNow, Unacceptable
from connective.consent.domain import information_requests as clocks
from connective.consent.domain.information_requests import PauseReason, RequestKind, RequestOutcome, RequestStanding
from connective.consent.queries.information_requests import Wanted, request_read, requests_listed
from connective.consent.storage.audit_look import Window
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import AttemptDep, show_done
from connective.kit.idempotency import Attempt
from connective.kit.pages import Page
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning

routes = router(tags=["audit"])
_READ = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")
_ACT = operation(
    Permission.CONSENT_AUDIT_WRITE, relation="own_entity", refuses=(KeyMissing, StillRunning, NotNow, Unacceptable)
)
_ONE = "/audit/information-requests/{information_request_id}"


class RecordRequest(Body):
    """A request as it came. Name nobody in `about`; ids of people are not kept."""

    reference: Reference
    kind: RequestKind
    about: Text = ""
    received_on: date
    people: Annotated[tuple[Pseudonym, ...], Field(max_length=50)] = ()
    person_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    other_controllers: Annotated[frozenset[UUID], Field(max_length=50)] = frozenset()
    agreed_under: Line = ""


class PauseRequest(Body):
    """What is awaited from the person."""

    reason: PauseReason


class ExtendRequest(Body):
    """By how many months, and what the person was told of why."""

    months: Annotated[int, Field(ge=1, le=clocks.MOST_EXTENDED_MONTHS)]
    reason: Reasons


class AnswerRequest(Body):
    """How your legal entity answered for what it holds; a refusal names its ground."""

    outcome: RequestOutcome
    note: Text = ""


class ControllerAnswer(Answer):
    """One controller's answer."""

    legal_entity_id: UUID
    outcome: RequestOutcome
    note: str
    answered_by: str
    answered_at: datetime


class InformationRequestOut(Answer):
    """A request with its clocks: which controllers it concerns, who answered, and who is waited for."""

    id: UUID
    legal_entity_id: UUID
    reference: str
    kind: RequestKind
    about: str
    people: list[str]
    controllers: list[UUID]
    waiting_for: list[UUID]
    answers: list[ControllerAnswer]
    agreed_under: str
    origin: RequestKind | None
    """Where it came in by itself: `objection` or `erasure`, decided in the record `origin_id`."""
    origin_id: UUID | None
    correction_ids: list[UUID]
    """Corrections told to those who had been shown the old data, opened from this request."""
    access_copy_ids: list[UUID]
    """Copies that were put together for it."""
    standing: RequestStanding
    received_on: date
    acknowledge_by: date | None
    acknowledged_on: date | None
    due_on: date | None
    extended_months: int
    extension_reason: str
    paused_since: date | None
    pause_reason: PauseReason | None
    paused_days: int
    closed_at: datetime | None
    recorded_by: str
    recorded_at: datetime
    version: int


class OfRequests(Filters):
    """Filters of the register."""

    kind: Annotated[RequestKind | None, Query(description="Of this kind.")] = None
    standing: Annotated[RequestStanding | None, Query(description="Where it stands.")] = None
    controller_id: Annotated[UUID | None, Query(description="Which also concerns this legal entity.")] = None


async def _answer(officer: Officer, request_id: UUID) -> InformationRequestOut:
    parts, now = officer.parts, officer.parts.clock()
    asked = {"request_id": request_id}
    async with looking(parts.database, officer.actor, "information_request_read", now, asked) as look:
        row = await request_read(look, request_id, Window(None, 1, now), parts.is_holiday)
    no_store(officer.response)
    show_version(officer.response, row["version"])
    return InformationRequestOut.model_validate(row)


@routes.post("/audit/information-requests", status_code=201, operation_id="consent_record_information_request", **_ACT)
async def record(body: RecordRequest, officer: OfficerDep, attempt: AttemptDep) -> InformationRequestOut:
    """Enter a request: one month to answer, a complaint acknowledged in 30 days, information in 20 working days."""
    parts = officer.parts
    asked = Asked(**body.model_dump())
    done = await record_request(
        parts.database, officer.actor, attempt, asked, is_holiday=parts.is_holiday, now=parts.clock()
    )
    show_done(officer.response, done)
    officer.response.headers["Location"] = f"/audit/information-requests/{done.resource_id}"
    return await _answer(officer, done.resource_id)


@routes.get("/audit/information-requests", operation_id="consent_list_information_requests", **_READ)
async def list_all(officer: OfficerDep, asked: Annotated[OfRequests, Query()]) -> Page[InformationRequestOut]:
    """Every request that concerns your legal entity, oldest first: its clocks, and who of the others still answers."""
    found = partial(requests_listed, wanted=Wanted(**asked.said()), is_holiday=officer.parts.is_holiday)
    return await listing(officer, asked, "information_requests_listed", found, InformationRequestOut.model_validate)


@routes.get(_ONE, operation_id="consent_read_information_request", **_READ)
async def read(information_request_id: UUID, officer: OfficerDep) -> InformationRequestOut:
    """One request."""
    return await _answer(officer, information_request_id)


async def _change(
    officer: Officer, attempt: Attempt, request_id: UUID, act_name: str, change: Change
) -> InformationRequestOut:
    parts = officer.parts
    done = await change_request(
        parts.database,
        officer.actor,
        attempt,
        request_id,
        change,
        act_name=act_name,
        is_holiday=parts.is_holiday,
        now=parts.clock(),
    )
    show_done(officer.response, done)
    return await _answer(officer, request_id)


@routes.post(f"{_ONE}/acknowledge", operation_id="consent_acknowledge_information_request", **_ACT)
async def acknowledge(information_request_id: UUID, officer: OfficerDep, attempt: AttemptDep) -> InformationRequestOut:
    """Record that the person was told it has come."""
    return await _change(officer, attempt, information_request_id, "acknowledged", clocks.acknowledged)


@routes.post(f"{_ONE}/pause", operation_id="consent_pause_information_request", **_ACT)
async def pause(
    information_request_id: UUID, body: PauseRequest, officer: OfficerDep, attempt: AttemptDep
) -> InformationRequestOut:
    """Stop the clock while proof of identity, or clarification of a request for access, is awaited."""
    return await _change(
        officer,
        attempt,
        information_request_id,
        "paused",
        lambda clock, today: clocks.paused(clock, body.reason, today),
    )


@routes.post(f"{_ONE}/resume", operation_id="consent_resume_information_request", **_ACT)
async def resume(information_request_id: UUID, officer: OfficerDep, attempt: AttemptDep) -> InformationRequestOut:
    """Let the clock run again; the days it stood still are added."""
    return await _change(officer, attempt, information_request_id, "resumed", clocks.resumed)


@routes.post(f"{_ONE}/extend", operation_id="consent_extend_information_request", **_ACT)
async def extend(
    information_request_id: UUID, body: ExtendRequest, officer: OfficerDep, attempt: AttemptDep
) -> InformationRequestOut:
    """Extend by up to two months, with the reason that the person was told."""
    holiday = officer.parts.is_holiday
    return await _change(
        officer,
        attempt,
        information_request_id,
        "extended",
        lambda clock, today: clocks.extended(clock, body.months, body.reason, today, holiday),
    )


@routes.post(f"{_ONE}/answer", operation_id="consent_answer_information_request", **_ACT)
async def answer(
    information_request_id: UUID, body: AnswerRequest, officer: OfficerDep, attempt: AttemptDep
) -> InformationRequestOut:
    """Record your legal entity's answer for what it holds; the last controller's closes the request."""
    parts = officer.parts
    done = await answer_request(
        parts.database,
        officer.actor,
        attempt,
        information_request_id,
        outcome=body.outcome,
        words=body.note,
        is_holiday=parts.is_holiday,
        now=parts.clock(),
    )
    show_done(officer.response, done)
    return await _answer(officer, information_request_id)
