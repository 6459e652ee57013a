from datetime import datetime
from uuid import UUID

from connective.consent.commands.enter_right import answer_right
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.evidence import ObjectionState
from connective.consent.domain.information_requests import IsHoliday, RequestOutcome
from connective.consent.domain.ledger import EntryKind, pseudonym, sealed_text
from connective.consent.domain.refusals import NotNow
from connective.consent.storage.audit_look import Look
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.objections import load_objection, resolve
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.people import person_keys
from connective.consent.storage.works import OFFICER
from connective.contracts.consent_events import ObjectionResolved
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember

_ANSWERED = "As the objection's resolution says."
"""The officer's words stay in the objection, where erasure reaches them."""


async def resolve_objection(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    objection_id: UUID,
    *,
    upheld: bool,
    words: str,
    is_holiday: IsHoliday,
    now: datetime,
) -> Done:
    """An officer of the legal entity decides an objection: upheld, it goes on denying. Raises NotNow, NotFound."""
    async with ruled_unit(database, actor, work=OFFICER) as unit:
        if done := await earlier(unit, attempt):
            return done
        entity_id = await entity_of(unit.connection, actor)
        person_id = (await load_objection(unit.connection, entity_id, objection_id))["person_id"]
        await lock_for_changing(unit, [person_id])
        row = await load_objection(unit.connection, entity_id, objection_id, lock=True)
        if row["state"] != ObjectionState.OPEN.value:
            raise NotNow("already_resolved", "This objection has been resolved already.")
        state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
        await resolve(unit.connection, row, state=state.value, by=actor.id, words=words, at=now)
        key = (await person_keys(unit, actor.place, [person_id]))[person_id]
        event = ObjectionResolved(
            objection_id=objection_id,
            person_id=person_id,
            recipient_organisation_ids=tuple(row["recipient_organisation_ids"]),
            upheld=upheld,
        )
        unit.tell(event, version=row["version"] + 1)
        said = {
            "objection_id": objection_id,
            "person": pseudonym(person_id, key),
            "upheld": upheld,
            "resolution": sealed_text(words, key),
        }
        await note(unit, EntryKind.OBJECTION, "resolved", now, said)
        outcome = RequestOutcome.DONE if upheld else RequestOutcome.REFUSED
        look = Look(unit, entity_id)
        await answer_right(look, objection_id, outcome, _ANSWERED, is_holiday=is_holiday, now=now)
        return await remember(unit, attempt, Done(objection_id, 200))
