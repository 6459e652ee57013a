from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement_text import mentioned
from connective.consent.domain.differences import Difference, compare
from connective.consent.domain.registers import Register
from connective.consent.storage.agreements import load_version
from connective.consent.storage.entities import load_entities
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.registers import teams_named
from connective.kit.actor import Actor


async def compare_versions(
    connection: AsyncConnection, actor: Actor, agreement_id: UUID, *, older: int, newer: int, today: date
) -> tuple[Difference, ...]:
    """What changed from one version to another, both of which the asker must be able to see. Raises NotFound."""
    entity_id = await entity_of(connection, actor)
    old = await load_version(connection, entity_id, agreement_id, older)
    new = await load_version(connection, entity_id, agreement_id, newer)
    named = mentioned(old.terms) | mentioned(new.terms)
    register = Register(
        entities=await load_entities(connection, actor.place, named),
        today=today,
        organisations=await teams_named(connection, old.terms, new.terms),
    )
    return compare(old.terms, new.terms, register)
