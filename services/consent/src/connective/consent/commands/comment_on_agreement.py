from datetime import datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.comments import Comment, open_thread, reply
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.agreements import load_version
from connective.consent.storage.comments import add_comment, load_comment
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


async def comment_on_agreement(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    agreement_id: UUID,
    number: int,
    *,
    pointer: str,
    reply_to: UUID | None,
    words: str,
    now: datetime,
) -> Done:
    """Comment on a clause or flow, or reply in a thread, for the actor's legal entity."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        entity_id = await entity_of(unit.connection, actor)
        version = await load_version(unit.connection, entity_id, agreement_id, number, lock=True)
        if reply_to is None:
            comment = open_thread(version, Comment(new_id(), None, pointer, entity_id, actor.id, words, now))
        else:
            opening = await load_comment(unit.connection, agreement_id, number, reply_to)
            said = Comment(new_id(), opening.id, opening.pointer, entity_id, actor.id, words, now)
            comment = reply(version, opening, said)
        await add_comment(unit.connection, actor, agreement_id, number, comment)
        facts = {"agreement_id": agreement_id, "version": number, "comment_id": comment.id}
        await note(unit, EntryKind.AGREEMENT, "commented", now, facts | {"legal_entity_id": entity_id})
        return await remember(unit, attempt, Done(comment.id, 201))
