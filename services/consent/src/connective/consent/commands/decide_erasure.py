from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from connective.consent.commands.audit_acts import Acting, acting
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.list_due import schedule_and_keepers
from connective.consent.commands.order_erasure import order_erasure
from connective.consent.commands.ports import Keepers
from connective.consent.commands.refusals import NotNow, translated
from connective.consent.domain.days import day_of
from connective.consent.domain.erasures import (
    ANSWER_WITHIN,
    Exemption,
    Ground,
    check_decision,
    check_erasable,
    reasons_against,
)
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.consent.storage.erasures import Order, add_request, is_under_way
from connective.consent.storage.legal_holds import held_among
from connective.consent.storage.people import person_keys
from connective.consent.storage.schedule import lock_retention
from connective.contracts.retention import DueFamily
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for erasure as the officer decides it."""

    family_id: UUID
    asked_on: date
    ground: Ground
    granted: bool
    exemption: Exemption | None
    reasons: str


async def decide_erasure(
    database: Database, keepers: Keepers, actor: Actor, attempt: Attempt, asked: Asked, *, now: datetime
) -> Done:
    """Grant or refuse a request for erasure (UK GDPR Article 17), with reasons; what is granted is ordered erased.

    Raises NotFound where the officer's legal entity does not keep the family, Unacceptable, and NotNow where a legal
    hold, an open case or an open request stands against it.
    """
    with translated():
        check_decision(granted=asked.granted, exemption=asked.exemption, asked_on=asked.asked_on, today=day_of(now))
    _, organisations = await schedule_and_keepers(database, actor, now)
    found = await keepers.stand(actor.place, organisations, (), [asked.family_id])
    family = found.get(asked.family_id)
    still_open = await keepers.still_open(actor.place, [asked.family_id])
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        if family is None:
            raise NotFound
        await lock_retention(act.unit, actor.place)
        if asked.granted:
            await _check(act, family, open_request=bool(still_open))
        return await act.finish(Done(await _decide(act, asked, family, now), 201))


async def _check(act: Acting, family: DueFamily, *, open_request: bool) -> None:
    if await is_under_way(act.unit, act.place_id, family.family_id):
        raise NotNow("under_way", "Its erasure is under way.")
    held = await held_among(act.unit, act.place_id, (family.family_id, *family.person_ids))
    check_erasable(reasons_against(family, held=bool(held), open_request=open_request))


async def _decide(act: Acting, asked: Asked, family: DueFamily, now: datetime) -> UUID:
    keys = await person_keys(act.unit, act.place_id, [family.family_id])
    name = pseudonym(family.family_id, keys[family.family_id])
    request_id, erasure_id = new_id(), new_id() if asked.granted else None
    due_on = ANSWER_WITHIN.after(asked.asked_on)
    why = (asked.ground.value, asked.granted, asked.exemption and asked.exemption.value, asked.reasons)
    days = (asked.asked_on, due_on)
    await add_request(act, (request_id, family.family_id, name, *days, *why, act.unit.actor.id, now, erasure_id))
    facts = {"request_id": request_id, "family": name, "ground": asked.ground, "granted": asked.granted}
    if asked.exemption:
        facts |= {"exemption": asked.exemption}
    await note(act.unit, EntryKind.RETENTION, "request.decided", now, facts)
    if erasure_id is not None:
        order = Order(erasure_id, family.family_id, name, family.version, request_id=request_id)
        await order_erasure(act, order, now)
    return request_id
