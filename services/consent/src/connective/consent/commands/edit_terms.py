from datetime import datetime
from uuid import UUID

from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.agreement import edit
from connective.consent.domain.agreement_terms import Terms
from connective.consent.storage.agreements import load_version, save_version
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale


async def edit_terms(
    database: Database, actor: Actor, agreement_id: UUID, number: int, *, revision: int, terms: Terms, now: datetime
) -> None:
    """Replace the terms of a draft. Raises NotNow once it has left draft, Stale when somebody was quicker."""
    async with ruled_unit(database, actor) as unit:
        entity_id = await entity_of(unit.connection, actor)
        version = await load_version(unit.connection, entity_id, agreement_id, number, lock=True)
        refuse_stale(revision, version.revision)
        await save_version(unit.connection, actor.place, edit(version, entity_id, terms, now))
