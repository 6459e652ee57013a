from datetime import datetime
from uuid import UUID

from connective.consent.commands.audit_acts import acting
from connective.consent.commands.ledger_entries import note
from connective.consent.domain.audit_unusual import FindingState, check_review
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.audit_findings import answer_finding as keep_answer
from connective.consent.storage.audit_findings import load_finding
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done


async def answer_finding(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    finding_id: UUID,
    *,
    state: FindingState,
    words: str,
    now: datetime,
) -> Done:
    """Answer a finding of unusual access: explained, or referred. Raises NotYours for the one it is about, NotNow."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        row = await load_finding(act, finding_id, lock=True)
        check_review(FindingState(row["state"]), row["actor_id"], actor.id)
        await keep_answer(act.unit, finding_id, state, words, now)
        facts = {"finding_id": finding_id, "kind": row["kind"], "about": row["actor_id"], "state": state}
        await note(act.unit, EntryKind.AUDIT, "finding.answered", now, facts)
        return await act.finish(Done(finding_id, 200))
