"""Take in people sent from outside: by a partner's system, or by a family that asks by itself."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from connective.contracts.categories import Category, Method, Purpose
from connective.contracts.needs import needs_list
from connective.contracts.sharing import IntakeAsked, Question, RecordedDecision, ServiceFacts
from connective.kit.actor import Actor, service_actor
from connective.kit.idempotency import Attempt, Done, done_before, earlier, remember
from connective.kit.ids import new_id, new_reference
from connective.kit.problems import Invalid, NotFound
from connective.referrals.commands.directory import know_services
from connective.referrals.commands.refusals import (
    AlreadyReceived,
    ReportConcernFirst,
    SharingNotPermitted,
    numbers,
    translated,
)
from connective.referrals.commands.room import Room
from connective.referrals.domain import before
from connective.referrals.domain.clocks import local_day, within
from connective.referrals.domain.intake import (
    NEEDED_TO_MATCH,
    Intake,
    IntakeContent,
    Source,
    Withheld,
    categories_of,
    check_content,
)
from connective.referrals.domain.safeguarding import SafeguardingCheck, check_answer, may_receive
from connective.referrals.storage.intakes import add_intake, load_own_work, sent_before


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the sender says of the family's yes: when, how, and after which notice."""

    on: date
    how: str
    notice_reference: str


@dataclass(frozen=True, slots=True)
class IntakeSent:
    """What somebody sends."""

    service_id: UUID
    content: IntakeContent
    check: SafeguardingCheck
    text: bytes
    """As it came, to know the same again."""
    external_reference: str | None = None
    agreed: Agreed | None = None


async def take_intake(room: Room, actor: Actor, attempt: Attempt, sent: IntakeSent) -> Done:
    """Take in what a partner sends, if its agreement with the recipient allows it; the same sent again is one intake.

    Raises NotFound for an unknown service, the rules' refusals, SharingNotPermitted with what would clear it, and
    AlreadyReceived for another content under the same external reference. A retry under one key asks consent nothing:
    what the family said is stated there once.
    """
    if done := await done_before(room.database, actor, attempt):
        return done
    if known := await _known(room, actor, sent):
        return known
    service = await _checked(room, actor, sent)
    new = _intake(room, actor, sent, service, Source.PARTNER)
    categories = categories_of(sent.content, needs_list())
    decided = await room.others.consent.take_in(actor, _asked(new, categories, sent.agreed))
    new = replace(new, withheld=_withheld(decided, room.safeguarding(actor).sentence))
    try:
        async with room.database.unit(actor) as unit:
            if done := await earlier(unit, attempt):
                return done
            await add_intake(unit, new)
            return await remember(unit, attempt, Done(new.id, 201))
    except IntegrityError as error:
        # Sent twice at once under one reference of the sender's: the second finds the first.
        if "intake_sent_once" not in str(error.orig) or not (known := await _known(room, actor, sent)):
            raise
        return known


async def take_self_referral(room: Room, place_id: UUID, attempt: Attempt, sent: IntakeSent) -> tuple[Done, Intake]:
    """Take in what a family sends by itself: it gives its own data to the service it asks, and no one else shares them.

    Raises NotFound for a service unknown in that place, and the rules' refusals.
    """
    hub = service_actor("referrals", place_id)
    async with room.database.unit(hub) as unit:
        if done := await earlier(unit, attempt):
            return done, await load_own_work(unit, done.resource_id)
    service = await _checked(room, hub, sent)
    new = _intake(room, hub, sent, service, Source.SELF)
    async with room.database.unit(hub) as unit:
        done = await earlier(unit, attempt)
        if done is None:
            await add_intake(unit, new)
            done = await remember(unit, attempt, Done(new.id, 201))
        return done, await load_own_work(unit, done.resource_id)


async def _known(room: Room, actor: Actor, sent: IntakeSent) -> Done | None:
    if sent.external_reference is None:
        return None
    async with room.database.reading(actor) as connection:
        found = await sent_before(connection, actor, sent.external_reference)
    if found is None:
        return None
    if found.fingerprint != _fingerprint(sent):
        raise AlreadyReceived(
            "Something else was sent under this reference of yours before: read that one, or give a new reference.",
            intake_id=str(found.id),
        )
    return Done(found.id, 200)


async def _checked(room: Room, actor: Actor, sent: IntakeSent) -> ServiceFacts:
    safeguarding = room.safeguarding(actor)
    sentence = safeguarding.sentence
    if sent.check.answer == "reporting_now":
        again = "Nothing was kept: send this again once the report is noted, and the help goes too."
        raise ReportConcernFirst(f"{sentence} {again}", numbers=numbers(safeguarding))
    with translated():
        check_answer(sent.check, room.clock())
        check_content(sent.content, needs_list(), local_day(room.clock()))
    known = await know_services(room.database, room.others.directory, actor, [sent.service_id])
    service = known.services.get(sent.service_id)
    if service is None:
        raise NotFound
    with translated():
        may_receive(service.reporting_route, sentence)
    closed = before.takes_nothing(service, known.suspended, actor.organisation_id or service.organisation_id)
    if closed:
        raise Invalid(f"{closed[0].sentence} {closed[0].remedy}")
    return service


def _intake(room: Room, actor: Actor, sent: IntakeSent, service: ServiceFacts, source: Source) -> Intake:
    at = room.clock()
    return Intake(
        id=new_id(),
        place_id=actor.place,
        reference=new_reference("INT"),
        source=source,
        sender_organisation_id=actor.organisation_id,
        sent_by=actor.id if source is Source.PARTNER else "family",
        external_reference=sent.external_reference,
        service_id=service.service_id,
        service_kind=service.kind,
        recipient_organisation_id=service.organisation_id,
        received_at=at,
        due_at=within(at, service.acknowledge_within_days),
        content=sent.content,
        fingerprint=_fingerprint(sent) if sent.external_reference else None,
    )


def _fingerprint(sent: IntakeSent) -> bytes:
    return hashlib.sha256(sent.text).digest()


def question_about(intake: Intake, categories: frozenset[Category], method: Method) -> Question:
    """May the sender share this with the recipient? The intake stands for the family, whom nobody has matched yet."""
    if intake.sender_organisation_id is None:
        raise ValueError("a family's own words are no organisation's disclosure")
    return Question(
        discloser_organisation_id=intake.sender_organisation_id,
        recipient_organisation_id=intake.recipient_organisation_id,
        service_id=intake.service_id,
        service_kind=intake.service_kind,
        subjects=(intake.id,),
        categories=categories,
        purpose=Purpose.REFERRAL,
        method=method,
    )


def _asked(new: Intake, categories: frozenset[Category], agreed: Agreed | None) -> IntakeAsked:
    if agreed is None:
        raise ValueError("a partner says how the family agreed")
    return IntakeAsked(
        question=question_about(new, categories, Method.API),
        agreed_on=agreed.on,
        agreed_how=agreed.how,
        notice_reference=agreed.notice_reference,
    )


def _withheld(decided: RecordedDecision, sentence: str) -> tuple[Withheld, ...]:
    """What goes without; raises SharingNotPermitted where the rest would be no use to anybody."""
    refused = tuple(
        Withheld(refusal.category, refusal.code, refusal.sentence, refusal.remedy)
        for refusal in decided.decision.refusals
    )
    if not decided.decision.categories >= NEEDED_TO_MATCH:
        missing = [
            {"category": str(r.category), "code": r.code, "sentence": r.sentence, "remedy": r.remedy} for r in refused
        ]
        raise SharingNotPermitted(
            f"Names and a way to reach the family may not be shared with this service, so nothing was kept. {sentence}",
            missing=missing,
        )
    return refused
