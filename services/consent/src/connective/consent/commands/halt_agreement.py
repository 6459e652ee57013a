"""Suspending, reinstating and terminating differ only in the rule they apply."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from connective.consent.commands.agreement_changes import keep
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.agreement import Action, AgreementVersion, reinstate, suspend, terminate
from connective.consent.storage.agreements import Act, load_version
from connective.consent.storage.locks import lock_agreement
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember

_RULES: dict[Action, tuple[str, Callable[[AgreementVersion, UUID, str, datetime], AgreementVersion]]] = {
    Action.SUSPEND: ("suspended", suspend),
    Action.REINSTATE: ("reinstated", reinstate),
    Action.TERMINATE: ("terminated", terminate),
}


async def halt_agreement(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    agreement_id: UUID,
    number: int,
    *,
    action: Action,
    reason: str,
    now: datetime,
) -> Done:
    """Stop sharing under a version, let it go on, or end it; no decision that started later sees the old state."""
    name, rule = _RULES[action]
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_agreement(unit, agreement_id, actor.place)
        entity_id = await entity_of(unit.connection, actor)
        version = await load_version(unit.connection, entity_id, agreement_id, number, lock=True)
        changed = rule(version, entity_id, reason, now)
        await keep(unit, version, changed, Act(name, entity_id, actor.id, now, reason), actor.place)
        return await remember(unit, attempt, Done(agreement_id, 200))
