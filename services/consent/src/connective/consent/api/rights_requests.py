"""`/rights-requests`: what a family asks of a worker about its data, entered in the officer's register."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from fastapi import Response

from connective.consent.api.deps import Answer, Body, PartsDep, no_store
from connective.consent.api.words import Text
from connective.consent.commands.ask_for_right import AskingFor, ask_for_right
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.refusals import NoAuthority, Unacceptable
from connective.consent.domain.information_requests import RequestKind
from connective.consent.storage.information_requests import load_request
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, TooSlow, Unavailable

routes = router(tags=["notices and objections"])


class AskedOfAWorker(StrEnum):
    """Rights that are entered here; an objection has `/objections`."""

    ACCESS = RequestKind.ACCESS.value
    ERASURE = RequestKind.ERASURE.value
    RECTIFICATION = RequestKind.RECTIFICATION.value
    RESTRICTION = RequestKind.RESTRICTION.value


class AskForRight(Body):
    """Which right, about whose data, asked by whom: themself or somebody responsible; `about` is in their words."""

    kind: AskedOfAWorker
    family_id: UUID | None = None
    person_id: UUID
    asked_by: UUID
    about: Text = ""
    received_on: date | None = None
    """Today, where it is left out: the month to answer runs from it (Article 12(3))."""


class RightsRequestOut(Answer):
    """What stands in the officer's register now."""

    id: UUID
    kind: RequestKind
    reference: str
    received_on: date
    due_on: date | None
    recorded_at: datetime


@routes.post(
    "/rights-requests",
    status_code=201,
    operation_id="consent_ask_for_right",
    **operation(
        Permission.CONSENT_CONSENT_RECORD,
        relation="own_organisation",
        refuses=(KeyMissing, StillRunning, Unavailable, TooSlow, NoAuthority, Unacceptable),
    ),
)
async def ask(
    body: AskForRight, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> RightsRequestOut:
    """Pass on that somebody wants a copy of their data, a correction, erasure, or their data only stored.

    Your officer answers within a month. Correct what you can at once: a request is needed only where you cannot.
    """
    now = parts.clock()
    received_on = body.received_on or now.date()
    asked = AskingFor(RequestKind(body.kind), body.family_id, body.person_id, body.asked_by, body.about, received_on)
    done = await ask_for_right(
        parts.database, parts.families, actor, attempt, asked, is_holiday=parts.is_holiday, now=now
    )
    show_done(response, done)
    async with looking(parts.database, actor, "rights_request_read", now, {"request_id": done.resource_id}) as look:
        row = await load_request(look, done.resource_id)
    no_store(response)
    return RightsRequestOut.model_validate(row)
