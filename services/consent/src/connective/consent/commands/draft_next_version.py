from datetime import datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.agreement import State, new_draft
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.refusals import NotNow, NotYours
from connective.consent.storage.agreements import add_version, load_version, other_versions
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotFound


async def draft_next_version(
    database: Database, actor: Actor, attempt: Attempt, agreement_id: UUID, now: datetime
) -> Done:
    """Draft the next version from the terms of the latest. Raises NotNow while another draft stands open."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_for_changing(unit, [agreement_id])
        lead = await entity_of(unit.connection, actor)
        versions = await other_versions(unit.connection, agreement_id, 0, frozenset(State))
        if not versions:
            raise NotFound
        latest = await load_version(unit.connection, lead, agreement_id, versions[-1].number)
        if latest.lead_entity_id != lead:
            raise NotYours("not_the_lead", "Only the legal entity that leads the agreement drafts its versions.")
        if latest.state is State.DRAFT:
            raise NotNow("draft_open", f"Version {latest.number} is still a draft: change that one.")
        draft = new_draft(
            agreement_id,
            latest.reference,
            latest.number + 1,
            lead_entity_id=lead,
            terms=latest.terms,
            at=now,
        )
        await add_version(unit.connection, actor.place, draft)
        facts = {"agreement_id": agreement_id, "version": draft.number, "legal_entity_id": lead}
        await note(unit, EntryKind.AGREEMENT, "drafted", now, facts)
        return await remember(unit, attempt, Done(agreement_id, 201))
