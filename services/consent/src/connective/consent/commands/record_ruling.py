from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.ports import Families
from connective.consent.domain.consent import Kind, Scope
from connective.consent.domain.ledger import EntryKind, pseudonym, sealed_text
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.people import keep_facts, person_keys
from connective.consent.storage.statement_tables import ruling
from connective.consent.storage.statements import scope_columns
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Decided:
    """What a practice lead decides where people who may decide differ."""

    family_id: UUID | None
    person_id: UUID
    kind: Kind
    share: bool
    scope: Scope
    reasons: str


async def record_ruling(
    database: Database, families: Families, actor: Actor, attempt: Attempt, decided: Decided, *, now: datetime
) -> Done:
    """Record a practice lead's decision, in the child's interest (rule 5). Raises NotFound, Unavailable."""
    person_id = decided.person_id
    facts = await families.facts(actor, (person_id,), decided.family_id)
    values = {
        "id": new_id(),
        "place_id": actor.place,
        "organisation_id": actor.organisation,
        "person_id": person_id,
        "kind": decided.kind.value,
        "share": decided.share,
        **scope_columns(decided.scope),
        "reasons": decided.reasons,
        "decided_by": actor.id,
        "decided_at": now,
    }
    async with database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_for_changing(unit, [person_id])
        await keep_facts(unit, actor.place, facts.people, now)
        await unit.connection.execute(insert(ruling).values(values))
        key = (await person_keys(unit, actor.place, [person_id]))[person_id]
        said = {
            "ruling_id": values["id"],
            "kind": decided.kind,
            "share": decided.share,
            "person": pseudonym(person_id, key),
            "reasons": sealed_text(decided.reasons, key),
        }
        await note(unit, EntryKind.RULING, "ruled", now, said)
        return await remember(unit, attempt, Done(values["id"], 201))
