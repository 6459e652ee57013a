from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.ports import Families
from connective.consent.domain.canonical import canonical
from connective.consent.domain.evidence import OneOffGround
from connective.consent.domain.ledger import EntryKind, pseudonym, sealed_text
from connective.consent.domain.overrides import OneOffDecision, one_off_stands_until
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.one_offs import add_one_off
from connective.consent.storage.organisations import entity_of, entity_of_organisation
from connective.consent.storage.people import keep_facts, person_keys
from connective.consent.storage.works import OFFICER
from connective.contracts.categories import Category
from connective.contracts.permissions import Permission
from connective.contracts.sharing import FactsAnswered
from connective.kit.actor import Actor, service_actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class OneOffDecided:
    """What may be disclosed once without an agreement, and on what ground (rule 2)."""

    family_id: UUID | None
    recipient_organisation_id: UUID
    ground: OneOffGround
    decision: OneOffDecision
    person_ids: tuple[UUID, ...]
    categories: frozenset[Category]
    condition: str
    reason: str
    forms: dict[str, Any]
    """The request and decision forms, as they are shown again."""


async def record_one_off(
    database: Database, families: Families, actor: Actor, attempt: Attempt, decided: OneOffDecided, *, now: datetime
) -> Done:
    """Record an officer's or safeguarding lead's decision to disclose once, or not to. Raises NotFound, Unavailable."""
    facts, discloser_id = await _about(database, families, actor, decided)
    one_off_id = new_id()
    values = {
        "id": one_off_id,
        "recipient_organisation_id": decided.recipient_organisation_id,
        "ground": decided.ground.value,
        "person_ids": list(decided.person_ids),
        "categories": sorted(c.value for c in decided.categories),
        "condition": decided.condition,
        "reason": decided.reason,
        "stands_until": one_off_stands_until(decided.decision, now),
        "decision": decided.decision.value,
        "form": decided.forms,
    }
    async with database.unit(actor, work=OFFICER) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_for_changing(unit, decided.person_ids)
        await keep_facts(unit, actor.place, facts.people, now)
        await add_one_off(unit.connection, actor, discloser_id, values, now)
        keys = await person_keys(unit, actor.place, decided.person_ids)
        said = {
            "one_off_id": one_off_id,
            "discloser_organisation_id": discloser_id,
            "recipient_organisation_id": decided.recipient_organisation_id,
            "ground": decided.ground,
            "decision": decided.decision,
            "people": [pseudonym(person, keys[person]) for person in decided.person_ids],
            "categories": decided.categories,
            "reason": sealed_text(decided.reason, keys[decided.person_ids[0]]),
            "forms": sealed_text(canonical(decided.forms).decode(), keys[decided.person_ids[0]]),
        }
        await note(unit, EntryKind.DECISION, "one_off_decided", now, said)
        return await remember(unit, attempt, Done(one_off_id, 201))


async def _about(
    database: Database, families: Families, actor: Actor, decided: OneOffDecided
) -> tuple[FactsAnswered, UUID]:
    """The facts of the people, and which organisation discloses: the decider's own, where they see its families.

    A data protection officer sees no family: consent asks for itself, and the officer decides for the organisation
    that keeps the record, when it belongs to the officer's legal entity. Raises NotFound for anybody else's.
    """
    asked = (decided.person_ids, decided.family_id)
    if actor.may(Permission.FAMILIES_FAMILY_READ):
        return await families.facts(actor, *asked), actor.organisation
    async with database.reading(actor) as connection:
        # Before families is asked: an officer whom the register does not know learns nothing of which people there are.
        own_entity = await entity_of(connection, actor)
    facts = await families.facts(service_actor("consent", actor.place), *asked)
    async with database.reading(actor) as connection:
        if await entity_of_organisation(connection, facts.organisation_id) != own_entity:
            raise NotFound
    return facts, facts.organisation_id
