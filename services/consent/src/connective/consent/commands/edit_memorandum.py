from datetime import datetime
from uuid import UUID

from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.memorandum import MemorandumTerms, edit
from connective.consent.storage.memoranda import load_memorandum, save_memorandum
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale


async def edit_memorandum(
    database: Database, actor: Actor, memorandum_id: UUID, *, revision: int, terms: MemorandumTerms, now: datetime
) -> None:
    """Replace a draft memorandum's terms. Raises NotNow once it awaits signatures, Stale when somebody was quicker."""
    async with ruled_unit(database, actor) as unit:
        entity_id = await entity_of(unit.connection, actor)
        before = await load_memorandum(unit.connection, actor.place, entity_id, memorandum_id, lock=True)
        refuse_stale(revision, before.revision)
        await save_memorandum(unit.connection, actor.place, edit(before, entity_id, terms, now))
