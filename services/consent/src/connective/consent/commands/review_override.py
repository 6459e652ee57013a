from datetime import datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.overrides import check_reviewer, check_second_person
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.overrides import load_override, save_review
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def review_override(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    override_id: UUID,
    *,
    upheld: bool,
    words: str,
    now: datetime,
) -> Done:
    """The safeguarding lead reviews an override; one not upheld stands no longer. Raises NotYours, NotNow."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        people = (await load_override(unit.connection, actor, override_id))["person_ids"]
        await lock_for_changing(unit, people)
        row = await load_override(unit.connection, actor, override_id, lock=True)
        check_reviewer(row["used_by"], row["reviewed_by"], actor.id)
        await save_review(unit.connection, row, upheld=upheld, review_note=words, reviewed_by=actor.id, reviewed_at=now)
        await note(unit, EntryKind.OVERRIDE, "reviewed", now, {"override_id": override_id, "upheld": upheld})
        return await remember(unit, attempt, Done(override_id, 200))


async def confirm_override(
    database: Database, actor: Actor, attempt: Attempt, override_id: UUID, *, now: datetime
) -> Done:
    """A second person confirms that an override goes beyond a restriction too. Raises NotYours, NotNow."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        row = await load_override(unit.connection, actor, override_id, lock=True)
        check_second_person(row["used_by"], row["restriction_confirmed_by"], actor.id)
        await save_review(unit.connection, row, restriction_confirmed_by=actor.id, restriction_confirmed_at=now)
        await note(unit, EntryKind.OVERRIDE, "restriction_confirmed", now, {"override_id": override_id})
        return await remember(unit, attempt, Done(override_id, 200))
