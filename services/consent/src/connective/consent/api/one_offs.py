"""`/disclosures/one-offs`: what is disclosed once without an agreement, or decided not to be, on the ICO's forms.

The fields are those of the request form and the decision form in Annex B of the ICO's data sharing code of practice.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field

from connective.consent.api.deps import Answer, Body, PartsDep, no_store
from connective.consent.api.words import Line, Name, Reasons, Text
from connective.consent.commands.record_one_off import OneOffDecided, record_one_off
from connective.consent.domain.evidence import OneOffGround
from connective.consent.domain.overrides import OneOffDecision
from connective.consent.storage.one_offs import list_one_offs, read_one_off
from connective.consent.storage.works import OFFICER
from connective.contracts.categories import Category
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, Unavailable

routes = router(tags=["overrides"])


class RequestForm(Body):
    """The request, as it came: Annex B's data sharing request form."""

    requester_organisation: Name
    requester_person_and_role: Name
    received_on: date
    data_requested: Reasons
    purpose: Reasons
    needed_by: date | None = None
    arrangements_asked_for: Text = ""


class DecisionForm(Body):
    """How it was decided: Annex B's data sharing decision form, beside the decision and its reasons."""

    lawful_basis: Line = ""
    legal_power: Line = ""
    why_necessary: Text = ""
    dpia_considered: bool = False
    dpia_outcome: Text = ""
    dpo_view: Text = ""
    retention_and_deletion: Text = ""
    security: Text = ""
    rights_arrangements: Text = ""
    dates_of_sharing: Annotated[tuple[date, ...], Field(max_length=50)] = ()
    family_informed: Annotated[str, Field(pattern="^(yes|no|unsafe_to)$")] = "no"
    decided_by_name_and_role: Line = ""


class RecordOneOff(Body):
    """A decision to disclose once without an agreement, in whole or part, or not to."""

    family_id: UUID | None = None
    recipient_organisation_id: UUID
    ground: OneOffGround
    decision: OneOffDecision = OneOffDecision.SHARE
    person_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=30)]
    categories: Annotated[frozenset[Category], Field(min_length=1)]
    condition: Line = ""
    reason: Reasons
    request: RequestForm | None = None
    form: DecisionForm = DecisionForm()


class OneOffOut(Answer):
    """A one-off decision; `stands_until` is when it was taken where nothing was to be shared."""

    id: UUID
    organisation_id: UUID
    recipient_organisation_id: UUID
    ground: OneOffGround
    decision: OneOffDecision
    person_ids: list[UUID]
    categories: list[Category]
    condition: str
    reason: str
    request: RequestForm | None
    form: DecisionForm
    decided_by: str
    decided_at: datetime
    stands_until: datetime


def _show(row: dict[str, object]) -> OneOffOut:
    kept = row["form"]
    forms = kept if isinstance(kept, dict) else {"request": None, "form": {}}
    return OneOffOut.model_validate({**row, **forms})


async def _answer(one_off_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> OneOffOut:
    async with parts.database.reading(actor, work=OFFICER) as connection:
        row = await read_one_off(connection, actor, one_off_id)
    no_store(response)
    return _show(row)


@routes.post(
    "/disclosures/one-offs",
    status_code=201,
    operation_id="consent_record_one_off",
    **operation(
        Permission.CONSENT_ONE_OFF_DECIDE,
        relation="own_organisation",
        refuses=(KeyMissing, StillRunning, Unavailable),
    ),
)
async def decide(
    body: RecordOneOff, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> OneOffOut:
    """Decide that something may be disclosed once without an agreement, or may not; both are recorded alike."""
    forms = {
        "request": body.request.model_dump(mode="json") if body.request else None,
        "form": body.form.model_dump(mode="json"),
    }
    decided = OneOffDecided(
        family_id=body.family_id,
        recipient_organisation_id=body.recipient_organisation_id,
        ground=body.ground,
        decision=body.decision,
        person_ids=body.person_ids,
        categories=body.categories,
        condition=body.condition,
        reason=body.reason,
        forms=forms,
    )
    done = await record_one_off(parts.database, parts.families, actor, attempt, decided, now=parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/disclosures/one-offs/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get(
    "/disclosures/one-offs",
    operation_id="consent_list_one_offs",
    **operation(Permission.CONSENT_ONE_OFF_READ, relation="own_entity"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    decision: Annotated[OneOffDecision | None, Query(description="How it was decided.")] = None,
    recipient_organisation_id: Annotated[UUID | None, Query(description="To whom.")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[OneOffOut]:
    """One-off decisions of your legal entity, also those not to share, oldest first."""
    after = parts.cursors.after(cursor)
    async with parts.database.reading(actor, work=OFFICER) as connection:
        rows = await list_one_offs(
            connection,
            actor,
            decision=decision and decision.value,
            recipient_id=recipient_organisation_id,
            after=after,
            limit=limit + 1,
        )
    no_store(response)
    shown = [_show(row) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(
    "/disclosures/one-offs/{one_off_id}",
    operation_id="consent_read_one_off",
    **operation(Permission.CONSENT_ONE_OFF_READ, relation="own_entity"),
)
async def read(one_off_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> OneOffOut:
    """One one-off decision of your legal entity."""
    return await _answer(one_off_id, actor, parts, response)
