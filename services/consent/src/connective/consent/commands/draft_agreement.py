from datetime import datetime

from sqlalchemy.exc import IntegrityError

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.agreement import new_draft
from connective.consent.domain.agreement_terms import Terms
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.agreements import add_agreement, add_version
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import Conflict


class ReferenceTaken(Conflict):
    """Another agreement of the place bears this reference."""

    code, title = "reference-taken", "Another agreement has this reference"


async def draft_agreement(
    database: Database, actor: Actor, attempt: Attempt, *, reference: str, terms: Terms, now: datetime
) -> Done:
    """Draft a new agreement, led by the actor's legal entity. Raises ReferenceTaken."""
    agreement_id = new_id()
    try:
        async with ruled_unit(database, actor) as unit:
            if done := await earlier(unit, attempt):
                return done
            lead = await entity_of(unit.connection, actor)
            await add_agreement(unit.connection, actor, agreement_id, reference=reference, lead_entity_id=lead, at=now)
            version = new_draft(agreement_id, reference, 1, lead_entity_id=lead, terms=terms, at=now)
            await add_version(unit.connection, actor.place, version)
            facts = {"agreement_id": agreement_id, "version": 1, "legal_entity_id": lead}
            await note(unit, EntryKind.AGREEMENT, "drafted", now, facts)
            return await remember(unit, attempt, Done(agreement_id, 201))
    except IntegrityError as error:
        raise ReferenceTaken("Another agreement of this place has this reference.") from error
