from datetime import datetime
from uuid import UUID

from connective.consent.commands.agreement_changes import keep
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.agreement import Review, review
from connective.consent.storage.agreements import Act, load_version
from connective.consent.storage.locks import lock_agreement
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def review_agreement(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    agreement_id: UUID,
    number: int,
    *,
    approved: bool,
    words: str,
    now: datetime,
) -> Done:
    """Record what a party's data protection officer says of the frozen text."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_agreement(unit, agreement_id, actor.place)
        entity_id = await entity_of(unit.connection, actor)
        version = await load_version(unit.connection, entity_id, agreement_id, number, lock=True)
        reviewed = review(version, Review(entity_id, actor.id, approved, words, now))
        act = Act("reviewed", entity_id, actor.id, now, words, approved)
        await keep(unit, version, reviewed, act, actor.place)
        return await remember(unit, attempt, Done(agreement_id, 200))
