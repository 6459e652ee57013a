from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.consent.commands.enter_right import Right, enter_right
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.ports import Families
from connective.consent.commands.refusals import translated
from connective.consent.domain.consent import Manner
from connective.consent.domain.days import day_of
from connective.consent.domain.evidence import ObjectionState
from connective.consent.domain.information_requests import IsHoliday, RequestKind
from connective.consent.domain.ledger import EntryKind, pseudonym, sealed_text
from connective.consent.domain.refusals import NoAuthority
from connective.consent.storage.audit_look import Look
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.objections import add_objection
from connective.consent.storage.organisations import entity_of_organisation
from connective.consent.storage.people import keep_facts, person_keys
from connective.consent.storage.statements import interpreter_column
from connective.consent.storage.works import OFFICER
from connective.contracts.consent_events import ObjectionRaised
from connective.contracts.sharing import PersonFacts
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Objecting:
    """Who objects to sharing about whom, with whom; no recipients means with any."""

    family_id: UUID | None
    person_id: UUID
    raised_by: UUID
    recipient_organisation_ids: frozenset[UUID]
    reason: str
    manner: Manner


def check_speaks_for(person_id: UUID, speaker_id: UUID, facts: tuple[PersonFacts, ...], pointer: str) -> None:
    """May this one use a right about that one's data: themself, or somebody responsible? Raises NoAuthority."""
    about = next((f for f in facts if f.person_id == person_id), None)
    responsible = about is not None and any(a.person_id == speaker_id for a in about.responsible)
    if speaker_id != person_id and not responsible:
        raise NoAuthority("not_responsible", "Only the person or somebody responsible for them may.", pointer)


async def raise_objection(
    database: Database,
    families: Families,
    actor: Actor,
    attempt: Attempt,
    objecting: Objecting,
    *,
    is_holiday: IsHoliday,
    now: datetime,
) -> Done:
    """Record an objection: sharing stops at once, until an officer resolves it. Raises NoAuthority, NotFound.

    It stands in the register of the legal entity that recorded it, to be answered within its month (Article 21).
    """
    person_id = objecting.person_id
    answered = await families.facts(actor, (person_id, objecting.raised_by), objecting.family_id)
    with translated():
        check_speaks_for(person_id, objecting.raised_by, answered.people, "/raised_by")
    recipients = sorted(objecting.recipient_organisation_ids)
    objection_id = new_id()
    values = {
        "id": objection_id,
        "person_id": person_id,
        "raised_by": objecting.raised_by,
        "state": ObjectionState.OPEN.value,
        "recipient_organisation_ids": recipients,
        "reason": objecting.reason,
        "raised_at": now,
        "resolution": "",
        "version": 1,
        "how": objecting.manner.how.value,
        "interpreter": interpreter_column(objecting.manner.interpreter),
    }
    async with database.unit(actor, work=OFFICER) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_for_changing(unit, [person_id])
        await keep_facts(unit, actor.place, answered.people, now)
        await add_objection(unit.connection, actor, values)
        key = (await person_keys(unit, actor.place, [person_id]))[person_id]
        event = ObjectionRaised(
            objection_id=objection_id, person_id=person_id, recipient_organisation_ids=tuple(recipients)
        )
        unit.tell(event, version=1)
        said = {
            "objection_id": objection_id,
            "person": pseudonym(person_id, key),
            "recipient_organisation_ids": recipients,
            "reason": sealed_text(objecting.reason, key),
        }
        await note(unit, EntryKind.OBJECTION, "raised", now, said)
        entity_id = await entity_of_organisation(unit.connection, actor.organisation)
        if entity_id is not None:
            right = Right(RequestKind.OBJECTION, objection_id, (person_id,), day_of(now))
            await enter_right(Look(unit, entity_id), right, is_holiday=is_holiday, now=now)
        return await remember(unit, attempt, Done(objection_id, 201))
