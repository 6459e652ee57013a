from datetime import datetime
from uuid import UUID

from connective.consent.commands.agreement_changes import keep
from connective.consent.domain.agreement import submit
from connective.consent.domain.agreement_checks import check_terms, stopping
from connective.consent.domain.agreement_text import mentioned, terms_hash, terms_text
from connective.consent.storage.agreements import Act, load_version
from connective.consent.storage.entities import load_entities
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def submit_agreement(
    database: Database, actor: Actor, attempt: Attempt, agreement_id: UUID, number: int, *, now: datetime
) -> Done:
    """Freeze a draft's text and ask the parties' officers to review it. Raises AgreementIncomplete."""
    async with database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_for_changing(unit, [agreement_id])
        entity_id = await entity_of(unit.connection, actor)
        version = await load_version(unit.connection, entity_id, agreement_id, number, lock=True)
        terms = version.terms
        register = await load_entities(unit.connection, actor.place, mentioned(terms))
        stops = stopping(check_terms(terms, register))
        names = {e: register[e].name if e in register else "unknown" for e in mentioned(terms)}
        text = terms_text(version.reference, number, terms, names)
        submitted = submit(version, entity_id, text=text, text_hash=terms_hash(text, terms), stops=stops, at=now)
        await keep(unit, version, submitted, Act("submitted", entity_id, actor.id, now), actor.place)
        return await remember(unit, attempt, Done(agreement_id, 200))
