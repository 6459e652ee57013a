from datetime import datetime

from sqlalchemy.exc import IntegrityError

from connective.consent.commands.draft_agreement import ReferenceTaken
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.joint_arrangements import ArrangementTerms, propose
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.refusals import Unacceptable
from connective.consent.storage.arrangements import add_arrangement
from connective.consent.storage.entities import load_entities
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


async def propose_arrangement(
    database: Database, actor: Actor, attempt: Attempt, *, reference: str, terms: ArrangementTerms, now: datetime
) -> Done:
    """Propose who informs and who answers where entities are joint controllers. Raises ReferenceTaken."""
    try:
        async with ruled_unit(database, actor) as unit:
            if done := await earlier(unit, attempt):
                return done
            entity_id = await entity_of(unit.connection, actor)
            arrangement = propose(new_id(), reference, entity_id, terms, at=now)
            known = await load_entities(unit.connection, actor.place, terms.entity_ids)
            if terms.entity_ids - known.keys():
                raise Unacceptable("party_unknown", "An entity is not on the register of the place.", "/entity_ids")
            await add_arrangement(unit.connection, actor, arrangement)
            facts = {"arrangement_id": arrangement.id, "legal_entity_id": entity_id}
            await note(unit, EntryKind.ENTITY, "arrangement_proposed", now, facts)
            return await remember(unit, attempt, Done(arrangement.id, 201))
    except IntegrityError as error:
        raise ReferenceTaken("Another arrangement of this place has this reference.") from error
