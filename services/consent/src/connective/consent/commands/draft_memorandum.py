from datetime import datetime

from sqlalchemy.exc import IntegrityError

from connective.consent.commands.draft_agreement import ReferenceTaken
from connective.consent.commands.ledger_entries import note
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.memorandum import MemorandumTerms, new_memorandum
from connective.consent.storage.memoranda import add_memorandum
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


async def draft_memorandum(
    database: Database, actor: Actor, attempt: Attempt, *, reference: str, terms: MemorandumTerms, now: datetime
) -> Done:
    """Draft a memorandum of understanding, led by the actor's legal entity. Raises ReferenceTaken."""
    try:
        async with database.unit(actor) as unit:
            if done := await earlier(unit, attempt):
                return done
            lead = await entity_of(unit.connection, actor)
            drafted = new_memorandum(new_id(), reference, lead, terms, at=now)
            await add_memorandum(unit.connection, actor, drafted)
            facts = {"memorandum_id": drafted.id, "legal_entity_id": lead}
            await note(unit, EntryKind.AGREEMENT, "memorandum_drafted", now, facts)
            return await remember(unit, attempt, Done(drafted.id, 201))
    except IntegrityError as error:
        raise ReferenceTaken("Another memorandum of this place has this reference.") from error
