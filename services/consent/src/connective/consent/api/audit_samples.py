"""`/audit/samples`: drawing records at random, recording what was found of each, and closing the audit."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import AwareDatetime, Field, StringConstraints

from connective.consent.api.audit_listing import Filters, OfficerDep, listing
from connective.consent.api.deps import Answer, Body, PartsDep, no_store, show_version
from connective.consent.api.words import Reasons, Text
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.draw_audit_sample import Drawing, draw_audit_sample
from connective.consent.commands.record_audit_result import close_audit, record_audit_result
from connective.consent.commands.refusals import NotNow
from connective.consent.domain.audit_samples import MOST_ITEMS, Result, SampledKind, SampleState
from connective.consent.storage.audit_samples import items_of, list_samples, load_sample
from connective.contracts.categories import Purpose
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import Page
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning

routes = router(tags=["audit"])
_READ = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")
_ACT = operation(Permission.CONSENT_AUDIT_WRITE, relation="own_entity", refuses=(KeyMissing, StillRunning, NotNow))
Seed = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{8,64}$")]
Nth = Annotated[int, Path(ge=1, le=MOST_ITEMS, description="Which item of the draw, from one.")]


class DrawSample(Body):
    """What to draw from. Without a seed one is made that nobody chose."""

    of: SampledKind
    since: AwareDatetime
    until: AwareDatetime
    size: Annotated[int, Field(ge=1, le=MOST_ITEMS)]
    agreement_id: UUID | None = None
    organisation_id: UUID | None = None
    purpose: Purpose | None = None
    seed: Seed | None = None


class RecordResult(Body):
    """What looking at an item found. Write no name of a family."""

    result: Result
    note: Text = ""


class CloseAudit(Body):
    """What the sample says of the whole."""

    conclusion: Reasons


class ItemOut(Answer):
    """A drawn record: `GET /disclosures/{id}` or `GET /decisions/{id}` shows it."""

    nth: int
    record_id: UUID
    result: Result | None
    note: str
    recorded_by: str | None
    recorded_at: datetime | None


class SampleLine(Answer):
    """A sample. The items are the records of the period with the smallest SHA-256 of seed and id."""

    id: UUID
    of: SampledKind
    seed: str
    since: datetime
    until: datetime
    asked: dict[str, str]
    population: int
    size: int
    state: SampleState
    conclusion: str
    drawn_by: str
    drawn_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    version: int


class SampleOut(SampleLine):
    """A sample with its items."""

    items: list[ItemOut]


def _line(row: dict[str, Any]) -> SampleLine:
    return SampleLine.model_validate(row | {"of": row["of_kind"]})


async def _answer(sample_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> SampleOut:
    async with looking(parts.database, actor, "sample_read", parts.clock(), {"sample_id": sample_id}) as look:
        row = await load_sample(look, sample_id)
        items = await items_of(look, sample_id)
    no_store(response)
    show_version(response, row["version"])
    return SampleOut.model_validate(row | {"of": row["of_kind"], "items": items})


@routes.post("/audit/samples", status_code=201, operation_id="consent_draw_audit_sample", **_ACT)
async def draw(
    body: DrawSample, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> SampleOut:
    """Draw a random sample of disclosures or decisions of a period that is over; the same seed draws the same."""
    drawing = Drawing(**body.model_dump())
    done = await draw_audit_sample(parts.database, actor, attempt, drawing, now=parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/audit/samples/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get("/audit/samples", operation_id="consent_list_audit_samples", **_READ)
async def list_all(officer: OfficerDep, asked: Annotated[Filters, Query()]) -> Page[SampleLine]:
    """The samples that officers of your legal entity drew, oldest first."""
    return await listing(officer, asked, "samples_listed", list_samples, _line)


@routes.get("/audit/samples/{sample_id}", operation_id="consent_read_audit_sample", **_READ)
async def read(sample_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> SampleOut:
    """One sample with what was found so far."""
    return await _answer(sample_id, actor, parts, response)


@routes.post("/audit/samples/{sample_id}/items/{nth}/result", operation_id="consent_record_audit_result", **_ACT)
async def record(
    *,
    sample_id: UUID,
    nth: Nth,
    body: RecordResult,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> SampleOut:
    """Record what looking at an item found; it may be corrected until the audit is closed."""
    done = await record_audit_result(
        parts.database, actor, attempt, sample_id, nth, result=body.result, words=body.note, now=parts.clock()
    )
    show_done(response, done)
    return await _answer(sample_id, actor, parts, response)


@routes.post("/audit/samples/{sample_id}/close", operation_id="consent_close_audit", **_ACT)
async def close(
    *,
    sample_id: UUID,
    body: CloseAudit,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> SampleOut:
    """Close the audit with its conclusion, when every item has a result."""
    done = await close_audit(parts.database, actor, attempt, sample_id, conclusion=body.conclusion, now=parts.clock())
    show_done(response, done)
    return await _answer(sample_id, actor, parts, response)
