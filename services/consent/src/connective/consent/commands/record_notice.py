from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.ports import Families
from connective.consent.commands.refusals import translated
from connective.consent.domain.consent import Manner
from connective.consent.domain.days import day_of
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.consent.domain.refusals import Unacceptable
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.people import keep_facts, person_keys
from connective.consent.storage.statements import add_notice, interpreter_column
from connective.contracts.categories import Purpose
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told what is shared about them, how, and in which language; empty recipients mean every one."""

    family_id: UUID | None
    person_ids: tuple[UUID, ...]
    recipient_organisation_ids: frozenset[UUID]
    purposes: frozenset[Purpose]
    manner: Manner
    """How they were told; its notice is the document that was given."""
    language: str
    told_on: date


def _check_day(told: Told, now: datetime) -> None:
    if told.told_on > day_of(now):
        raise Unacceptable("not_yet_told", "The day they were told lies in the future.", "/told_on")


async def record_notice(
    database: Database, families: Families, actor: Actor, attempt: Attempt, told: Told, *, now: datetime
) -> Done:
    """Record that people were told (rule 5, where the basis is not consent). Raises NotFound, Unavailable."""
    with translated():
        _check_day(told, now)
    facts = await families.facts(actor, told.person_ids, told.family_id)
    notice_id = new_id()
    values = {
        "id": notice_id,
        "recipient_organisation_ids": sorted(told.recipient_organisation_ids),
        "purposes": sorted(p.value for p in told.purposes),
        "how": told.manner.how.value,
        "interpreter": interpreter_column(told.manner.interpreter),
        "language": told.language,
        "document_reference": told.manner.notice_reference,
        "document_version": told.manner.notice_version,
        "told_on": told.told_on,
        "recorded_at": now,
    }
    async with database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_for_changing(unit, told.person_ids)
        await keep_facts(unit, actor.place, facts.people, now)
        await add_notice(unit.connection, actor, values, told.person_ids)
        keys = await person_keys(unit, actor.place, told.person_ids)
        people = [pseudonym(person, keys[person]) for person in told.person_ids]
        said = {
            "notice_id": notice_id,
            "document_reference": told.manner.notice_reference,
            "document_version": told.manner.notice_version,
            "people": people,
        }
        await note(unit, EntryKind.NOTICE, "told", now, said)
        return await remember(unit, attempt, Done(notice_id, 201))
