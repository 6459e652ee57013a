"""`/vouchers`: help today while a name may not be shared. Its recipient never learns which request it stands for."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from connective.contracts.permissions import Permission
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.idempotency import Done
from connective.kit.ids import read_reference
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import Invalid, KeyMissing, MatchRequired, Stale, StillRunning, Unavailable
from connective.referrals.api.bodies import Body, Day
from connective.referrals.api.deps import SAFEGUARDING_NOTICE, Parts, PartsDep, guard
from connective.referrals.commands.end_voucher import end_voucher
from connective.referrals.commands.issue_voucher import VoucherAsked, issue_voucher
from connective.referrals.commands.read_voucher import VoucherRead, read_voucher, show_voucher
from connective.referrals.commands.refusals import InvalidDetails, VoucherNotUsable
from connective.referrals.domain.vouchers import (
    AgeBand,
    Contents,
    PackingNote,
    Voucher,
    VoucherState,
    state_at,
    words_for_the_family,
)
from connective.referrals.storage.vouchers import WantedVouchers, is_issuer, list_vouchers

routes = router(tags=["vouchers"])
_EITHER = "own_organisation_or_recipient"
_REFUSES = (KeyMissing, StillRunning, VoucherNotUsable)
_ENDING = (*_REFUSES, Stale, MatchRequired)
Count = Annotated[int, Field(ge=0, le=20)]


class VoucherIn(Body):
    """What it says: how many, and what to pack; there is nowhere to write a name."""

    adults: Annotated[int, Field(ge=1, le=20)]
    children_by_age_band: Annotated[dict[AgeBand, Count], Field(default_factory=dict)]
    packing_notes: frozenset[PackingNote] = frozenset()
    valid_until: Day | None = None
    """Its last day, at most two weeks ahead; three days from now unless named."""

    def contents(self) -> Contents:
        """The domain's value."""
        children = {band: count for band, count in self.children_by_age_band.items() if count}
        return Contents(self.adults, children, self.packing_notes)


class VoucherItem(BaseModel):
    """A voucher in a list: reading one shows what is in it."""

    id: UUID
    reference: str
    state: VoucherState
    version: int
    service_id: UUID
    issuer_organisation_id: UUID
    recipient_organisation_id: UUID
    issued_at: datetime
    expires_at: datetime


class VoucherOut(VoucherItem):
    """One voucher. Which request it stands for, and the words for the family, are for its issuer alone."""

    adults: int
    children_by_age_band: dict[AgeBand, int]
    packing_notes: list[PackingNote]
    ended_at: datetime | None
    request_id: UUID | None
    words_for_the_family: str | None
    safeguarding: str


def _shown(parts: Parts, actor: Actor, read: VoucherRead) -> VoucherOut:
    voucher, service = read.voucher, read.service
    name, telephone = (service.name, service.telephone) if service is not None else ("the service", None)
    own = is_issuer(voucher, actor)
    said = voucher.contents
    return VoucherOut(
        **_item(voucher, parts.room.clock()).model_dump(),
        adults=said.adults,
        children_by_age_band=dict(sorted(said.children.items())),
        packing_notes=sorted(said.packing_notes),
        ended_at=voucher.ended_at,
        request_id=voucher.request_id if own else None,
        words_for_the_family=words_for_the_family(voucher, name, telephone) if own else None,
        safeguarding=parts.room.safeguarding(actor).sentence,
    )


def _item(voucher: Voucher, at: datetime) -> VoucherItem:
    return VoucherItem(
        id=voucher.id,
        reference=voucher.reference,
        state=state_at(voucher, at),
        version=voucher.version,
        service_id=voucher.service_id,
        issuer_organisation_id=voucher.issuer_organisation_id,
        recipient_organisation_id=voucher.recipient_organisation_id,
        issued_at=voucher.issued_at,
        expires_at=voucher.expires_at,
    )


async def _answer(parts: Parts, actor: Actor, done: Done, response: Response) -> VoucherOut:
    read = await show_voucher(parts.room, actor, done.resource_id)
    show_done(response, done)
    guard(response, read.voucher.version)
    return _shown(parts, actor, read)


@routes.post(
    "/requests/{request_id}/vouchers",
    operation_id="referrals_issue_voucher",
    status_code=201,
    response_model=VoucherOut,
    description=f"Issue a voucher for a blocked request: reference, counts, packing notes. {SAFEGUARDING_NOTICE}",
    **operation(
        Permission.REFERRALS_REFERRAL_WRITE,
        relation="own_organisation",
        refuses=(*_REFUSES, InvalidDetails, Unavailable),
    ),
)
async def issue(
    *, request_id: UUID, body: VoucherIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> VoucherOut:
    """Answer the voucher, with the words to give to the family."""
    asked = VoucherAsked(request_id, body.contents(), body.valid_until)
    done = await issue_voucher(parts.room, actor, attempt, asked)
    response.headers["Location"] = f"/vouchers/{done.resource_id}"
    return await _answer(parts, actor, done, response)


DirectionQuery = Annotated[
    Literal["received", "sent"],
    Query(description="`received`: to be honoured by your organisation; `sent`: issued by it."),
]
ReferenceQuery = Annotated[str | None, Query(max_length=40, description="As the family shows or says it.")]
StatesQuery = Annotated[list[VoucherState], Query(alias="state", max_length=4, description="Only these; repeatable.")]


class _Part:
    """Which part of which list."""

    def __init__(
        self,
        direction: DirectionQuery = "received",
        states: StatesQuery = [],  # noqa: B006 - FastAPI reads the default, and nothing changes it
        reference: ReferenceQuery = None,
        limit: LimitQuery = 50,
        cursor: CursorQuery = None,
    ) -> None:
        self.direction, self.states, self.limit, self.cursor = direction, states, limit, cursor
        self.reference = None if reference is None else _reference(reference)

    def wanted(self, parts: Parts) -> WantedVouchers:
        """What the query takes."""
        after = parts.cursors.after(self.cursor)
        sent = self.direction == "sent"
        return WantedVouchers(sent, self.states, self.reference, after, self.limit, parts.room.clock())


def _reference(text: str) -> str:
    try:
        return read_reference("VOU", text)
    except ValueError as error:
        raise Invalid(str(error)) from error


@routes.get(
    "/vouchers",
    operation_id="referrals_list_vouchers",
    response_model=Page[VoucherItem],
    **operation(Permission.REFERRALS_REQUEST_LIST, relation=_EITHER),
)
async def list_them(
    request: Request, response: Response, actor: ActorDep, parts: PartsDep, part: Annotated[_Part, Depends()]
) -> Page[VoucherItem]:
    """Vouchers, newest first: find one by the reference that the family shows, then read it."""
    async with parts.room.database.reading(actor) as connection:
        found = await list_vouchers(connection, actor, part.wanted(parts))
    guard(response)
    now = parts.room.clock()
    return page_of(request, response, parts.cursors, found, limit=part.limit, show=lambda each: _item(each, now))


@routes.get(
    "/vouchers/{voucher_id}",
    operation_id="referrals_read_voucher",
    response_model=VoucherOut,
    **operation(Permission.REFERRALS_REQUEST_READ, relation=_EITHER),
)
async def read_one(voucher_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> VoucherOut:
    """One voucher; the reading is recorded."""
    read = await read_voucher(parts.room, actor, voucher_id)
    guard(response, read.voucher.version)
    return _shown(parts, actor, read)


@routes.post(
    "/vouchers/{voucher_id}/use",
    operation_id="referrals_use_voucher",
    response_model=VoucherOut,
    **operation(Permission.REFERRALS_REQUEST_WORK, relation="recipient", refuses=_ENDING),
)
async def use(
    *,
    voucher_id: UUID,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> VoucherOut:
    """Say that the family presented it and was helped; it cannot be used again."""
    done = await end_voucher(parts.room, actor, attempt, (voucher_id, version), VoucherState.USED)
    return await _answer(parts, actor, done, response)


@routes.post(
    "/vouchers/{voucher_id}/cancel",
    operation_id="referrals_cancel_voucher",
    response_model=VoucherOut,
    **operation(Permission.REFERRALS_REFERRAL_WRITE, relation="own_organisation", refuses=_ENDING),
)
async def cancel(
    *,
    voucher_id: UUID,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> VoucherOut:
    """Take it back before it was used."""
    done = await end_voucher(parts.room, actor, attempt, (voucher_id, version), VoucherState.CANCELLED)
    return await _answer(parts, actor, done, response)
