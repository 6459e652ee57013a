from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.consent.commands.audit_acts import acting
from connective.consent.commands.ledger_entries import note
from connective.consent.domain.audit_breaches import (
    BreachKind,
    BreachState,
    Risk,
    check_assessable,
    check_decision,
    check_recorded,
    due_at,
)
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.audit_breaches import add_breach, load_breach, save_assessment, save_decision
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Breach:
    """What is known of a breach at first; the people by pseudonym, or by id, which is not kept."""

    kind: BreachKind
    description: str
    aware_at: datetime
    since: datetime
    until: datetime
    people: tuple[str, ...] = ()
    person_ids: tuple[UUID, ...] = ()
    agreement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Whether the Commissioner was notified, and when; the reason where not, or where late."""

    notified_at: datetime | None
    ico_reference: str
    reason: str
    people_told: bool


async def record_breach(database: Database, actor: Actor, attempt: Attempt, breach: Breach, *, now: datetime) -> Done:
    """Record a breach of the officer's legal entity; the 72 hours run from becoming aware. Raises Unacceptable."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        check_recorded(breach.aware_at, breach.since, breach.until, now)
        breach_id = new_id()
        known = (breach.kind.value, breach.description, breach.aware_at, breach.since, breach.until)
        whom = (list(breach.people), list(breach.person_ids), breach.agreement_id)
        await add_breach(act.unit, (breach_id, act.place_id, act.entity_id, *known, *whom, actor.id, now))
        facts = {"breach_id": breach_id, "kind": breach.kind, "aware_at": breach.aware_at}
        await note(act.unit, EntryKind.AUDIT, "breach.recorded", now, facts | {"due_at": due_at(breach.aware_at)})
        return await act.finish(Done(breach_id, 201))


async def assess_breach(
    database: Database, actor: Actor, attempt: Attempt, breach_id: UUID, *, risk: Risk, words: str, now: datetime
) -> Done:
    """Record the risk to the people concerned; it may be assessed anew until it is decided. Raises NotNow."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        check_assessable(BreachState((await load_breach(act, breach_id, lock=True))["state"]))
        await save_assessment(act.unit, breach_id, risk.value, words, now)
        await note(act.unit, EntryKind.AUDIT, "breach.assessed", now, {"breach_id": breach_id, "risk": risk})
        return await act.finish(Done(breach_id, 200))


async def decide_breach(
    database: Database, actor: Actor, attempt: Attempt, breach_id: UUID, decided: Decided, *, now: datetime
) -> Done:
    """Record whether the Commissioner was notified, when and why (not). Raises NotNow, Unacceptable."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        row = await load_breach(act, breach_id, lock=True)
        risk = Risk(row["risk"]) if row["risk"] else None
        check_decision(
            BreachState(row["state"]),
            risk,
            row["aware_at"],
            notified_at=decided.notified_at,
            reason=decided.reason,
            told=decided.people_told,
        )
        values = (decided.notified_at, decided.ico_reference, decided.reason, decided.people_told)
        await save_decision(act.unit, breach_id, values, now)
        facts = {"breach_id": breach_id, "notified_at": decided.notified_at, "people_told": decided.people_told}
        await note(act.unit, EntryKind.AUDIT, "breach.decided", now, facts)
        return await act.finish(Done(breach_id, 200))
