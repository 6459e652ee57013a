from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.ledger_entries import entry_of
from connective.consent.commands.ports import Families
from connective.consent.commands.recording import decision_entries, decision_row, take
from connective.consent.commands.refusals import translated
from connective.consent.domain.ledger import Entry, EntryKind, pseudonym, sealed_text
from connective.consent.domain.overrides import STANDS_FOR, check_told, review_due
from connective.consent.storage.locks import lock_for_changing, lock_for_deciding
from connective.consent.storage.overrides import add_override
from connective.consent.storage.people import keep_facts, person_keys
from connective.consent.storage.records import record
from connective.consent.storage.works import DECIDING
from connective.contracts.categories import Category, Method, Purpose
from connective.contracts.consent_events import OverrideUsed
from connective.contracts.sharing import Question
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Using:
    """What a named worker decides, and why; deciding *not* to share is recorded the same way."""

    family_id: UUID | None
    recipient_organisation_id: UUID
    person_ids: tuple[UUID, ...]
    categories: frozenset[Category]
    share: bool
    reason: str
    risk_of_not_sharing: str
    family_told: bool
    family_told_note: str


async def use_override(
    database: Database,
    families: Families,
    actor: Actor,
    attempt: Attempt,
    using: Using,
    *,
    is_holiday: Callable[[date], bool],
    working_days: int,
    now: datetime,
) -> Done:
    """Record a safeguarding override and the decision taken under it; it stands for a week, reviewed in a day.

    Raises Unacceptable, NotFound, Unavailable.
    """
    with translated():
        check_told(using.family_told, using.family_told_note)
    facts = await families.facts(actor, using.person_ids, using.family_id)
    override_id, decision_id = new_id(), new_id()
    due = review_due(now, is_holiday, working_days)
    async with database.unit(actor, work=DECIDING) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_for_changing(unit, using.person_ids)
        await keep_facts(unit, actor.place, facts.people, now)
        await add_override(unit.connection, actor, _values(using, override_id, decision_id, now, due))
        question = _question(actor, using)
        await lock_for_deciding(unit, (question,))
        batch = await take(unit, (question,), now, decision_id=decision_id)
        unit.tell(
            OverrideUsed(
                override_id=override_id,
                decision_id=decision_id,
                organisation_id=actor.organisation,
                recipient_organisation_id=using.recipient_organisation_id,
                review_by=due,
            ),
            version=1,
        )
        keys = await person_keys(unit, actor.place, using.person_ids, batch.keys)
        entries = [*decision_entries(actor, batch), _entry(unit, using, override_id, keys, now)]
        await record(unit, [decision_row(actor, batch, 0)], None, entries)
        return await remember(unit, attempt, Done(override_id, 201))


def _question(actor: Actor, using: Using) -> Question:
    return Question(
        discloser_organisation_id=actor.organisation,
        recipient_organisation_id=using.recipient_organisation_id,
        subjects=using.person_ids,
        categories=using.categories,
        purpose=Purpose.SAFEGUARDING,
        method=Method.HUB_PAGE,
    )


def _values(using: Using, override_id: UUID, decision_id: UUID, now: datetime, due: datetime) -> dict[str, Any]:
    return {
        "id": override_id,
        "recipient_organisation_id": using.recipient_organisation_id,
        "person_ids": list(using.person_ids),
        "categories": sorted(c.value for c in using.categories),
        "share": using.share,
        "reason": using.reason,
        "risk_of_not_sharing": using.risk_of_not_sharing,
        "family_told": using.family_told,
        "family_told_note": using.family_told_note,
        "used_at": now,
        "stands_until": now + STANDS_FOR,
        "review_by": due,
        "decision_id": decision_id,
        "review_note": "",
        "version": 1,
    }


def _entry(unit: Unit, using: Using, override_id: UUID, keys: dict[UUID, bytes], now: datetime) -> Entry:
    first = keys[using.person_ids[0]]
    facts = {
        "override_id": override_id,
        "recipient_organisation_id": using.recipient_organisation_id,
        "people": [pseudonym(person, keys[person]) for person in using.person_ids],
        "categories": using.categories,
        "share": using.share,
        "reason": sealed_text(using.reason, first),
        "risk_of_not_sharing": sealed_text(using.risk_of_not_sharing, first),
        "family_told": using.family_told,
    }
    return entry_of(unit, EntryKind.OVERRIDE, "used", now, facts, place_id=unit.actor.place)
