"""Issue a voucher for a blocked request: the family is helped today, and nobody's name is shared."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, done_before, earlier, remember
from connective.kit.ids import new_id, new_reference
from connective.kit.problems import NotAllowed
from connective.referrals.commands.directory import know_services
from connective.referrals.commands.refusals import VoucherNotUsable, translated
from connective.referrals.commands.room import Room
from connective.referrals.domain import before, vouchers
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import Party
from connective.referrals.storage.events import audited
from connective.referrals.storage.requests import load, load_locked
from connective.referrals.storage.seeing import parties_of
from connective.referrals.storage.vouchers import add_voucher

_ANOTHER = "This request has a voucher that stands: cancel it first, or let it be used."


@dataclass(frozen=True, slots=True)
class VoucherAsked:
    """For which request, what it says, and its last day (None: three days from now)."""

    request_id: UUID
    contents: vouchers.Contents
    valid_until: date | None


async def issue_voucher(room: Room, actor: Actor, attempt: Attempt, asked: VoucherAsked) -> Done:
    """Store it, announce it, and have its issue entered into the ledger.

    Raises NotFound, NotAllowed for the recipient, InvalidDetails for the last day, and VoucherNotUsable unless the
    request is blocked, its service takes vouchers now, and no other voucher of it stands.
    """
    if done := await done_before(room.database, actor, attempt):
        return done
    await _refuse_closed_service(room, actor, asked.request_id)
    at = room.clock()
    try:
        async with room.database.unit(actor) as unit:
            done = await earlier(unit, attempt)
            if done is not None:
                return done
            request = await load_locked(unit, asked.request_id)
            _refuse_recipient(request, actor)
            with translated():
                vouchers.refuse_unless_due(request)
                new = _voucher(actor, request, asked, at=at)
            await add_voucher(unit, new)
            act = audited(actor, "voucher.issued", at, family_id=request.family_id, request_id=request.id)
            unit.tell(act, version=1)
            return await remember(unit, attempt, Done(new.id, 201))
    except IntegrityError as error:
        if "voucher_one_at_a_time" not in str(error.orig):
            raise
        raise VoucherNotUsable(_ANOTHER) from error


def _refuse_recipient(request: Request, actor: Actor) -> None:
    if Party.REFERRER not in parties_of(request, actor):
        raise NotAllowed("Only the referrer of this request issues a voucher for it.")


async def _refuse_closed_service(room: Room, actor: Actor, request_id: UUID) -> None:
    """A service that takes nothing now would turn the family away."""
    async with room.database.reading(actor) as connection:
        request = await load(connection, actor, request_id)
    known = await know_services(room.database, room.others.directory, actor, [request.service_id])
    service = known.services.get(request.service_id)
    closed = () if service is None else before.takes_nothing(service, known.suspended, actor.organisation)
    if service is None or closed:
        raise VoucherNotUsable(closed[0].sentence if closed else "The service is not in the directory any more.")


def _voucher(actor: Actor, request: Request, asked: VoucherAsked, *, at: datetime) -> vouchers.Voucher:
    return vouchers.Voucher(
        id=new_id(),
        place_id=request.place_id,
        reference=new_reference("VOU"),
        request_id=request.id,
        family_id=request.family_id,
        service_id=request.service_id,
        issuer_organisation_id=request.referrer_organisation_id,
        recipient_organisation_id=request.recipient_organisation_id,
        issued_by=actor.id,
        issued_at=at,
        expires_at=vouchers.expires_at(asked.valid_until, at),
        contents=asked.contents,
    )
