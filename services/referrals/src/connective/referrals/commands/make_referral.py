"""Make one referral with a request for each service asked: decided one by one in one hop, stored together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from connective.contracts.sharing import ServiceFacts
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, repeated
from connective.kit.ids import new_id, new_reference
from connective.kit.problems import Conflict
from connective.referrals.commands.checking import Ask, Checked, Circumstances, Family, asking_of, check_all, find
from connective.referrals.commands.deciding import decide
from connective.referrals.commands.directory import promise_of
from connective.referrals.commands.ports import Others
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.details import Submitting
from connective.referrals.domain.lifecycle import act
from connective.referrals.domain.referral import Referral
from connective.referrals.domain.request import By, Relied, Request
from connective.referrals.domain.safeguarding import SafeguardingCheck, check_answer
from connective.referrals.domain.sending import Weighed
from connective.referrals.domain.states import Action, Party
from connective.referrals.storage.referrals import New, add_referral

REPORTING_NOW = "reporting_now"
HELD_BACK = 422
"""The remembered status of drafts that wait for a report: a replay is told the same."""
_REFERENCE_TRIES = 3
Consequence = tuple[Weighed, Relied]
NewReferral = tuple[Referral, list[New]]
_UNDECIDED: Consequence = (Weighed((), ()), Relied())


@dataclass(frozen=True, slots=True)
class ReferralAsked:
    """What the worker sends."""

    family_id: UUID
    check: SafeguardingCheck
    asks: tuple[Ask, ...]
    submit: bool

    @property
    def sends(self) -> bool:
        """Whether anything may be sent: a concern that is being reported keeps everything as drafts."""
        return self.submit and self.check.answer != REPORTING_NOW


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it; `referral` is None on a replay, whose answer is the normal read."""

    done: Done
    referral: Referral | None
    requests: tuple[Request, ...]
    services: dict[UUID, ServiceFacts]


async def make_referral(room: Room, actor: Actor, attempt: Attempt, asked: ReferralAsked) -> Made:
    """Store a referral and its requests: sent, blocked with what is missing, or kept as drafts.

    Raises NotFound when the worker may not act for these people, and the rules' refusals; when another room cannot be
    asked, nothing is stored.
    """
    at = room.clock()
    with translated():
        check_answer(asked.check, at)
    found = await find(room, actor, Family(asked.family_id, attempt), asked.asks)
    if found.lookups.repeated:
        async with room.database.unit(actor, by_key=True) as unit:
            return Made(await repeated(unit, attempt), None, (), found.known.services)
    with translated():
        given = Circumstances(actor.organisation, at, room.safeguarding(actor).sentence)
        checked = check_all(asked.asks, found, given)
    referral = Referral(
        id=new_id(),
        place_id=actor.place,
        family_id=asked.family_id,
        organisation_id=actor.organisation,
        discloser_organisation_id=found.discloser_id,
        made_by=actor.id,
        made_at=at,
        check=asked.check,
    )
    decided = await _decided(room.others, actor, referral, checked) if asked.sends else [_UNDECIDED] * len(checked)
    status = 201 if asked.sends or not asked.submit else HELD_BACK
    done, requests = await _store(room, actor, attempt, partial(_new, referral, checked, decided, asked.sends), status)
    services = {each.service.service_id: each.service for each in checked}
    if done.replayed:
        return Made(done, None, (), services)
    return Made(done, referral, requests, services)


async def _decided(others: Others, actor: Actor, referral: Referral, checked: tuple[Checked, ...]) -> list[Consequence]:
    """The consequence for each request; what takes nothing now is not asked about, because nothing would be sent."""
    askings = [asking_of(each, referral.discloser_organisation_id) for each in checked if not each.takes_nothing]
    answers = iter(await decide(others.consent, actor, askings))
    return [(Weighed(each.takes_nothing, ()), Relied()) if each.takes_nothing else next(answers) for each in checked]


def _new(referral: Referral, checked: Sequence[Checked], decided: Sequence[Consequence], sends: bool) -> NewReferral:
    return referral, [_request(referral, each, result, sends) for each, result in zip(checked, decided, strict=True)]


def _request(referral: Referral, each: Checked, result: Consequence, sends: bool) -> New:
    weighed, relied = result
    draft = _draft(referral, each)
    if not sends:
        return draft, each.ask.content, ()
    by = By(Party.REFERRER, referral.made_by, referral.organisation_id)
    details = Submitting(weighed.missing, weighed.without, draft.promise, relied)
    made, fact = act(draft, Action.SUBMIT, by, referral.made_at, details)
    return made, each.ask.content, (fact,)


def _draft(referral: Referral, each: Checked) -> Request:
    return Request(
        id=new_id(),
        place_id=referral.place_id,
        referral_id=referral.id,
        family_id=referral.family_id,
        reference=new_reference("REQ"),
        referrer_organisation_id=referral.organisation_id,
        discloser_organisation_id=referral.discloser_organisation_id,
        recipient_organisation_id=each.service.organisation_id,
        service_id=each.service.service_id,
        service_kind=each.service.kind,
        sensitive=each.service.sensitive,
        promise=promise_of(each.service),
        form_version=each.form.version,
        people=each.ask.people,
        since=referral.made_at,
        needed_by=each.ask.needed_by,
        notices=each.notices,
        replaces=each.ask.replaces,
    )


async def _store(
    room: Room, actor: Actor, attempt: Attempt, make: Callable[[], NewReferral], status: int
) -> tuple[Done, tuple[Request, ...]]:
    for left in reversed(range(_REFERENCE_TRIES)):
        referral, new = make()
        try:
            done = Done(referral.id, status)
            async with room.database.unit_alone(actor) as unit:
                stored = await add_referral(unit, referral, new, attempt, done)
            if not stored:
                async with room.database.unit(actor) as unit:
                    done = await repeated(unit, attempt)
            return done, tuple(made for made, _, _ in new)
        except IntegrityError as error:
            _refuse_replaced_meanwhile(error)
            # Spoken references are short, so two may be alike once in a long while: new ones are drawn.
            if left == 0 or "request_reference_key" not in str(error.orig):
                raise
    raise AssertionError("the last try returns or raises")


def _refuse_replaced_meanwhile(error: IntegrityError) -> None:
    """Two who replace one request at once: the second is told, as if it had come later."""
    if "request_replaces" in str(error.orig):
        raise Conflict("Another request replaces one of these already: read it first.") from error
