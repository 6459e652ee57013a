from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.joint_arrangements import JointArrangement, confirm, end
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.arrangements import load_arrangement, save_arrangement
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember

_RULES: dict[str, Callable[[JointArrangement, UUID, datetime], JointArrangement]] = {
    "confirmed": confirm,
    "ended": end,
}


async def change_arrangement(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    arrangement_id: UUID,
    *,
    act: str,
    reason: str,
    now: datetime,
) -> Done:
    """Confirm a joint-controller arrangement for the actor's legal entity, or end it for all; by its signatory."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        entity_id = await entity_of(unit.connection, actor)
        before = await load_arrangement(unit.connection, actor, entity_id, arrangement_id, lock=True)
        after = _RULES[act](before, entity_id, now)
        await save_arrangement(unit.connection, actor, after, act=act, entity_id=entity_id, note=reason, at=now)
        facts = {"arrangement_id": arrangement_id, "legal_entity_id": entity_id, "state": after.state}
        await note(unit, EntryKind.ENTITY, f"arrangement_{act}", now, facts)
        return await remember(unit, attempt, Done(arrangement_id, 200))
