from datetime import datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.comments import resolve
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.agreements import load_version
from connective.consent.storage.comments import add_resolution, load_comment
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def resolve_comment(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    agreement_id: UUID,
    number: int,
    *,
    comment_id: UUID,
    now: datetime,
) -> Done:
    """Mark a thread as resolved; by whoever opened it, or the lead. The version's row is locked, so it happens once."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        entity_id = await entity_of(unit.connection, actor)
        version = await load_version(unit.connection, entity_id, agreement_id, number, lock=True)
        opening = await load_comment(unit.connection, agreement_id, number, comment_id)
        resolve(version, opening, entity_id)
        await add_resolution(unit.connection, actor, comment_id, now)
        facts = {"agreement_id": agreement_id, "version": number, "comment_id": comment_id}
        await note(unit, EntryKind.AGREEMENT, "comment_resolved", now, facts | {"legal_entity_id": entity_id})
        return await remember(unit, attempt, Done(comment_id, 200))
