from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from connective.consent.commands.enter_right import Right, enter_right
from connective.consent.commands.ports import Families
from connective.consent.commands.raise_objection import check_speaks_for
from connective.consent.commands.refusals import Unacceptable, translated
from connective.consent.domain.days import day_of
from connective.consent.domain.information_requests import IsHoliday, RequestKind
from connective.consent.storage.audit_look import Look
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.people import keep_facts, person_keys
from connective.consent.storage.works import OFFICER
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


@dataclass(frozen=True, slots=True)
class AskingFor:
    """Which right somebody uses about whose data, in whose words, and since which day its clock runs."""

    kind: RequestKind
    family_id: UUID | None
    person_id: UUID
    asked_by: UUID
    about: str
    received_on: date


async def ask_for_right(
    database: Database,
    families: Families,
    actor: Actor,
    attempt: Attempt,
    asked: AskingFor,
    *,
    is_holiday: IsHoliday,
    now: datetime,
) -> Done:
    """Enter in the officer's register what a family told its worker (Articles 15, 16 and 18); asking takes no form.

    Raises NotFound for somebody the worker may not see, NoAuthority, Unacceptable, and Unavailable without families.
    """
    if asked.received_on > day_of(now):
        raise Unacceptable("not_yet_received", "The day of receipt lies in the future.", "/received_on")
    answered = await families.facts(actor, (asked.person_id, asked.asked_by), asked.family_id)
    with translated():
        check_speaks_for(asked.person_id, asked.asked_by, answered.people, "/asked_by")
    async with database.unit(actor, work=OFFICER) as unit:
        if done := await earlier(unit, attempt):
            return done
        look = Look(unit, await entity_of(unit.connection, actor))
        await keep_facts(unit, actor.place, answered.people, now)
        await person_keys(unit, actor.place, [asked.person_id])
        right = Right(asked.kind, None, (asked.person_id,), asked.received_on, asked.about)
        return await remember(unit, attempt, Done(await enter_right(look, right, is_holiday=is_holiday, now=now), 201))
