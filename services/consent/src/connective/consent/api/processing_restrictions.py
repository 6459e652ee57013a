"""`/audit/processing-restrictions`: whose data are stored and not otherwise used, since when and why (Article 18)."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from connective.consent.api.audit_listing import Filters, Officer, OfficerDep, listing
from connective.consent.api.deps import Answer, Body, no_store, show_version
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.refusals import NotNow, Unacceptable
from connective.consent.commands.restrict_processing import (
    Restricting,
    lift_processing_restriction,
    restrict_processing,
)
from connective.consent.domain.processing_restrictions import (
    LiftedBecause,
    Lifting,
    RestrictionGround,
    RestrictionStanding,
)
from connective.consent.storage.processing_restrictions import (
    list_processing_restrictions,
    load_processing_restriction,
)
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import AttemptDep, show_done
from connective.kit.pages import Page
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, TooSlow, Unavailable

routes = router(tags=["audit"])
_READ = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")
_ACT = operation(
    Permission.CONSENT_RETENTION_DECIDE,
    relation="own_entity",
    refuses=(KeyMissing, StillRunning, NotNow, Unacceptable, Unavailable, TooSlow),
)


class RestrictProcessing(Body):
    """Whose data, and why: the person by id, or through the request that stands in the register."""

    ground: RestrictionGround
    person_id: UUID | None = None
    information_request_id: UUID | None = None


class LiftProcessingRestriction(Body):
    """Why it ends, and on which day the person was told that it would (Article 18(3))."""

    because: LiftedBecause
    person_told_on: date


class ProcessingRestrictionOut(Answer):
    """A restriction of processing; the person by pseudonym."""

    id: UUID
    legal_entity_id: UUID
    person: str
    ground: RestrictionGround
    information_request_id: UUID | None
    standing: RestrictionStanding
    placed_by: str
    placed_at: datetime
    lifted_because: LiftedBecause | None
    person_told_on: date | None
    lifted_by: str | None
    lifted_at: datetime | None
    version: int


class OfRestrictions(Filters):
    """Filters of restrictions of processing."""

    standing: Annotated[RestrictionStanding | None, Query(description="Whether it still holds.")] = None


def _show(row: dict[str, Any]) -> ProcessingRestrictionOut:
    standing = RestrictionStanding.LIFTED if row["lifted_at"] else RestrictionStanding.STANDING
    return ProcessingRestrictionOut.model_validate(row | {"standing": standing})


async def _answer(officer: Officer, restriction_id: UUID) -> ProcessingRestrictionOut:
    parts, asked = officer.parts, {"restriction_id": restriction_id}
    async with looking(parts.database, officer.actor, "restriction_read", parts.clock(), asked) as look:
        row = await load_processing_restriction(look, restriction_id)
    no_store(officer.response)
    show_version(officer.response, row["version"])
    return _show(row)


@routes.post("/audit/processing-restrictions", status_code=201, operation_id="consent_restrict_processing", **_ACT)
async def restrict(body: RestrictProcessing, officer: OfficerDep, attempt: AttemptDep) -> ProcessingRestrictionOut:
    """Restrict processing of the data of somebody whose record your legal entity keeps: stored, and not otherwise used.

    Every decision to share refuses from now on with `processing_restricted`, open requests are held, and the record is
    not read by workers. A safeguarding override stands instead of it. Tell whoever was shown the data, too:
    `POST /audit/corrections` of the kind `restricted` (Article 19).
    """
    parts, wanted = officer.parts, Restricting(body.ground, body.person_id, body.information_request_id)
    done = await restrict_processing(parts.database, parts.families, officer.actor, attempt, wanted, now=parts.clock())
    show_done(officer.response, done)
    officer.response.headers["Location"] = f"/audit/processing-restrictions/{done.resource_id}"
    return await _answer(officer, done.resource_id)


@routes.get("/audit/processing-restrictions", operation_id="consent_list_processing_restrictions", **_READ)
async def list_all(officer: OfficerDep, asked: Annotated[OfRestrictions, Query()]) -> Page[ProcessingRestrictionOut]:
    """The restrictions that your legal entity placed, oldest first."""
    found = partial(list_processing_restrictions, standing=asked.standing)
    return await listing(officer, asked, "restrictions_listed", found, _show)


@routes.get(
    "/audit/processing-restrictions/{processing_restriction_id}",
    operation_id="consent_read_processing_restriction",
    **_READ,
)
async def read(processing_restriction_id: UUID, officer: OfficerDep) -> ProcessingRestrictionOut:
    """One of them."""
    return await _answer(officer, processing_restriction_id)


@routes.post(
    "/audit/processing-restrictions/{processing_restriction_id}/lift",
    operation_id="consent_lift_processing_restriction",
    **_ACT,
)
async def lift(
    processing_restriction_id: UUID, body: LiftProcessingRestriction, officer: OfficerDep, attempt: AttemptDep
) -> ProcessingRestrictionOut:
    """End a restriction, once the person was told. Requests that were held wait for a person who releases each."""
    parts, lifting = officer.parts, Lifting(body.because, body.person_told_on)
    done = await lift_processing_restriction(
        parts.database, officer.actor, attempt, processing_restriction_id, lifting, now=parts.clock()
    )
    show_done(officer.response, done)
    return await _answer(officer, processing_restriction_id)
