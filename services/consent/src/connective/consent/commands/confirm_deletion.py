from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from connective.consent.commands.audit_acts import acting
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import NotNow, NotYours, Unacceptable
from connective.consent.domain.days import day_of
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.deletions import load_deletion, save_confirmation
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done


class DeletedHow(StrEnum):
    """What was done with the data."""

    DELETED = "deleted"
    NOTHING_HELD = "nothing_held"
    RETAINED_BY_LAW = "retained_by_law"
    """A law obliges to keep it; the note names it."""
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Whose word it is that the data are gone, and since when."""

    how: DeletedHow
    name: str
    position: str
    done_on: date
    note: str = ""


async def confirm_deletion(
    database: Database, actor: Actor, attempt: Attempt, deletion_id: UUID, said: Confirmation, *, now: datetime
) -> Done:
    """Confirm, for the own legal entity, with name and date. Raises NotFound, NotYours, NotNow, Unacceptable."""
    if said.done_on > day_of(now):
        raise Unacceptable("not_done_yet", "Confirm what was done; this day lies in the future.", "/done_on")
    if said.how is DeletedHow.RETAINED_BY_LAW and not said.note:
        raise Unacceptable("law_needed", "Name the law that obliges to keep it.", "/note")
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        row = await load_deletion(act, deletion_id, lock=True)
        if row["legal_entity_id"] != act.entity_id:
            raise NotYours("other_entity", "Whoever received the data confirms.")
        if row["confirmed_at"] is not None:
            raise NotNow("confirmed", "This was confirmed.")
        values = (said.how.value, said.name, said.position, said.done_on, said.note)
        await save_confirmation(act.unit, deletion_id, values, now)
        about = {name: row[name] for name in ("agreement_id", "erasure_id") if row[name] is not None}
        facts = {"deletion_id": deletion_id, "how": said.how, "done_on": said.done_on, **about}
        await note(act.unit, EntryKind.RETENTION, "deletion.confirmed", now, facts)
        return await act.finish(Done(deletion_id, 200))
