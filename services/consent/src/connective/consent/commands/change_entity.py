from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.refusals import NotYours
from connective.consent.storage.entities import load_entity, save_entity
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale


async def renew_entity(
    database: Database,
    actor: Actor,
    entity_id: UUID,
    version: int,
    *,
    ico_registered_until: date,
    training_valid_until: date,
    dpo_contact: str,
    now: datetime,
) -> None:
    """Renew the dates that sharing depends on (rule 2), for the actor's own legal entity. Raises NotYours, Stale."""
    async with ruled_unit(database, actor) as unit:
        await lock_for_changing(unit, [entity_id])
        entity = await load_entity(unit.connection, actor, entity_id, lock=True)
        if await entity_of(unit.connection, actor) != entity_id:
            raise NotYours("other_entity", "Only people of this legal entity may renew its dates.")
        refuse_stale(version, entity.version)
        renewed = replace(
            entity,
            ico_registered_until=ico_registered_until,
            training_valid_until=training_valid_until,
            dpo_contact=dpo_contact,
            version=entity.version + 1,
        )
        await save_entity(unit.connection, renewed)
        dates = {"ico_registered_until": ico_registered_until, "training_valid_until": training_valid_until}
        await note(unit, EntryKind.ENTITY, "renewed", now, {"legal_entity_id": entity_id, **dates})
