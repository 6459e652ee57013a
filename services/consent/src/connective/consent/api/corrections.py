"""`/audit/corrections`: who had been shown what was wrong, who was told, and who confirmed (UK GDPR Article 19)."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, Field

from connective.consent.api.audit_listing import Filters, Officer, OfficerDep, listing
from connective.consent.api.audit_words import Pseudonym
from connective.consent.api.deps import Answer, Body, no_store
from connective.consent.api.words import Reasons, Text
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.refusals import NotNow, Unacceptable
from connective.consent.commands.tell_of_correction import Correcting, confirm_correction, tell_of_correction
from connective.consent.domain.corrections import CorrectionKind, CorrectionOutcome, CorrectionStanding
from connective.consent.storage.corrections import AWAITED, list_corrections, load_correction
from connective.contracts.categories import Category
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import AttemptDep, show_done
from connective.kit.pages import Page
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning

routes = router(tags=["audit"])
_READ = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")
_ACT = operation(
    Permission.CONSENT_AUDIT_WRITE, relation="own_entity", refuses=(KeyMissing, StillRunning, NotNow, Unacceptable)
)
_STANDING = {CorrectionStanding.AWAITED: AWAITED, CorrectionStanding.CONFIRMED: f"NOT {AWAITED}"}


class TellOfCorrection(Body):
    """What was wrong of whom, and since when; name nobody and repeat no content in `what`. Ids are not kept."""

    kind: CorrectionKind = CorrectionKind.RECTIFIED
    what: Reasons
    categories: Annotated[frozenset[Category], Field(min_length=1)]
    since: AwareDatetime
    people: Annotated[tuple[Pseudonym, ...], Field(max_length=50)] = ()
    person_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    information_request_id: UUID | None = None
    """The request it answers, for rectification, erasure or restriction: whom that names is corrected too."""


class ConfirmCorrection(Body):
    """What your legal entity did to its copy."""

    outcome: CorrectionOutcome
    note: Text = ""


class RecipientOut(Answer):
    """Somebody who had been shown it; `request_ids` are the requests that it read."""

    organisation_id: UUID
    legal_entity_id: UUID
    disclosures: int
    last_disclosed_at: datetime
    request_ids: list[UUID]
    told_at: datetime
    outcome: CorrectionOutcome | None
    note: str
    confirmed_by: str | None
    confirmed_at: datetime | None


class CorrectionOut(Answer):
    """A correction with those it has to reach: all of them for whoever made it, itself for a recipient."""

    id: UUID
    legal_entity_id: UUID
    kind: CorrectionKind
    what: str
    categories: list[Category]
    people: list[str]
    information_request_id: UUID | None
    since: datetime
    awaited: bool
    """Somebody has not confirmed yet."""
    recipients: list[RecipientOut]
    recorded_by: str
    recorded_at: datetime


class OfCorrections(Filters):
    """Filters of corrections."""

    standing: Annotated[CorrectionStanding | None, Query(description="Whether all have confirmed.")] = None


async def _answer(officer: Officer, correction_id: UUID) -> CorrectionOut:
    parts, asked = officer.parts, {"correction_id": correction_id}
    async with looking(parts.database, officer.actor, "correction_read", parts.clock(), asked) as look:
        row = await load_correction(look, correction_id)
    no_store(officer.response)
    return CorrectionOut.model_validate(row)


@routes.post("/audit/corrections", status_code=201, operation_id="consent_tell_of_correction", **_ACT)
async def tell(body: TellOfCorrection, officer: OfficerDep, attempt: AttemptDep) -> CorrectionOut:
    """Tell everybody your legal entity showed it to: the recipients are read off the disclosures."""
    parts = officer.parts
    correcting = Correcting(**body.model_dump())
    done = await tell_of_correction(parts.database, officer.actor, attempt, correcting, now=parts.clock())
    show_done(officer.response, done)
    officer.response.headers["Location"] = f"/audit/corrections/{done.resource_id}"
    return await _answer(officer, done.resource_id)


@routes.get("/audit/corrections", operation_id="consent_list_corrections", **_READ)
async def list_all(officer: OfficerDep, asked: Annotated[OfCorrections, Query()]) -> Page[CorrectionOut]:
    """Corrections your legal entity made or was told of, oldest first: who was told, and who confirmed."""
    found = partial(list_corrections, condition=_STANDING[asked.standing] if asked.standing else None)
    return await listing(officer, asked, "corrections_listed", found, CorrectionOut.model_validate)


@routes.get("/audit/corrections/{correction_id}", operation_id="consent_read_correction", **_READ)
async def read(correction_id: UUID, officer: OfficerDep) -> CorrectionOut:
    """One correction."""
    return await _answer(officer, correction_id)


@routes.post("/audit/corrections/{correction_id}/confirm", operation_id="consent_confirm_correction", **_ACT)
async def confirm(
    correction_id: UUID, body: ConfirmCorrection, officer: OfficerDep, attempt: AttemptDep
) -> CorrectionOut:
    """Confirm, as a recipient, what your legal entity did to its copy."""
    parts = officer.parts
    done = await confirm_correction(
        parts.database,
        officer.actor,
        attempt,
        correction_id,
        outcome=body.outcome,
        words=body.note,
        now=parts.clock(),
    )
    show_done(officer.response, done)
    return await _answer(officer, correction_id)
