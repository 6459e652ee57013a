"""What is noted beside the lifecycle: tries to reach a family, the family told, a concern reported elsewhere."""

from uuid import UUID

from fastapi import Response

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning
from connective.referrals.api.actions import show_status
from connective.referrals.api.answers import AttemptOut, StatusOut
from connective.referrals.api.bodies import ConcernReportedIn, ContactAttemptIn, FamilyToldIn
from connective.referrals.api.deps import SAFEGUARDING_NOTICE, PartsDep, guard
from connective.referrals.api.requests import EITHER
from connective.referrals.commands.note_on_request import Noting, note_on_request
from connective.referrals.commands.refusals import IllegalAction, InvalidDetails
from connective.referrals.domain.notes import Try, log_contact_attempt, tell_family
from connective.referrals.domain.request import Fact, Request
from connective.referrals.domain.states import Party
from connective.referrals.queries.list_attempts import list_attempts

routes = router(tags=["requests"])
_REFUSES = (KeyMissing, IllegalAction, StillRunning, InvalidDetails)


@routes.post(
    "/requests/{request_id}/family-told",
    operation_id="referrals_note_family_told",
    response_model=StatusOut,
    **operation(Permission.REFERRALS_FAMILY_TELL, relation=EITHER, refuses=_REFUSES),
)
async def family_told(
    *, request_id: UUID, body: FamilyToldIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> StatusOut:
    """End the task that a decline leaves: the family was told, or telling them would be unsafe."""
    noting = Noting(
        request_id=request_id,
        kind="family_told",
        parties=frozenset({Party.REFERRER, Party.RECIPIENT}),
        details={"code": body.code},
        change=lambda request, by, at: tell_family(request, body.code, by, at),
    )
    done = await note_on_request(parts.room, actor, attempt, noting)
    return await show_status(parts, actor, done, response)


@routes.post(
    "/requests/{request_id}/contact-attempts",
    operation_id="referrals_log_contact_attempt",
    response_model=StatusOut,
    **operation(Permission.REFERRALS_REQUEST_WORK, relation="recipient", refuses=_REFUSES),
)
async def contact_attempt(
    *,
    request_id: UUID,
    body: ContactAttemptIn,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> StatusOut:
    """Log one try to reach the family. As many in vain as the service promises prompt the referrer."""
    noting = Noting(
        request_id=request_id,
        kind="contact_attempt",
        parties=frozenset({Party.RECIPIENT}),
        details={"method": body.method, "reached": body.reached},
        change=lambda request, by, at: log_contact_attempt(request, Try(body.method, body.reached), by, at),
    )
    done = await note_on_request(parts.room, actor, attempt, noting)
    return await show_status(parts, actor, done, response)


@routes.post(
    "/requests/{request_id}/concern-reported",
    operation_id="referrals_note_concern_reported",
    response_model=StatusOut,
    description=f"Note that a concern was reported elsewhere; never what it was. {SAFEGUARDING_NOTICE}",
    **operation(Permission.REFERRALS_REQUEST_WORK, relation="recipient", refuses=_REFUSES),
)
async def concern_reported(
    *,
    request_id: UUID,
    body: ConcernReportedIn,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> StatusOut:
    """The request itself does not change, and its referrer is not told here."""
    details = {
        "reported_to": body.reported_to,
        "reported_at": body.reported_at.isoformat(),
        "reference": body.reference,
    }
    noting = Noting(request_id, "concern_reported", frozenset({Party.RECIPIENT}), details, _unchanged)
    done = await note_on_request(parts.room, actor, attempt, noting)
    return await show_status(parts, actor, done, response)


def _unchanged(request: Request, *_: object) -> tuple[Request, tuple[Fact, ...]]:
    return request, ()


@routes.get(
    "/requests/{request_id}/contact-attempts",
    operation_id="referrals_list_contact_attempts",
    **operation(Permission.REFERRALS_REQUEST_READ, relation=EITHER),
)
async def contact_attempts(request_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> list[AttemptOut]:
    """Every try to reach the family, oldest first: when and how, and whether somebody was reached; no more."""
    found = await list_attempts(parts.room.database, actor, request_id)
    guard(response)
    return [AttemptOut(at=row.at, method=row.method, reached=row.reached) for row in found]
