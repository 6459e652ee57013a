from datetime import date, datetime
from uuid import UUID

from connective.consent.commands.draft_agreement import draft_agreement
from connective.consent.domain.templates import Template, clone
from connective.consent.storage.entities import load_entity
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done


async def clone_template(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    template: Template,
    *,
    reference: str,
    referrer_id: UUID,
    provider_id: UUID,
    starts_on: date,
    now: datetime,
) -> Done:
    """Draft an agreement from a template between two entities of the register. Raises NotFound, ReferenceTaken."""
    async with database.reading(actor) as connection:
        referrer = await load_entity(connection, actor, referrer_id)
        provider = await load_entity(connection, actor, provider_id)
    terms = clone(template, referrer, provider, starts_on)
    return await draft_agreement(database, actor, attempt, reference=reference, terms=terms, now=now)
