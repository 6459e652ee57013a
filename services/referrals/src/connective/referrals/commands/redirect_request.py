"""Send the family to another service instead: this request ends, and a linked draft of the referrer's begins."""

from dataclasses import dataclass
from uuid import UUID

from connective.contracts.sharing import ServiceFacts
from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, done_before, earlier, remember
from connective.kit.ids import new_id, new_reference
from connective.referrals.commands.act_on_request import by_of
from connective.referrals.commands.directory import know_services, promise_of
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.details import Redirecting
from connective.referrals.domain.lifecycle import act
from connective.referrals.domain.refusals import DetailsRefused, FieldError
from connective.referrals.domain.request import Content, Request
from connective.referrals.domain.safeguarding import may_receive
from connective.referrals.domain.states import Action
from connective.referrals.storage.place_forms import latest_version
from connective.referrals.storage.requests import add_content, add_request, load_content, load_locked, save


@dataclass(frozen=True, slots=True)
class RedirectAsked:
    """Which version of which request, and the service to ask instead."""

    request_id: UUID
    version: int
    service_id: UUID


async def redirect_request(room: Room, actor: Actor, attempt: Attempt, asked: RedirectAsked) -> Done:
    """End it as redirected and keep a draft to the other service: only the referrer submits that.

    People, needs and free text are carried over; the other form's answers are for the worker to give.
    """
    if done := await done_before(room.database, actor, attempt):
        return done
    service = await other_service(room, actor, asked.service_id)
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, asked.request_id)
        refuse_stale(asked.version, request.version)
        at = room.clock()
        with translated():
            by = by_of(actor, request, Action.REDIRECT)
            after, fact = act(request, Action.REDIRECT, by, at, Redirecting(asked.service_id))
            form_version = await latest_version(unit.connection, request.place_id, service.kind)
        draft = _draft(after, service, form_version)
        _, content = await load_content(unit.connection, actor, request.id)
        await save(unit, request, after, (fact,))
        await add_request(unit, draft)
        await add_content(unit, draft, Content({}, content.needs, content.words))
        return await remember(unit, attempt, Done(draft.id, 201))


async def other_service(room: Room, actor: Actor, service_id: UUID) -> ServiceFacts:
    """The service to ask instead. Raises InvalidDetails for an unknown one, and NotAReportingRoute."""
    known = await know_services(room.database, room.others.directory, actor, [service_id])
    with translated():
        service = known.services.get(service_id)
        if service is None:
            detail = "There is no such service in this place."
            raise DetailsRefused([FieldError("/service_id", "unknown-service", detail)])
        may_receive(service.reporting_route, room.safeguarding(actor).sentence)
    return service


def _draft(ended: Request, service: ServiceFacts, form_version: int) -> Request:
    return Request(
        id=new_id(),
        place_id=ended.place_id,
        referral_id=ended.referral_id,
        family_id=ended.family_id,
        reference=new_reference("REQ"),
        referrer_organisation_id=ended.referrer_organisation_id,
        discloser_organisation_id=ended.discloser_organisation_id,
        recipient_organisation_id=service.organisation_id,
        service_id=service.service_id,
        service_kind=service.kind,
        sensitive=service.sensitive,
        promise=promise_of(service),
        form_version=form_version,
        people=ended.people,
        since=ended.since,
        replaces=ended.id,
    )
