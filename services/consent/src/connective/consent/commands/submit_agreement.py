from datetime import datetime
from uuid import UUID

from connective.consent.commands.agreement_changes import keep
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.agreement import submit
from connective.consent.domain.agreement_checks import check_terms, stopping
from connective.consent.domain.agreement_text import terms_document, terms_hash
from connective.consent.domain.days import day_of
from connective.consent.domain.documents import as_text
from connective.consent.storage.agreements import Act, load_version
from connective.consent.storage.locks import lock_agreement
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.registers import register_for
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def submit_agreement(
    database: Database, actor: Actor, attempt: Attempt, agreement_id: UUID, number: int, *, now: datetime
) -> Done:
    """Freeze a draft's text and ask the parties' officers to review it. Raises AgreementIncomplete."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_agreement(unit, agreement_id, actor.place)
        entity_id = await entity_of(unit.connection, actor)
        version = await load_version(unit.connection, entity_id, agreement_id, number, lock=True)
        terms = version.terms
        register = await register_for(unit.connection, actor.place, version.lead_entity_id, terms, day_of(now))
        stops = stopping(check_terms(terms, register))
        document = terms_document(version.reference, number, terms, register)
        text_hash = terms_hash(as_text(document), terms)
        submitted = submit(version, entity_id, document=document, text_hash=text_hash, stops=stops, at=now)
        await keep(unit, version, submitted, Act("submitted", entity_id, actor.id, now), actor.place)
        return await remember(unit, attempt, Done(agreement_id, 200))
