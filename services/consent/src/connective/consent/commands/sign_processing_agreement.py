from datetime import date, datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.agreement_terms import ProhibitedUse
from connective.consent.domain.days import day_of
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.registry import sign_processing_agreement as sign
from connective.consent.storage.entities import add_processing_agreement, load_entity, save_entity
from connective.consent.storage.organisations import entity_of
from connective.contracts.officer_events import ProcessingAgreementSigned
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def sign_processing_agreement(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    entity_id: UUID,
    *,
    document_reference: str,
    confirms: frozenset[str],
    refrains_from: frozenset[ProhibitedUse],
    ends_on: date | None,
    now: datetime,
) -> Done:
    """Record that an entity's signatory signed the host's contract. None signed, no accounts, and nothing is shared."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        entity = await load_entity(unit.connection, actor, entity_id, lock=True)
        signer = await entity_of(unit.connection, actor)
        signed = sign(entity, signer, confirms, refrains_from, ends_on, at=now, today=day_of(now))
        await save_entity(unit.connection, signed)
        await add_processing_agreement(
            unit.connection,
            actor,
            entity_id,
            document_reference=document_reference,
            confirms=confirms,
            refrains_from=refrains_from,
            ends_on=ends_on,
            at=now,
        )
        unit.tell(ProcessingAgreementSigned(legal_entity_id=entity_id, ends_on=ends_on), version=signed.version)
        facts = {"legal_entity_id": entity_id, "document_reference": document_reference, "ends_on": ends_on}
        facts |= {"refrains_from": refrains_from}
        await note(unit, EntryKind.ENTITY, "processing_agreement_signed", now, facts)
        return await remember(unit, attempt, Done(entity_id, 200))
