from datetime import datetime
from uuid import UUID

from connective.consent.commands.audit_acts import acting
from connective.consent.commands.ledger_entries import note
from connective.consent.domain.audit_samples import Result, SampleState, check_complete, check_open
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.audit_samples import close_sample, items_of, load_sample, save_result
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done


async def record_audit_result(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    sample_id: UUID,
    nth: int,
    *,
    result: Result,
    words: str,
    now: datetime,
) -> Done:
    """Record what looking at one drawn item found; until the audit is closed it may be corrected. Raises NotNow."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        check_open(SampleState((await load_sample(act, sample_id, lock=True))["state"]))
        await save_result(act.unit, sample_id, nth, result, words, at=now)
        facts = {"sample_id": sample_id, "nth": nth, "result": result}
        await note(act.unit, EntryKind.AUDIT, "sample.result_recorded", now, facts)
        return await act.finish(Done(sample_id, 200))


async def close_audit(
    database: Database, actor: Actor, attempt: Attempt, sample_id: UUID, *, conclusion: str, now: datetime
) -> Done:
    """Close the audit when every item has its result; from then on nothing of it changes. Raises NotNow."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        check_open(SampleState((await load_sample(act, sample_id, lock=True))["state"]))
        items = await items_of(act, sample_id)
        check_complete(items)
        await close_sample(act.unit, sample_id, conclusion, now)
        counts = {result.value: sum(item.result is result for item in items) for result in Result}
        await note(act.unit, EntryKind.AUDIT, "sample.closed", now, {"sample_id": sample_id, "results": counts})
        return await act.finish(Done(sample_id, 200))
