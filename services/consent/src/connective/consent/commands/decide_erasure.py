from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from connective.consent.commands.audit_acts import Acting, acting
from connective.consent.commands.enter_right import Right, answer_right, enter_right
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.list_due import schedule_and_keepers
from connective.consent.commands.order_erasure import order_erasure
from connective.consent.commands.ports import Keepers
from connective.consent.commands.refusals import translated
from connective.consent.domain.days import day_of
from connective.consent.domain.erasures import (
    ANSWER_WITHIN,
    Exemption,
    Ground,
    Stands,
    check_decides,
    check_decision,
    check_erasable,
    reasons_against,
    stands_of_person,
)
from connective.consent.domain.information_requests import IsHoliday, RequestKind, RequestOutcome
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.consent.storage.audit_look import Look
from connective.consent.storage.erasures import Order, add_request, is_under_way
from connective.consent.storage.information_requests import load_request, save_origin
from connective.consent.storage.legal_holds import held_among
from connective.consent.storage.people import person_keys
from connective.consent.storage.processing_restrictions import people_behind
from connective.consent.storage.schedule import lock_retention
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for erasure as the officer decides it: of a family's record, or of one person of it alone."""

    family_id: UUID
    person_id: UUID | None
    asked_on: date
    ground: Ground
    granted: bool
    exemption: Exemption | None
    reasons: str
    information_request_id: UUID | None = None
    """The request that stands in the register already; it is answered, and no second one is entered."""


async def decide_erasure(
    database: Database,
    keepers: Keepers,
    actor: Actor,
    attempt: Attempt,
    asked: Asked,
    *,
    is_holiday: IsHoliday,
    now: datetime,
) -> Done:
    """Grant or refuse a request for erasure (UK GDPR Article 17), with reasons; what is granted is ordered erased.

    Raises NotFound where the officer's legal entity does not keep it, Unacceptable, and NotNow where a legal hold, an
    open case, an open request or, of one person alone, their own standing in the family stands against it.
    """
    with translated():
        check_decision(granted=asked.granted, exemption=asked.exemption, asked_on=asked.asked_on, today=day_of(now))
    _, organisations = await schedule_and_keepers(database, actor, now)
    stands = await how_it_stands(keepers, actor, organisations, asked.family_id, asked.person_id)
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        if stands is None:
            raise NotFound
        await lock_retention(act.unit, actor.place)
        if asked.granted:
            await _check(act, asked.family_id, stands)
        request_id = await _decide(act, asked, stands.version, now)
        if asked.information_request_id is None:
            right = Right(RequestKind.ERASURE, request_id, stands.ids, asked.asked_on)
            await enter_right(act, right, is_holiday=is_holiday, now=now)
        else:
            await _stands_in_the_register(act, asked.information_request_id, request_id, stands.ids)
        outcome = RequestOutcome.DONE if asked.granted else RequestOutcome.REFUSED
        ground = asked.exemption or asked.ground
        await answer_right(act, request_id, outcome, ground.value, is_holiday=is_holiday, now=now)
        return await act.finish(Done(request_id, 201))


async def _stands_in_the_register(
    act: Acting, information_request_id: UUID, request_id: UUID, would_go: Sequence[UUID]
) -> None:
    """Let the request of the register be the one that is decided: of this kind, undecided, about who would go."""
    row = await load_request(act, information_request_id, lock=True)
    named = await people_behind(act, row["people"])
    check_decides(
        row["kind"],
        decided=row["origin"] is not None or row["closed_at"] is not None,
        about=not row["people"] or bool(set(named) & set(would_go)),
    )
    await save_origin(act.unit, information_request_id, RequestKind.ERASURE.value, request_id)


async def how_it_stands(
    keepers: Keepers, actor: Actor, organisations: Sequence[UUID], family_id: UUID, person_id: UUID | None
) -> Stands | None:
    """What is asked to be erased as its keepers know it; None where these organisations do not keep it."""
    if person_id is not None:
        found = await keepers.person(actor.place, organisations, family_id, person_id)
        return stands_of_person(found)
    families = await keepers.stand(actor.place, organisations, (), [family_id])
    still_open = await keepers.still_open(actor.place, [family_id])
    family = families.get(family_id)
    if family is None:
        return None
    against = reasons_against(family, held=False, open_request=bool(still_open))
    return Stands(family.version, (family_id, *family.person_ids), against)


async def against_now(act: Look, family_id: UUID, stands: Stands) -> tuple[str, ...]:
    """What stands against erasing it now, as codes, holds and erasures under way among them."""
    found = list(stands.against)
    if await held_among(act.unit, act.place_id, (family_id, *stands.ids)):
        found.insert(0, "legal_hold")
    if await is_under_way(act.unit, act.place_id, family_id):
        found.insert(0, "under_way")
    return tuple(found)


async def _check(act: Acting, family_id: UUID, stands: Stands) -> None:
    check_erasable(await against_now(act, family_id, stands))


async def _due(act: Acting, asked: Asked) -> date:
    """By when it was to be answered: the register's clock knows of a pause, or of more time that was taken."""
    if asked.information_request_id is not None:
        row = await load_request(act, asked.information_request_id)
        if row["due_on"] is not None:
            return date.fromisoformat(str(row["due_on"]))
    return ANSWER_WITHIN.after(asked.asked_on)


async def _decide(act: Acting, asked: Asked, version: int, now: datetime) -> UUID:
    whom = [each for each in (asked.family_id, asked.person_id) if each is not None]
    keys = await person_keys(act.unit, act.place_id, whom)
    names = [pseudonym(each, keys[each]) for each in whom]
    name, person = names[0], names[1] if asked.person_id else None
    request_id, erasure_id = new_id(), new_id() if asked.granted else None
    due_on = await _due(act, asked)
    why = (asked.ground.value, asked.granted, asked.exemption and asked.exemption.value, asked.reasons)
    days = (asked.asked_on, due_on)
    about = (asked.family_id, name, asked.person_id, person)
    await add_request(act, (request_id, *about, *days, *why, act.unit.actor.id, now, erasure_id))
    facts = {"request_id": request_id, "family": name, "ground": asked.ground, "granted": asked.granted}
    if person:
        facts |= {"person": person}
    if asked.exemption:
        facts |= {"exemption": asked.exemption}
    await note(act.unit, EntryKind.RETENTION, "request.decided", now, facts)
    if erasure_id is not None:
        order = Order(erasure_id, asked.family_id, name, version, asked.person_id, person, request_id=request_id)
        await order_erasure(act, order, now)
    return request_id
