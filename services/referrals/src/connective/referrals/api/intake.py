"""`/intake`: people sent from outside wait for a person to match them; nothing is created twice, or by itself."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from connective.contracts.permissions import Permission
from connective.contracts.places import Place
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.idempotency import Done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import Access, operation
from connective.kit.problems import (
    Conflict,
    FieldError,
    Invalid,
    KeyMissing,
    MatchRequired,
    NotFound,
    Stale,
    StillRunning,
)
from connective.kit.problems import Unavailable as Away
from connective.referrals.api.deps import SAFEGUARDING_NOTICE, Parts, PartsDep, guard
from connective.referrals.api.intake_schemas import (
    CloseIn,
    IntakeContentOut,
    IntakeIn,
    IntakeItem,
    IntakeOut,
    MatchIn,
    OwnProgressIn,
    OwnProgressOut,
    SelfReferralIn,
    SelfReferralOut,
    WithheldOut,
)
from connective.referrals.commands.refusals import (
    AlreadyReceived,
    IntakeEnded,
    InvalidDetails,
    NotAReportingRoute,
    ReportConcernFirst,
    SharingNotPermitted,
)
from connective.referrals.commands.take_intake import Agreed, IntakeSent, take_intake, take_self_referral
from connective.referrals.commands.work_intake import (
    IntakeRead,
    Match,
    close_intake,
    match_intake,
    read_intake,
    withdraw_intake,
)
from connective.referrals.domain.clocks import local_day
from connective.referrals.domain.intake import Intake, IntakeState, lapses_at
from connective.referrals.domain.own_progress import SENTENCES, progress_code
from connective.referrals.queries.own_progress import read_own_progress
from connective.referrals.storage.intakes import WantedIntakes, list_intakes, list_overdue, load_intake

routes = router(tags=["intake"])
_EITHER = "own_organisation_or_recipient"
_TAKING = (KeyMissing, StillRunning, InvalidDetails, NotAReportingRoute, ReportConcernFirst, Away)
_ENDING = (KeyMissing, StillRunning, IntakeEnded, Stale, MatchRequired)
_NEXT = (
    "A person of the service reads this and gets in touch with you. Keep the reference: you can phone the service and "
    "say it. Nobody else has been told."
)


def _item(parts: Parts, intake: Intake) -> IntakeItem:
    waiting = intake.state is IntakeState.WAITING
    return IntakeItem(
        id=intake.id,
        reference=intake.reference,
        source=intake.source,
        state=intake.state,
        version=intake.version,
        service_id=intake.service_id,
        service_kind=intake.service_kind,
        sender_organisation_id=intake.sender_organisation_id,
        recipient_organisation_id=intake.recipient_organisation_id,
        received_at=intake.received_at,
        due_at=intake.due_at,
        overdue=waiting and parts.room.clock() > intake.due_at,
        ended_at=intake.ended_at,
        end_code=intake.end_code,
    )


def _allowed(intake: Intake, actor: Actor) -> list[str]:
    if intake.state is not IntakeState.WAITING:
        return []
    if intake.recipient_organisation_id == actor.organisation_id:
        return ["close", "match"] if actor.may(Permission.REFERRALS_INTAKE_WORK) else []
    return ["withdraw"] if actor.may(Permission.REFERRALS_INTAKE_SEND) else []


def _shown(parts: Parts, actor: Actor, read: IntakeRead) -> IntakeOut:
    intake = read.intake
    own = intake.sender_organisation_id == actor.organisation_id
    content = None if read.content is None else IntakeContentOut.model_validate(read.content, from_attributes=True)
    return IntakeOut(
        **_item(parts, intake).model_dump(),
        external_reference=intake.external_reference if own else None,
        withheld=[WithheldOut.model_validate(each, from_attributes=True) for each in intake.withheld] if own else [],
        content=content,
        lapses_at=lapses_at(intake),
        sentence=intake.sentence,
        allowed_actions=_allowed(intake, actor),
        safeguarding=parts.room.safeguarding(actor).sentence,
    )


async def _answer(parts: Parts, actor: Actor, done: Done, response: Response) -> IntakeOut:
    """What stands now, without what was sent: that is shown to whoever reads it, and recorded then."""
    async with parts.room.database.reading(actor) as connection:
        intake = await load_intake(connection, actor, done.resource_id)
    show_done(response, done)
    guard(response, intake.version)
    return _shown(parts, actor, IntakeRead(intake, None))


@routes.post(
    "/intake",
    operation_id="referrals_send_intake",
    status_code=201,
    response_model=IntakeOut,
    description=(
        "Send a family from your own system: nobody is looked up, and no record is made, until a person of the service "
        f"has matched it. Sending the same again answers the first. {SAFEGUARDING_NOTICE}"
    ),
    **operation(
        Permission.REFERRALS_INTAKE_SEND,
        relation="own_organisation",
        refuses=(*_TAKING, SharingNotPermitted, AlreadyReceived),
    ),
)
async def send(
    *, body: IntakeIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> IntakeOut:
    """Answer where it stands, and which categories go without, with what would clear them."""
    agrees = body.family_agrees
    sent = IntakeSent(
        service_id=body.service_id,
        content=body.content(),
        check=body.safeguarding_check.value(),
        text=body.model_dump_json().encode(),
        external_reference=body.external_reference,
        agreed=Agreed(agrees.agreed_on, agrees.how, agrees.notice_reference),
    )
    done = await take_intake(parts.room, actor, attempt, sent)
    response.headers["Location"] = f"/intake/{done.resource_id}"
    return await _answer(parts, actor, done, response)


@routes.post(
    "/intake/self-referrals",
    operation_id="referrals_ask_for_help",
    status_code=201,
    response_model=SelfReferralOut,
    description=f"A family asks a service for help by itself, without an account. {SAFEGUARDING_NOTICE}",
    **operation(access=Access.PUBLIC, relation="none", refuses=(*_TAKING, NotFound, Conflict)),
)
async def ask_for_help(
    *, body: SelfReferralIn, attempt: AttemptDep, parts: PartsDep, response: Response
) -> SelfReferralOut:
    """Answer a reference, and what happens next."""
    place = _place(parts, body.place_id)
    sent = IntakeSent(body.service_id, body.content(), body.safeguarding_check.value(), body.model_dump_json().encode())
    done, intake = await take_self_referral(parts.room, place.id, attempt, sent)
    show_done(response, done)
    guard(response)
    return SelfReferralOut(
        reference=intake.reference,
        progress_code=progress_code(parts.progress_key, intake.reference),
        answered_by=intake.due_at,
        next=_NEXT,
        safeguarding=place.safeguarding.sentence,
    )


@routes.post(
    "/intake/self-referrals/progress",
    operation_id="referrals_read_own_progress",
    response_model=OwnProgressOut,
    **operation(access=Access.PUBLIC, relation="none", refuses=(NotFound,)),
)
async def own_progress(body: OwnProgressIn, parts: PartsDep, response: Response) -> OwnProgressOut:
    """How it goes with what a family asked by itself, for whoever holds its reference and code; of nobody else's."""
    intake = await read_own_progress(parts.room.database, parts.progress_key, body.reference, body.progress_code)
    guard(response)
    return OwnProgressOut(
        reference=intake.reference,
        state=intake.state,
        asked_on=local_day(intake.received_at),
        answered_by=intake.due_at,
        ended_on=None if intake.ended_at is None else local_day(intake.ended_at),
        next=SENTENCES[intake.state],
        safeguarding=parts.room.places.get(intake.place_id).safeguarding.sentence,
    )


def _place(parts: Parts, named: UUID | None) -> Place:
    places = parts.room.places.places
    if named is None and len(places) == 1:
        return places[0]
    found = next((place for place in places if place.id == named), None)
    if found is None:
        detail = "Say in which place: several are served here." if named is None else "This place is not served here."
        raise Invalid(detail, errors=(FieldError("/place_id", "unknown", detail),))
    return found


DirectionQuery = Annotated[
    Literal["received", "sent"],
    Query(description="`received`: waiting at your organisation; `sent`: what your organisation sent."),
]
StatesQuery = Annotated[list[IntakeState], Query(alias="state", max_length=5, description="Only these; repeatable.")]


class _Part:
    """Which part of which list."""

    def __init__(
        self,
        direction: DirectionQuery = "received",
        states: StatesQuery = [],  # noqa: B006 - FastAPI reads the default, and nothing changes it
        limit: LimitQuery = 50,
        cursor: CursorQuery = None,
    ) -> None:
        self.direction, self.states, self.limit, self.cursor = direction, states, limit, cursor

    def wanted(self, parts: Parts) -> WantedIntakes:
        """What the query takes."""
        return WantedIntakes(self.direction == "sent", self.states, parts.cursors.after(self.cursor), self.limit)


@routes.get(
    "/intake",
    operation_id="referrals_list_intake",
    response_model=Page[IntakeItem],
    **operation(Permission.REFERRALS_INTAKE_READ, relation=_EITHER),
)
async def list_them(
    request: Request, response: Response, actor: ActorDep, parts: PartsDep, part: Annotated[_Part, Depends()]
) -> Page[IntakeItem]:
    """Newest first; says nothing of anybody."""
    async with parts.room.database.reading(actor) as connection:
        found = await list_intakes(connection, actor, part.wanted(parts))
    guard(response)
    return page_of(request, response, parts.cursors, found, limit=part.limit, show=lambda each: _item(parts, each))


@routes.get(
    "/intake/overdue",
    operation_id="referrals_list_overdue_intake",
    response_model=Page[IntakeItem],
    **operation(Permission.REFERRALS_REQUEST_COORDINATE, relation="place"),
)
async def list_late(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    mine: Annotated[bool, Query(description="Only what waits at members of the hubs you coordinate.")] = False,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[IntakeItem]:
    """What of the place nobody has matched in time, newest first; says nothing of anybody."""
    room, after = parts.room, parts.cursors.after(cursor)
    found = await list_overdue(room.database, actor, room.clock(), mine=mine, after=after, limit=limit)
    guard(response)
    return page_of(request, response, parts.cursors, found, limit=limit, show=lambda each: _item(parts, each))


@routes.get(
    "/intake/{intake_id}",
    operation_id="referrals_read_intake",
    response_model=IntakeOut,
    **operation(Permission.REFERRALS_INTAKE_READ, relation=_EITHER, refuses=(SharingNotPermitted, Away)),
)
async def read_one(intake_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> IntakeOut:
    """One intake. Its recipient sees who it is about, in permitted categories, and the reading is recorded."""
    read = await read_intake(parts.room, actor, intake_id)
    guard(response, read.intake.version)
    return _shown(parts, actor, read)


@routes.post(
    "/intake/{intake_id}/match",
    operation_id="referrals_match_intake",
    response_model=IntakeOut,
    **operation(Permission.REFERRALS_INTAKE_WORK, relation="recipient", refuses=(*_ENDING, InvalidDetails, Away)),
)
async def match(
    *,
    intake_id: UUID,
    body: MatchIn,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> IntakeOut:
    """Say whose it is, once you have searched and found or registered them; what was sent is then kept there alone."""
    whose = Match(body.family_id, body.person_id)
    return await _answer(
        parts, actor, await match_intake(parts.room, actor, attempt, (intake_id, version), whose), response
    )


@routes.post(
    "/intake/{intake_id}/close",
    operation_id="referrals_close_intake",
    response_model=IntakeOut,
    **operation(Permission.REFERRALS_INTAKE_WORK, relation="recipient", refuses=_ENDING),
)
async def close(
    *,
    intake_id: UUID,
    body: CloseIn,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> IntakeOut:
    """Answer it without a record of the family: helped at once, or not, with a reason; what was sent is gone."""
    target = (intake_id, version)
    done = await close_intake(parts.room, actor, attempt, target, code=body.code, sentence=body.sentence)
    return await _answer(parts, actor, done, response)


@routes.post(
    "/intake/{intake_id}/withdraw",
    operation_id="referrals_withdraw_intake",
    response_model=IntakeOut,
    **operation(Permission.REFERRALS_INTAKE_SEND, relation="own_organisation", refuses=_ENDING),
)
async def withdraw(
    *,
    intake_id: UUID,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> IntakeOut:
    """Take back what your organisation sent; what was sent is gone."""
    done = await withdraw_intake(parts.room, actor, attempt, (intake_id, version))
    return await _answer(parts, actor, done, response)
